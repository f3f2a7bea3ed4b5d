/** From the peer's certificate to a trusted one: OpenSSL's build_chain, which looks among the trusted certificates first. */
import type { Certificate } from './certificate.ts';
import { couldHaveIssued, isSelfIssued, isSelfSigned, sameCertificate } from './issuance.ts';
import { whenIs } from './time.ts';
import type { VerdictCode } from './verdicts.ts';

/** OpenSSL's default: at most a hundred certificates above the leaf. */
const MAX_DEPTH = 100;

export interface Path {
  /** Leaf first. */
  readonly certificates: Certificate[];
  /** Why the path ends at nobody trusted; empty when it ends at an anchor. */
  readonly codes: readonly VerdictCode[];
  /** OpenSSL gave up in the middle; nothing else is then checked. */
  readonly aborted: boolean;
}

export function buildPath(
  peer: readonly Certificate[],
  anchors: readonly Certificate[],
  now: Date,
  partialChain: boolean,
): Path {
  const path = [peer[0]];
  const unused = [...peer];
  /** Once the path has reached a certificate of ours, the peer's do not come into it any more. */
  let peerMayHelp = true;
  const ended = (...codes: VerdictCode[]): Path => ({ certificates: path, codes, aborted: false });

  while (path.length <= MAX_DEPTH + 1) {
    const current = path[path.length - 1];
    const anchor = bestIssuer(anchors, current, now);
    // OpenSSL cannot tell whether a certificate is self-signed when it does not know its key.
    if (anchor && !current.publicKey) return { ...ended('UNSPECIFIED'), aborted: true };
    if (anchor && !isSelfSigned(current)) {
      path.push(anchor);
      peerMayHelp = false;
      if (partialChain || isSelfSigned(anchor)) return ended();
      continue;
    }
    // The very certificate must be among the trusted ones: another of the same name may be a mimic.
    if (anchor && sameCertificate(anchor, current)) return ended();
    const issuer =
      peerMayHelp && !isSelfSigned(current)
        ? bestIssuer(unused.filter(isFresh(path)), current, now)
        : undefined;
    if (!issuer) break;
    unused.splice(unused.indexOf(issuer), 1);
    path.push(issuer);
  }

  const isTooLong = path.length > MAX_DEPTH + 1;
  // With partial chains the peer's own certificate may be the trusted one, if no path led to another.
  const isItselfTrusted = () => anchors.some((anchor) => sameCertificate(anchor, path[0]));
  if (partialChain && peerMayHelp && !isTooLong && isItselfTrusted()) return ended();
  return ended(...(isTooLong ? (['CERT_CHAIN_TOO_LONG'] as const) : []), whyUntrusted(path, peerMayHelp));
}

function whyUntrusted(path: readonly Certificate[], allFromPeer: boolean): VerdictCode {
  if (isSelfSigned(path[path.length - 1])) {
    return path.length === 1 ? 'DEPTH_ZERO_SELF_SIGNED_CERT' : 'SELF_SIGNED_CERT_IN_CHAIN';
  }
  return allFromPeer ? 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' : 'UNABLE_TO_GET_ISSUER_CERT';
}

/** No certificate twice, or two authorities that certify each other would lead round in circles. */
function isFresh(path: readonly Certificate[]): (candidate: Certificate) => boolean {
  const anyWillDo = path.length === 1 && isSelfIssued(path[0]);
  return (candidate) => anyWillDo || !path.some((member) => sameCertificate(member, candidate));
}

/** The first possible issuer that is valid now; if none is, the one that expires last. */
function bestIssuer(
  candidates: readonly Certificate[],
  subject: Certificate,
  now: Date,
): Certificate | undefined {
  let best: Certificate | undefined;
  for (const candidate of candidates) {
    if (!couldHaveIssued(candidate, subject)) continue;
    if (isValidAt(candidate, now)) return candidate;
    if (!best || candidate.notAfter > best.notAfter) best = candidate;
  }
  return best;
}

function isValidAt({ notBefore, notAfter }: Certificate, now: Date): boolean {
  return timeFault(notBefore, notAfter, now).length === 0;
}

/** What the clock says against a certificate: nothing, one thing, or with broken fields two. */
export function timeFault(notBefore: Date, notAfter: Date, now: Date): VerdictCode[] {
  const codes: VerdictCode[] = [];
  const [begun, over] = [whenIs(notBefore, now), whenIs(notAfter, now)];
  if (begun === 'unreadable') codes.push('ERROR_IN_CERT_NOT_BEFORE_FIELD');
  else if (begun === 'future') codes.push('CERT_NOT_YET_VALID');
  if (over === 'unreadable') codes.push('ERROR_IN_CERT_NOT_AFTER_FIELD');
  else if (over === 'past') codes.push('CERT_HAS_EXPIRED');
  return codes;
}
