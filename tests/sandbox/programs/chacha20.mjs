// A cipher in a piece of its own: the client insists on it, the server says nothing.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import tls from 'node:tls';

const pki = JSON.parse(readFileSync(new URL('../../node/tls/fixtures/pki.json', import.meta.url)));
const identity = { key: pki['server-ec.key'], cert: pki['server-ec.chain'] };
const server = https.createServer(identity, (request, response) => {
  response.end(`${request.socket.getCipher().standardName} ${'x'.repeat(40_000)}`);
});
server.listen(0);
await once(server, 'listening');

for (const [version, ciphers] of [
  ['TLSv1.3', 'TLS_CHACHA20_POLY1305_SHA256'],
  ['TLSv1.2', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
]) {
  const socket = tls.connect({
    port: server.address().port,
    host: 'localhost',
    ca: pki['root-ec.crt'],
    minVersion: version,
    maxVersion: version,
    ciphers,
  });
  await once(socket, 'secureConnect');
  const cipher = socket.getCipher().name;
  socket.end('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text) => {
    answer += text;
  });
  await once(socket, 'end');
  const [name, text] = answer.slice(answer.indexOf('\r\n\r\n') + 4).split(' ');
  console.log(version, cipher, name, text.length);
}
server.close();
