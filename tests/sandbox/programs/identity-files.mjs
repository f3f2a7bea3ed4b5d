// Identities and revocation lists out of files: a server from a PKCS #12 file, whose clients must not be revoked.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import tls from 'node:tls';

const read = (name) =>
  JSON.parse(readFileSync(new URL(`../../node/tls/fixtures/${name}.json`, import.meta.url)));
const pki = read('pki');
const files = read('files');
const ca = pki['root-ec.crt'];

const server = tls.createServer({
  pfx: Buffer.from(files.pfx, 'base64'),
  passphrase: 'secret',
  requestCert: true,
  rejectUnauthorized: false,
  ca,
  crl: files.lists,
});
server.on('secureConnection', (socket) => socket.end(`${socket.authorized} ${socket.authorizationError}`));
server.listen(0, '127.0.0.1');
await once(server, 'listening');

for (const [who, certificate] of [
  ['the revoked client', 'client-ec'],
  ['a server in its place', 'server-ec'],
  ['a foreign client', 'foreign-client'],
]) {
  const client = tls.connect({
    ...{ port: server.address().port, servername: 'localhost', ca, crl: files.lists },
    key: pki[`${certificate}.key`],
    cert: pki[`${certificate}.chain`],
  });
  const [answer] = await once(client, 'data');
  console.log(`${who}: the client says ${client.authorized}, the server ${answer}`);
}
server.close();

for (const [title, options] of [
  ['a list that is none', { crl: 'none' }],
  ['a wrong passphrase', { pfx: Buffer.from(files.pfx, 'base64'), passphrase: 'wrong' }],
]) {
  try {
    tls.createSecureContext(options);
    console.log(`${title} is accepted`);
  } catch (error) {
    console.log(`${title}: ${error.code} ${error.message}`);
  }
}
