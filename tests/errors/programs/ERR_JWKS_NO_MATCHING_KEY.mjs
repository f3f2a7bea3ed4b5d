// The token names a key that the issuer does not publish.
import { createLocalJWKSet, exportJWK, jwtVerify } from 'jose';
import { tell } from './support/meet.mjs';
import { publicKey, rules, token } from './support/tokens.mjs';

const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'new', alg: 'ES256' }] });
await jwtVerify(await token({}, { kid: 'old' }), keys, rules).catch((error) => tell('server', error));
