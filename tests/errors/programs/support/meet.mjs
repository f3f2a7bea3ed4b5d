/** What the programs share: certificates good and bad, one meeting of a server and a client, and one way to tell an error. */
import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';

const fixtures = new URL('../../../node/tls/fixtures/pki.json', import.meta.url);
export const pki = JSON.parse(readFileSync(fixtures, 'utf8'));
/** The authority that signed what is good here. */
export const ca = pki['root-ec.crt'];
/** A certificate with its chain, and its key. */
export const files = (name) => ({ cert: pki[`${name}.chain`], key: pki[`${name}.key`] });

/** @returns {Promise<number>} the port */
export const listening = (server) =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));

/**
 * One TLS client calls one TLS server, and says nothing. `rawServer` takes the server's place, `raw` the client's: both
 * get a plain socket; `between` stands on the path and may change each side's bytes.
 * @returns {Promise<{ client?: Error, server?: Error, verdict?: Error, port: number }>} what each side was told; `verdict`
 * is what the server found in the client's certificate
 */
export async function meet(serverOptions, clientOptions, { rawServer, raw, between } = {}) {
  const told = {};
  const server = rawServer
    ? net.createServer(rawServer)
    : tls.createServer({ ...files('server-ec'), ...serverOptions }, (socket) => {
        socket.on('error', (error) => (told.server ??= error));
        socket.resume();
        socket.end('hello');
      });
  server.on('tlsClientError', (error, socket) => {
    told.server ??= error;
    told.verdict = socket.authorizationError;
  });
  let port = await listening(server);
  const middle = between && createMiddle(port, between);
  if (middle) port = await listening(middle);
  told.port = port;
  const client = raw
    ? net.connect(port, '127.0.0.1', () => raw(client))
    : tls.connect({ host: '127.0.0.1', port, servername: 'localhost', ca, ...clientOptions });
  client.on('error', (error) => (told.client ??= error));
  client.resume();
  await new Promise((resolve) => client.on('close', resolve));
  await new Promise((resolve) => server.close(resolve));
  middle?.close();
  return told;
}

function createMiddle(port, between) {
  return net.createServer((near) => {
    const far = net.connect(port, '127.0.0.1');
    for (const [name, from, to] of [
      ['client', near, far],
      ['server', far, near],
    ]) {
      let count = 0;
      from.on('data', (bytes) => to.write(between(name, bytes, count++)));
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
    }
  });
}

/**
 * Prints an error as the page has it: who says it, its code, its message. Of what differs from run to run, the port is
 * told as 8443, this folder as /lab, and the thread's number before OpenSSL's words as an ellipsis.
 * @param {'client' | 'server' | 'program'} by
 */
export function tell(by, error, port) {
  const folder = new URL('..', import.meta.url).pathname.slice(0, -1);
  const message = String(error.message)
    .replaceAll(folder, '/lab')
    .replaceAll(`:${port}`, ':8443')
    .replace(/^((?:\w+ EPROTO )?)[0-9A-F]{8,}:error/, '$1…:error')
    .trimEnd();
  console.log(JSON.stringify({ by, code: error.code, message }));
}
