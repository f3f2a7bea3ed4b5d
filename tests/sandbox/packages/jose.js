// Tokens with the package jose: every algorithm, every form of key, every refusal.
import { createPrivateKey, createPublicKey, createSecretKey, generateKeyPair, KeyObject } from 'node:crypto';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import * as jose from 'jose';
import { JWTExpired } from 'jose/errors';

const makePair = promisify(generateKeyPair);
const require = createRequire(import.meta.url);
const ISSUER = 'https://auth.tally.example:8443';
const AUDIENCE = 'https://api.tally.example:8443';
const KINDS = [
  ['ES256', 'ec', { namedCurve: 'P-256' }],
  ['ES384', 'ec', { namedCurve: 'P-384' }],
  ['RS256', 'rsa', { modulusLength: 2048 }],
  ['PS256', 'rsa', { modulusLength: 2048 }],
  ['EdDSA', 'ed25519', {}],
  ['Ed25519', 'ed25519', {}],
];

const sign = (alg, key, claims = {}, header = {}) =>
  new jose.SignJWT({ scope: 'ledger:read', ...claims })
    .setProtectedHeader({ alg, typ: 'at+jwt', ...header })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject('ana')
    .setIssuedAt(1_800_000_000)
    .setExpirationTime(1_800_000_300)
    .sign(key);
const rules = { issuer: ISSUER, audience: AUDIENCE, typ: 'at+jwt', currentDate: new Date(1_800_000_100_000) };
const verify = (token, key, more = {}) => jose.jwtVerify(token, key, { ...rules, ...more });

async function refused(name, work) {
  try {
    console.log(name, 'accepted', await work());
  } catch (error) {
    const { code, claim, reason, cause } = error;
    console.log(
      name,
      error.constructor.name,
      error.name,
      code,
      claim,
      reason,
      cause?.message,
      '|',
      error.message,
    );
  }
}

for (const [alg, type, options] of KINDS) {
  const pair = await makePair(type, options);
  const pkcs8 = pair.privateKey.export({ type: 'pkcs8', format: 'pem' });
  const spki = pair.publicKey.export({ type: 'spki', format: 'pem' });
  const jwk = await jose.exportJWK(pair.publicKey);
  const privateJwk = await jose.exportJWK(pair.privateKey);
  const privateKeys = [
    pair.privateKey,
    await jose.importPKCS8(pkcs8, alg),
    await jose.importJWK(privateJwk, alg),
    createPrivateKey(pkcs8),
    { ...privateJwk, alg },
  ];
  const publicKeys = [
    pair.publicKey,
    await jose.importSPKI(spki, alg),
    await jose.importJWK(jwk, alg),
    createPublicKey(pair.privateKey),
    { ...jwk, alg },
    jose.createLocalJWKSet({ keys: [{ ...jwk, alg, use: 'sig', kid: 'one' }] }),
  ];
  console.log(alg, Object.keys(jwk), Object.keys(privateJwk), privateKeys[1], publicKeys[2]);
  const thumbprints = await Promise.all([jwk, privateJwk].map((key) => jose.calculateJwkThumbprint(key)));
  console.log(alg, 'thumbprints', thumbprints[0] === thumbprints[1], thumbprints[0].length);
  let token;
  for (const key of privateKeys) {
    token = await sign(alg, key, {}, { kid: 'one' });
    for (const checker of publicKeys) {
      const { payload, protectedHeader } = await verify(token, checker);
      console.log(alg, JSON.stringify(payload), JSON.stringify(protectedHeader));
    }
  }
  const [header, payload, signature] = token.split('.');
  const changed = Buffer.from(
    JSON.stringify({ ...JSON.parse(Buffer.from(payload, 'base64url')), sub: 'bo' }),
  );
  await refused(`${alg} changed`, () =>
    verify([header, changed.toString('base64url'), signature].join('.'), publicKeys[0]),
  );
  await refused(`${alg} other algorithms`, () => verify(token, publicKeys[0], { algorithms: ['HS256'] }));
  await refused(`${alg} exported`, async () => (await jose.exportPKCS8(privateKeys[1])) === pkcs8);
  await refused(`${alg} spki`, async () => (await jose.exportSPKI(KeyObject.from(publicKeys[1]))) === spki);
}

const secret = createSecretKey(Buffer.alloc(32, 1));
const token = await sign('HS256', secret);
console.log(token, (await verify(token, new Uint8Array(32).fill(1))).payload.sub);
await refused('expired', () => verify(token, secret, { currentDate: new Date(1_800_000_301_000) }));
await refused('issuer', () => verify(token, secret, { issuer: 'https://mallory.example:8443' }));
await refused('audience', () => verify(token, secret, { audience: 'https://other.tally.example' }));
await refused('typ', () => verify(token, secret, { typ: 'JWT' }));
await refused('required', () => verify(token, secret, { requiredClaims: ['cnf'] }));
await refused('none', () => verify(new jose.UnsecuredJWT({}).encode(), secret));
await refused('text', () => verify('no token', secret));
await refused('short', () => sign('HS256', new Uint8Array(3)));
await refused('wrong kind', () => sign('ES256', secret));
const small = await makePair('rsa', { modulusLength: 1024 });
await refused('small', () => sign('RS256', small.privateKey));
await refused('set', () => verify(token, jose.createLocalJWKSet({ keys: [] })));
console.log(jose.decodeJwt(token), jose.decodeProtectedHeader(token));
console.log(await jose.generateKeyPair('ES256'), await jose.generateKeyPair('RS256', { extractable: true }));

const { publicKey, privateKey } = await jose.generateKeyPair('ECDH-ES+A128KW', { extractable: true });
const sealed = await new jose.EncryptJWT({ for: 'ana' })
  .setProtectedHeader({ alg: 'ECDH-ES+A128KW', enc: 'A128GCM' })
  .encrypt(publicKey);
console.log((await jose.jwtDecrypt(sealed, privateKey)).payload);
console.log(
  import.meta.resolve('jose').split('/node_modules/')[1],
  require.resolve('node-forge').split('/node_modules/')[1],
);
console.log(require('jose').SignJWT === jose.SignJWT, JWTExpired === jose.errors.JWTExpired);
try {
  new jose.SignJWT({}).setProtectedHeader({}).setProtectedHeader({});
} catch (error) {
  console.log(
    error.stack
      .replaceAll(/\(file:\/\/\S*\/node_modules\//g, '(')
      .split('\n')
      .slice(0, 3)
      .join('\n'),
  );
}
