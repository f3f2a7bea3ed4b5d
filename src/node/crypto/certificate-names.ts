/**
 * Whether a certificate is for a host, an e-mail address or an IP address, by OpenSSL's rules (X509_check_host and
 * its sisters). Node's TLS client has rules of its own in `tls.checkServerIdentity`; these serve `X509Certificate`.
 */
import type { Certificate } from '../../x509/index.ts';

export const X509_CHECK_FLAG_ALWAYS_CHECK_SUBJECT = 1;
export const X509_CHECK_FLAG_NO_WILDCARDS = 2;
export const X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS = 4;
export const X509_CHECK_FLAG_MULTI_LABEL_WILDCARDS = 8;
export const X509_CHECK_FLAG_SINGLE_LABEL_SUBDOMAINS = 16;
export const X509_CHECK_FLAG_NEVER_CHECK_SUBJECT = 32;

const COMMON_NAME = '2.5.4.3';
const EMAIL_ADDRESS = '1.2.840.113549.1.9.1';

type Match = (pattern: string) => boolean;

/** The name in the certificate that fits, or undefined. The subject counts only where no alternative name of the kind exists. */
function findName(
  certificate: Certificate,
  kind: 'dns' | 'email',
  attribute: string,
  flags: number,
  matches: Match,
): string | undefined {
  let hasAlternative = false;
  for (const name of certificate.extensions.subjectAltName ?? []) {
    if (name.kind !== kind) continue;
    hasAlternative = true;
    if (matches((name as { text: string }).text)) return (name as { text: string }).text;
  }
  if (hasAlternative && !(flags & X509_CHECK_FLAG_ALWAYS_CHECK_SUBJECT)) return undefined;
  if (flags & X509_CHECK_FLAG_NEVER_CHECK_SUBJECT) return undefined;
  const inSubject = certificate.subject.rdns.flat().filter(({ oid }) => oid === attribute);
  return inSubject.find(({ text }) => matches(text))?.text;
}

export function checkHost(certificate: Certificate, host: string, flags: number): string | undefined {
  const matches: Match = (pattern) =>
    flags & X509_CHECK_FLAG_NO_WILDCARDS
      ? equalHost(pattern, host, flags)
      : equalWildcard(pattern, host, flags);
  return findName(certificate, 'dns', COMMON_NAME, flags, matches);
}

export function checkEmail(certificate: Certificate, email: string, flags: number): string | undefined {
  return findName(certificate, 'email', EMAIL_ADDRESS, flags, (pattern) => equalEmail(pattern, email));
}

export function checkAddress(certificate: Certificate, address: Uint8Array): boolean {
  return (certificate.extensions.subjectAltName ?? []).some(
    (name) =>
      name.kind === 'ip' &&
      name.bytes.length === address.length &&
      name.bytes.every((byte, index) => byte === address[index]),
  );
}

const lower = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** Without regard to case. `.example.com` also matches everything under that domain, or one label with the flag for it. */
function equalHost(pattern: string, host: string, flags: number): boolean {
  let compared = pattern;
  if (host.length > 1 && host.startsWith('.')) {
    let skipped = 0;
    while (pattern.length - skipped > host.length) {
      if (flags & X509_CHECK_FLAG_SINGLE_LABEL_SUBDOMAINS && pattern[skipped] === '.') break;
      skipped++;
    }
    if (pattern.length - skipped === host.length) compared = pattern.slice(skipped);
  }
  return lower(compared) === lower(host);
}

/** The domain without regard to case, the part before the @ exactly. */
function equalEmail(pattern: string, email: string): boolean {
  const at = Math.max(pattern.lastIndexOf('@'), email.lastIndexOf('@'));
  if (pattern.length !== email.length) return false;
  if (at <= 0) return pattern === email;
  return pattern.slice(0, at) === email.slice(0, at) && lower(pattern.slice(at)) === lower(email.slice(at));
}

function equalWildcard(pattern: string, host: string, flags: number): boolean {
  const star = host.length > 1 && host.startsWith('.') ? -1 : starPosition(pattern, flags);
  if (star < 0) return equalHost(pattern, host, flags);
  return wildcardMatches(pattern.slice(0, star), pattern.slice(star + 1), host, flags);
}

/** Where the one permissible `*` stands: in the first of at least three labels, at an edge of it. -1 if there is none such. */
function starPosition(pattern: string, flags: number): number {
  const labels = pattern.split('.');
  const star = pattern.indexOf('*');
  if (star < 0 || pattern.indexOf('*', star + 1) >= 0 || star >= labels[0].length || labels.length < 3)
    return -1;
  const [first] = labels;
  const atStart = star === 0;
  const atEnd = star === first.length - 1;
  if (!atStart && !atEnd) return -1;
  if (flags & X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS && !(atStart && atEnd)) return -1;
  if (!atStart && /^xn--/i.test(first)) return -1;
  const isLabel = (label: string) => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i.test(label);
  // The star stands for a letter as far as the shape of its label goes.
  return labels.every((label, index) => isLabel(index === 0 ? label.replace('*', 'a') : label)) ? star : -1;
}

function wildcardMatches(prefix: string, suffix: string, host: string, flags: number): boolean {
  if (host.length < prefix.length + suffix.length) return false;
  if (lower(host.slice(0, prefix.length)) !== lower(prefix)) return false;
  const end = host.length - suffix.length;
  if (lower(host.slice(end)) !== lower(suffix)) return false;
  const matched = host.slice(prefix.length, end);
  const wholeLabel = prefix === '' && suffix.startsWith('.');
  if (wholeLabel && matched === '') return false;
  if (!wholeLabel && /^xn--/i.test(host.slice(prefix.length))) return false;
  if (matched === '*') return true;
  const several = wholeLabel && (flags & X509_CHECK_FLAG_MULTI_LABEL_WILDCARDS) !== 0;
  return (several ? /^[a-z0-9.-]*$/i : /^[a-z0-9-]*$/i).test(matched);
}

/** The bytes of an address in text form, or undefined. RFC 4291 §2.2. */
export function parseAddress(text: string): Uint8Array | undefined {
  if (!text.includes(':')) return parseVersion4(text);
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === '' ? [] : parseGroups(half)));
  if (!head || (halves.length === 2 && !tail)) return undefined;
  const missing = 16 - head.length - (tail?.length ?? 0);
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  return Uint8Array.from([...head, ...new Array<number>(Math.max(0, missing)).fill(0), ...(tail ?? [])]);
}

function parseVersion4(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined;
  return Uint8Array.from(parts, Number);
}

function parseGroups(text: string): number[] | undefined {
  const groups = text.split(':');
  const bytes: number[] = [];
  for (const [index, group] of groups.entries()) {
    const embedded = index === groups.length - 1 && group.includes('.') ? parseVersion4(group) : undefined;
    if (embedded) bytes.push(...embedded);
    else if (/^[\da-f]{1,4}$/i.test(group))
      bytes.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255);
    else return undefined;
  }
  return bytes;
}
