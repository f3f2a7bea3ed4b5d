// A token for another API.
import { jwtVerify } from 'jose';
import { tell } from './support/meet.mjs';
import { publicKey, rules, token } from './support/tokens.mjs';

await jwtVerify(await token({ aud: 'tally-app' }), publicKey, rules).catch((error) => tell('server', error));
