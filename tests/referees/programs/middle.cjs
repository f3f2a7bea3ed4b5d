// Somebody between client and server who reads records and hellos and passes on something else. Plain Node.js, since the
// same program runs on real Node and on the engine.
const net = require('node:net');

const HANDSHAKE = 22;
const vector = (prefix, bytes) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length.subarray(4 - prefix), bytes]);
};

/** Cuts a stream of bytes into records, header included; what does not look like TLS any more passes as it is. */
class Records {
  #pending = Buffer.alloc(0);
  add(bytes) {
    this.#pending = Buffer.concat([this.#pending, bytes]);
    const records = [];
    while (this.#pending.length >= 5) {
      const end = 5 + this.#pending.readUInt16BE(3);
      if (this.#pending.length < end) break;
      records.push(this.#pending.subarray(0, end));
      this.#pending = this.#pending.subarray(end);
    }
    return records;
  }
}

const record = (type, content, version = 0x0303) => {
  const header = Buffer.from([type, version >> 8, version & 0xff]);
  return Buffer.concat([header, vector(2, Buffer.from(content))]);
};
const message = (type, body) => Buffer.concat([Buffer.from([type]), vector(3, Buffer.from(body))]);

/** A hello as an object whose fields may be changed; extensions are `[type, data]`. */
function readHello(bytes) {
  const isClient = bytes[0] === 1;
  let at = 4;
  const take = (length) => {
    at += length;
    return Buffer.from(bytes.subarray(at - length, at));
  };
  const opaque = (prefix) => take(Number.parseInt(take(prefix).toString('hex'), 16));
  const hello = { isClient, version: take(2), random: take(32), sessionId: opaque(1) };
  if (isClient) Object.assign(hello, { suites: opaque(2), compression: opaque(1) });
  else Object.assign(hello, { suite: take(2), compression: take(1) });
  hello.extensions = [];
  if (at < bytes.length) {
    const end = at + 2 + bytes.readUInt16BE(at);
    at += 2;
    while (at < end) hello.extensions.push([take(2).readUInt16BE(), opaque(2)]);
  }
  return hello;
}

function writeHello(hello) {
  const { isClient, version, random, sessionId, extensions } = hello;
  const list = extensions.map(([type, data]) => {
    const number = Buffer.alloc(2);
    number.writeUInt16BE(type);
    return Buffer.concat([number, vector(2, data)]);
  });
  const chosen = isClient
    ? [vector(2, hello.suites), vector(1, hello.compression)]
    : [hello.suite, hello.compression];
  const parts = [version, random, vector(1, sessionId), ...chosen, vector(2, Buffer.concat(list))];
  return message(isClient ? 1 : 2, Buffer.concat(parts));
}

/** A change that applies to a hello; `edit` changes the object, or gives other bytes for the message. */
const hello = (type, edit) => {
  let changed = false;
  return (bytes) => {
    if (changed || bytes[0] !== HANDSHAKE || bytes[5] !== type) return bytes;
    changed = true;
    const length = 4 + bytes.readUIntBE(6, 3);
    const parsed = readHello(bytes.subarray(5, 5 + length));
    const edited = edit(parsed, bytes.subarray(5, 5 + length)) ?? writeHello(parsed);
    return record(HANDSHAKE, Buffer.concat([edited, bytes.subarray(5 + length)]), bytes.readUInt16BE(1));
  };
};

/** Changes one handshake message of TLS 1.2 that travels in clear, wherever its record is; `edit` as above. */
const plainMessage = (type, edit) => {
  let changed = false;
  return (bytes) => {
    if (changed || bytes[0] !== HANDSHAKE) return bytes;
    const out = [];
    for (let at = 5; at < bytes.length; ) {
      const end = at + 4 + bytes.readUIntBE(at + 1, 3);
      if (end > bytes.length) return bytes;
      const whole = Buffer.from(bytes.subarray(at, end));
      const replaced = whole[0] === type && !changed ? edit(whole) : whole;
      if (whole[0] === type) changed = true;
      if (replaced) out.push(replaced);
      at = end;
    }
    return out.length > 0 ? record(HANDSHAKE, Buffer.concat(out)) : null;
  };
};

/** Extensions of a hello, changed. */
const without = (type) => (it) => {
  it.extensions = it.extensions.filter(([other]) => other !== type);
};
const withData = (type, hex) => (it) => {
  const found = it.extensions.find(([other]) => other === type);
  if (found) found[1] = Buffer.from(hex, 'hex');
  else it.extensions.unshift([type, Buffer.from(hex, 'hex')]);
};

/** The n-th record in a direction, 0 being the first; null swallows it, an array is several. */
const nth = (index, edit) => {
  let count = 0;
  return (bytes) => (count++ === index ? edit(Buffer.from(bytes)) : bytes);
};
/** The n-th record that says it is encrypted. */
const nthEncrypted = (index, edit) => {
  let count = 0;
  return (bytes) => (bytes[0] === 23 && count++ === index ? edit(Buffer.from(bytes)) : bytes);
};

const END = Symbol('the connection ends here');

/**
 * Listens, and passes records on to `port`. `fromClient` and `fromServer` get a record and give what is to be sent in
 * its place.
 */
function middle(port, { fromClient = (bytes) => bytes, fromServer = (bytes) => bytes }) {
  return net.createServer({ allowHalfOpen: true }, (near) => {
    const far = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    for (const [from, to, change] of [
      [near, far, fromClient],
      [far, near, fromServer],
    ]) {
      const records = new Records();
      from.on('data', (data) => {
        const parts = records.add(data).flatMap((bytes) => change(bytes));
        const end = parts.indexOf(END);
        const sent = (end < 0 ? parts : parts.slice(0, end)).filter(Boolean);
        // In one piece, as it came: an end that gives up has then read all there was, and its alert is not lost to a reset.
        if (sent.length > 0 && to.writable) to.write(Buffer.concat(sent));
        if (end >= 0) to.end();
      });
      from.on('end', () => to.end());
      from.on('error', () => {}); // 'close' follows
      from.on('close', () => to.end());
    }
  });
}

module.exports = {
  END,
  middle,
  hello,
  plainMessage,
  without,
  withData,
  nth,
  nthEncrypted,
  record,
  message,
  vector,
};
