import { createServer } from 'node:tls';
import { pem } from './pem.js';

//#region lax
const server = createServer({
  cert: pem('ledger.pem'),
  key: pem('ledger.key.pem'),
  requestCert: true,
  rejectUnauthorized: true,
  ecdhCurve: 'X25519',
});

server.on('secureConnection', (socket) => {
  const { subject } = socket.getPeerCertificate();
  console.log(`serving: ${subject?.CN ?? 'somebody'}`);
  socket.on('error', () => {}); // a client may vanish before it has read its answer
  socket.end('Balance: 1204.50\n');
});
//#endregion

server.on('tlsClientError', (error, socket) => {
  console.log(`tlsClientError: ${/** @type {NodeJS.ErrnoException} */ (error).code}`);
  if (socket.authorizationError) console.log(`authorizationError: ${socket.authorizationError}`);
});

server.listen(8443, () => console.log('listening on 8443'));
