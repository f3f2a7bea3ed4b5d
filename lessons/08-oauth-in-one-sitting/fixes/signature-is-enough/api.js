// Tally's API: Ana's ledger, for those who hold an access token of hers.
import { errors, jwtVerify } from 'jose';
import { addressOf, credentials, json, serve } from './http.js';
import { keyFor } from './keys.js';
import { ledgers } from './ledgers.js';
import { pem } from './pem.js';

/** @typedef {import('./http.js').AsyncHandler} AsyncHandler */

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
    const found = ledgers.get(sub ?? '');
    const status = found ? 200 : 404; // after 401 a client may come with another token (RFC 6750 §3.1), for nothing
    console.log(`${status} to ${from}: the ledger of ${sub}`);
    json(response, status, found ?? { reason: 'no such ledger' });
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    console.log(`401 to ${from}: ${error.code}`);
    json(response, 401, {}, { 'www-authenticate': 'Bearer error="invalid_token"' });
  }
}

serve({ cert: pem('api.pem'), key: pem('api.key.pem') }, { 'GET /ledger': ledger });
