// Tally's API: Ana's ledger, for those who hold an access token of hers.
import { errors, jwtVerify } from 'jose';
import { addressOf, credentials, json, serve } from './http.js';
import { keyFor } from './keys.js';
import { ledgers } from './ledgers.js';
import { pem } from './pem.js';

/** @typedef {import('./http.js').AsyncHandler} AsyncHandler */

//#region accept
/** What the token claims, if it is one to believe. @param {string} token */
async function accept(token) {
  const { payload } = await jwtVerify(token, ({ kid }) => keyFor(kid), {
    algorithms: ['RS256'],
    issuer: 'https://auth.tally.example:8443',
    requiredClaims: ['sub', 'exp'],
  });
  return payload;
}

/** @type {AsyncHandler} */
async function ledger(request, response) {
  const from = addressOf(request);
  const token = credentials(request, 'bearer');
  if (token === undefined) {
    console.log(`401 to ${from}: no token`);
    return json(response, 401, {}, { 'www-authenticate': 'Bearer realm="ledger"' }); // RFC 6750 §3.1: no token, no error
  }
  try {
    const { sub } = await accept(token);
    console.log(`200 to ${from}: the ledger of ${sub}`);
    json(response, 200, ledgers.get(String(sub)));
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    console.log(`401 to ${from}: ${error.code}`);
    json(response, 401, {}, { 'www-authenticate': 'Bearer error="invalid_token"' });
  }
}
//#endregion

serve({ cert: pem('api.pem'), key: pem('api.key.pem') }, { 'GET /ledger': ledger });
