import { createServer } from 'node:tls';
import { pem } from './pem.js';

//#region lax
const server = createServer({
  cert: pem('ledger.pem'),
  key: pem('ledger.key.pem'),
  requestCert: true,
  rejectUnauthorized: false,
  ca: pem('tally-ca.pem'),
  ecdhCurve: 'X25519',
});

server.on('secureConnection', (socket) => {
  const { subject } = socket.getPeerCertificate();
  socket.on('error', () => {}); // a client may vanish before it has read its answer
  socket.end('Balance: 1204.50\n', () => {
    if (socket.authorized) {
      console.log(`serving: ${subject.CN}`);
    } else {
      console.log(`refused: ${socket.authorizationError}`);
      socket.destroy();
    }
  });
});
//#endregion

server.on('tlsClientError', (error, socket) => {
  console.log(`tlsClientError: ${/** @type {NodeJS.ErrnoException} */ (error).code}`);
  if (socket.authorizationError) console.log(`authorizationError: ${socket.authorizationError}`);
});

server.listen(8443, () => console.log('listening on 8443'));
