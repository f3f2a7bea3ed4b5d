import { createHmac, createPublicKey } from 'node:crypto';
import { claims, encode, publicKey } from './forge.js';
import { useToken } from './use-token.js';

//#region forge
const { kid, ...jwk } = await publicKey();
const secret = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
const signed = `${encode({ alg: 'HS256', typ: 'at+jwt', kid })}.${encode(claims())}`;
const token = `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
//#endregion

await useToken('keyed with the public key', token);
