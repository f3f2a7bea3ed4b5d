import { createPrivateKey, createPublicKey } from 'node:crypto';
import { connect } from 'node:tls';
import { narrate } from '../narrate.js';
import { pem } from '../pem.js';

//#region forge
// Node compares the public halves before it uses a pair. So give it the app's public half with Mallory's private one.
const appPublic = createPublicKey(pem('app.pem')).export({ format: 'jwk' });
const malloryPrivate = createPrivateKey(pem('mallory.key.pem')).export({ format: 'jwk' });
const forged = createPrivateKey({ key: { ...appPublic, d: malloryPrivate.d }, format: 'jwk' });
//#endregion

const socket = connect({
  host: 'ledger.tally.example',
  port: 8443,
  ca: pem('tally-ca.pem'),
  cert: pem('app.pem'),
  key: forged.export({ type: 'pkcs8', format: 'pem' }),
});

narrate(socket);
