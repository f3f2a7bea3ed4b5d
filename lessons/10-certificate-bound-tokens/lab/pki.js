// Tally's certificate authority. Makes every key, certificate and client secret of this lab afresh, then ends.
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import forge from 'node-forge';

const { pki, md } = forge;
const HOUR = 60 * 60 * 1000;

/** @typedef {import('node-forge').pki.rsa.KeyPair} KeyPair */

/** Server certificates: the file's name, and the host that it is for. @type {Record<string, string>} */
const servers = {
  auth: 'auth.tally.example',
  app: 'app.tally.example',
  api: 'api.tally.example',
  mallory: 'mallory.example', // a real one: every authority certifies whoever owns a name
};

/** Client certificates: the client's id at the authorization server, and the host it runs on. @type {Record<string, string>} */
const clients = {
  'tally-app': 'app.tally.example',
  'mallory-app': 'mallory.example',
};

for (const folder of ['certificates', 'secrets']) {
  mkdirSync(new URL(`${folder}/`, import.meta.url), { recursive: true });
}

const names = [...Object.keys(servers), ...Object.keys(clients)];
console.log(`making ${names.length + 1} RSA keys`);
const [caKeys, ...leafKeys] = await Promise.all([makeKeys(), ...names.map(makeKeys)]);

const ca = certificate({
  subject: 'Tally CA',
  publicKey: caKeys.publicKey,
  extensions: [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ],
});
write('tally-ca.pem', pki.certificateToPem(ca)); // its key is written nowhere: nothing more will be signed

for (const [index, name] of names.entries()) {
  const keys = leafKeys[index];
  const isServer = name in servers;
  const host = isServer ? servers[name] : clients[name];
  const issued = certificate({
    subject: isServer ? host : name,
    publicKey: keys.publicKey,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: isServer, clientAuth: !isServer },
      { name: 'subjectAltName', altNames: [{ type: 2, value: host }] }, // 2: a DNS name
      { name: 'subjectKeyIdentifier' },
      { name: 'authorityKeyIdentifier', keyIdentifier: ca.generateSubjectKeyIdentifier().getBytes() },
    ],
  });
  write(`${name}.pem`, pki.certificateToPem(issued));
  write(`${name}.key.pem`, pkcs8(keys.privateKey));
}

for (const client of [...Object.keys(clients), 'tally-api']) {
  const place = new URL(`secrets/${client}`, import.meta.url);
  writeFileSync(place, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
}
console.log(`${names.length + 1} certificates, valid for a month`);

/**
 * Asynchronous, so that the platform makes the keys: in JavaScript each would take a second.
 * @returns {Promise<KeyPair>}
 */
function makeKeys() {
  return new Promise((resolve, reject) => {
    pki.rsa.generateKeyPair({ bits: 2048 }, (error, keys) => (error ? reject(error) : resolve(keys)));
  });
}

/**
 * A certificate signed by Tally CA; node-forge would sign with SHA-1 unless it is told otherwise.
 * @param {{ subject: string, publicKey: KeyPair['publicKey'], extensions: object[] }} content
 */
function certificate({ subject, publicKey, extensions }) {
  const made = pki.createCertificate();
  made.publicKey = publicKey;
  made.serialNumber = `01${randomBytes(15).toString('hex')}`; // RFC 5280 §4.1.2.2: positive, 20 octets at most
  made.validity.notBefore = new Date(Date.now() - HOUR);
  made.validity.notAfter = new Date(Date.now() + 30 * 24 * HOUR);
  made.setSubject([{ name: 'commonName', value: subject }]);
  made.setIssuer([{ name: 'commonName', value: 'Tally CA' }]);
  made.setExtensions(extensions);
  made.sign(caKeys.privateKey, md.sha256.create());
  return made;
}

/** @param {KeyPair['privateKey']} key */
function pkcs8(key) {
  return pki.privateKeyInfoToPem(pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(key)));
}

/** @param {string} name @param {string} text */
function write(name, text) {
  writeFileSync(new URL(`certificates/${name}`, import.meta.url), text.replaceAll('\r\n', '\n'), {
    mode: 0o600,
  });
  console.log(`made certificates/${name}`);
}
