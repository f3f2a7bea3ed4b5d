/**
 * Whether any certificate of a path has been revoked: OpenSSL's check_revocation with X509_V_FLAG_CRL_CHECK_ALL, as Node
 * sets it once `crl` is given. Every certificate then needs a list, the root included. Lists that speak for others
 * (indirect), for some reasons only, or of what changed (delta) do not count: Node does not set the flags for them.
 * RFC 5280 §6.3 is the standard.
 */
import { equal } from './bytes.ts';
import type { Certificate } from './certificate.ts';
import { ALL_REASONS, type Scope, samePoint } from './distribution-points.ts';
import { authorityKeyMatches, isProxy } from './issuance.ts';
import { REMOVED_FROM_LIST, type RevocationList, serialKey } from './revocation-list.ts';
import { signatureAlgorithm, verify } from './signatures.ts';
import { whenIs } from './time.ts';
import type { VerdictCode } from './verdicts.ts';

type Complain = (code: VerdictCode, depth: number) => void;

/** check_revocation, leaf to root: complains of each certificate that is revoked or cannot be shown not to be. */
export function checkRevocation(
  path: readonly Certificate[],
  lists: readonly RevocationList[],
  now: Date,
  complain: Complain,
): void {
  path.forEach((certificate, depth) => {
    if (isProxy(certificate)) return;
    let answered = 0;
    while (answered !== ALL_REASONS) {
      const chosen = chooseList(path, depth, lists, answered, now);
      if (chosen) {
        for (const code of listFaults(chosen, now)) complain(code, depth);
        for (const code of certificateFaults(certificate, chosen.list)) complain(code, depth);
      }
      if (!chosen || chosen.reasons === answered) {
        complain('UNABLE_TO_GET_CRL', depth);
        return;
      }
      answered = chosen.reasons;
    }
  });
}

/** What a list has going for it. The weights are OpenSSL's (CRL_SCORE_…): lists are compared by their sum. */
const Score = {
  knownExtensionsOnly: 0x100,
  inScope: 0x80,
  timely: 0x40,
  issuerName: 0x20,
  certificateIssuer: 0x18,
  onPath: 0x08,
  authorityKey: 0x04,
} as const;

interface Rated {
  readonly list: RevocationList;
  readonly score: number;
  /** Whose key is to have signed it. */
  readonly issuer: Certificate;
  /** The reasons of revocation that are answered once this list has been read. */
  readonly reasons: number;
}

/** get_crl_sk: the list with the highest score, of several such the newest. */
function chooseList(
  path: readonly Certificate[],
  depth: number,
  lists: readonly RevocationList[],
  reasons: number,
  now: Date,
): Rated | undefined {
  let best: Rated | undefined;
  for (const list of lists) {
    const rated = rate(path, depth, list, reasons, now);
    if (!rated) continue;
    const isBetter =
      !best ||
      rated.score > best.score ||
      (rated.score === best.score && list.thisUpdate > best.list.thisUpdate);
    if (isBetter) best = rated;
  }
  return best;
}

/** get_crl_score; undefined for a list that has nothing to say of the certificate. */
function rate(
  path: readonly Certificate[],
  depth: number,
  list: RevocationList,
  reasons: number,
  now: Date,
): Rated | undefined {
  const { scope } = list;
  if (list.isDelta || (scope && !isUsable(scope))) return undefined;
  if (list.issuer.canonical !== path[depth].issuer.canonical) return undefined;
  let score: number = Score.issuerName;
  if (!list.hasUnhandledCriticalExtension) score |= Score.knownExtensionsOnly;
  if (timeFaults(list, now).length === 0) score |= Score.timely;
  const [issuer, points] = findIssuer(path, depth, list) ?? [];
  if (!issuer || !points) return undefined;
  score |= points;
  const answered = reasonsInScope(path[depth], list);
  if (answered === undefined) return { list, score, issuer, reasons };
  if ((answered & ~reasons) === 0) return undefined;
  return { list, score: score | Score.inScope, issuer, reasons: reasons | answered };
}

/** RFC 5280 §5.2.5: a scope says something, and at most one of the three "only". */
function isUsable(scope: Scope): boolean {
  const { onlyUserCertificates, onlyAuthorityCertificates, onlyAttributeCertificates } = scope;
  if (scope.isIndirect || scope.onlyReasons !== undefined) return false;
  const only = [onlyUserCertificates, onlyAuthorityCertificates, onlyAttributeCertificates].filter(Boolean);
  return only.length === 1 || (only.length === 0 && scope.name !== undefined);
}

/** crl_akid_check: the certificate's own issuer, or someone of the list's issuer's name further up the path. */
function findIssuer(
  path: readonly Certificate[],
  depth: number,
  { issuer, authorityKeyIdentifier }: RevocationList,
): [Certificate, number] | undefined {
  const next = Math.min(depth + 1, path.length - 1);
  if (authorityKeyMatches(path[next], authorityKeyIdentifier))
    return [path[next], Score.authorityKey | Score.certificateIssuer];
  const above = path
    .slice(next + 1)
    .find(
      (one) => one.subject.canonical === issuer.canonical && authorityKeyMatches(one, authorityKeyIdentifier),
    );
  return above && [above, Score.authorityKey | Score.onPath];
}

/** crl_crldp_check: for which reasons the list answers for this certificate; undefined when it does not speak of it. */
function reasonsInScope(certificate: Certificate, { scope, issuer }: RevocationList): number | undefined {
  if (scope?.onlyAttributeCertificates) return undefined;
  const isAuthority = certificate.extensions.basicConstraints?.isAuthority === true;
  if (isAuthority ? scope?.onlyUserCertificates : scope?.onlyAuthorityCertificates) return undefined;
  for (const { name, reasons, crlIssuer } of certificate.extensions.crlDistributionPoints ?? []) {
    const named = crlIssuer?.flatMap((one) => (one.kind === 'directory' ? [one.name] : []));
    if (named && !named.some(({ canonical }) => canonical === issuer.canonical)) continue;
    if (samePoint(name, named?.[0] ?? certificate.issuer, scope?.name, issuer)) return reasons;
  }
  return scope?.name ? undefined : ALL_REASONS;
}

/** check_crl: what is wrong with the list itself. */
function listFaults({ list, score, issuer }: Rated, now: Date): VerdictCode[] {
  const codes: VerdictCode[] = [];
  const { keyUsage } = issuer.extensions;
  if (keyUsage && !keyUsage.has('cRLSign')) codes.push('KEYUSAGE_NO_CRL_SIGN');
  if ((score & Score.inScope) === 0) codes.push('DIFFERENT_CRL_SCOPE');
  codes.push(...timeFaults(list, now));
  if (!issuer.publicKey) codes.push('UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY');
  else if (!isListSignedBy(list, issuer)) codes.push('CRL_SIGNATURE_FAILURE');
  return codes;
}

/** check_crl_time. */
function timeFaults({ thisUpdate, nextUpdate }: RevocationList, now: Date): VerdictCode[] {
  const codes: VerdictCode[] = [];
  const begun = whenIs(thisUpdate, now);
  if (begun === 'unreadable') codes.push('ERROR_IN_CRL_LAST_UPDATE_FIELD');
  else if (begun === 'future') codes.push('CRL_NOT_YET_VALID');
  const over = nextUpdate && whenIs(nextUpdate, now);
  if (over === 'unreadable') codes.push('ERROR_IN_CRL_NEXT_UPDATE_FIELD');
  else if (over === 'past') codes.push('CRL_HAS_EXPIRED');
  return codes;
}

/** cert_crl: what the list says of the certificate. */
function certificateFaults(certificate: Certificate, list: RevocationList): VerdictCode[] {
  const codes: VerdictCode[] = [];
  // Such an extension may change what the entries mean.
  if (list.hasUnhandledCriticalExtension) codes.push('UNHANDLED_CRITICAL_CRL_EXTENSION');
  const entry = list.revoked
    .get(serialKey(certificate.serial))
    ?.find(({ issuer }) =>
      issuer
        ? issuer.some(
            (one) => one.kind === 'directory' && one.name.canonical === certificate.issuer.canonical,
          )
        : certificate.issuer.canonical === list.issuer.canonical,
    );
  if (entry && entry.reason !== REMOVED_FROM_LIST) codes.push('CERT_REVOKED');
  return codes;
}

const verified = new WeakMap<RevocationList, WeakMap<Certificate, boolean>>();

/** Whether `issuer`'s key signed the list. The answer is kept: the same lists come into every connection. */
function isListSignedBy(list: RevocationList, issuer: Certificate): boolean {
  let byIssuer = verified.get(list);
  if (!byIssuer) {
    byIssuer = new WeakMap();
    verified.set(list, byIssuer);
  }
  let answer = byIssuer.get(issuer);
  if (answer === undefined) {
    const algorithm = signatureAlgorithm(list.signatureAlgorithm);
    answer =
      equal(list.signatureAlgorithm.bytes, list.innerSignatureAlgorithm.bytes) &&
      algorithm !== undefined &&
      issuer.publicKey !== undefined &&
      verify(algorithm, issuer.publicKey, list.tbs, list.signature);
    byIssuer.set(issuer, answer);
  }
  return answer;
}
