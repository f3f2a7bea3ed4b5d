/** Reading certificate revocation lists (RFC 5280 §5.1). */
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm-identifier.ts';
import { toHex } from './bytes.ts';
import {
  contextConstructed,
  type DerNode,
  Fields,
  readDer,
  readIntegerBytes,
  readSignature,
  readSmallInteger,
  Tag,
} from './der.ts';
import { readScope, type Scope } from './distribution-points.ts';
import { X509Error } from './errors.ts';
import {
  type AuthorityKeyIdentifier,
  type RawExtension,
  readAuthorityKeyIdentifier,
  readExtension,
} from './extensions.ts';
import { type GeneralName, readGeneralNames } from './general-names.ts';
import { type Name, readName } from './names.ts';
import { pemBlocks } from './pem.ts';
import { readTime } from './time.ts';

export interface RevocationList {
  readonly bytes: Uint8Array;
  /** The part that is signed. */
  readonly tbs: Uint8Array;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  /** The same again inside the signed part; the two must agree (§5.1.1.2). */
  readonly innerSignatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  readonly issuer: Name;
  /** Invalid Dates where the fields are no times that RFC 5280 allows. */
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  /** By serial number, in hexadecimal as `serialKey` gives it. One number may occur for several issuers. */
  readonly revoked: ReadonlyMap<string, readonly RevokedCertificate[]>;
  readonly authorityKeyIdentifier: AuthorityKeyIdentifier | undefined;
  /** What the list is limited to; undefined when it speaks of all that its issuer has issued. */
  readonly scope: Scope | undefined;
  /** It says only what has changed since another list (§5.2.4). */
  readonly isDelta: boolean;
  /** A critical extension, of the list or of an entry, that OpenSSL does not understand: the list then says something else than it seems to. */
  readonly hasUnhandledCriticalExtension: boolean;
}

export interface RevokedCertificate {
  /** CRLReason (§5.3.1); undefined when none is given. */
  readonly reason: number | undefined;
  /** Whose certificate it is, where an indirect list says so (§5.3.3); it holds for the entries that follow as well. */
  readonly issuer: readonly GeneralName[] | undefined;
}

/** CRLReason removeFromCRL: the certificate is good again. */
export const REMOVED_FROM_LIST = 8;

const listOids = {
  authorityKeyIdentifier: '2.5.29.35',
  issuingDistributionPoint: '2.5.29.28',
  deltaIndicator: '2.5.29.27',
  reason: '2.5.29.21',
  certificateIssuer: '2.5.29.29',
} as const;

/** What may be critical in a list, and is known to OpenSSL. */
const HANDLED_IN_LIST: readonly string[] = [
  listOids.authorityKeyIdentifier,
  listOids.issuingDistributionPoint,
  listOids.deltaIndicator,
];

/** Key of `revoked` for a serial number's content octets. */
export function serialKey(serial: Uint8Array): string {
  return toHex(serial);
}

/** The first revocation list in a PEM text. */
export function readRevocationListPem(text: string): RevocationList {
  for (const { label, bytes } of pemBlocks(text)) if (label === 'X509 CRL') return readRevocationList(bytes);
  throw new X509Error('bad-pem', 'no start line');
}

/** Reads one CertificateList in DER. Throws X509Error when the bytes are not one. */
export function readRevocationList(der: Uint8Array): RevocationList {
  const bytes = Uint8Array.from(der);
  const outer = new Fields(readDer(bytes));
  const tbs = outer.take(Tag.sequence);
  const signatureAlgorithm = readAlgorithmIdentifier(outer.take());
  const signature = readSignature(outer.take());
  outer.end();

  const fields = new Fields(tbs);
  const version = fields.takeIf(Tag.integer);
  if (version) readSmallInteger(version);
  const innerSignatureAlgorithm = readAlgorithmIdentifier(fields.take());
  const issuer = readName(fields.take());
  const thisUpdate = readTime(fields.take());
  const nextNode = fields.takeIf(Tag.utcTime) ?? fields.takeIf(Tag.generalizedTime);
  const revokedNode = fields.takeIf(Tag.sequence);
  const extensionsNode = fields.takeIf(contextConstructed(0));
  fields.end();

  const entries = readEntries(revokedNode);
  const list = extensionsNode ? readExtensions(new Fields(extensionsNode, extensionsNode.tag).take()) : [];
  return {
    ...{ bytes, tbs: tbs.bytes, signatureAlgorithm, innerSignatureAlgorithm },
    ...{ signature, issuer, thisUpdate },
    nextUpdate: nextNode && readTime(nextNode),
    revoked: entries.revoked,
    authorityKeyIdentifier: readOnly(list, listOids.authorityKeyIdentifier, readAuthorityKeyIdentifier),
    scope: readOnly(list, listOids.issuingDistributionPoint, readScope),
    isDelta: list.some(({ oid }) => oid === listOids.deltaIndicator),
    hasUnhandledCriticalExtension:
      entries.hasUnhandled || list.some(({ oid, critical }) => critical && !HANDLED_IN_LIST.includes(oid)),
  };
}

function readExtensions(node: DerNode): RawExtension[] {
  return new Fields(node).rest().map(readExtension);
}

/** One extension's value. OpenSSL treats one that does not decode, or occurs twice, as if it were not there; so do we. */
function readOnly<Value>(
  extensions: readonly RawExtension[],
  wanted: string,
  read: (node: DerNode) => Value,
): Value | undefined {
  const [found, another] = extensions.filter(({ oid }) => oid === wanted);
  if (!found || another) return undefined;
  try {
    return read(readDer(found.value, found.offset));
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    return undefined;
  }
}

interface Entries {
  readonly revoked: Map<string, RevokedCertificate[]>;
  readonly hasUnhandled: boolean;
}

function readEntries(node: DerNode | undefined): Entries {
  const revoked = new Map<string, RevokedCertificate[]>();
  let hasUnhandled = false;
  let issuer: readonly GeneralName[] | undefined;
  for (const entry of node ? new Fields(node).rest() : []) {
    const fields = new Fields(entry);
    const serial = serialKey(readIntegerBytes(fields.take()));
    readTime(fields.take());
    const extensionsNode = fields.takeIf(Tag.sequence);
    fields.end();
    const extensions = extensionsNode ? readExtensions(extensionsNode) : [];
    issuer = readOnly(extensions, listOids.certificateIssuer, readGeneralNames) ?? issuer;
    hasUnhandled ||= extensions.some(({ oid, critical }) => critical && oid !== listOids.certificateIssuer);
    const reason = readOnly(extensions, listOids.reason, (value) => readSmallInteger(value, Tag.enumerated));
    const known = revoked.get(serial);
    if (known) known.push({ reason, issuer });
    else revoked.set(serial, [{ reason, issuer }]);
  }
  return { revoked, hasUnhandled };
}
