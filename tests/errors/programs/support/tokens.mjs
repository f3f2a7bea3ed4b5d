/** Tokens for the programs about jose: an issuer's key, a token of its, and the rules of the API it is for. */
import { generateKeyPair, SignJWT } from 'jose';

export const { publicKey, privateKey } = await generateKeyPair('ES256');
/** What an API asks for. */
export const rules = {
  algorithms: ['ES256'],
  issuer: 'https://auth.tally.example:8443',
  audience: 'https://api.tally.example:8443',
};

/** A token that the rules are content with, but for what `claims` and `header` change. */
export const token = (claims = {}, header = {}, key = privateKey) =>
  new SignJWT({
    iss: rules.issuer,
    aud: rules.audience,
    exp: Math.floor(Date.now() / 1000) + 300,
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', ...header })
    .sign(key);
