// Web Crypto: shapes, results and refusals. What hangs on chance is shown by what it is, not by its bytes.
const c = require('node:crypto');
const { inspect } = require('node:util');
const { subtle } = c.webcrypto;
const hex = (buffer) => Buffer.from(buffer).toString('hex');
const show = (name, value) =>
  console.log(`[${name}] ${inspect(value, { depth: 6, breakLength: Infinity, compact: true })}`);
const fails = async (name, work) => {
  try {
    show(name, await work());
  } catch (error) {
    const { cause } = error;
    console.log(
      `[${name}] ${error.constructor.name} ${error.name} ${error.code}: ${error.message} | ${cause && cause.message}`,
    );
  }
};
const data = Buffer.from('what is signed, sealed and hashed');
const iv = Buffer.alloc(16, 7);
const rsa = (name) => ({
  name,
  modulusLength: 1024,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
});
const PAIRS = [
  [rsa('RSASSA-PKCS1-v1_5'), ['sign', 'verify'], 'RSASSA-PKCS1-v1_5'],
  [rsa('RSA-PSS'), ['sign', 'verify'], { name: 'RSA-PSS', saltLength: 32 }],
  [{ name: 'ECDSA', namedCurve: 'P-256' }, ['sign', 'verify'], { name: 'ECDSA', hash: 'SHA-256' }],
  [{ name: 'ECDSA', namedCurve: 'P-384' }, ['sign', 'verify'], { name: 'ECDSA', hash: 'SHA-384' }],
  [{ name: 'ECDSA', namedCurve: 'P-521' }, ['sign', 'verify'], { name: 'ECDSA', hash: 'SHA-512' }],
  ['Ed25519', ['sign', 'verify'], 'Ed25519'],
];

async function signatures() {
  for (const [algorithm, usages, use] of PAIRS) {
    const name = `${algorithm.name ?? algorithm} ${algorithm.namedCurve ?? ''}`;
    const { publicKey, privateKey } = await subtle.generateKey(algorithm, true, usages);
    show(name, [publicKey, privateKey]);
    const signature = await subtle.sign(use, privateKey, data);
    show(`${name} signature`, [signature instanceof ArrayBuffer, signature.byteLength]);
    show(`${name} verify`, [
      await subtle.verify(use, publicKey, signature, data),
      await subtle.verify(use, publicKey, signature, Buffer.from('other')),
    ]);
    const jwk = await subtle.exportKey('jwk', privateKey);
    show(`${name} jwk`, [Object.keys(jwk), jwk.alg, jwk.key_ops, jwk.ext]);
    for (const [format, key] of [
      ['pkcs8', privateKey],
      ['spki', publicKey],
      ['jwk', privateKey],
    ]) {
      const again = await subtle.importKey(
        format,
        await subtle.exportKey(format, key),
        { ...(algorithm.name ? algorithm : { name: algorithm }) },
        false,
        key.usages,
      );
      show(`${name} ${format}`, again);
      show(`${name} ${format} equal`, c.KeyObject.from(again).equals(c.KeyObject.from(key)));
      await fails(`${name} ${format} export`, () => subtle.exportKey(format, again));
    }
    const object = c.KeyObject.from(privateKey);
    show(`${name} object`, [object, object.asymmetricKeyType, object.asymmetricKeyDetails]);
    const back = object.toCryptoKey(algorithm, true, ['sign']);
    show(`${name} back`, back);
    await fails(`${name} wrong use`, () => subtle.sign(use, publicKey, data));
    await fails(`${name} wrong usages`, () => subtle.generateKey(algorithm, true, ['encrypt']));
    await fails(`${name} no usages`, () => subtle.generateKey(algorithm, true, []));
  }
}

async function secrets() {
  const key = await subtle.importKey('raw', Buffer.alloc(32, 3), { name: 'HMAC', hash: 'SHA-256' }, true, [
    'sign',
    'verify',
  ]);
  show('hmac', [key, hex(await subtle.sign('HMAC', key, data)), await subtle.exportKey('jwk', key)]);
  show('hmac verify', await subtle.verify('HMAC', key, await subtle.sign('HMAC', key, data), data));
  show('hmac object', c.KeyObject.from(key));
  for (const hash of ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'])
    show(hash, hex(await subtle.digest(hash, data)));
  for (const [name, parameters] of [
    ['AES-CBC', { iv }],
    ['AES-CTR', { counter: iv, length: 64 }],
    ['AES-CTR', { counter: Buffer.alloc(16, 255), length: 4 }],
    ['AES-GCM', { iv: iv.subarray(4) }],
    ['AES-GCM', { iv: iv.subarray(4), additionalData: iv, tagLength: 96 }],
  ]) {
    for (const size of [16, 32]) {
      const aes = await subtle.importKey('raw', Buffer.alloc(size, 5), name, true, ['encrypt', 'decrypt']);
      const sealed = await subtle.encrypt({ name, ...parameters }, aes, data);
      show(`${name} ${size}`, [aes, hex(sealed)]);
      show(`${name} ${size} opened`, hex(await subtle.decrypt({ name, ...parameters }, aes, sealed)));
      await fails(`${name} ${size} changed`, async () =>
        hex(
          await subtle.decrypt(
            { name, ...parameters },
            aes,
            Buffer.concat([Buffer.from(sealed), Buffer.alloc(1)]),
          ),
        ),
      );
    }
  }
  const wrapping = await subtle.importKey('raw', Buffer.alloc(16, 9), 'AES-KW', true, [
    'wrapKey',
    'unwrapKey',
  ]);
  const wrapped = await subtle.wrapKey('raw', key, wrapping, 'AES-KW');
  show('wrapped', hex(wrapped));
  show(
    'unwrapped',
    await subtle.unwrapKey('raw', wrapped, wrapping, 'AES-KW', { name: 'HMAC', hash: 'SHA-256' }, true, [
      'sign',
    ]),
  );
  await fails('unwrap changed', () =>
    subtle.unwrapKey('raw', Buffer.alloc(40), wrapping, 'AES-KW', { name: 'HMAC', hash: 'SHA-256' }, true, [
      'sign',
    ]),
  );
  const word = await subtle.importKey('raw', Buffer.from('password'), 'PBKDF2', false, [
    'deriveBits',
    'deriveKey',
  ]);
  show('PBKDF2', [
    word,
    hex(await subtle.deriveBits({ name: 'PBKDF2', salt: iv, iterations: 100, hash: 'SHA-256' }, word, 256)),
  ]);
  const input = await subtle.importKey('raw', Buffer.from('material'), 'HKDF', false, [
    'deriveBits',
    'deriveKey',
  ]);
  show(
    'HKDF',
    hex(await subtle.deriveBits({ name: 'HKDF', salt: iv, info: data, hash: 'SHA-512' }, input, 512)),
  );
  show(
    'HKDF key',
    await subtle.deriveKey(
      { name: 'HKDF', salt: iv, info: data, hash: 'SHA-512' },
      input,
      { name: 'AES-GCM', length: 256 },
      true,
      ['encrypt'],
    ),
  );
  const oaep = await subtle.generateKey(rsa('RSA-OAEP'), true, ['encrypt', 'decrypt']);
  const sealed = await subtle.encrypt({ name: 'RSA-OAEP', label: iv }, oaep.publicKey, data);
  show('oaep', [
    oaep,
    sealed.byteLength,
    hex(await subtle.decrypt({ name: 'RSA-OAEP', label: iv }, oaep.privateKey, sealed)),
  ]);
  await fails('oaep label', () => subtle.decrypt('RSA-OAEP', oaep.privateKey, sealed));
  for (const algorithm of [{ name: 'ECDH', namedCurve: 'P-256' }, { name: 'X25519' }]) {
    const [ours, theirs] = await Promise.all(
      [1, 2].map(() => subtle.generateKey(algorithm, true, ['deriveBits'])),
    );
    const bits = await Promise.all([
      subtle.deriveBits({ name: algorithm.name, public: theirs.publicKey }, ours.privateKey, 256),
      subtle.deriveBits({ name: algorithm.name, public: ours.publicKey }, theirs.privateKey, 256),
    ]);
    show(algorithm.name, [ours, hex(bits[0]) === hex(bits[1]), bits[0].byteLength]);
    const raw = await subtle.exportKey('raw', ours.publicKey);
    show(`${algorithm.name} raw`, [raw.byteLength, await subtle.importKey('raw', raw, algorithm, true, [])]);
  }
}

async function refusals() {
  await fails('algorithm', () => subtle.digest('MD5', data));
  await fails('arguments', () => subtle.digest('SHA-256'));
  await fails('name', () => subtle.generateKey({}, true, ['sign']));
  await fails('receiver', () => subtle.digest.call({}, 'SHA-256', data));
  await fails('usage', () => subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['sing']));
  await fails('length', () => subtle.generateKey({ name: 'AES-GCM', length: 99 }, true, ['encrypt']));
  await fails('pkcs8', () =>
    subtle.importKey('pkcs8', data, { name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign']),
  );
  await fails('curve', () => subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-999' }, true, ['sign']));
  await fails('kty', () =>
    subtle.importKey('jwk', { kty: 'RSA' }, { name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign']),
  );
  await fails('jwk', () =>
    subtle.importKey(
      'jwk',
      { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' },
      { name: 'ECDSA', namedCurve: 'P-256' },
      true,
      ['verify'],
    ),
  );
  await fails('quota', () => c.webcrypto.getRandomValues(new Uint8Array(65537)));
  await fails('float', () => c.webcrypto.getRandomValues(new Float32Array(4)));
  await fails('constructor', () => new CryptoKey());
  await fails('from', () => c.KeyObject.from({}));
}

async function surface() {
  for (const name of ['Crypto', 'CryptoKey', 'SubtleCrypto']) {
    console.log(name, Object.getOwnPropertyNames(globalThis[name].prototype).sort().join());
    console.log(inspect(globalThis[name]), globalThis[name].length);
  }
  console.log(
    crypto === c.webcrypto,
    subtle === crypto.subtle,
    c.subtle === subtle,
    Object.prototype.toString.call(crypto),
    Object.prototype.toString.call(subtle),
  );
  console.log(inspect(c.webcrypto), inspect(subtle), /^[0-9a-f-]{36}$/.test(crypto.randomUUID()));
  const key = c.createSecretKey(Buffer.alloc(4));
  console.log(inspect(key), key.toString(), c.timingSafeEqual(iv, iv), key instanceof c.KeyObject);
  const pair = c.generateKeyPairSync('ed25519');
  console.log(inspect(pair), inspect(pair.publicKey.toCryptoKey('Ed25519', true, ['verify'])));
  console.log(
    require('node:util').types.isCryptoKey(pair.publicKey.toCryptoKey('Ed25519', true, ['verify'])),
  );
  await fails('object', () => pair.publicKey.toCryptoKey('HMAC', true, ['verify']));
}

surface().then(signatures).then(secrets).then(refusals);
