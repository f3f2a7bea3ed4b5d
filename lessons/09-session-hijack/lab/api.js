// Tally's API: Ana's ledger, for those who hold an access token of hers. It checks all that lesson 8 asks for.
import { errors, jwtVerify } from 'jose';
import { addressOf, credentials, json, Refusal, serve } from './http.js';
import { keyFor } from './keys.js';
import { ledgers } from './ledgers.js';
import { pem } from './pem.js';

/** @typedef {import('./http.js').AsyncHandler} AsyncHandler */
/** @typedef {{ client_id: string, sub: string, jti: string, scope: string }} Claims */

/** Who has read which ledger. @type {{ user: string, client: string, token: string, address: string }[]} */
const readings = [];

//#region accept
/**
 * What the request's token claims, once everything about it is in order.
 * @param {import('./http.js').Request} request @returns {Promise<Claims>}
 */
async function accept(request) {
  const token = credentials(request, 'bearer');
  // No token, no error: RFC 6750 §3.1.
  if (token === undefined) throw new Refusal(401, 'no token', 'Bearer realm="ledger"');
  const { payload } = await jwtVerify(token, ({ kid }) => keyFor(kid), {
    algorithms: ['RS256'],
    typ: 'at+jwt',
    issuer: 'https://auth.tally.example:8443',
    audience: 'https://api.tally.example:8443',
    requiredClaims: ['exp', 'sub', 'client_id', 'jti'],
  }).catch((error) => {
    if (!(error instanceof errors.JOSEError)) throw error; // not the token's fault
    throw new Refusal(401, error.message, 'Bearer error="invalid_token"');
  });
  const claims = /** @type {Claims} */ (/** @type {unknown} */ (payload));
  // A string, never a list: RFC 9068 §2.2.3, RFC 8693 §4.2.
  if (typeof claims.scope !== 'string' || !claims.scope.split(' ').includes('ledger:read')) {
    const challenge = 'Bearer error="insufficient_scope", scope="ledger:read"';
    throw new Refusal(403, 'the scope is not enough', challenge);
  }
  return claims;
}
//#endregion

/**
 * Answers with what `find` finds for the token's user.
 * @param {(claims: Claims, from: string) => unknown} find
 * @returns {AsyncHandler}
 */
function protect(find) {
  return async (request, response) => {
    const from = addressOf(request);
    const claims = await accept(request);
    const found = find(claims, from);
    console.log(`200: ${request.url} of ${claims.sub}, through ${claims.client_id}, from ${from}`);
    json(response, 200, found);
  };
}

const ledger = protect(({ sub, client_id, jti }, address) => {
  const found = ledgers.get(sub);
  // Not 401: the client would fetch another token (RFC 6750 §3.1), and find no more.
  if (found === undefined) throw new Refusal(404, 'no such ledger');
  readings.push({ user: sub, client: client_id, token: jti, address });
  return found;
});

/** Ana may know who has read her books. */
const readers = protect(({ sub }) => readings.filter(({ user }) => user === sub));

serve({ cert: pem('api.pem'), key: pem('api.key.pem') }, { 'GET /ledger': ledger, 'GET /readers': readers });
