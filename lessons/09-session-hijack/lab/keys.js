import { errors } from 'jose';
import { send } from './http.js';

/** @typedef {import('jose').JWK} JWK */

/** @type {JWK[]} */
let keys = [];

/**
 * The public key of the authorization server's that a token names. Its `jwks_uri` (RFC 8414 §2) is asked again when the
 * name is new, so that the server may change its keys.
 * @param {string | undefined} kid
 * @returns {Promise<JWK>}
 */
export async function keyFor(kid) {
  const known = () => keys.find((key) => key.kid === kid);
  if (known() === undefined) {
    const answer = await send('https://auth.tally.example:8443/jwks');
    if (answer.status !== 200) throw new Error(`no keys: ${answer.status}`);
    keys = JSON.parse(answer.text).keys;
  }
  const key = known();
  if (key === undefined) throw new errors.JWKSNoMatchingKey();
  return key;
}
