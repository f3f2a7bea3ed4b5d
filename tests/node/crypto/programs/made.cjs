// `made.cjs make`: prints keys, signatures and ciphertexts. `made.cjs check JSON`: whether each is good here.
const c = require('node:crypto');
const { readFileSync } = require('node:fs');
const message = Buffer.from('made by one, checked by the other');
const PSS = c.constants.RSA_PKCS1_PSS_PADDING;
const kinds = [
  [
    'rsa',
    { modulusLength: 2048 },
    'sha256',
    [
      {},
      { padding: PSS },
      { padding: PSS, saltLength: 20 },
      { padding: PSS, saltLength: c.constants.RSA_PSS_SALTLEN_DIGEST },
    ],
  ],
  [
    'rsa-pss',
    { modulusLength: 2048, hashAlgorithm: 'sha256', mgf1HashAlgorithm: 'sha256', saltLength: 32 },
    'sha256',
    [{}],
  ],
  ['ec', { namedCurve: 'P-256' }, 'sha256', [{}, { dsaEncoding: 'ieee-p1363' }]],
  ['ec', { namedCurve: 'secp384r1' }, 'sha384', [{}, { dsaEncoding: 'ieee-p1363' }]],
  ['ec', { namedCurve: 'P-521' }, 'sha512', [{}, { dsaEncoding: 'ieee-p1363' }]],
  ['ed25519', {}, null, [{}]],
];

function make() {
  const made = kinds.map(([type, options, hash, variants]) => {
    const { publicKey, privateKey } = c.generateKeyPairSync(type, options);
    const forms = {
      pem: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      encrypted: privateKey.export({
        type: 'pkcs8',
        format: 'pem',
        cipher: 'aes-256-cbc',
        passphrase: 'word',
      }),
      spki: publicKey.export({ type: 'spki', format: 'pem' }),
    };
    if (type !== 'rsa-pss') forms.jwk = privateKey.export({ format: 'jwk' });
    return {
      type,
      hash,
      ...forms,
      signatures: variants.map((variant) => ({
        variant,
        hex: c.sign(hash, message, { key: privateKey, ...variant }).toString('hex'),
      })),
    };
  });
  const [{ spki }] = made;
  const sealed = [{ padding: 1 }, { padding: 4 }, { padding: 4, oaepHash: 'sha256', oaepLabel: 'label' }].map(
    (options) => ({
      options,
      hex: c
        .publicEncrypt(
          { key: spki, ...options, ...(options.oaepLabel && { oaepLabel: Buffer.from(options.oaepLabel) }) },
          message,
        )
        .toString('hex'),
    }),
  );
  console.log(JSON.stringify({ made, sealed }));
}

function check(file) {
  const { made, sealed } = JSON.parse(readFileSync(file, 'utf8'));
  for (const { type, hash, pem, encrypted, spki, jwk, signatures } of made) {
    const key = c.createPrivateKey(pem);
    console.log(`${type} pem ${key.export({ type: 'pkcs8', format: 'pem' }) === pem}`);
    console.log(
      `${type} encrypted ${c.createPrivateKey({ key: encrypted, passphrase: 'word' }).equals(key)}`,
    );
    console.log(`${type} spki ${c.createPublicKey(key).export({ type: 'spki', format: 'pem' }) === spki}`);
    if (jwk)
      console.log(`${type} jwk ${JSON.stringify(key.export({ format: 'jwk' })) === JSON.stringify(jwk)}`);
    for (const { variant, hex } of signatures) {
      const signature = Buffer.from(hex, 'hex');
      console.log(
        `${type} ${JSON.stringify(variant)} ${c.verify(hash, message, { key: spki, ...variant }, signature)}`,
      );
      signature[signature.length - 2] ^= 1;
      console.log(
        `${type} ${JSON.stringify(variant)} changed ${!c.verify(hash, message, { key: spki, ...variant }, signature)}`,
      );
    }
  }
  for (const { options, hex } of sealed) {
    const opened = c.privateDecrypt(
      {
        key: made[0].pem,
        ...options,
        ...(options.oaepLabel && { oaepLabel: Buffer.from(options.oaepLabel) }),
      },
      Buffer.from(hex, 'hex'),
    );
    console.log(`sealed ${JSON.stringify(options)} ${opened.equals(message)}`);
  }
}

if (process.argv[2] === 'make') make();
else check(process.argv[3]);
process.exit(0);
