// What came is no JWT: an opaque token, or the word Bearer with it.
import { jwtVerify } from 'jose';
import { tell } from './support/meet.mjs';
import { publicKey, rules } from './support/tokens.mjs';

await jwtVerify('Bearer', publicKey, rules).catch((error) => tell('server', error));
