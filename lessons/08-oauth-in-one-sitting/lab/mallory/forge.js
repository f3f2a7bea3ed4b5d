import { send } from '../http.js';

/** @param {object} value */
export function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** What a token of Ana's says. None of it is secret: RFC 9068 §2.2 lists the claims, and the rest can be guessed. */
export function claims() {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: 'https://auth.tally.example:8443',
    aud: 'https://api.tally.example:8443',
    sub: 'ana',
    client_id: 'tally-app',
    scope: 'ledger:read',
    iat: now,
    exp: now + 300,
    jti: 'written-by-mallory',
  };
}

/** The key with which everyone can verify the server's tokens. It is there for everyone. */
export async function publicKey() {
  const answer = await send('https://auth.tally.example:8443/jwks');
  return JSON.parse(answer.text).keys[0];
}
