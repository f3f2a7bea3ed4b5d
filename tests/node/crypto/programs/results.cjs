// Results that leave nothing to chance: digests, MACs, derivations, ciphers, deterministic signatures, exports of given keys.
const c = require('node:crypto');
const { pipeline } = require('node:stream/promises');
const { Readable } = require('node:stream');
const util = require('node:util');
const pki = require('../../tls/fixtures/pki.json');

const message = Buffer.from('The quick brown fox jumps over the lazy dog, and over it again');
const show = (name, value) =>
  console.log(
    `[${name}] ${Buffer.isBuffer(value) ? value.toString('hex') : util.inspect(value, { depth: 3 })}`,
  );
const digests = [
  'md5',
  'sha1',
  'SHA224',
  'sha256',
  'RSA-SHA256',
  'sha384',
  'sha512',
  'sha512-256',
  'sha3-256',
  'sha3-512',
  'ripemd160',
];
const byte = (length, start = 1) =>
  Buffer.from(Array.from({ length }, (_, index) => (index * 7 + start) & 255));

async function main() {
  for (const name of digests) {
    show(`hash ${name}`, c.createHash(name).update('a').update(message).update('ff00', 'hex').digest());
    show(`hash() ${name}`, c.hash(name, message));
    show(`hmac ${name}`, c.createHmac(name, byte(200)).update(message).digest('base64url'));
  }
  show(
    'hash encodings',
    ['hex', 'base64', 'base64url', 'latin1'].map((encoding) => c.hash('sha256', 'x', encoding)),
  );
  const running = c.createHash('sha256').update('abc');
  show('hash copy', [running.copy().update('d').digest('hex'), running.digest('hex')]);
  show('shake', [
    c.createHash('shake256', { outputLength: 100 }).update('a').digest('hex'),
    c.hash('shake128', 'a', { outputLength: 4 }),
  ]);
  const stream = c.createHash('sha1');
  await pipeline(Readable.from(['one', 'two']), stream);
  show('hash as a stream', stream.read());
  show('hkdf', Buffer.from(c.hkdfSync('sha384', byte(20), byte(30), 'info', 99)));
  show('pbkdf2', c.pbkdf2Sync('password', byte(16), 1000, 50, 'sha512'));
  show('scrypt', c.scryptSync('password', byte(16), 50, { N: 1024, r: 4, p: 2 }));
  show('pbkdf2 later', await util.promisify(c.pbkdf2)('password', 'salt', 10, 20, 'sha1'));
  show('hkdf later', Buffer.from(await util.promisify(c.hkdf)('sha256', 'key', 'salt', '', 10)));
  for (const [name, keyLength, ivLength] of [
    ['aes-128-cbc', 16, 16],
    ['aes-256-cbc', 32, 16],
    ['aes-192-ctr', 24, 16],
    ['aes-128-ecb', 16, 0],
    ['aes-128-gcm', 16, 12],
    ['aes-256-gcm', 32, 20],
    ['chacha20-poly1305', 32, 12],
  ]) {
    const [key, iv] = [byte(keyLength, 3), byte(ivLength, 9)];
    const options = /gcm|poly/.test(name) ? { authTagLength: 16 } : {};
    const cipher = c.createCipheriv(name, key, ivLength ? iv : null, options);
    if (options.authTagLength) cipher.setAAD(byte(21));
    const parts = [1, 15, 16, 17, 40].map((size, index) => cipher.update(byte(size, index)));
    const text = Buffer.concat([...parts, cipher.final()]);
    show(`cipher ${name}`, [
      parts.map((part) => part.length),
      text.toString('hex'),
      options.authTagLength && cipher.getAuthTag().toString('hex'),
    ]);
    const decipher = c.createDecipheriv(name, key, ivLength ? iv : null, options);
    if (options.authTagLength) decipher.setAAD(byte(21)).setAuthTag(cipher.getAuthTag());
    const back = [text.subarray(0, 7), text.subarray(7, 40), text.subarray(40)].map((part) =>
      decipher.update(part),
    );
    show(`decipher ${name}`, [
      back.map((part) => part.length),
      Buffer.concat([...back, decipher.final()]).toString('hex'),
    ]);
  }
  for (const type of ['rsa', 'ec', 'ed25519']) {
    const key = c.createPrivateKey(pki[`client-${type}.key`]);
    const publicKey = c.createPublicKey(key);
    show(`key ${type}`, [
      key.type,
      key.asymmetricKeyType,
      key.asymmetricKeyDetails,
      key,
      publicKey,
      key.equals(key),
      publicKey.equals(c.createPublicKey(pki[`client-${type}.crt`])),
    ]);
    for (const format of ['pem', 'der', 'jwk']) {
      show(`private ${type} ${format}`, key.export({ type: 'pkcs8', format }));
      show(`public ${type} ${format}`, publicKey.export({ type: 'spki', format }));
    }
    const old = type === 'rsa' ? 'pkcs1' : type === 'ec' ? 'sec1' : undefined;
    if (old) show(`private ${type} ${old}`, key.export({ type: old, format: 'pem' }));
    if (type === 'rsa') show('public rsa pkcs1', publicKey.export({ type: 'pkcs1', format: 'pem' }));
    show(
      `again ${type}`,
      c
        .createPrivateKey({ key: key.export({ format: 'jwk' }), format: 'jwk' })
        .export({ type: 'pkcs8', format: 'pem' }) === key.export({ type: 'pkcs8', format: 'pem' }),
    );
    if (type !== 'ec') show(`signature ${type}`, c.sign(type === 'rsa' ? 'sha256' : null, message, key));
  }
  show('sign as a stream', c.createSign('sha512').update(message).sign(pki['client-rsa.key'], 'base64'));
  show('private encrypt', c.privateEncrypt(pki['client-rsa.key'], message));
  show(
    'public decrypt',
    c.publicDecrypt(
      c.createPublicKey(pki['client-rsa.key']),
      c.privateEncrypt(pki['client-rsa.key'], message),
    ),
  );
  const exchange = c.createECDH('prime256v1');
  exchange.setPrivateKey(byte(32));
  show('ecdh', [
    exchange.getPublicKey('hex'),
    exchange.getPublicKey('hex', 'compressed'),
    exchange.getPublicKey('hex', 'hybrid'),
    exchange.computeSecret(exchange.getPublicKey()).toString('hex'),
  ]);
  show(
    'ecdh convert',
    c.ECDH.convertKey(exchange.getPublicKey('hex', 'compressed'), 'prime256v1', 'hex', 'hex', 'uncompressed'),
  );
  const x = (start) =>
    c.createPrivateKey({ key: byte(32, start), format: 'raw-private', asymmetricKeyType: 'x25519' });
  show('x25519', c.diffieHellman({ privateKey: x(1), publicKey: c.createPublicKey(x(2)) }));
  show('secret key', [
    c.createSecretKey(byte(5)).export({ format: 'jwk' }),
    c.createSecretKey('text', 'utf8').symmetricKeySize,
    c.createSecretKey(byte(3)).equals(c.createSecretKey(byte(3))),
  ]);
  show('shapes', [
    c.randomBytes(5).length,
    c.randomUUID().length,
    typeof c.randomInt(3),
    c.randomFillSync(Buffer.alloc(3)).length,
    c.timingSafeEqual(byte(3), byte(3)),
    c.checkPrimeSync(13n),
    c.checkPrimeSync(15n),
    c.generatePrimeSync(64, { bigint: true }) > 2n ** 63n,
  ]);
  show('random later', (await util.promisify(c.randomBytes)(7)).length);
  const order = [];
  c.randomBytes(1, () => order.push('job'));
  setImmediate(() => order.push('immediate'));
  process.nextTick(() => order.push('tick'));
  Promise.resolve().then(() => order.push('promise'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  show('a job comes after ticks and promises', order.slice(0, 2));
  show('subtle', Buffer.from(await c.subtle.digest('SHA-256', message)));
  show('constants', [
    c.constants.RSA_PKCS1_PSS_PADDING,
    c.constants.defaultCoreCipherList.length,
    c.getCurves().includes('prime256v1'),
    c.getHashes().includes('sha256'),
    c.getCiphers().includes('aes-256-gcm'),
  ]);
}

main().then(() => process.exit(0));
