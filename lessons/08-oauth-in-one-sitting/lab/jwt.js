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

//#region verify
/**
 * The claims of a token whose signature is in order.
 * @param {string} token @param {string} key PEM of the public key, or the shared secret
 */
export function verify(token, key) {
  const [header, payload, signature] = token.split('.');
  const signed = `${header}.${payload}`;
  switch (parse(header).alg) {
    case 'RS256':
      if (verifySignature('sha256', Buffer.from(signed), key, Buffer.from(signature, 'base64url'))) break;
      throw new Error('the signature does not fit');
    case 'HS256':
      if (createHmac('sha256', key).update(signed).digest('base64url') === signature) break;
      throw new Error('the signature does not fit');
    case 'none': // "an unsecured JWT": RFC 7519 §6
      break;
    default:
      throw new Error('an unknown algorithm');
  }
  return parse(payload);
}
//#endregion
