/** Reading X.509 certificates (RFC 5280 §4.1). */
import { sha256 } from '@noble/hashes/sha2.js';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm-identifier.ts';
import { toHex } from './bytes.ts';
import {
  contextConstructed,
  contextPrimitive,
  type DerNode,
  Fields,
  readDer,
  readIntegerBytes,
  readSignature,
  readSmallInteger,
  Tag,
} from './der.ts';
import { X509Error } from './errors.ts';
import { type Extensions, readExtensions } from './extensions.ts';
import type { PublicKey } from './keys.ts';
import { type Name, readName } from './names.ts';
import { readPem } from './pem.ts';
import { decodePublicKey, type PublicKeyInfo, readPublicKeyInfo } from './public-keys.ts';
import { type SignatureAlgorithm, signatureAlgorithm } from './signatures.ts';
import { readTime } from './time.ts';

export interface Certificate {
  readonly bytes: Uint8Array;
  /** The part that is signed. */
  readonly tbs: Uint8Array;
  readonly version: 1 | 2 | 3;
  /** Content octets of the INTEGER. */
  readonly serial: Uint8Array;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  /** The same again inside the signed part; the two must agree (§4.1.1.2). */
  readonly innerSignatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  readonly issuer: Name;
  readonly subject: Name;
  /** An invalid Date where the field is no time that RFC 5280 allows. */
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** Undefined where the key is of a kind not known here, or malformed: `publicKeyError` then says why. */
  readonly publicKey: PublicKey | undefined;
  readonly publicKeyError: X509Error | undefined;
  readonly extensions: Extensions;
}

/**
 * Certificates read of late, by fingerprint: each connection brings the same ones again, and what has been worked out
 * about a certificate (its key, its signature) hangs on the object.
 */
const recent = new Map<string, Certificate>();
const RECENT_LIMIT = 64;

/** Reads one certificate in DER. Throws X509Error when the bytes are not one. */
export function readCertificate(der: Uint8Array): Certificate {
  const fingerprint = toHex(sha256(der));
  const known = recent.get(fingerprint);
  if (known) return known;
  // A copy of one's own: the caller's bytes may be a view of a buffer that is used again.
  const certificate = parseCertificate(Uint8Array.from(der));
  const [oldest] = recent.keys();
  if (recent.size >= RECENT_LIMIT) recent.delete(oldest);
  recent.set(fingerprint, certificate);
  return certificate;
}

/** Labels that OpenSSL reads as certificates. */
const LABELS: ReadonlySet<string> = new Set(['CERTIFICATE', 'X509 CERTIFICATE']);

/** All the certificates in a PEM text, in order. */
export function readCertificatesPem(text: string): Certificate[] {
  return readPem(text)
    .filter(({ label }) => LABELS.has(label))
    .map(({ bytes }) => readCertificate(bytes));
}

function parseCertificate(der: Uint8Array): Certificate {
  const outer = new Fields(readDer(der));
  const tbsNode = outer.take(Tag.sequence);
  const signatureAlgorithm = readAlgorithmIdentifier(outer.take());
  const signature = readSignature(outer.take());
  outer.end();

  const fields = new Fields(tbsNode);
  const version = readVersion(fields.takeIf(contextConstructed(0)));
  const serial = readIntegerBytes(fields.take());
  const innerSignatureAlgorithm = readAlgorithmIdentifier(fields.take());
  const issuer = readName(fields.take());
  const validity = new Fields(fields.take());
  const notBefore = readTime(validity.take());
  const notAfter = readTime(validity.take());
  validity.end();
  const subject = readName(fields.take());
  const spkiNode = fields.take(Tag.sequence);
  fields.takeIf(contextPrimitive(1)); // issuerUniqueID and subjectUniqueID: nobody has used them since 1999
  fields.takeIf(contextPrimitive(2));
  const extensionsNode = fields.takeIf(contextConstructed(3));
  fields.end();

  return {
    bytes: der,
    tbs: tbsNode.bytes,
    version,
    serial,
    signatureAlgorithm,
    innerSignatureAlgorithm,
    signature,
    issuer,
    subject,
    notBefore,
    notAfter,
    spki: spkiNode.bytes,
    ...tryPublicKey(readPublicKeyInfo(spkiNode)),
    extensions: extensionsNode ? readExtensionsField(extensionsNode) : { list: [], faults: [] },
  };
}

function readVersion(wrapper: DerNode | undefined): 1 | 2 | 3 {
  if (!wrapper) return 1;
  const fields = new Fields(wrapper, wrapper.tag);
  const node = fields.take();
  fields.end();
  const version = readSmallInteger(node);
  if (version === 0 || version === 1 || version === 2) return (version + 1) as 1 | 2 | 3;
  throw new X509Error('bad-certificate', `a certificate of version ${version + 1}`, node.offset);
}

function readExtensionsField(wrapper: DerNode): Extensions {
  const fields = new Fields(wrapper, wrapper.tag);
  const extensions = readExtensions(fields.take());
  fields.end();
  return extensions;
}

/** A key that cannot be made sense of does not keep one from looking at the certificate. */
function tryPublicKey(info: PublicKeyInfo): Pick<Certificate, 'publicKey' | 'publicKeyError'> {
  try {
    return { publicKey: decodePublicKey(info), publicKeyError: undefined };
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    return { publicKey: undefined, publicKeyError: error };
  }
}

/** How the certificate is signed, or undefined for an algorithm not known here. */
export function certificateSignatureAlgorithm(certificate: Certificate): SignatureAlgorithm | undefined {
  return signatureAlgorithm(certificate.signatureAlgorithm);
}
