import { createServer } from 'node:tls';
import { pem } from './pem.js';

//#region strict
const server = createServer({
  cert: pem('ledger.pem'),
  key: pem('ledger.key.pem'),
  requestCert: true, // ask every client for a certificate
  rejectUnauthorized: true, // and hang up on all others
  ca: pem('tally-ca.pem'), // whose word counts
  ecdhCurve: 'X25519', // the same in every engine
});
//#endregion

//#region verdicts
server.on('secureConnection', (socket) => {
  const { subject } = socket.getPeerCertificate();
  console.log(`serving: ${subject.CN}, ${socket.getProtocol()}, authorized: ${socket.authorized}`);
  socket.on('error', () => {}); // a client may vanish before it has read its answer
  socket.end('Balance: 1204.50\n');
});

server.on('tlsClientError', (error, socket) => {
  console.log(`tlsClientError: ${/** @type {NodeJS.ErrnoException} */ (error).code}`);
  if (socket.authorizationError) console.log(`authorizationError: ${socket.authorizationError}`);
});
//#endregion

server.listen(8443, () => console.log('listening on 8443'));
