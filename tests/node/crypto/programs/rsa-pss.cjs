// Keys for RSA-PSS alone, with and without demands of their own: what they are said to be, what they sign and verify
// with every way of giving the length of the salt, and what they refuse.
const crypto = require('node:crypto');

function tried(name, run) {
  try {
    console.log(`[${name}] ${JSON.stringify(run())}`);
  } catch ({ name: type, code, message }) {
    console.log(`[${name}] ${type} ${code} ${message}`);
  }
}

const lengths = [undefined, -1, -2, -3, -4, -5, 0, 19, 20, 32, 62, 200];
const data = Buffer.from('data');
const padding = crypto.constants.RSA_PKCS1_PSS_PADDING;

function signing(name, hash, { privateKey, publicKey }) {
  for (const saltLength of lengths) {
    let signature;
    tried(`${name} signs with ${saltLength}`, () => {
      signature = crypto.sign(hash, data, { key: privateKey, padding, saltLength });
      return signature.length;
    });
    if (!signature) continue;
    for (const expected of lengths) {
      tried(`${name} signed with ${saltLength}, verifies with ${expected}`, () =>
        crypto.verify(hash, data, { key: publicKey, padding, saltLength: expected }, signature),
      );
    }
  }
}

const ordinary = crypto.generateKeyPairSync('rsa', { modulusLength: 1024 });
for (const hash of ['sha1', 'sha256', 'sha512']) signing(`ordinary ${hash}`, hash, ordinary);

for (const demands of [
  {},
  { hashAlgorithm: 'sha256' },
  { hashAlgorithm: 'sha256', mgf1HashAlgorithm: 'sha1' },
  { hashAlgorithm: 'sha384', saltLength: 20 },
  { hashAlgorithm: 'sha1', saltLength: 30 },
  { hashAlgorithm: 'sha512', saltLength: 40 },
  { mgf1HashAlgorithm: 'sha256' },
  { saltLength: 0 },
]) {
  const name = JSON.stringify(demands);
  const hash = demands.hashAlgorithm ?? 'sha1';
  const pair = crypto.generateKeyPairSync('rsa-pss', { modulusLength: 1024, ...demands });
  const { privateKey, publicKey } = pair;
  for (const key of [privateKey, publicKey]) {
    const { publicExponent, ...details } = key.asymmetricKeyDetails;
    tried(`${name} details of the ${key.type} key`, () => [
      key.asymmetricKeyType,
      `${publicExponent}`,
      details,
    ]);
  }
  signing(name, hash, pair);
  tried(`${name} goes out and in`, () => [
    crypto.createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' })).equals(privateKey),
    crypto.createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })).equals(publicKey),
    crypto.createPublicKey(privateKey).equals(publicKey),
  ]);
  tried(`${name} as PKCS #1`, () => privateKey.export({ type: 'pkcs1', format: 'der' }).length > 0);
  tried(`${name} as JWK`, () => publicKey.export({ format: 'jwk' }));
  for (const other of [1, 3, 4]) {
    tried(`${name} padding ${other}`, () => crypto.sign(hash, data, { key: privateKey, padding: other }));
    tried(`${name} padding ${other}, another digest`, () =>
      crypto.sign('sha224', data, { key: privateKey, padding: other }),
    );
  }
  tried(`${name} another digest`, () => crypto.sign('sha224', data, privateKey).length);
  tried(`${name} verifies another digest`, () => crypto.verify('sha224', data, publicKey, Buffer.alloc(128)));
  tried(
    `${name} in pieces`,
    () => crypto.createSign(hash).update(data).sign({ key: privateKey, saltLength: 5 }).length,
  );
  tried(`${name} encrypts`, () => crypto.publicEncrypt(publicKey, data));
  tried(`${name} decrypts`, () => crypto.privateDecrypt(privateKey, Buffer.alloc(128)));
  tried(`${name} encrypts privately`, () => crypto.privateEncrypt(privateKey, data));
  tried(`${name} decrypts publicly`, () => crypto.publicDecrypt(publicKey, Buffer.alloc(128)));
}
tried('a digest that is none', () =>
  crypto.generateKeyPairSync('rsa-pss', { modulusLength: 1024, hashAlgorithm: 'no' }),
);
