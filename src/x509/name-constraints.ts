/** Name constraints (RFC 5280 §4.2.1.10): an authority may be limited to some names. Verdicts are those of OpenSSL's v3_ncons.c. */
import type { Certificate } from './certificate.ts';
import { Tag } from './der.ts';
import type { NameConstraints, Subtree } from './extensions.ts';
import type { GeneralName } from './general-names.ts';
import type { Name } from './names.ts';
import type { VerdictCode } from './verdicts.ts';

const COMMON_NAME = '2.5.4.3';
const EMAIL_ADDRESS = '1.2.840.113549.1.9.1';
const SMTP_UTF8_MAILBOX = '1.3.6.1.5.5.7.8.9';

/** Names times constraints: more than this is an attempt to keep the verifier busy (CVE-2017-3735's family). */
const MAX_COMPARISONS = 2 ** 20;

/** What one authority's constraints say against a certificate below it, or null. */
export function violatedConstraint(
  certificate: Certificate,
  constraints: NameConstraints,
  isLeaf: boolean,
): VerdictCode | null {
  const { subject } = certificate;
  const alternatives = certificate.extensions.subjectAltName ?? [];
  const attributes = subject.rdns.flat();
  const comparisons =
    (attributes.length + alternatives.length) * (constraints.permitted.length + constraints.excluded.length);
  if (comparisons > MAX_COMPARISONS) return 'UNSPECIFIED';

  const names: GeneralName[] = [];
  if (attributes.length > 0) names.push({ kind: 'directory', name: subject });
  for (const { oid, tag, text } of attributes) {
    if (oid !== EMAIL_ADDRESS) continue;
    names.push(tag === Tag.ia5String ? { kind: 'email', text } : MALFORMED);
  }
  names.push(...alternatives);
  // A common name that looks like a host name counts as one where no DNS name is given: clients used to read it so.
  if (isLeaf && !alternatives.some(({ kind }) => kind === 'dns')) names.push(...commonNamesAsHosts(subject));

  for (const name of names) {
    const code = name === MALFORMED ? 'UNSUPPORTED_NAME_SYNTAX' : judge(name, constraints);
    if (code) return code;
  }
  return null;
}

/** Stands for a name whose very syntax refuses the certificate, once its turn comes. */
const MALFORMED: GeneralName = { kind: 'email', text: '' };

/** At least one permitted subtree of the name's own kind must hold it, if there are any; no excluded one may. */
function judge(name: GeneralName, { permitted, excluded }: NameConstraints): VerdictCode | null {
  // Taken out of the URI once, and not for each of what may be thousands of subtrees.
  const host = name.kind === 'uri' ? hostOf(name.text) : undefined;
  let candidates = 0;
  let isPermitted = false;
  for (const subtree of permitted) {
    if (!isSameKind(name, subtree.base)) continue;
    if (subtree.hasRange) return 'SUBTREE_MINMAX';
    candidates++;
    if (isPermitted) continue;
    const within = isWithin(name, host, subtree);
    if (typeof within === 'string') return within;
    isPermitted = within;
  }
  if (candidates > 0 && !isPermitted) return 'PERMITTED_VIOLATION';
  for (const subtree of excluded) {
    if (!isSameKind(name, subtree.base)) continue;
    if (subtree.hasRange) return 'SUBTREE_MINMAX';
    const within = isWithin(name, host, subtree);
    if (typeof within === 'string') return within;
    if (within) return 'EXCLUDED_VIOLATION';
  }
  return null;
}

function isSameKind(name: GeneralName, base: GeneralName): boolean {
  // RFC 9598 §6: an internationalised mailbox is subject to constraints on e-mail addresses.
  if (name.kind === 'other' && name.oid === SMTP_UTF8_MAILBOX) return base.kind === 'email';
  if (name.kind === 'other') return base.kind === 'other' && base.oid === name.oid;
  return name.kind === base.kind;
}

/** A code where the question cannot be answered, which refuses the certificate. */
function isWithin(name: GeneralName, host: string | undefined, { base }: Subtree): boolean | VerdictCode {
  if (name.kind === 'directory' && base.kind === 'directory') return isNameWithin(name.name, base.name);
  if (name.kind === 'dns' && base.kind === 'dns') return isHostWithin(name.text, base.text);
  if (name.kind === 'email' && base.kind === 'email') return isEmailWithin(name.text, base.text);
  if (name.kind === 'uri' && base.kind === 'uri') return isHostOfUriWithin(host, base.text);
  if (name.kind === 'ip' && base.kind === 'ip') return isAddressWithin(name.bytes, base.bytes);
  return 'UNSUPPORTED_CONSTRAINT_TYPE';
}

function isNameWithin(name: Name, base: Name): boolean {
  return base.canonicalRdns.every((rdn, index) => rdn === name.canonicalRdns[index]);
}

/** ASCII only: other letters have no case here. */
function lower(code: number): number {
  return code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
}

/** Character by character from the end, with nothing made on the way: a chain may ask for millions of these. */
function endsWith(text: string, end: string): boolean {
  const ahead = text.length - end.length;
  if (ahead < 0) return false;
  for (let index = end.length - 1; index >= 0; index--) {
    if (lower(text.charCodeAt(ahead + index)) !== lower(end.charCodeAt(index))) return false;
  }
  return true;
}

const isSame = (a: string, b: string) => a.length === b.length && endsWith(a, b);

/** `example.com` holds itself and everything below it; `.example.com` only what is below; nothing at all holds everything. */
function isHostWithin(host: string, base: string): boolean {
  if (base === '') return true;
  if (!endsWith(host, base)) return false;
  return host.length === base.length || base.startsWith('.') || host.at(-base.length - 1) === '.';
}

/** `lastIndexOf('@')`, which costs many times as much. */
function lastAt(text: string): number {
  let index = text.length - 1;
  while (index >= 0 && text.charCodeAt(index) !== 0x40) index--;
  return index;
}

/** A base is a mailbox, a host, or with a leading dot every host below it. The part before @ is compared letter by letter. */
function isEmailWithin(address: string, base: string): boolean | VerdictCode {
  const at = lastAt(address);
  if (at < 0) return 'UNSUPPORTED_NAME_SYNTAX';
  const baseAt = lastAt(base);
  if (baseAt < 0 && base.startsWith('.')) {
    return address.length > base.length && endsWith(address, base);
  }
  if (baseAt > 0) {
    if (at !== baseAt) return false;
    const [mailbox, baseMailbox] = [address.slice(0, at), base.slice(0, baseAt)];
    if (mailbox.includes('\0') || baseMailbox.includes('\0')) return 'UNSUPPORTED_NAME_SYNTAX';
    if (mailbox !== baseMailbox) return false;
  }
  return isSame(address.slice(at + 1), base.slice(baseAt + 1));
}

/** What follows `scheme://`: optional user, host or an address in brackets, optional port, then nothing or a path, a query or a fragment. */
const AUTHORITY = /^(?:[^/?#@]*@)?(?<host>\[[^\]]*\]|(?!\[)[^:/?#]*)(?::(?<port>\d+))?(?:[/?#]|$)/;

/** Undefined where there is none, or a port that is none. */
function hostOf(uri: string): string | undefined {
  const [text] = uri.split('\0');
  const schemeEnd = text.indexOf('://');
  const { host, port } = (schemeEnd > 0 && AUTHORITY.exec(text.slice(schemeEnd + 3))?.groups) || {};
  return Number(port ?? 0) > 65535 ? undefined : host;
}

function isHostOfUriWithin(host: string | undefined, base: string): boolean | VerdictCode {
  if (host === undefined) return 'UNSUPPORTED_NAME_SYNTAX';
  if (base.startsWith('.')) return host.length > base.length && endsWith(host, base);
  return isSame(host, base);
}

/** The base is an address and a mask. */
function isAddressWithin(address: Uint8Array, base: Uint8Array): boolean | VerdictCode {
  const { length } = address;
  if ((length !== 4 && length !== 16) || (base.length !== 8 && base.length !== 32))
    return 'UNSUPPORTED_NAME_SYNTAX';
  if (base.length !== 2 * length) return false;
  return address.every((octet, index) => ((octet ^ base[index]) & base[length + index]) === 0);
}

/** Labels of letters, digits, _ and inner hyphens, at least two of them: OpenSSL's cn2dnsid. */
const HOST = /^(?:\w|\w[\w-]*\w)(?:\.(?:\w|\w[\w-]*\w))+$/;

function commonNamesAsHosts(subject: Name): GeneralName[] {
  return subject.rdns
    .flat()
    .filter(({ oid }) => oid === COMMON_NAME)
    .map(({ text }) => trimTrailingNulls(text))
    .filter((text) => HOST.test(text) || text.includes('\0'))
    .map((text): GeneralName => (text.includes('\0') ? MALFORMED : { kind: 'dns', text }));
}

function trimTrailingNulls(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '\0') end--;
  return text.slice(0, end);
}
