// What node:crypto says when it refuses, and a few things it says when it does not.
const c = require('node:crypto');
const t = (name, act) => {
  try {
    console.log(`[${name}] ${String(act()).replaceAll('\n', '~')}`);
  } catch (error) {
    console.log(`[${name}] ${error.name} ${JSON.stringify({ message: error.message, ...error })}`);
  }
};
t('hash unknown', () => c.createHash('nope'));
t('hash() unknown', () => c.hash('nope', 'x'));
t('hmac unknown', () => c.createHmac('nope', 'k'));
t('sign unknown', () => c.createSign('nope'));
t('verify unknown', () => c.createVerify('nope'));
t('oneshot unknown', () =>
  c.sign('nope', Buffer.from('x'), c.generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
);
t('pk garbage', () => c.createPrivateKey('garbage'));
t('pk empty', () => c.createPrivateKey(''));
t('pub garbage', () => c.createPublicKey('garbage'));
t('pk badpem', () => c.createPrivateKey('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'));
t('pub badpem', () => c.createPublicKey('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'));
t('pk from pub pem', () =>
  c.createPrivateKey(c.generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' })),
);
const cert = `-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`;
t('pub bad cert', () => c.createPublicKey(cert));
t('x509 garbage', () => new c.X509Certificate('garbage'));
t('x509 badpem', () => new c.X509Certificate(cert));
t('x509 der', () => new c.X509Certificate(Buffer.from([0x30, 3, 1, 1, 1])));
t('pk der garbage', () => c.createPrivateKey({ key: Buffer.from('zzzz'), format: 'der', type: 'pkcs8' }));
t('pk der garbage1', () => c.createPrivateKey({ key: Buffer.from('zzzz'), format: 'der', type: 'pkcs1' }));
t('pk der garbage sec1', () => c.createPrivateKey({ key: Buffer.from('zzzz'), format: 'der', type: 'sec1' }));
t('pub der garbage', () => c.createPublicKey({ key: Buffer.from('zzzz'), format: 'der', type: 'spki' }));
t('pub der garbage1', () => c.createPublicKey({ key: Buffer.from('zzzz'), format: 'der', type: 'pkcs1' }));
t('jwk no kty', () => c.createPrivateKey({ key: {}, format: 'jwk' }));
t('jwk bad kty', () => c.createPrivateKey({ key: { kty: 'zz' }, format: 'jwk' }));
t('jwk bad crv', () =>
  c.createPrivateKey({ key: { kty: 'EC', crv: 'zz', x: '', y: '', d: '' }, format: 'jwk' }),
);
t('jwk ec no x', () => c.createPrivateKey({ key: { kty: 'EC', crv: 'P-256' }, format: 'jwk' }));
t('jwk ec bad point', () =>
  c.createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' }, format: 'jwk' }),
);
t(
  'jwk ec no d',
  () =>
    c.createPrivateKey({
      key: { ...c.generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }) },
      format: 'jwk',
    }).type,
);
t('jwk okp bad', () => c.createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', x: 'AA' }, format: 'jwk' }));
t('jwk okp crv', () => c.createPrivateKey({ key: { kty: 'OKP', crv: 'zz', x: 'AA' }, format: 'jwk' }));
t('jwk okp badlen', () => c.createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: 'AA' }, format: 'jwk' }));
t('jwk rsa bad', () => c.createPrivateKey({ key: { kty: 'RSA' }, format: 'jwk' }));
t('jwk rsa bad2', () => c.createPrivateKey({ key: { kty: 'RSA', n: 'AQAB', e: 'AQAB' }, format: 'jwk' }));
t('jwk rsa bad3', () =>
  c.createPrivateKey({ key: { kty: 'RSA', n: 'AQAB', e: 'AQAB', d: 'AQAB' }, format: 'jwk' }),
);
t('jwk oct', () => c.createPrivateKey({ key: { kty: 'oct', k: 'AQAB' }, format: 'jwk' }));
const A = c.generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  B = c.generateKeyPairSync('ec', { namedCurve: 'P-256' });
t('forged', () => {
  const k = c.createPrivateKey({
    key: { ...A.publicKey.export({ format: 'jwk' }), d: B.privateKey.export({ format: 'jwk' }).d },
    format: 'jwk',
  });
  return JSON.stringify([
    Object.keys(k.export({ format: 'jwk' })),
    k.export({ format: 'jwk' }).x === A.publicKey.export({ format: 'jwk' }).x,
    c.createPublicKey(k).equals(A.publicKey),
    c.createPrivateKey(k.export({ type: 'pkcs8', format: 'pem' })).export({ format: 'jwk' }).x ===
      A.publicKey.export({ format: 'jwk' }).x,
  ]);
});
const ed = c.generateKeyPairSync('ed25519'),
  ed2 = c.generateKeyPairSync('ed25519'),
  rsa = c.generateKeyPairSync('rsa', { modulusLength: 1024 });
t('forged ed', () => {
  const k = c.createPrivateKey({
    key: { ...ed.publicKey.export({ format: 'jwk' }), d: ed2.privateKey.export({ format: 'jwk' }).d },
    format: 'jwk',
  });
  return `${c.createPublicKey(k).equals(ed.publicKey)} ${c.createPublicKey(k).equals(ed2.publicKey)}`;
});
t('ed sign sha256', () => c.sign('sha256', Buffer.from('x'), ed.privateKey));
t('createSign ed', () => c.createSign('sha256').update('x').sign(ed.privateKey));
t('createVerify ed', () => c.createVerify('sha256').update('x').verify(ed.publicKey, Buffer.alloc(64)));
t('verify ed sha256', () => c.verify('sha256', Buffer.from('x'), ed.publicKey, Buffer.alloc(64)));
t('x25519 sign', () => c.sign(null, Buffer.from('x'), c.generateKeyPairSync('x25519').privateKey));
t('rsa sign null', () => c.sign(null, Buffer.from('x'), rsa.privateKey).length);
t('ec sign null', () => c.sign(null, Buffer.from('x'), A.privateKey).length > 60);
t('ec sign undefined', () =>
  c.verify('sha256', Buffer.from('x'), A.publicKey, c.sign(null, Buffer.from('x'), A.privateKey)),
);
t(
  'rsa pss saltLength too big',
  () => c.sign('sha512', Buffer.from('x'), { key: rsa.privateKey, padding: 6, saltLength: 63 }).length,
);
t(
  'rsa pss saltLength too big2',
  () => c.sign('sha512', Buffer.from('x'), { key: rsa.privateKey, padding: 6, saltLength: 64 }).length,
);
t('rsa pad bad', () => c.sign('sha512', Buffer.from('x'), { key: rsa.privateKey, padding: 4 }).length);
t('rsa pad 3', () => c.sign('sha512', Buffer.from('x'), { key: rsa.privateKey, padding: 3 }).length);
t(
  'rsa512 sha512',
  () =>
    c.sign('sha512', Buffer.from('x'), c.generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey)
      .length,
);
t('sign with public', () => c.sign('sha256', Buffer.from('x'), A.publicKey));
t(
  'p1363 len',
  () => c.sign('sha256', Buffer.from('x'), { key: A.privateKey, dsaEncoding: 'ieee-p1363' }).length,
);
t('verify p1363 wrong len', () =>
  c.verify('sha256', Buffer.from('x'), { key: A.publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.alloc(3)),
);
t('verify junk', () => c.verify('sha256', Buffer.from('x'), A.publicKey, Buffer.alloc(3)));
t('verify rsa junk', () => c.verify('sha256', Buffer.from('x'), rsa.publicKey, Buffer.alloc(3)));
t('ec unknown curve', () => c.generateKeyPairSync('ec', { namedCurve: 'zz' }));
t('ecdh unknown curve', () => c.createECDH('zz'));
t('ecdh nokey', () => c.createECDH('prime256v1').getPublicKey());
t('ecdh nokey2', () => c.createECDH('prime256v1').getPrivateKey());
t('ecdh compute nokey', () => c.createECDH('prime256v1').computeSecret(Buffer.alloc(65)));
t('ecdh compute badkey', () => {
  const e = c.createECDH('prime256v1');
  e.generateKeys();
  e.computeSecret(Buffer.alloc(65));
});
t('ecdh setpriv bad', () => {
  const e = c.createECDH('prime256v1');
  e.setPrivateKey(Buffer.alloc(32));
});
t('ecdh setpriv big', () => {
  const e = c.createECDH('prime256v1');
  e.setPrivateKey(Buffer.alloc(40, 255));
});
t('rsa gen small', () => c.generateKeyPairSync('rsa', { modulusLength: 100 }));
t('rsa gen even e', () => c.generateKeyPairSync('rsa', { modulusLength: 512, publicExponent: 4 }));
t('hkdf bad', () => c.hkdfSync('zz', 'k', 's', 'i', 10));
t('hkdf long', () => c.hkdfSync('sha256', 'k', 's', 'i', 255 * 32 + 1));
t('hkdf zero', () => c.hkdfSync('sha256', 'k', 's', 'i', 0));
t('pbkdf2 bad', () => c.pbkdf2Sync('p', 's', 1, 10, 'zz'));
t('scrypt badN', () => c.scryptSync('p', 's', 10, { N: 3 }));
// (A scrypt that exceeds its memory leaves an entry in OpenSSL's queue, which real Node then reports elsewhere: last.)
const scryptLast = () => t('scrypt mem', () => c.scryptSync('p', 's', 10, { N: 2 ** 20 }));
t('cipher unknown', () => c.createCipheriv('zz', Buffer.alloc(16), Buffer.alloc(16)));
t('cipher keylen', () => c.createCipheriv('aes-128-gcm', Buffer.alloc(15), Buffer.alloc(12)));
t('cipher ivlen', () => c.createCipheriv('aes-128-cbc', Buffer.alloc(16), Buffer.alloc(12)));
t('cipher iv null', () => c.createCipheriv('aes-128-cbc', Buffer.alloc(16), null));
t('gcm iv0', () => c.createCipheriv('aes-128-gcm', Buffer.alloc(16), Buffer.alloc(0)));
t('gcm taglen', () =>
  c.createCipheriv('aes-128-gcm', Buffer.alloc(16), Buffer.alloc(12), { authTagLength: 3 }),
);
t('gcm tag early', () => c.createCipheriv('aes-128-gcm', Buffer.alloc(16), Buffer.alloc(12)).getAuthTag());
t('gcm bad tag', () => {
  const d = c.createDecipheriv('aes-128-gcm', Buffer.alloc(16), Buffer.alloc(12));
  d.setAuthTag(Buffer.alloc(16));
  d.update(Buffer.alloc(5));
  d.final();
});
t('gcm no tag', () => {
  const d = c.createDecipheriv('aes-128-gcm', Buffer.alloc(16), Buffer.alloc(12));
  d.update(Buffer.alloc(5));
  d.final();
});
t('gcm settag len', () => {
  const d = c.createDecipheriv('aes-128-gcm', Buffer.alloc(16), Buffer.alloc(12));
  d.setAuthTag(Buffer.alloc(3));
});
t('gcm settag twice', () => {
  const d = c.createDecipheriv('aes-128-gcm', Buffer.alloc(16), Buffer.alloc(12));
  d.setAuthTag(Buffer.alloc(16));
  d.setAuthTag(Buffer.alloc(16));
});
t('update after final', () => {
  const d = c.createCipheriv('aes-128-gcm', Buffer.alloc(16), Buffer.alloc(12));
  d.final();
  d.update('x');
});
t('final twice', () => {
  const d = c.createCipheriv('aes-128-gcm', Buffer.alloc(16), Buffer.alloc(12));
  d.final();
  d.final();
});
t('cbc bad pad', () => {
  const d = c.createDecipheriv('aes-128-cbc', Buffer.alloc(16), Buffer.alloc(16));
  d.update(Buffer.alloc(16));
  d.final();
});
t('cbc wrong len', () => {
  const d = c.createDecipheriv('aes-128-cbc', Buffer.alloc(16), Buffer.alloc(16));
  d.update(Buffer.alloc(15));
  d.final();
});
t('cbc nopad wrong len', () => {
  const d = c.createCipheriv('aes-128-cbc', Buffer.alloc(16), Buffer.alloc(16));
  d.setAutoPadding(false);
  d.update(Buffer.alloc(15));
  d.final();
});
t('aad after', () => {
  const d = c.createCipheriv('aes-128-gcm', Buffer.alloc(16), Buffer.alloc(12));
  d.update('x');
  d.setAAD(Buffer.alloc(1));
});
t('aad cbc', () => {
  const d = c.createCipheriv('aes-128-cbc', Buffer.alloc(16), Buffer.alloc(16));
  d.setAAD(Buffer.alloc(1));
});
t('timingSafe len', () => c.timingSafeEqual(Buffer.alloc(1), Buffer.alloc(2)));
t('timingSafe type', () => c.timingSafeEqual('a', Buffer.alloc(2)));
t('timingSafe type2', () => c.timingSafeEqual(Buffer.alloc(2), 'a'));
t('dh mismatch', () => c.diffieHellman({ privateKey: A.privateKey, publicKey: ed.publicKey }));
t('dh curve mismatch', () =>
  c.diffieHellman({
    privateKey: A.privateKey,
    publicKey: c.generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey,
  }),
);
const enc = A.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 's' });
t('enc nopass', () => c.createPrivateKey(enc));
t('enc wrongpass', () => c.createPrivateKey({ key: enc, passphrase: 'x' }));
t('enc ok', () => c.createPrivateKey({ key: enc, passphrase: 's' }).type);
const enc1 = A.privateKey.export({ type: 'sec1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 's' });
t('enc1', () => enc1.split('\n').slice(0, 3).join('~').slice(0, 75));
t('enc1 ok', () => c.createPrivateKey({ key: enc1, passphrase: 's' }).equals(A.privateKey));
t('enc1 nopass', () => c.createPrivateKey(enc1));
t('enc1 wrongpass', () => c.createPrivateKey({ key: enc1, passphrase: 'x' }));
t('export bad cipher', () =>
  A.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'zz', passphrase: 's' }),
);
t('curve not here', () =>
  c.generateKeyPairSync('ec', { namedCurve: 'secp224r1' }).privateKey.export({ format: 'jwk' }),
);
t('pss jwk', () =>
  c.generateKeyPairSync('rsa-pss', { modulusLength: 1024 }).privateKey.export({ format: 'jwk' }),
);
t('rsa-pss details', () =>
  JSON.stringify(
    c.generateKeyPairSync('rsa-pss', {
      modulusLength: 1024,
      hashAlgorithm: 'sha256',
      mgf1HashAlgorithm: 'sha256',
      saltLength: 32,
    }).privateKey.asymmetricKeyDetails,
    (_k, v) => (typeof v === 'bigint' ? String(v) : v),
  ),
);
t('keyobject pk', () => c.createPrivateKey(A.privateKey));
t('getCipherInfo', () =>
  JSON.stringify([
    c.getCipherInfo('aes-128-gcm'),
    c.getCipherInfo('aes-256-cbc'),
    c.getCipherInfo('chacha20-poly1305'),
    c.getCipherInfo('aes-128-ctr'),
    c.getCipherInfo('aes-128-ecb'),
    c.getCipherInfo('zz'),
  ]),
);
t('shake', () => c.createHash('shake128', { outputLength: 5 }).update('a').digest('hex'));
t('xof sha256', () => c.createHash('sha256', { outputLength: 5 }).update('a').digest('hex'));
t('xof sha256 same', () => c.createHash('sha256', { outputLength: 32 }).update('a').digest('hex'));
for (const [name, length] of [
  ['sha224', 32],
  ['sha256', 0],
  ['sha256', 32],
  ['shake128', 0],
])
  t(`hash() ${name} ${length}`, () => c.hash(name, '', { outputLength: length }));
for (const name of ['shake128', 'shake256', 'sha256'])
  for (const first of [undefined, 0, 5, 32])
    for (const second of [undefined, 0, 7, 32])
      t(`copy ${name} ${first} ${second}`, () => {
        const hash = c.createHash(name, { outputLength: first }).update('a');
        return hash.copy({ outputLength: second }).digest('hex');
      });
const rsaPair = c.generateKeyPairSync('rsa', { modulusLength: 1024 });
t('oaep hash', () => c.publicEncrypt({ key: rsaPair.publicKey, oaepHash: 'nope' }, Buffer.alloc(8)));
t('oaep hash, private', () =>
  c.privateDecrypt({ key: rsaPair.privateKey, oaepHash: 'nope' }, Buffer.alloc(128)),
);
const sealed = { type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase: 'secret' };
const sealedKey = c.generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(sealed);
for (const passphrase of [undefined, 'wrong']) {
  const key = { key: sealedKey, format: 'der', type: 'pkcs8', passphrase };
  t(`sealed der private ${passphrase}`, () => c.createPrivateKey(key));
  t(`sealed der public ${passphrase}`, () => c.createPublicKey(key));
  t(`sealed der sign ${passphrase}`, () => c.sign('sha256', 'text', key));
}
t('keyobject inspect', () =>
  require('node:util').inspect([A.privateKey, c.createSecretKey(Buffer.from('a')), c.createHash('sha1')], {
    depth: 0,
  }),
);

// Node.js leaves what OpenSSL said of these in its queue, for whoever fails next.
for (const options of [
  { N: 2 ** 16, r: 1, p: 1 },
  { N: 2 ** 15, r: 1, p: 1 },
  { N: 2, r: 1, p: 2 ** 30 },
])
  t(`scrypt ${JSON.stringify(options)}`, () => c.scryptSync('password', 'salt', 8, options).toString('hex'));
scryptLast();
process.exit(0);
