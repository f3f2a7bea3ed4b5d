/** The native half of `crypto.X509Certificate`. */
import { Buffer } from 'node:buffer';
import {
  type Certificate,
  certificateSignatureAlgorithm,
  couldHaveIssued,
  fingerprintText,
  infoAccessText,
  isAuthority,
  legacyCertificate,
  maySignCertificates,
  nameText,
  readCertificate,
  samePublicKey,
  serialNumberText,
  subjectAltNameText,
  timeText,
  verify,
  writePem,
} from '../../x509/index.ts';
import { opensslError } from '../bindings/openssl-errors.ts';
import { type ByteSource, bytesOf, sameBytes, toBuffer } from './bytes.ts';
import { certificateBlocks, certificateFrom, noStartLine } from './certificate-files.ts';
import { checkAddress, checkEmail, checkHost, parseAddress } from './certificate-names.ts';
import { notInThisEngine } from './errors.ts';
import type * as KeyHandle from './key-handle.ts';
import { textOf } from './key-input.ts';

// What only the `crypto` module asks of a certificate comes with it (src/node/pieces/list.ts).
const keys = (): typeof KeyHandle => require('./key-handle.ts');

/** One certificate in PEM or DER. */
export function parseX509(source: ByteSource): X509CertificateHandle {
  const bytes = bytesOf(source);
  if (bytes[0] === 0x30) {
    try {
      return new X509CertificateHandle(readCertificate(bytes.slice()));
    } catch {
      throw noStartLine();
    }
  }
  return new X509CertificateHandle(certificateFromPem(textOf(bytes)));
}

/** The first certificate of a text. */
function certificateFromPem(text: string): Certificate {
  for (const { der } of certificateBlocks(text)) return certificateFrom(der, false);
  throw noStartLine();
}

/** OpenSSL's long names of the signature algorithms. */
const SIGNATURE_ALGORITHMS: Record<string, string> = {
  '1.2.840.113549.1.1.4': 'md5WithRSAEncryption',
  '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption',
  '1.2.840.113549.1.1.10': 'rsassaPss',
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
  '1.2.840.113549.1.1.12': 'sha384WithRSAEncryption',
  '1.2.840.113549.1.1.13': 'sha512WithRSAEncryption',
  '1.2.840.113549.1.1.14': 'sha224WithRSAEncryption',
  '1.2.840.10045.4.1': 'ecdsa-with-SHA1',
  '1.2.840.10045.4.3.1': 'ecdsa-with-SHA224',
  '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.840.10045.4.3.3': 'ecdsa-with-SHA384',
  '1.2.840.10045.4.3.4': 'ecdsa-with-SHA512',
  '1.2.840.113549.1.1.15': 'sha512-224WithRSAEncryption',
  '1.2.840.113549.1.1.16': 'sha512-256WithRSAEncryption',
  '1.3.101.112': 'ED25519',
  '1.3.101.113': 'ED448',
  ...Object.fromEntries(
    ['224', '256', '384', '512'].flatMap((bits, index) => [
      [`2.16.840.1.101.3.4.3.${9 + index}`, `ecdsa_with_SHA3-${bits}`],
      [`2.16.840.1.101.3.4.3.${13 + index}`, `RSA-SHA3-${bits}`],
    ]),
  ),
};

const invalidName = () => Object.assign(new TypeError('Invalid name'), { code: 'ERR_INVALID_ARG_VALUE' });

export class X509CertificateHandle {
  readonly certificate: Certificate;
  readonly #issuer: X509CertificateHandle | undefined;

  /** `path`: what was sent or found after the certificate, when it came over TLS. */
  constructor(certificate: Certificate, path: readonly Certificate[] = []) {
    this.certificate = certificate;
    if (path.length > 0) this.#issuer = new X509CertificateHandle(path[0], path.slice(1));
  }

  subject(): string | undefined {
    return nameText(this.certificate.subject) || undefined;
  }
  issuer(): string | undefined {
    return nameText(this.certificate.issuer) || undefined;
  }
  subjectAltName(): string | undefined {
    return subjectAltNameText(this.certificate);
  }
  infoAccess(): string | undefined {
    return infoAccessText(this.certificate);
  }
  getIssuerCert(): X509CertificateHandle | undefined {
    return this.#issuer;
  }
  validFrom(): string {
    return timeText(this.certificate.notBefore);
  }
  validTo(): string {
    return timeText(this.certificate.notAfter);
  }
  validFromDate(): Date {
    return new Date(this.certificate.notBefore);
  }
  validToDate(): Date {
    return new Date(this.certificate.notAfter);
  }
  fingerprint(): string {
    return fingerprintText(this.certificate, 'sha1');
  }
  fingerprint256(): string {
    return fingerprintText(this.certificate, 'sha256');
  }
  fingerprint512(): string {
    return fingerprintText(this.certificate, 'sha512');
  }
  keyUsage(): string[] | undefined {
    const usages = this.certificate.extensions.extendedKeyUsage;
    return usages && [...usages];
  }
  serialNumber(): string {
    return serialNumberText(this.certificate);
  }
  signatureAlgorithm(): string | undefined {
    return SIGNATURE_ALGORITHMS[this.signatureAlgorithmOid()];
  }
  signatureAlgorithmOid(): string {
    return this.certificate.signatureAlgorithm.oid;
  }
  raw(): Buffer {
    return toBuffer(this.certificate.bytes.slice());
  }
  pem(): string {
    return writePem('CERTIFICATE', this.certificate.bytes);
  }
  publicKey(): KeyHandle.KeyObjectHandle {
    const { publicKey, publicKeyError } = this.certificate;
    if (publicKeyError?.code === 'unsupported-key') throw notInThisEngine(`Using ${publicKeyError.message}`);
    if (!publicKey) throw opensslError('digital envelope routines', 'decode error', '03000072');
    return keys().KeyObjectHandle.public(publicKey);
  }

  checkCA(): boolean {
    return isAuthority(this.certificate);
  }
  checkHost(name: string, flags: number): string | undefined {
    if (name.includes('\0')) throw invalidName();
    return checkHost(this.certificate, name, flags);
  }
  checkEmail(email: string, flags: number): string | undefined {
    if (email.includes('\0')) throw invalidName();
    return checkEmail(this.certificate, email, flags) === undefined ? undefined : email;
  }
  checkIP(text: string): string | undefined {
    const address = parseAddress(text);
    if (!address) throw invalidName();
    return checkAddress(this.certificate, address) ? text : undefined;
  }

  /** X509_check_issued: names, key identifiers and the right to sign; the signature itself is not looked at. */
  checkIssued(other: X509CertificateHandle): boolean {
    return isIssuedBy(this.certificate, other.certificate);
  }
  checkPrivateKey(key: KeyHandle.KeyObjectHandle): boolean {
    const { publicKey } = this.certificate;
    return publicKey !== undefined && samePublicKey(publicKey, key.publicKey());
  }
  verify(key: KeyHandle.KeyObjectHandle): boolean {
    const { tbs, signature, signatureAlgorithm, innerSignatureAlgorithm } = this.certificate;
    const algorithm = certificateSignatureAlgorithm(this.certificate);
    const agrees = sameBytes(signatureAlgorithm.bytes, innerSignatureAlgorithm.bytes);
    return algorithm !== undefined && agrees && verify(algorithm, key.publicKey(), tbs, signature);
  }

  /** The object that `tlsSocket.getPeerCertificate()` has given since before X509Certificate. */
  toLegacy(): Record<string, unknown> {
    return legacyObject(this.certificate);
  }
}

export function isIssuedBy(subject: Certificate, issuer: Certificate): boolean {
  return couldHaveIssued(issuer, subject) && maySignCertificates(issuer);
}

export function legacyObject(certificate: Certificate): Record<string, unknown> {
  return { ...legacyCertificate(certificate, (bytes) => Buffer.from(bytes)) };
}
