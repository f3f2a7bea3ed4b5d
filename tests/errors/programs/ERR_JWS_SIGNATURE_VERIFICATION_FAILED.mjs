// One claim was changed after the token had been signed.
import { jwtVerify } from 'jose';
import { tell } from './support/meet.mjs';
import { publicKey, rules, token } from './support/tokens.mjs';

const [header, , signature] = (await token()).split('.');
const claims = Buffer.from(JSON.stringify({ sub: 'mallory' })).toString('base64url');
await jwtVerify(`${header}.${claims}.${signature}`, publicKey, rules).catch((error) => tell('server', error));
