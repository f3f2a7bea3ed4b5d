// The token ran out.
import { jwtVerify } from 'jose';
import { tell } from './support/meet.mjs';
import { publicKey, rules, token } from './support/tokens.mjs';

await jwtVerify(await token({ exp: 1_700_000_000 }), publicKey, rules).catch((error) =>
  tell('server', error),
);
