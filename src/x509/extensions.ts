/** The extensions that path validation and Node look at (RFC 5280 §4.2). The others are kept as they came. */
import {
  contextConstructed,
  contextPrimitive,
  type DerNode,
  Fields,
  readBits,
  readBoolean,
  readDer,
  readInteger,
  readIntegerBytes,
  readObjectIdentifier,
  readOctetString,
  Tag,
} from './der.ts';
import { type DistributionPoint, readDistributionPoints } from './distribution-points.ts';
import { X509Error } from './errors.ts';
import { type GeneralName, readGeneralName, readGeneralNames } from './general-names.ts';
import { KEY_USAGES, type KeyUsage } from './name-tables.ts';

export interface RawExtension {
  readonly oid: string;
  readonly critical: boolean;
  /** The DER inside the OCTET STRING. */
  readonly value: Uint8Array;
  /** Where `value` begins in the certificate. */
  readonly offset: number;
}

export interface BasicConstraints {
  readonly isAuthority: boolean;
  /** How many intermediate authorities may follow. Absent: as many as one likes. Negative only in a broken certificate. */
  readonly pathLength?: number;
}

/** One subtree of a name constraint; `minimum` and `maximum` must keep their defaults (RFC 5280 §4.2.1.10). */
export interface Subtree {
  readonly base: GeneralName;
  readonly hasRange: boolean;
}

export interface NameConstraints {
  readonly permitted: readonly Subtree[];
  readonly excluded: readonly Subtree[];
}

export interface AuthorityKeyIdentifier {
  readonly keyIdentifier?: Uint8Array;
  readonly issuer?: readonly GeneralName[];
  readonly serial?: Uint8Array;
}

export interface Extensions {
  /** All of them, in order, known or not. */
  readonly list: readonly RawExtension[];
  readonly basicConstraints?: BasicConstraints;
  readonly keyUsage?: ReadonlySet<KeyUsage>;
  /** Object identifiers. */
  readonly extendedKeyUsage?: readonly string[];
  readonly subjectAltName?: readonly GeneralName[];
  readonly nameConstraints?: NameConstraints;
  readonly subjectKeyIdentifier?: Uint8Array;
  readonly authorityKeyIdentifier?: AuthorityKeyIdentifier;
  readonly authorityInfoAccess?: readonly AccessDescription[];
  readonly crlDistributionPoints?: readonly DistributionPoint[];
  /** Netscape's forerunner of extended key usage, which OpenSSL still obeys: bits of the first octet. */
  readonly netscapeCertType?: number;
  /** What stands against one of the extensions above: it does not decode, or occurs twice. Such a certificate is never trusted. */
  readonly faults: readonly X509Error[];
}

export interface AccessDescription {
  readonly method: string;
  readonly location: GeneralName;
}

export const extensionOids = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  inhibitAnyPolicy: '2.5.29.54',
  proxyCertInfo: '1.3.6.1.5.5.7.1.14',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  netscapeCertType: '2.16.840.1.113730.1.1',
} as const;

/** Each reader fills its own field of the result. */
const READERS: Readonly<Record<string, (value: DerNode) => Partial<Extensions>>> = {
  [extensionOids.basicConstraints]: (value) => ({ basicConstraints: readBasicConstraints(value) }),
  [extensionOids.keyUsage]: (value) => ({ keyUsage: readKeyUsage(value) }),
  [extensionOids.extendedKeyUsage]: (value) => ({ extendedKeyUsage: readExtendedKeyUsage(value) }),
  [extensionOids.subjectAltName]: (value) => ({ subjectAltName: readGeneralNames(value) }),
  [extensionOids.nameConstraints]: (value) => ({ nameConstraints: readNameConstraints(value) }),
  [extensionOids.subjectKeyIdentifier]: (value) => ({ subjectKeyIdentifier: readOctetString(value) }),
  [extensionOids.authorityKeyIdentifier]: (value) => ({
    authorityKeyIdentifier: readAuthorityKeyIdentifier(value),
  }),
  [extensionOids.authorityInfoAccess]: (value) => ({ authorityInfoAccess: readAuthorityInfoAccess(value) }),
  [extensionOids.crlDistributionPoints]: (value) => ({
    crlDistributionPoints: readDistributionPoints(value),
  }),
  [extensionOids.netscapeCertType]: (value) => ({ netscapeCertType: readBits(value).bytes[0] ?? 0 }),
};

/**
 * Reads `Extensions ::= SEQUENCE OF Extension`. A certificate whose frame is broken is refused at once; one with a broken
 * extension inside a sound frame can still be looked at, as with OpenSSL, and is refused when it is judged.
 */
export function readExtensions(node: DerNode): Extensions {
  const list = new Fields(node).rest().map(readExtension);
  const faults: X509Error[] = [];
  const seen = new Set<string>();
  const known: Partial<Extensions> = {};
  for (const { oid, value, offset } of list) {
    const read = READERS[oid];
    if (!read) continue; // Of the others OpenSSL does not mind two.
    // Where to ask about revocation has no say in whether a certificate is sound, for OpenSSL neither.
    const blame = oid === extensionOids.authorityInfoAccess ? [] : faults;
    if (seen.has(oid)) {
      blame.push(new X509Error('bad-certificate', `the extension ${oid} occurs twice`, offset));
      continue;
    }
    seen.add(oid);
    try {
      Object.assign(known, read(readDer(value, offset)));
    } catch (error) {
      if (!(error instanceof X509Error)) throw error;
      blame.push(error);
    }
  }
  return { ...known, list, faults };
}

/** One `Extension` of a certificate, a revocation list or an entry of one. */
export function readExtension(node: DerNode): RawExtension {
  const fields = new Fields(node);
  const oid = readObjectIdentifier(fields.take());
  // DER would leave FALSE out. Too many certificates in use spell it out, and OpenSSL takes them.
  const criticalNode = fields.takeIf(Tag.boolean);
  const valueNode = fields.take(Tag.octetString);
  fields.end();
  return {
    oid,
    critical: criticalNode !== undefined && readBoolean(criticalNode),
    value: valueNode.content,
    offset: valueNode.offset + valueNode.headerLength,
  };
}

function readBasicConstraints(node: DerNode): BasicConstraints {
  const fields = new Fields(node);
  const authority = fields.takeIf(Tag.boolean);
  const pathLength = fields.takeIf(Tag.integer);
  fields.end();
  const isAuthority = authority !== undefined && readBoolean(authority);
  if (!pathLength) return { isAuthority };
  const value = readInteger(pathLength);
  return { isAuthority, pathLength: Number(value > 0x7fffffffn ? 0x7fffffffn : value) };
}

function readKeyUsage(node: DerNode): ReadonlySet<KeyUsage> {
  const { bytes } = readBits(node);
  return new Set(KEY_USAGES.filter((_, bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0));
}

function readExtendedKeyUsage(node: DerNode): string[] {
  return new Fields(node).rest().map((usage) => readObjectIdentifier(usage));
}

/** §4.2.1.1; revocation lists name their issuer's key in the same way (§5.2.1). */
export function readAuthorityKeyIdentifier(node: DerNode): AuthorityKeyIdentifier {
  const fields = new Fields(node);
  const keyIdentifier = fields.takeIf(contextPrimitive(0));
  const issuer = fields.takeIf(contextConstructed(1));
  const serial = fields.takeIf(contextPrimitive(2));
  fields.end();
  return {
    ...(keyIdentifier && { keyIdentifier: keyIdentifier.content }),
    ...(issuer && { issuer: readGeneralNames(issuer, issuer.tag) }),
    ...(serial && { serial: readIntegerBytes(serial, serial.tag) }),
  };
}

function readNameConstraints(node: DerNode): NameConstraints {
  const fields = new Fields(node);
  const permitted = fields.takeIf(contextConstructed(0));
  const excluded = fields.takeIf(contextConstructed(1));
  fields.end();
  const subtrees = (list: DerNode | undefined) =>
    list ? new Fields(list, list.tag).rest().map(readSubtree) : [];
  return { permitted: subtrees(permitted), excluded: subtrees(excluded) };
}

function readSubtree(node: DerNode): Subtree {
  const fields = new Fields(node);
  const base = readGeneralName(fields.take());
  const minimum = fields.takeIf(contextPrimitive(0));
  const maximum = fields.takeIf(contextPrimitive(1));
  fields.end();
  return {
    base,
    hasRange: maximum !== undefined || (minimum !== undefined && readInteger(minimum, minimum.tag) !== 0n),
  };
}

function readAuthorityInfoAccess(node: DerNode): AccessDescription[] {
  return new Fields(node).rest().map((description) => {
    const fields = new Fields(description);
    const method = readObjectIdentifier(fields.take());
    const location = readGeneralName(fields.take());
    fields.end();
    return { method, location };
  });
}
