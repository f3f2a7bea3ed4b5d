// A reader of JSON Web Tokens, as early libraries were: one function for all algorithms, and the token says which.
import { createHmac, verify as verifySignature } from 'node:crypto';

/** @param {string} part @returns {Record<string, any>} */
function parse(part) {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}

/** What a token says of itself. @param {string} token */
export function headerOf(token) {
  return parse(token.split('.')[0]);
}

/**
 * The claims of a token whose signature is in order.
 * @param {string} token
 * @param {string} key PEM of the public key, or the shared secret
 */
//#region verify
export function verify(token, key) {
  const [header, payload, signature] = token.split('.');
  const { alg } = parse(header);
  if (!fits(alg, `${header}.${payload}`, signature, key)) {
    throw new Error('the signature does not fit');
  }
  return parse(payload);
}

/** @type {(alg: string, signed: string, signature: string, key: string) => boolean} */
function fits(alg, signed, signature, key) {
  if (alg === 'none') return true; // "an unsecured JWT"
  if (alg === 'HS256') {
    const mac = createHmac('sha256', key).update(signed);
    return mac.digest('base64url') === signature;
  }
  if (alg === 'RS256') {
    const bytes = Buffer.from(signature, 'base64url');
    return verifySignature('sha256', Buffer.from(signed), key, bytes);
  }
  return false;
}
//#endregion
