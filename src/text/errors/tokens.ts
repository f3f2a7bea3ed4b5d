import type { ErrorKind } from './entry.ts';

/** What the package jose says of a token. */
export const tokens: ErrorKind = {
  id: 'tokens',
  title: 'Tokens that are refused',
  about:
    'From the package `jose`, which the labs use to check JWTs. They are for your log. The caller is told less: 401 and `invalid_token`, whichever of them it was.',
  entries: [
    {
      code: 'ERR_JWT_EXPIRED',
      by: 'server',
      message: '"exp" claim timestamp check failed',
      means: 'The token’s time is over.',
      causes: [
        'The client kept it too long. That is the plan: an access token lives for minutes.',
        'A clock is wrong, on either side.',
      ],
      fix: 'The client fetches a new token when it is told 401, once, and repeats the call. For clocks, `clockTolerance` of some seconds.',
      not: 'Tokens that live for a year; `ignoreExpiration` in libraries that have it.',
      rfc: [{ n: 7519, s: '4.1.4' }],
    },
    {
      code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
      by: 'server',
      message: 'unexpected "aud" claim value',
      means:
        'The signature is good, and the token is not for this: `error.claim` says which claim is wrong. Here it was made for another audience.',
      causes: [
        'A token for another API, or an ID token, which is for the client.',
        'Issuer or audience differ by a slash or a port. They are compared letter by letter.',
      ],
      fix: 'Look at both values, letter by letter, and mend the configuration that is wrong. Each API has an audience of its own.',
      not: 'Leaving `audience` out “because the signature is checked”. Then every token of that issuer opens this API.',
      rfc: [
        { n: 7519, s: '4.1.3' },
        { n: 9068, s: '4' },
      ],
      seen: [{ lesson: 'oauth-in-one-sitting', step: 'raid' }],
    },
    {
      code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
      by: 'server',
      message: 'signature verification failed',
      means:
        'The signature does not fit the content with this key. Either the content was changed, or the key is another.',
      causes: [
        'Somebody changed a claim.',
        'The token is from another issuer, or from a test system with the same name.',
        'The issuer has new keys, and yours are old.',
      ],
      fix: 'Take the keys from the issuer’s published set, by `kid` (`createRemoteJWKSet`), and let them be fetched again when an unknown `kid` comes.',
      not: '`jwtDecode` in place of `jwtVerify`: it reads what anybody wrote.',
      rfc: [{ n: 7515, s: '5.2' }],
      seen: [{ lesson: 'oauth-in-one-sitting', step: 'open-token' }],
    },
    {
      code: 'ERR_JWS_INVALID',
      by: 'server',
      message: 'Invalid Compact JWS',
      means: 'This is no JWT: it has not the three parts.',
      causes: [
        'The word `Bearer`, or quotes, came along.',
        'The token is opaque: not every access token is a JWT.',
        'It was cut short on its way.',
      ],
      fix: 'Print its length and its first characters, never the whole. If it is opaque, ask the issuer about it (introspection).',
      rfc: [
        { n: 7515, s: '7.1' },
        { n: 7662, s: '2' },
      ],
    },
    {
      code: 'ERR_JOSE_ALG_NOT_ALLOWED',
      by: 'server',
      message: '"alg" (Algorithm) Header Parameter value not allowed',
      means:
        'The token says how it wants to be checked, and that is not on your list. Here it said `none`: no signature at all.',
      causes: [
        'An attack: `none`, or `HS256` with your public key as its secret.',
        'The issuer changed its algorithm.',
      ],
      fix: 'None, if it is the attack. If the issuer really changed, add the new algorithm to `algorithms`, by name.',
      not: 'Removing `algorithms`, so that the token decides.',
      rfc: [{ n: 8725, s: '3.1' }],
      seen: [{ lesson: 'oauth-in-one-sitting', step: 'raid' }],
    },
    {
      code: 'ERR_JWKS_NO_MATCHING_KEY',
      by: 'server',
      message: 'no applicable key found in the JSON Web Key Set',
      means: 'The token names a key (`kid`) that is not in the set.',
      causes: [
        'The issuer has changed its keys and your copy of the set is old.',
        'The token is another issuer’s.',
      ],
      fix: 'Use `createRemoteJWKSet`, which fetches the set again, and see that the issuer publishes a new key before it signs with it.',
      not: 'Trying every key you have, or fetching keys from the address in the token’s own header.',
      rfc: [
        { n: 7515, s: '4.1.4' },
        { n: 7517, s: '4.5' },
      ],
    },
  ],
};
