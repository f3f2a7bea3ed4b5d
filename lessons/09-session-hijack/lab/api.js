// Tally's API: Ana's ledger, for those who hold an access token of hers. It checks all that lesson 8 asks for.
import { errors, jwtVerify } from 'jose';
import { addressOf, credentials, json, serve } from './http.js';
import { keyFor } from './keys.js';
import { ledgers } from './ledgers.js';
import { pem } from './pem.js';

/** @typedef {import('./http.js').AsyncHandler} AsyncHandler */
/** @typedef {{ client_id: string, sub: string, jti: string, scope: string }} Claims */

/** Who has read which ledger. @type {{ user: string, client: string, token: string, address: string }[]} */
const readings = [];

/** A request that is not answered. RFC 6750 §3.1: where no token came, no error is named. */
class Refusal extends Error {
  /** @param {number} status @param {string} challenge @param {string} reason */
  constructor(status, challenge, reason) {
    super(reason);
    this.status = status;
    this.challenge = challenge;
  }
}

//#region accept
/**
 * What the request's token claims, once everything about it is in order.
 * @param {import('./http.js').Request} request @returns {Promise<Claims>}
 */
async function accept(request) {
  const token = credentials(request, 'bearer');
  if (token === undefined) throw new Refusal(401, 'Bearer realm="ledger"', 'no token');
  const { payload } = await jwtVerify(token, ({ kid }) => keyFor(kid), {
    algorithms: ['RS256'],
    typ: 'at+jwt',
    issuer: 'https://auth.tally.example:8443',
    audience: 'https://api.tally.example:8443',
    requiredClaims: ['exp', 'sub', 'client_id'],
  }).catch((error) => {
    if (!(error instanceof errors.JOSEError)) throw error; // not the token's fault
    throw new Refusal(401, 'Bearer error="invalid_token"', error.message);
  });
  const claims = /** @type {Claims} */ (/** @type {unknown} */ (payload));
  if (!String(claims.scope).split(' ').includes('ledger:read')) {
    throw new Refusal(
      403,
      'Bearer error="insufficient_scope", scope="ledger:read"',
      'the scope is not enough',
    );
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
    try {
      const claims = await accept(request);
      console.log(`200: ${request.url} of ${claims.sub}, through ${claims.client_id}, from ${from}`);
      json(response, 200, find(claims, from));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      console.log(`${error.status}: ${error.message}, from ${from}`);
      json(response, error.status, {}, { 'www-authenticate': error.challenge });
    }
  };
}

const ledger = protect(({ sub, client_id, jti }, address) => {
  readings.push({ user: sub, client: client_id, token: jti, address });
  return ledgers.get(sub);
});

/** Ana may know who has read her books. */
const readers = protect(({ sub }) => readings.filter(({ user }) => user === sub));

serve({ cert: pem('api.pem'), key: pem('api.key.pem') }, { 'GET /ledger': ledger, 'GET /readers': readers });
