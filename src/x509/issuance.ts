/** What can be said of one certificate, or of two, without asking whom one trusts. Names in comments are OpenSSL's. */

import { bitLength, equal } from './bytes.ts';
import { type Certificate, certificateSignatureAlgorithm } from './certificate.ts';
import { type AuthorityKeyIdentifier, extensionOids } from './extensions.ts';
import { isRsa, type PublicKey } from './keys.ts';
import { oids } from './oids.ts';
import { type SignatureAlgorithm, verify } from './signatures.ts';

export function sameCertificate(a: Certificate, b: Certificate): boolean {
  return equal(a.bytes, b.bytes);
}

/** Works out something about a certificate once: the same certificates come back with every connection. */
function remember<Value>(compute: (certificate: Certificate) => Value): (certificate: Certificate) => Value {
  const known = new WeakMap<Certificate, { value: Value }>();
  return (certificate) => {
    let entry = known.get(certificate);
    if (!entry) {
      entry = { value: compute(certificate) };
      known.set(certificate, entry);
    }
    return entry.value;
  };
}

/** EXFLAG_INVALID: an extension that matters does not decode, occurs twice or contradicts itself. Nobody issues or trusts such a certificate. */
export const isInvalid = remember(({ extensions }) => {
  const { basicConstraints, keyUsage, faults } = extensions;
  return faults.length > 0 || (basicConstraints?.pathLength ?? 0) < 0 || keyUsage?.size === 0;
});

/** EXFLAG_SI: issuer and subject are the same name. */
export const isSelfIssued = remember(({ issuer, subject }) => issuer.canonical === subject.canonical);

/** EXFLAG_SS: self-issued, and nothing in it speaks against its own key having signed it. The signature itself is not tried. */
export const isSelfSigned = remember((certificate) => couldHaveIssued(certificate, certificate));

/** Whether `issuer` could have issued `subject`: name, key identifiers and kind of key, but not the signature. ossl_x509_likely_issued. */
export function couldHaveIssued(issuer: Certificate, subject: Certificate): boolean {
  return (
    issuer.subject.canonical === subject.issuer.canonical &&
    !isInvalid(issuer) &&
    !isInvalid(subject) &&
    authorityKeyMatches(issuer, subject.extensions.authorityKeyIdentifier) &&
    algorithmMatchesKey(subject, issuer.publicKey)
  );
}

/** X509_check_akid: what is said about the issuer's key, serial number and issuer holds, as far as anything is said. */
export function authorityKeyMatches(
  issuer: Certificate,
  identifier: AuthorityKeyIdentifier | undefined,
): boolean {
  if (!identifier) return true;
  const { subjectKeyIdentifier } = issuer.extensions;
  if (
    identifier.keyIdentifier &&
    subjectKeyIdentifier &&
    !equal(identifier.keyIdentifier, subjectKeyIdentifier)
  ) {
    return false;
  }
  if (identifier.serial && !equal(identifier.serial, issuer.serial)) return false;
  const named = identifier.issuer?.find((name) => name.kind === 'directory');
  return named === undefined || named.name.canonical === issuer.issuer.canonical;
}

/** check_sig_alg_match: an RSA key signs both ways, a key that is for RSA-PSS only that way. */
function algorithmMatchesKey(subject: Certificate, key: PublicKey | undefined): boolean {
  if (!key) return false;
  const { oid } = subject.innerSignatureAlgorithm;
  if (oid === oids.rsaPss) return isRsa(key);
  if (oid === oids.ed25519) return key.kind === 'ed25519';
  const family = oid.startsWith('1.2.840.113549.1.1.')
    ? 'rsa'
    : oid.startsWith('1.2.840.10045.4.')
      ? 'ec'
      : undefined;
  return family === key.kind;
}

/** Whether the certificate may sign others as far as its key usage goes. ossl_x509_signing_allowed. */
export function maySignCertificates({ extensions: { keyUsage } }: Certificate): boolean {
  return keyUsage === undefined || keyUsage.has('keyCertSign');
}

/** Whether the key may sign other things than certificates and lists, as far as key usage goes. Nothing goes with a broken extension. */
export function allowsDigitalSignature(certificate: Certificate): boolean {
  const { keyUsage } = certificate.extensions;
  return !isInvalid(certificate) && (keyUsage === undefined || keyUsage.has('digitalSignature'));
}

/** Which of the answers of OpenSSL's check_ca a certificate gets. All but `no` can do as a root, only `yes` as an intermediate. */
export type AuthorityStatus = 'no' | 'yes' | 'version-1-root' | 'key-usage-only' | 'netscape';

const NETSCAPE_ANY_AUTHORITY = 0x07;
const NETSCAPE_TLS_AUTHORITY = 0x04;

export const authorityStatus = remember((certificate): AuthorityStatus => {
  const { basicConstraints, keyUsage, netscapeCertType } = certificate.extensions;
  if (isInvalid(certificate) || !maySignCertificates(certificate)) return 'no';
  if (basicConstraints) return basicConstraints.isAuthority ? 'yes' : 'no';
  if (certificate.version === 1 && isSelfSigned(certificate)) return 'version-1-root';
  if (keyUsage) return 'key-usage-only';
  return ((netscapeCertType ?? 0) & NETSCAPE_ANY_AUTHORITY) !== 0 ? 'netscape' : 'no';
});

/** Whether it can stand in a path as an authority for TLS. */
export function isTlsAuthority(certificate: Certificate): boolean {
  const status = authorityStatus(certificate);
  if (status !== 'netscape') return status !== 'no';
  return ((certificate.extensions.netscapeCertType ?? 0) & NETSCAPE_TLS_AUTHORITY) !== 0;
}

/** Critical extensions that OpenSSL's verification takes into account (X509_supported_extension), RFC 3779's apart: those are not for TLS. */
const HANDLED_WHEN_CRITICAL: ReadonlySet<string> = new Set([
  extensionOids.netscapeCertType,
  extensionOids.keyUsage,
  extensionOids.subjectAltName,
  extensionOids.basicConstraints,
  extensionOids.certificatePolicies,
  extensionOids.crlDistributionPoints,
  extensionOids.extendedKeyUsage,
  extensionOids.ocspNoCheck,
  extensionOids.policyConstraints,
  extensionOids.proxyCertInfo,
  extensionOids.nameConstraints,
  extensionOids.policyMappings,
  extensionOids.inhibitAnyPolicy,
]);

export const hasUnhandledCriticalExtension = remember(({ extensions }) =>
  extensions.list.some(({ oid, critical }) => critical && !HANDLED_WHEN_CRITICAL.has(oid)),
);

export const isProxy = remember(({ extensions }) =>
  extensions.list.some(({ oid }) => oid === extensionOids.proxyCertInfo),
);

/** Bits of security of a key, as OpenSSL counts them; 0 for a key not known here. */
export function keySecurityBits(key: PublicKey | undefined): number {
  if (!key) return 0;
  if (isRsa(key)) return rsaSecurityBits(bitLength(key.modulus));
  return key.kind === 'ec' ? { 'P-256': 128, 'P-384': 192, 'P-521': 256 }[key.curve] : 128;
}

/** SP 800-56B appendix D: a table, and between its entries an estimate of the number field sieve's effort, in steps of 8. */
function rsaSecurityBits(bits: number): number {
  const listed: Readonly<Record<number, number>> = {
    2048: 112,
    3072: 128,
    4096: 152,
    6144: 176,
    7680: 192,
    8192: 200,
    15360: 256,
  };
  if (listed[bits] !== undefined) return listed[bits];
  if (bits < 8) return 0;
  const x = bits * Math.LN2;
  const estimate = (1.923 * Math.cbrt(x * Math.log(x) ** 2) - 4.69) / Math.LN2;
  const cap = bits <= 7680 ? 192 : bits <= 15360 ? 256 : 1200;
  return Math.min(cap, Math.max(0, (Math.floor(estimate) + 4) & ~7));
}

/** Bits of security of a signature: half its hash, and less than that for MD5 and SHA-1, whose collisions can be bought. */
export function signatureSecurityBits(certificate: Certificate): number {
  const algorithm = certificateSignatureAlgorithm(certificate);
  if (!algorithm) return 0;
  if (algorithm.family === 'ed25519') return 128;
  return { md5: 39, sha1: 63, sha224: 112, sha256: 128, sha384: 192, sha512: 256 }[algorithm.hash];
}

const verified = new WeakMap<Certificate, WeakMap<Certificate, boolean>>();

/** Whether `issuer`'s key signed `subject`. The answer is kept: it is what a chain costs. */
export function isSignedBy(subject: Certificate, issuer: Certificate): boolean {
  let byIssuer = verified.get(subject);
  if (!byIssuer) {
    byIssuer = new WeakMap();
    verified.set(subject, byIssuer);
  }
  let answer = byIssuer.get(issuer);
  if (answer === undefined) {
    answer = checkSignature(subject, issuer);
    byIssuer.set(issuer, answer);
  }
  return answer;
}

function checkSignature(subject: Certificate, issuer: Certificate): boolean {
  // RFC 5280 §4.1.1.2: both fields "MUST contain the same algorithm identifier"; only the inner one is signed.
  if (!equal(subject.signatureAlgorithm.bytes, subject.innerSignatureAlgorithm.bytes)) return false;
  const algorithm: SignatureAlgorithm | undefined = certificateSignatureAlgorithm(subject);
  if (!algorithm || !issuer.publicKey) return false;
  return verify(algorithm, issuer.publicKey, subject.tbs, subject.signature);
}
