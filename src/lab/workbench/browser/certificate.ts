/** What is behind the padlock: whether the connection holds and why not, and each certificate of the chain, opened. */
import type { BrowserPage } from '../../../sandbox/index.ts';
import { addressOfError, ERRORS_PAGE, type ErrorCode, ui } from '../../../text/index.ts';
import { type CertificateSummary, certificateSummary } from '../../../wire/index.ts';
import { element } from '../elements.ts';

const words = ui.browser;
const said = words.certificate;
const DAY_MS = 24 * 3600 * 1000;

/** The connection of a page, in words and fields. */
export function connectionOf({ address, security, refusal, certificates }: BrowserPage): Node {
  const shown = document.createDocumentFragment();
  const chain = certificates.map(certificateSummary);
  shown.append(element('p', 'connection', words.explains[security]));
  if (refusal) shown.append(refusalOf(refusal, chain));
  const authority = chain.at(-1);
  if (security === 'secure' && authority)
    shown.append(element('p', '', words.vouches(nameOf(authority.subject), new URL(address).hostname)));
  certificates.forEach((der, at) => {
    shown.append(certificateOf(der, chain[at], at, certificates.length));
  });
  return shown;
}

/** Chromium's name for what went wrong, in words, and where the page of errors tells more. */
function refusalOf(name: string, chain: readonly (CertificateSummary | undefined)[]): Node {
  const told = element('p', 'refusal', '');
  const link = element('a', '', words.what) as HTMLAnchorElement;
  link.href = explained(name, chain);
  told.append(element('code', '', name), ` ${words.refusals[name] ?? words.refusalOther} `, link);
  return told;
}

/** A browser has fewer names than Node.js: by the chain one can tell which of Node's it is. */
function explained(name: string, chain: readonly (CertificateSummary | undefined)[]): string {
  const code = codeFor(name, chain);
  if (code) return addressOfError(code);
  return `${ERRORS_PAGE}#${name.startsWith('ERR_CERT') ? 'certificates' : 'handshake'}`;
}

function codeFor(name: string, chain: readonly (CertificateSummary | undefined)[]): ErrorCode | undefined {
  if (name !== 'ERR_CERT_AUTHORITY_INVALID' && name !== 'ERR_CERT_DATE_INVALID') return CODES[name];
  if (name === 'ERR_CERT_DATE_INVALID')
    return chain.some((each) => each && each.notAfter < Date.now())
      ? 'CERT_HAS_EXPIRED'
      : 'CERT_NOT_YET_VALID';
  if (chain.at(-1)?.isSelfIssued)
    return chain.length === 1 ? 'DEPTH_ZERO_SELF_SIGNED_CERT' : 'SELF_SIGNED_CERT_IN_CHAIN';
  return chain.length === 1 ? 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' : 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY';
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  ERR_CERT_COMMON_NAME_INVALID: 'ERR_TLS_CERT_ALTNAME_INVALID',
  ERR_CERT_REVOKED: 'CERT_REVOKED',
  ERR_BAD_SSL_CLIENT_AUTH_CERT: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
  ERR_CONNECTION_REFUSED: 'ECONNREFUSED',
  ERR_CONNECTION_RESET: 'ECONNRESET',
  ERR_NAME_NOT_RESOLVED: 'ENOTFOUND',
};

/** `Tally CA` of `CN=Tally CA, O=Tally`; the whole where there is no common name. */
const nameOf = (name: string): string => /(?:^|, )CN=([^,]+)/.exec(name)?.[1] ?? (name || said.unnamed);

function certificateOf(
  der: Uint8Array,
  summary: CertificateSummary | undefined,
  at: number,
  count: number,
): Node {
  const made = document.createElement('details');
  made.className = 'certificate';
  made.open = at === 0;
  const kind =
    at === 0 ? said.leaf : at === count - 1 && summary?.isSelfIssued ? said.authority : said.intermediate;
  const head = element('summary', '', '');
  head.append(element('b', '', kind), ` ${summary ? nameOf(summary.subject) : ''}`);
  const list = element('dl', '', '');
  const fields = summary ? fieldsOf(summary, der) : ([[said.rows.subject, said.unreadable]] as const);
  for (const [name, content] of fields) {
    const cell = element('dd', '', '');
    cell.append(content);
    list.append(element('dt', '', name), cell);
  }
  made.append(head, list);
  return made;
}

function fieldsOf(of: CertificateSummary, der: Uint8Array): (readonly [string, string | Node])[] {
  const { rows } = said;
  const now = Date.now();
  const from = said.time(of.notBefore) + (now < of.notBefore ? `: ${said.notYet}` : '');
  const left = now > of.notAfter ? said.over : said.left(Math.floor((of.notAfter - now) / DAY_MS));
  const uses = [...of.extendedKeyUsage, ...of.keyUsage].join(', ') || said.anyUse;
  // An authority needs no name that a host could be called by.
  const names = of.names.join(', ') || (of.isAuthority ? said.noHost : said.noNames);
  return [
    [rows.subject, of.subject || said.unnamed],
    [rows.names, names],
    [rows.issuer, of.isSelfIssued ? `${of.issuer} (${said.itself})` : of.issuer],
    [rows.from, from],
    [rows.to, `${said.time(of.notAfter)}: ${left}`],
    [rows.key, of.key],
    [rows.uses, `${uses}; ${of.isAuthority ? said.signs : said.signsNot}`],
    [rows.fingerprint, fingerprintOf(der)],
    [rows.signature, of.signature],
    [rows.serial, of.serialNumber],
  ];
}

/** SHA-256 over the certificate as it is in DER: what a pin, and in lesson 10 a token, is compared with. */
function fingerprintOf(der: Uint8Array): HTMLElement {
  const shown = element('span', 'fingerprint', '…');
  void crypto.subtle?.digest('SHA-256', der as Uint8Array<ArrayBuffer>).then((digest) => {
    const pairs = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase());
    shown.textContent = pairs.join(':');
  });
  return shown;
}
