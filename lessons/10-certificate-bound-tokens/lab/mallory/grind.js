import { createHash, createPrivateKey, sign, X509Certificate } from 'node:crypto';
import forge from 'node-forge';

const { asn1, pki } = forge;

/**
 * Makes certificates until one has a thumbprint that begins as wanted. Each costs a signature by Mallory's own key; they
 * differ in the serial number.
 * @param {{ key: string }} mallory her private key, PEM
 * @param {string} beginning of the wanted thumbprint; each character more takes 64 times as long
 */
export function grind({ key }, beginning) {
  const privateKey = pki.privateKeyFromPem(key);
  const signingKey = createPrivateKey(key);
  const made = pki.createCertificate();
  made.publicKey = pki.setRsaPublicKey(privateKey.n, privateKey.e);
  made.validity.notBefore = new Date(Date.now() - 60_000);
  made.validity.notAfter = new Date(Date.now() + 3_600_000);
  made.setSubject([{ name: 'commonName', value: 'Mallory' }]);
  made.setIssuer([{ name: 'commonName', value: 'Mallory' }]);
  made.siginfo.algorithmOid = made.signatureOid = pki.oids.sha256WithRSAEncryption;

  for (let serial = 1; ; serial += 1) {
    made.serialNumber = (0x1000000 + serial).toString(16).padStart(8, '0');
    const whole = pki.certificateToAsn1(made);
    const [content, , seal] = /** @type {import('node-forge').asn1.Asn1[]} */ (whole.value);
    seal.value = `\0${sign('sha256', bytes(content), signingKey).toString('binary')}`; // a bit string, with no bit unused
    const der = bytes(whole);
    const thumbprint = createHash('sha256').update(der).digest('base64url');
    if (thumbprint.startsWith(beginning))
      return { cert: new X509Certificate(der).toString(), key, tries: serial };
  }
}

/** @param {import('node-forge').asn1.Asn1} structure */
function bytes(structure) {
  return Buffer.from(asn1.toDer(structure).getBytes(), 'binary');
}
