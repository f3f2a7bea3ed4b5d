import { connect } from 'node:tls';
import { pem } from '../pem.js';

// The app's certificate is no secret: any server that asks for it receives it.
// Its key stays with the app.
try {
  connect({
    host: 'ledger.tally.example',
    port: 8443,
    ca: pem('tally-ca.pem'),
    cert: pem('app.pem'),
    key: pem('mallory.key.pem'),
  });
} catch (error) {
  console.log(`nothing was sent: ${/** @type {NodeJS.ErrnoException} */ (error).code}`);
  process.exitCode = 1;
}
