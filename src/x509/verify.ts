/**
 * Judging a peer's certificates as OpenSSL does under Node: every check runs, in OpenSSL's order, whatever the ones
 * before it found, because Node's callback says "go on" each time; the last complaint is the one Node reports as
 * `authorizationError`. So the order below is part of the behaviour.
 */
import type { Certificate } from './certificate.ts';
import {
  authorityStatus,
  couldHaveIssued,
  hasUnhandledCriticalExtension,
  isInvalid,
  isProxy,
  isSelfIssued,
  isSignedBy,
  isTlsAuthority,
  keySecurityBits,
  maySignCertificates,
  signatureSecurityBits,
} from './issuance.ts';
import { violatedConstraint } from './name-constraints.ts';
import type { Name } from './names.ts';
import { buildPath, timeFault } from './path-building.ts';
import { checkRevocation } from './revocation.ts';
import type { RevocationList } from './revocation-list.ts';
import { strictFaults } from './strict.ts';
import { message, nodeCode, nodeMessage, type VerdictCode } from './verdicts.ts';

export interface VerifyOptions {
  /** Whom one trusts: what `ca` holds. */
  readonly anchors: readonly Certificate[];
  /** What the peer uses its certificate for: a client asks about `serverAuth`. */
  readonly purpose: 'serverAuth' | 'clientAuth';
  readonly now: Date;
  /** Revocation lists, Node's `crl`. Given any, each certificate of the path must be found in none of them and covered by one. */
  readonly revocationLists?: readonly RevocationList[];
  /** Trust every anchor, not only self-signed ones (Node's `allowPartialTrustChain`). */
  readonly partialChain?: boolean;
  /** Check the rules of RFC 5280 that OpenSSL leaves to X509_V_FLAG_X509_STRICT as well. */
  readonly strict?: boolean;
  /** OpenSSL's security level: 2, Node's default, asks for 112 bits of keys and hashes; 0 asks for nothing, 5 for most. */
  readonly securityLevel?: number;
}

export interface Complaint {
  readonly code: VerdictCode;
  /** Which certificate of the path: 0 is the peer's own. */
  readonly depth: number;
}

export interface Verdict {
  /** The last complaint, which is the one Node shows; null when the peer is to be trusted. */
  readonly code: VerdictCode | null;
  /** What Node's `error.code` and `authorizationError` say. */
  readonly nodeCode: string | null;
  /** OpenSSL's words. */
  readonly message: string;
  /** Node's: the same, at times with a hint. */
  readonly nodeMessage: string;
  readonly depth: number;
  /** Everything found, in the order found. */
  readonly complaints: readonly Complaint[];
  /** The path that was built, leaf first. */
  readonly path: readonly Certificate[];
  /** OpenSSL stopped in the middle: a server then ends the handshake itself, whatever `rejectUnauthorized` says. */
  readonly aborted: boolean;
}

const SECURITY_BITS = [0, 80, 112, 128, 192, 256] as const;

/** `peer` is the peer's certificates in the order it sent them, its own first; it must not be empty. */
export function verifyChain(peer: readonly Certificate[], options: VerifyOptions): Verdict {
  const {
    anchors,
    now,
    partialChain = false,
    strict = false,
    securityLevel = 2,
    revocationLists = [],
  } = options;
  const requiredBits = SECURITY_BITS[Math.min(securityLevel, 5)];
  const complaints: Complaint[] = [];
  const complain = (code: VerdictCode, depth: number) => complaints.push({ code, depth });

  if (keySecurityBits(peer[0].publicKey) < requiredBits) complain('EE_KEY_TOO_SMALL', 0);
  const built = buildPath(peer, anchors, now, partialChain);
  const path = built.certificates;
  // Where OpenSSL finds no anchor but has a complaint already, it repeats that one instead of saying so.
  const repeated = built.codes.length > 0 && !built.aborted ? complaints.at(-1)?.code : undefined;
  for (const code of repeated ? [repeated] : built.codes) complain(code, path.length - 1);
  if (!built.aborted) {
    checkExtensions(path, options.purpose, strict, complain);
    checkSecurityLevel(path, requiredBits, complain);
    // X509_get_pubkey_parameters fails without a leaf key, and with it the whole verification.
    if (!path[0].publicKey) return verdict(complaints, path, true);
    if (revocationLists.length > 0) checkRevocation(path, revocationLists, now, complain);
    checkSignaturesAndTimes(path, now, partialChain, complain);
    checkNameConstraints(path, complain);
  }
  return verdict(complaints, path, built.aborted);
}

type Complain = (code: VerdictCode, depth: number) => void;

function verdict(complaints: readonly Complaint[], path: readonly Certificate[], aborted: boolean): Verdict {
  const last = complaints.at(-1);
  return {
    code: last?.code ?? null,
    nodeCode: last ? nodeCode(last.code) : null,
    message: last ? message(last.code) : 'ok',
    nodeMessage: last ? nodeMessage(last.code) : 'ok',
    depth: last?.depth ?? 0,
    complaints,
    path,
    aborted,
  };
}

/** check_extensions, leaf to root. */
function checkExtensions(
  path: readonly Certificate[],
  purpose: VerifyOptions['purpose'],
  strict: boolean,
  complain: Complain,
): void {
  let intermediates = 0;
  /** Under a proxy certificate stands an end entity; under everything else but the leaf's place, an authority. */
  let belowProxy = false;
  path.forEach((certificate, depth) => {
    if (hasUnhandledCriticalExtension(certificate)) complain('UNHANDLED_CRITICAL_EXTENSION', depth);
    if (isProxy(certificate)) complain('PROXY_CERTIFICATES_NOT_ALLOWED', depth);
    const status = authorityStatus(certificate);
    if (belowProxy) {
      if (status !== 'no') complain('INVALID_NON_CA', depth);
    } else if (depth > 0) {
      const mustSaySo = strict || depth < path.length - 1;
      if (status === 'no' || (mustSaySo && status !== 'yes')) complain('INVALID_CA', depth);
    } else if (strict && status !== 'no' && status !== 'yes') complain('INVALID_CA', depth);
    // OpenSSL asks here whether an EC key spells its curve out, and cannot tell for a key it does not know.
    if (path.length > 1 && !certificate.publicKey) complain('UNSPECIFIED', depth);
    if (strict && path.length > 1) {
      for (const code of strictFaults(certificate, depth === path.length - 1)) complain(code, depth);
    }
    if (!servesPurpose(certificate, purpose, depth > 0 && !belowProxy, strict))
      complain('INVALID_PURPOSE', depth);
    const { pathLength } = certificate.extensions.basicConstraints ?? {};
    if (depth > 1 && pathLength !== undefined && intermediates > pathLength)
      complain('PATH_LENGTH_EXCEEDED', depth);
    // RFC 5280 §4.2.1.9 counts "non-self-issued intermediate certificates".
    if (depth > 0 && !isSelfIssued(certificate)) intermediates++;
    belowProxy = isProxy(certificate);
  });
}

const EXTENDED_KEY_USAGES = {
  // Microsoft's and Netscape's "server gated cryptography" of the export-cipher years still count.
  serverAuth: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.4.1.311.10.3.3', '2.16.840.1.113730.4.1'],
  clientAuth: ['1.3.6.1.5.5.7.3.2'],
} as const;
const NETSCAPE_TYPES = { clientAuth: 0x80, serverAuth: 0x40 } as const;

/** check_purpose_ssl_server and check_purpose_ssl_client: extended key usage binds authorities too, and "any" is not enough. */
function servesPurpose(
  certificate: Certificate,
  purpose: VerifyOptions['purpose'],
  mustBeAuthority: boolean,
  strict: boolean,
): boolean {
  // OpenSSL's answer for a certificate it cannot read is "internal error", which only strict mode takes for a no.
  if (isInvalid(certificate)) return !strict;
  const { extendedKeyUsage, keyUsage, netscapeCertType } = certificate.extensions;
  const accepted: readonly string[] = EXTENDED_KEY_USAGES[purpose];
  if (extendedKeyUsage && !extendedKeyUsage.some((usage) => accepted.includes(usage))) return false;
  if (mustBeAuthority) return isTlsAuthority(certificate);
  if (netscapeCertType !== undefined && (netscapeCertType & NETSCAPE_TYPES[purpose]) === 0) return false;
  if (!keyUsage || keyUsage.has('digitalSignature') || keyUsage.has('keyAgreement')) return true;
  return purpose === 'serverAuth' && keyUsage.has('keyEncipherment');
}

/** check_auth_level: keys of issuers, and every signature but the last, on which nothing rests. */
function checkSecurityLevel(path: readonly Certificate[], requiredBits: number, complain: Complain): void {
  if (requiredBits === 0) return;
  path.forEach((certificate, depth) => {
    if (depth > 0 && keySecurityBits(certificate.publicKey) < requiredBits)
      complain('CA_KEY_TOO_SMALL', depth);
    if (depth < path.length - 1 && signatureSecurityBits(certificate) < requiredBits)
      complain('CA_MD_TOO_WEAK', depth);
  });
}

/** internal_verify, root to leaf. A root's own signature is not checked: trust in it comes from having it. */
function checkSignaturesAndTimes(
  path: readonly Certificate[],
  now: Date,
  partialChain: boolean,
  complain: Complain,
): void {
  let depth = path.length - 1;
  const top = path[depth];
  if (!couldHaveIssued(top, top) && !partialChain) {
    // The path ends below a root, so its last certificate can only be used, not checked.
    if (depth > 0) depth--;
    else complain('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 0);
  }
  for (; depth >= 0; depth--) {
    const certificate = path[depth];
    const issuer = path[depth + 1];
    if (issuer) {
      if (!maySignCertificates(issuer)) complain('KEYUSAGE_NO_CERTSIGN', depth + 1);
      if (!issuer.publicKey) complain('UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY', depth + 1);
      else if (!isSignedBy(certificate, issuer)) complain('CERT_SIGNATURE_FAILURE', depth);
    }
    for (const code of timeFault(certificate.notBefore, certificate.notAfter, now)) complain(code, depth);
  }
}

/** check_name_constraints, root to leaf; self-issued authorities are exempt (RFC 5280 §6.1.3 (b)). */
function checkNameConstraints(path: readonly Certificate[], complain: Complain): void {
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const certificate = path[depth];
    if (depth > 0 && isSelfIssued(certificate)) continue;
    if (isProxy(certificate) && !isProxyNameOf(certificate.subject, certificate.issuer)) {
      complain('PROXY_SUBJECT_NAME_VIOLATION', depth);
    }
    for (let above = path.length - 1; above > depth; above--) {
      const constraints = path[above].extensions.nameConstraints;
      const code = constraints && violatedConstraint(certificate, constraints, depth === 0);
      if (code) complain(code, depth);
    }
  }
}

/** RFC 3820 §3.4: a proxy is named like its issuer, with one common name more. */
function isProxyNameOf(subject: Name, issuer: Name): boolean {
  const [extra, ...more] = subject.rdns.slice(issuer.rdns.length);
  return (
    issuer.rdns.length > 0 &&
    more.length === 0 &&
    extra?.length === 1 &&
    extra[0].oid === '2.5.4.3' &&
    issuer.canonicalRdns.every((rdn, index) => rdn === subject.canonicalRdns[index])
  );
}
