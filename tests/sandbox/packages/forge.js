// An authority and a certificate with the package node-forge, and a connection that trusts them.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { importX509, jwtVerify, SignJWT } from 'jose';
import forge from 'node-forge';

const { pki } = forge;
const makePair = promisify(pki.rsa.generateKeyPair);
const [authorityPair, leafPair] = await Promise.all([1, 2].map(() => makePair({ bits: 2048, e: 0x10001 })));
const NAMES = { authority: 'Tally CA', leaf: 'api.tally.example' };
const subjectOf = (name) => [
  { name: 'commonName', value: name },
  { name: 'organizationName', value: 'Tally' },
];

function certificate(serialNumber, name, keys, extensions) {
  const made = pki.createCertificate();
  made.publicKey = keys.publicKey;
  made.serialNumber = serialNumber;
  made.validity.notBefore = new Date('2020-01-01T00:00:00Z');
  made.validity.notAfter = new Date('2049-01-01T00:00:00Z');
  made.setSubject(subjectOf(name));
  made.setIssuer(subjectOf(NAMES.authority));
  made.setExtensions(extensions);
  made.sign(authorityPair.privateKey, forge.md.sha256.create());
  return made;
}

const authority = certificate('01', NAMES.authority, authorityPair, [
  { name: 'basicConstraints', cA: true, critical: true },
  { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  { name: 'subjectKeyIdentifier' },
]);
const leaf = certificate('02', NAMES.leaf, leafPair, [
  { name: 'basicConstraints', cA: false },
  { name: 'keyUsage', digitalSignature: true, critical: true },
  { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
  {
    name: 'subjectAltName',
    altNames: [
      { type: 2, value: NAMES.leaf },
      { type: 7, ip: '127.0.0.1' },
    ],
  },
  { name: 'authorityKeyIdentifier', keyIdentifier: authority.generateSubjectKeyIdentifier().getBytes() },
]);
const [ca, cert, key] = [
  pki.certificateToPem(authority),
  pki.certificateToPem(leaf),
  pki.privateKeyToPem(leafPair.privateKey),
];

const parsed = new X509Certificate(cert);
console.log(
  parsed.subject,
  parsed.issuer,
  parsed.subjectAltName,
  parsed.keyUsage,
  parsed.validTo,
  parsed.serialNumber,
);
console.log(
  parsed.checkPrivateKey(createPrivateKey(key)),
  parsed.checkIssued(new X509Certificate(ca)),
  parsed.verify(new X509Certificate(ca).publicKey),
);
console.log(
  parsed.fingerprint256.length,
  parsed.raw.equals(Buffer.from(forge.asn1.toDer(pki.certificateToAsn1(leaf)).getBytes(), 'latin1')),
);
console.log(
  pki.createCaStore([authority]).listAllCertificates().length,
  pki.verifyCertificateChain(pki.createCaStore([authority]), [leaf]),
);
console.log(pki.certificateFromPem(cert).extensions.map(({ name }) => name));
const encrypted = pki.encryptRsaPrivateKey(leafPair.privateKey, 'word', { algorithm: 'aes256' });
console.log(createPrivateKey({ key: encrypted, passphrase: 'word' }).equals(createPrivateKey(key)));
const pkcs8 = pki.privateKeyInfoToPem(pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(leafPair.privateKey)));
console.log(
  createPrivateKey(pkcs8).equals(createPrivateKey(key)),
  pki.publicKeyToPem(leafPair.publicKey).split('\n')[0],
);
const digest = forge.md.sha256.create().update('signed by forge');
const signature = leafPair.privateKey.sign(digest);
console.log(leafPair.publicKey.verify(digest.digest().bytes(), signature), signature.length);
console.log(forge.util.encode64(forge.random.getBytesSync(6)).length, forge.util.isNodejs);

const token = await new SignJWT({ sub: 'ana' })
  .setProtectedHeader({ alg: 'PS256' })
  .sign(createPrivateKey(key));
const fromCertificate = await importX509(cert, 'PS256');
console.log(fromCertificate, (await jwtVerify(token, fromCertificate)).payload);

const server = tls.createServer({ ca, cert, key, requestCert: true }, (socket) => {
  console.log('server', socket.authorized, socket.getPeerCertificate().subject.CN);
  socket.end('hello');
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  const socket = tls.connect({ host: '127.0.0.1', port, ca, cert, key, servername: NAMES.leaf });
  socket.on('secureConnect', () => console.log('client', socket.authorized, socket.getProtocol()));
  socket.setEncoding('utf8').on('data', (text) => console.log(text));
  socket.on('close', () => server.close());
});
try {
  pki.certificateFromPem('no certificate');
} catch (error) {
  console.log(error.message);
}
