/** Where an authority publishes its revocation lists, and what each list is for (RFC 5280 §4.2.1.13 and §5.2.5). Nothing is fetched from there. */
import {
  contextConstructed,
  contextPrimitive,
  type DerNode,
  Fields,
  readBits,
  readBoolean,
  Tag,
} from './der.ts';
import { X509Error } from './errors.ts';
import { type GeneralName, readGeneralNames, sameGeneralName } from './general-names.ts';
import { type Name, readRdns } from './names.ts';

/** A full name, or what to append to the name of the list's issuer. */
export type DistributionPointName =
  | { readonly fullName: readonly GeneralName[] }
  | { readonly relativeName: string };

export interface DistributionPoint {
  readonly name: DistributionPointName | undefined;
  /** Bits of ReasonFlags: for which reasons of revocation the point answers. */
  readonly reasons: number;
  /** Who signs the lists, where it is not the certificate's issuer. */
  readonly crlIssuer: readonly GeneralName[] | undefined;
}

/** IssuingDistributionPoint: which certificates a list speaks of. */
export interface Scope {
  readonly name: DistributionPointName | undefined;
  readonly onlyUserCertificates: boolean;
  readonly onlyAuthorityCertificates: boolean;
  readonly onlyAttributeCertificates: boolean;
  /** Undefined: for all of them. */
  readonly onlyReasons: number | undefined;
  /** It speaks of certificates of other issuers, too. */
  readonly isIndirect: boolean;
}

/** keyCompromise to privilegeWithdrawn in the first octet, aACompromise in the second. Bit 0 is not used. */
export const ALL_REASONS = 0x807f;

function readReasons(node: DerNode): number {
  const { bytes } = readBits(node, node.tag);
  return ((bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8)) & ALL_REASONS;
}

/** OpenSSL takes a certificate with a malformed point for broken. */
export function readDistributionPoints(node: DerNode): DistributionPoint[] {
  return new Fields(node).rest().map((point) => {
    const fields = new Fields(point);
    const name = fields.takeIf(contextConstructed(0));
    const reasons = fields.takeIf(contextPrimitive(1));
    const issuer = fields.takeIf(contextConstructed(2));
    fields.end();
    const crlIssuer = issuer && readGeneralNames(issuer, issuer.tag);
    if (!name && !crlIssuer?.length)
      throw new X509Error('bad-der', 'a distribution point that says nothing', point.offset);
    return {
      name: name && readPointName(name),
      reasons: reasons ? readReasons(reasons) : ALL_REASONS,
      crlIssuer,
    };
  });
}

function readPointName(node: DerNode): DistributionPointName {
  const fields = new Fields(node, node.tag);
  const fullName = fields.takeIf(contextConstructed(0));
  const name = fullName
    ? { fullName: readGeneralNames(fullName, fullName.tag) }
    : { relativeName: readRelativeName(fields.take(contextConstructed(1))) };
  fields.end();
  return name;
}

/** `RelativeDistinguishedName` with the tag `[1]` in place of SET's. */
function readRelativeName(node: DerNode): string {
  const [rdn] = readRdns([{ ...node, tag: Tag.set }]).canonicalRdns;
  return rdn;
}

export function readScope(node: DerNode): Scope {
  const fields = new Fields(node);
  const name = fields.takeIf(contextConstructed(0));
  const flag = (number: number) => {
    const found = fields.takeIf(contextPrimitive(number));
    return found !== undefined && readBoolean({ ...found, tag: Tag.boolean });
  };
  const onlyUserCertificates = flag(1);
  const onlyAuthorityCertificates = flag(2);
  const reasons = fields.takeIf(contextPrimitive(3));
  const isIndirect = flag(4);
  const onlyAttributeCertificates = flag(5);
  fields.end();
  return {
    name: name && readPointName(name),
    onlyUserCertificates,
    onlyAuthorityCertificates,
    onlyAttributeCertificates,
    onlyReasons: reasons && readReasons(reasons),
    isIndirect,
  };
}

/** Whether two names, each relative to an issuer if it is not full, mean the same point. OpenSSL's idp_check_dp. */
export function samePoint(
  a: DistributionPointName | undefined,
  aIssuer: Name,
  b: DistributionPointName | undefined,
  bIssuer: Name,
): boolean {
  if (!a || !b) return true;
  const [ours, theirs] = [namesOf(a, aIssuer), namesOf(b, bIssuer)];
  return ours.some((one) => theirs.some((other) => sameGeneralName(one, other)));
}

function namesOf(name: DistributionPointName, { canonicalRdns, rdns, bytes }: Name): readonly GeneralName[] {
  if ('fullName' in name) return name.fullName;
  const canonical = [...canonicalRdns, name.relativeName];
  const whole = { bytes, rdns, canonicalRdns: canonical, canonical: canonical.join('/') };
  return [{ kind: 'directory', name: whole }];
}
