// Tally's API: Ana's ledger, for those who hold an access token of hers.
import { createPublicKey } from 'node:crypto';
import { addressOf, json, serve } from './http.js';
import { headerOf, verify } from './jwt.js';
import { keyFor } from './keys.js';
import { ledgers } from './ledgers.js';
import { pem } from './pem.js';

/** @typedef {import('./http.js').AsyncHandler} AsyncHandler */

/** What the token claims, if it is one to believe. @param {string} token */
//#region accept
async function accept(token) {
  const jwk = await keyFor(headerOf(token).kid);
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  return verify(token, String(key.export({ type: 'spki', format: 'pem' })));
}

/** @type {AsyncHandler} */
async function ledger(request, response) {
  const from = addressOf(request);
  try {
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    const { sub } = await accept(token);
    const found = ledgers.get(sub);
    const status = found ? 200 : 404; // after 401 a client may come with another token (RFC 6750 §3.1), for nothing
    console.log(`${status} to ${from}: the ledger of ${sub}`);
    json(response, status, found ?? { reason: 'no such ledger' });
  } catch (error) {
    console.log(`401 to ${from}: ${/** @type {Error} */ (error).message}`);
    json(response, 401, {}, { 'www-authenticate': 'Bearer error="invalid_token"' });
  }
}
//#endregion

serve({ cert: pem('api.pem'), key: pem('api.key.pem') }, { 'GET /ledger': ledger });
