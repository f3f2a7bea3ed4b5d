// One server, one client, and everything each of them observes.
const tls = require('node:tls');
const net = require('node:net');
const path = require('node:path');
const { readFileSync } = require('node:fs');

const pki = JSON.parse(readFileSync(path.join(__dirname, '../fixtures/pki.json'), 'utf8'));
const server = { key: pki['server-ec.key'], cert: pki['server-ec.chain'] };
const client = { key: pki['client-ec.key'], cert: pki['client-ec.chain'] };
const ca = pki['root-ec.crt'];
/** `node program.cjs TLSv1.2`: nothing newer is spoken unless a case says so. */
const limit = process.argv.find((argument) => argument === 'TLSv1.2');
if (limit) tls.DEFAULT_MAX_VERSION = limit;
/** The group every engine has: real Node would otherwise choose X25519MLKEM768. In TLS 1.2 a certificate's curve counts, too. */
const ecdhCurve = limit ? 'X25519:P-256:P-384' : 'X25519';

/** An error in full, but for the thread number OpenSSL begins with. */
function describe(error) {
  if (!error) return String(error);
  const { code, message, reason, library, syscall, errno } = error;
  return JSON.stringify({
    code,
    message: message.replace(/^(write EPROTO )?[0-9A-F]{8,}:/, '$1'),
    reason,
    library,
    syscall,
    errno,
    keys: Object.keys(error),
  });
}

/** Milliseconds for a connection that never ends, which none here should be. */
const PATIENCE = 30_000;
const listen = (listener) =>
  new Promise((resolve) => listener.listen(0, '127.0.0.1', () => resolve(listener.address().port)));
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Options: `early(socket)` before anything is on the way, `onServer(socket, note)`, `onClient(socket, note)`, `raw(socket)` for a client that does not speak TLS,
 * `rawServer(socket)` for such a server, `between(side, bytes, index)` for someone in the middle.
 */
async function scenario(
  name,
  serverOptions,
  clientOptions,
  { early, onServer, onClient, raw, rawServer, between } = {},
) {
  const seen = { S: [], C: [] };
  const note = (line) => seen[line[0]].push(line);
  const finish = () => {
    for (const side of ['S', 'C']) for (const line of seen[side]) console.log(`[${name}] ${line}`);
    if (seen.S.length + seen.C.length === 0) console.log(`[${name}] nothing`);
  };
  let listener;
  try {
    listener = rawServer ? net.createServer(rawServer) : createServer(serverOptions, note, onServer);
  } catch (error) {
    note(`S throws ${describe(error)}`);
    return finish();
  }
  let port = await listen(listener);
  let middle;
  if (between) {
    middle = createMiddle(port, between);
    port = await listen(middle);
  }
  if (raw) await connectRaw(port, raw, note);
  else await connect(port, clientOptions, note, { early, onClient });
  await new Promise((resolve) => listener.close(resolve));
  middle?.close();
  await pause(5);
  finish();
}

function createServer(options, note, onServer) {
  const listener = tls.createServer({ ...server, ecdhCurve, ...options }, (socket) => {
    const peer = socket.getPeerCertificate()?.subject?.CN;
    note(
      `S secure authorized=${socket.authorized} error=${socket.authorizationError} ${socket.getProtocol()} alpn=${socket.alpnProtocol} name=${socket.servername} peer=${peer} cipher=${socket.getCipher().name}`,
    );
    socket.on('error', (error) => note(`S error ${describe(error)}`));
    socket.on('end', () => note('S end'));
    socket.on('close', (hadError) => note(`S close ${hadError}`));
    if (onServer) onServer(socket, note);
    else {
      socket.on('data', (data) => socket.write(`echo ${data}`));
      socket.on('end', () => socket.end());
    }
  });
  listener.on('tlsClientError', (error, socket) =>
    note(`S tlsClientError ${describe(error)} authorizationError=${socket.authorizationError}`),
  );
  listener.on('error', (error) => note(`S server error ${describe(error)}`));
  return listener;
}

function connect(port, options, note, { early, onClient }) {
  return new Promise((resolve) => {
    let socket;
    try {
      socket = tls.connect({ port, host: '127.0.0.1', servername: 'localhost', ca, ecdhCurve, ...options });
    } catch (error) {
      note(`C throws ${describe(error)}`);
      return resolve();
    }
    early?.(socket);
    const timeout = setTimeout(() => {
      note('C TIMEOUT');
      socket.destroy();
      resolve();
    }, PATIENCE);
    socket.on('secureConnect', () => {
      note(
        `C secure authorized=${socket.authorized} error=${socket.authorizationError} ${socket.getProtocol()} alpn=${socket.alpnProtocol} ${JSON.stringify([socket.getCipher(), socket.getEphemeralKeyInfo(), socket.isSessionReused()])}`,
      );
      if (onClient) onClient(socket, note);
      else {
        socket.on('data', (data) => {
          note(`C data ${data}`);
          socket.end();
        });
        socket.write('hello');
      }
    });
    socket.on('error', (error) => note(`C error ${describe(error).replace(/"port":\d+/, '')}`));
    socket.on('end', () => note('C end'));
    socket.on('close', (hadError) => {
      note(`C close ${hadError}`);
      clearTimeout(timeout);
      resolve();
    });
  });
}

function connectRaw(port, raw, note) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => raw(socket));
    const timeout = setTimeout(() => {
      note('C TIMEOUT');
      socket.destroy();
    }, PATIENCE);
    socket.on('data', (data) => note(`C got ${data.toString('hex').slice(0, 40)}`));
    socket.on('error', (error) => note(`C error ${error.code}`));
    socket.on('close', () => {
      clearTimeout(timeout);
      resolve();
    });
  });
}

/** Passes bytes on, changed as `between` says: `null` cuts the direction. */
function createMiddle(port, between) {
  return net.createServer((near) => {
    const far = net.connect(port, '127.0.0.1');
    for (const [from, to, side] of [
      [near, far, 'client'],
      [far, near, 'server'],
    ]) {
      let index = 0;
      from.on('data', (data) => {
        const changed = between(side, Buffer.from(data), index++);
        if (changed) to.write(changed);
        else if (changed === null) to.end();
      });
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
    }
  });
}

/** Flips a bit near the end of the bytes. */
const corrupted = (data) => {
  data[data.length - 3] ^= 1;
  return data;
};

/** Someone's public key with a private key of one's own: what a thief of a certificate can make. */
function forgedKey(victimPem, type, options) {
  const crypto = require('node:crypto');
  const victim = crypto.createPrivateKey(victimPem).export({ format: 'jwk' });
  const own = crypto.generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' });
  const { x, y, n, e } = victim;
  const key = JSON.parse(JSON.stringify({ ...own, x, y, n, e }));
  return crypto.createPrivateKey({ key, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' });
}

const done = () => process.exit(0);

module.exports = {
  tls,
  net,
  pki,
  server,
  client,
  ca,
  ecdhCurve,
  scenario,
  describe,
  listen,
  pause,
  corrupted,
  forgedKey,
  done,
};
