// Whether a server tells the client that its name was of use (RFC 6066 §3), as seen by somebody between them: in TLS 1.2
// the ServerHello is in clear.
const { once } = require('node:events');
const { ca, server, listen, done, tls, net } = require('./scenario.cjs');

const SERVER_NAME = 0;

/** The types of a ServerHello's extensions; it begins the first record of a server. */
function extensionTypes(bytes) {
  const RECORD_HEADER = 5;
  const BEFORE_SESSION_ID = 4 + 2 + 32;
  const sessionId = RECORD_HEADER + BEFORE_SESSION_ID;
  const list = sessionId + 1 + bytes[sessionId] + 2 + 1;
  const end = list + 2 + bytes.readUInt16BE(list);
  const types = [];
  for (let at = list + 2; at < end; at += 4 + bytes.readUInt16BE(at + 2)) types.push(bytes.readUInt16BE(at));
  return types;
}

async function answers(name, options) {
  const listener = tls.createServer({ ...server, ...options, maxVersion: 'TLSv1.2' }, (socket) =>
    socket.end(),
  );
  const port = await listen(listener);
  const heard = [];
  const between = net.createServer((near) => {
    const far = net.connect(port, '127.0.0.1');
    far.on('data', (bytes) => heard.push(bytes));
    near.pipe(far).pipe(near);
  });
  const client = tls.connect({
    port: await listen(between),
    host: '127.0.0.1',
    servername: 'localhost',
    ca,
  });
  client.resume();
  await once(client, 'close');
  console.log(`[${name}] answered:`, extensionTypes(Buffer.concat(heard)).includes(SERVER_NAME));
}

async function main() {
  await answers('nobody looks at the name', {});
  const chosen = tls.createSecureContext(server);
  await answers('the name chooses the certificate', { SNICallback: (name, choose) => choose(null, chosen) });
  await answers('the name is looked at, and chooses nothing', {
    SNICallback: (name, choose) => choose(null),
  });
}

main().then(done);
