// Full mutual TLS handshakes, one after another, in one process: both ends, certificates and names verified.
// The same file runs on real Node.js and in the sandbox. Prints one line of JSON.
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:tls';

const [warmUp, measured] = process.argv.slice(2).map(Number);
const pem = (name) => readFileSync(new URL(`certificates/${name}`, import.meta.url), 'utf8');
const ca = pem('tally-ca.pem');
const group = { ecdhCurve: 'X25519' };

const server = createServer(
  {
    cert: pem('ledger.pem'),
    key: pem('ledger.key.pem'),
    ca,
    requestCert: true,
    rejectUnauthorized: true,
    ...group,
  },
  (socket) => socket.end('x'),
);

/** One connection, from connect to the first decrypted byte. */
function handshake(port) {
  return new Promise((resolve, reject) => {
    const client = connect({
      port,
      host: '127.0.0.1',
      servername: 'ledger.tally.example',
      cert: pem('app.pem'),
      key: pem('app.key.pem'),
      ca,
      ...group,
    });
    client.once('data', () => client.destroy());
    client.once('error', reject);
    client.once('close', () => (client.authorized ? resolve() : reject(new Error('not authorized'))));
  });
}

server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  for (let round = 0; round < warmUp; round++) await handshake(port);
  const start = performance.now();
  for (let round = 0; round < measured; round++) await handshake(port);
  const milliseconds = performance.now() - start;
  console.log(JSON.stringify({ handshakes: measured, milliseconds }));
  server.close();
});
