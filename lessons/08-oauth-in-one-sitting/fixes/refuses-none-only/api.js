// Tally's API: Ana's ledger, for those who hold an access token of hers.
import { createPublicKey } from 'node:crypto';
import { errors } from 'jose';
import { addressOf, credentials, json, serve } from './http.js';
import { headerOf, verify } from './jwt.js';
import { keyFor } from './keys.js';
import { ledgers } from './ledgers.js';
import { pem } from './pem.js';

/** @typedef {import('./http.js').AsyncHandler} AsyncHandler */

/** What the token claims, if it is one to believe. @param {string} token */
async function accept(token) {
  const { alg, typ, kid } = headerOf(token);
  if (String(alg).toLowerCase() === 'none') throw new errors.JWTInvalid('not signed');
  const key = createPublicKey({ key: await keyFor(kid), format: 'jwk' });
  const claims = verify(token, String(key.export({ type: 'spki', format: 'pem' })));
  if (typ !== 'at+jwt') throw new errors.JWTInvalid('another type');
  if (claims.iss !== 'https://auth.tally.example:8443') throw new errors.JWTInvalid('another issuer');
  if (![claims.aud].flat().includes('https://api.tally.example:8443'))
    throw new errors.JWTInvalid('another audience');
  if (!(claims.exp * 1000 > Date.now())) throw new errors.JWTInvalid('too late');
  return claims;
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
    const { sub, scope } = await accept(token);
    if (typeof scope !== 'string' || !scope.split(' ').includes('ledger:read')) {
      console.log(`403 to ${from}: ${scope}`);
      const challenge = 'Bearer error="insufficient_scope", scope="ledger:read"';
      return json(response, 403, {}, { 'www-authenticate': challenge });
    }
    const found = ledgers.get(sub ?? '');
    const status = found ? 200 : 404; // after 401 a client may come with another token (RFC 6750 §3.1), for nothing
    console.log(`${status} to ${from}: the ledger of ${sub}`);
    json(response, status, found ?? { reason: 'no such ledger' });
  } catch (error) {
    console.log(`401 to ${from}: ${/** @type {Error} */ (error).message}`);
    json(response, 401, {}, { 'www-authenticate': 'Bearer error="invalid_token"' });
  }
}

serve({ cert: pem('api.pem'), key: pem('api.key.pem') }, { 'GET /ledger': ledger });
