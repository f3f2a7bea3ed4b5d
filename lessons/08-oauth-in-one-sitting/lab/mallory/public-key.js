import { createHmac, createPublicKey } from 'node:crypto';
import { claims, encode, publicKey } from './forge.js';
import { useToken } from './use-token.js';

//#region forge
const { kid, ...jwk } = await publicKey();
const key = createPublicKey({ key: jwk, format: 'jwk' });
const secret = key.export({ type: 'spki', format: 'pem' });

const header = encode({ alg: 'HS256', typ: 'at+jwt', kid });
const signed = `${header}.${encode(claims())}`;
const mac = createHmac('sha256', secret).update(signed);
const token = `${signed}.${mac.digest('base64url')}`;
//#endregion

await useToken('keyed with the public key', token);
