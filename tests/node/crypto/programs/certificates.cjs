// X509Certificate: properties, names, issuers, the legacy object.
const c = require('node:crypto');
const pki = require('../../tls/fixtures/pki.json');
// Without a subject, with rarer attributes, with a key for RSA-PSS, with an odd modulus, signed with SHA-3.
const odd = require('./odd-certificates.json');

const x = new c.X509Certificate(pki['rich.crt']);
console.log(x);
console.log(
  x.ca,
  x.keyUsage,
  x.infoAccess,
  x.subjectAltName,
  JSON.stringify(x.subject),
  x.validFromDate,
  x.toJSON() === x.toString(),
);
console.log(x.toLegacyObject());
const r = new c.X509Certificate(pki['root-ec.crt']),
  i = new c.X509Certificate(pki['int-ec.crt']),
  s = new c.X509Certificate(pki['server-ec.crt']),
  ed = new c.X509Certificate(pki['server-ed25519.crt']);
console.log(
  r.ca,
  i.ca,
  s.checkIssued(i),
  s.checkIssued(r),
  s.verify(i.publicKey),
  s.verify(r.publicKey),
  i.checkIssued(r),
  r.checkIssued(r),
  s.issuerCertificate,
);
for (const [n, o] of [
  ['localhost'],
  ['LOCALHOST'],
  ['a.example.test'],
  ['a.b.example.test'],
  ['.example.test'],
  ['x'],
  ['example.test'],
  ['127.0.0.1'],
  ['a.example.test', { wildcards: false }],
  ['a.b.example.test', { multiLabelWildcards: true }],
  ['.example.test', { singleLabelSubdomains: true }],
])
  console.log('host', n, JSON.stringify(o), s.checkHost(n, o));
for (const n of ['127.0.0.1', '10.0.0.1', '::1']) console.log('ip', n, s.checkIP(n));
for (const n of ['10.0.0.1', '2001:db8::1', '2001:0db8:0:0:0:0:0:1']) console.log('ip', n, x.checkIP(n));
for (const n of ['me@c.example', 'ME@c.example', 'me@C.example', 'a@b.example'])
  console.log(
    'email',
    n,
    x.checkEmail(n),
    x.checkEmail(n, { subject: 'always' }),
    x.checkEmail(n, { subject: 'never' }),
  );
for (const n of ['a.example', 'x.b.example', 'rich'])
  console.log(
    'host',
    n,
    x.checkHost(n),
    x.checkHost(n, { subject: 'always' }),
    x.checkHost(n, { subject: 'never' }),
  );
const cn = new c.X509Certificate(pki['common-name-only.crt']);
for (const n of ['localhost', 'x'])
  console.log(
    'cn',
    n,
    cn.checkHost(n),
    cn.checkHost(n, { subject: 'always' }),
    cn.checkHost(n, { subject: 'never' }),
  );
const t = (n, f) => {
  try {
    const r = f();
    console.log(n, '=>', r);
  } catch (e) {
    console.log(n, '=>', e.name, '|', e.code, '|', e.message, '|', JSON.stringify(e.opensslErrorStack));
  }
};
t('host nul', () => s.checkHost('a\0b'));
t('host empty', () => s.checkHost(''));
t('ip empty', () => s.checkIP(''));
t('email empty', () => s.checkEmail(''));
t('cpk', () => s.checkPrivateKey(c.createPrivateKey(pki['server-ec.key'])));
t('cpk', () => s.checkPrivateKey(c.createPrivateKey(pki['client-ec.key'])));
t('cpk', () => s.checkPrivateKey(c.createPrivateKey(pki['client-rsa.key'])));
t('verify other type', () => s.verify(c.createPublicKey(pki['client-rsa.key'])));
console.log(
  s.signatureAlgorithm,
  s.signatureAlgorithmOid,
  ed.signatureAlgorithm,
  ed.toLegacyObject(),
  s.toLegacyObject(),
);
console.log(s.serialNumber, r.toLegacyObject().serialNumber);
console.log(x.verify(new c.X509Certificate(pki['int-rsa.crt']).publicKey));
console.log(Object.keys(s), require('node:util').inspect(s.publicKey));

for (const [name, pem] of Object.entries(pki))
  if (name.endsWith('.crt')) {
    const x = new c.X509Certificate(pem);
    console.log(name, x, x.ca, x.publicKey.asymmetricKeyDetails, x.toLegacyObject());
  }
for (const [name, pem] of Object.entries(odd)) {
  const x = new c.X509Certificate(pem);
  console.log(
    name,
    x,
    x.signatureAlgorithm,
    x.publicKey.asymmetricKeyType,
    x.toLegacyObject(),
    x.toLegacyObject().pubkey.toString('hex'),
  );
}
process.exit(0);
