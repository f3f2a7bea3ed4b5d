import { claims, encode, publicKey } from './forge.js';
import { useToken } from './use-token.js';

const { kid } = await publicKey();
const header = encode({ alg: 'none', typ: 'at+jwt', kid });
const token = `${header}.${encode(claims())}.`; // behind the last dot: nothing

await useToken('without a signature', token);
