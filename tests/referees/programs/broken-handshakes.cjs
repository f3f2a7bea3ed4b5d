// Handshakes that somebody breaks: options that do not go together, and a middle that changes bytes. What each end makes
// of it is printed, a line an end: `node broken-handshakes.cjs TLSv1.3` or `TLSv1.2`.
const tls = require('node:tls');
const path = require('node:path');
const { readFileSync } = require('node:fs');
const { middle } = require('./middle.cjs');

const pki = JSON.parse(readFileSync(path.join(__dirname, '../../node/tls/fixtures/pki.json'), 'utf8'));
const pair = (name) => ({ key: pki[`${name}.key`], cert: pki[`${name}.chain`] });
const version = process.argv[2];
const only = process.argv[3];

const listening = (server) =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
const closed = (server) => new Promise((resolve) => server.close(resolve));

function told(error) {
  const { code, reason = '', library = '' } = error;
  return [code, library && `(${library}: ${reason})`].filter(Boolean).join(' ');
}

/** A connection that neither ends nor tells anything for so long hangs; a busy machine needs seconds. */
const PATIENCE = 30_000;

/**
 * Ends that say how it ended, then let go. `staysOpen` is a case in which Node tells both ends of an error and closes
 * neither: then the two errors are the end.
 */
async function run(name, { server = {}, client = {}, fromClient, fromServer, staysOpen = false }) {
  const said = { S: [], C: [] };
  const failed = new Set();
  const fails = (side, error) => {
    said[side].push(`error ${told(error)}`);
    failed.add(side);
    if (staysOpen && failed.size === 2) setImmediate(letGo, 'stays open');
  };
  const listener = tls.createServer({
    ...pair('server-ec'),
    ecdhCurve: 'X25519',
    minVersion: version,
    maxVersion: version,
    ...server,
  });
  let serverSide;
  const serverDone = new Promise((resolve) => {
    listener.on('connection', (raw) => raw.on('close', resolve));
    listener.on('tlsClientError', (error) => said.S.push(`tlsClientError ${told(error)}`));
    listener.on('secureConnection', (socket) => {
      serverSide = socket;
      said.S.push(
        `secure ${socket.getProtocol()} authorized=${socket.authorized} ${socket.authorizationError}`,
      );
      socket.on('error', (error) => fails('S', error));
      // The server speaks first: an alert of its own must not meet what the client has said already, and be lost to a reset.
      socket.write('welcome');
      socket.on('data', () => socket.end('bye'));
    });
  });
  const between = middle(await listening(listener), { fromClient, fromServer });
  const port = await listening(between);
  const socket = tls.connect({
    port,
    host: '127.0.0.1',
    servername: 'localhost',
    ca: pki['root-ec.crt'],
    ecdhCurve: 'X25519',
    minVersion: version,
    maxVersion: version,
    ...client,
  });
  function letGo(why) {
    for (const [side, end] of Object.entries({ C: socket, S: serverSide })) {
      if (!end?.destroyed) said[side].push(why);
      end?.destroy();
    }
  }
  const patience = setTimeout(letGo, PATIENCE, 'hangs');
  await new Promise((resolve) => {
    socket.on('secureConnect', () => {
      said.C.push(`secure ${socket.getProtocol()} authorized=${socket.authorized}`);
    });
    socket.on('data', (data) => (String(data).includes('bye') ? socket.end() : socket.write('hello')));
    socket.on('error', (error) => fails('C', error));
    socket.on('close', resolve);
  });
  await serverDone;
  clearTimeout(patience);
  await Promise.all([closed(between), closed(listener)]);
  for (const side of ['C', 'S']) console.log(`[${name}] ${side} ${said[side].join('; ') || 'nothing'}`);
}

async function main() {
  const cases = require(`./broken-${version === 'TLSv1.2' ? '12' : '13'}.cjs`)(pair, pki);
  for (const [name, broken] of Object.entries(cases)) {
    if (only && name !== only) continue;
    await run(name, broken).catch((error) => console.log(`[${name}] throws ${told(error)}`));
  }
  process.exit(0);
}
main();
