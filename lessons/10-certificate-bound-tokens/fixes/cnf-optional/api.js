// Tally's API: Ana's ledger, for those who hold an access token of hers. It checks all that lesson 8 asks for.
import { createHash } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import { addressOf, credentials, json, Refusal, serve } from './http.js';
import { keyFor } from './keys.js';
import { ledgers } from './ledgers.js';
import { pem } from './pem.js';

/** @typedef {import('./http.js').AsyncHandler} AsyncHandler */
/** @typedef {import('node:tls').TLSSocket} TLSSocket */
/** @typedef {{ client_id: string, sub: string, scope: string, cnf?: { 'x5t#S256'?: string } }} Claims */

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
    requiredClaims: ['exp', 'sub', 'client_id'],
  }).catch((error) => {
    if (!(error instanceof errors.JOSEError)) throw error; // not the token's fault
    throw new Refusal(401, error.message, 'Bearer error="invalid_token"');
  });
  const claims = /** @type {Claims} */ (/** @type {unknown} */ (payload));
  checkBinding(claims, /** @type {TLSSocket} */ (request.socket));
  // A string, never a list: RFC 9068 §2.2.3, RFC 8693 §4.2.
  if (typeof claims.scope !== 'string' || !claims.scope.split(' ').includes('ledger:read')) {
    const challenge = 'Bearer error="insufficient_scope", scope="ledger:read"';
    throw new Refusal(403, 'the scope is not enough', challenge);
  }
  return claims;
}

/** @param {Claims} claims @param {TLSSocket} connection */
function checkBinding({ cnf }, connection) {
  const { raw } = connection.getPeerCertificate();
  const shown = raw && createHash('sha256').update(raw).digest('base64url');
  if (cnf?.['x5t#S256'] && cnf['x5t#S256'] !== shown) {
    throw new Refusal(401, 'another certificate', 'Bearer error="invalid_token"');
  }
}

/** @type {AsyncHandler} */
async function ledger(request, response) {
  const from = addressOf(request);
  const { sub, client_id } = await accept(request);
  const found = ledgers.get(sub);
  // Not 401: the client would fetch another token (RFC 6750 §3.1), and find no more.
  if (found === undefined) throw new Refusal(404, 'no such ledger');
  console.log(`200: /ledger of ${sub}, through ${client_id}, from ${from}`);
  json(response, 200, found);
}

// Hang up on strangers, or let the token decide? RFC 8705 §6.2
const isStrict = process.argv.includes('--strict');

serve(
  {
    cert: pem('api.pem'),
    key: pem('api.key.pem'),
    ca: pem('tally-ca.pem'),
    requestCert: true, // ask everyone, and see that they hold its key
    rejectUnauthorized: isStrict, // false: a stranger is no reason
  },
  { 'GET /ledger': ledger },
);
