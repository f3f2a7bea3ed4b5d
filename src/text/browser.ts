/** Cookies are described by a draft: its sections, by attribute. */
const COOKIES = 'https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-';

/** What the pane of a person's browser says. */
export const browserWords = {
  /** "ana" → "Ana’s browser". */
  title: (name: string) => `${name[0].toUpperCase()}${name.slice(1)}’s browser`,
  back: 'Back',
  reload: 'Reload',
  view: 'Show',
  views: {
    page: 'Page',
    cookies: 'Cookies',
    storage: 'Storage',
    source: 'Source',
    certificate: 'Connection',
  },
  address: 'Address',
  nothing: 'Nothing yet: no page has been opened.',
  nothingSent: 'The server sent nothing.',
  noCookies: 'This browser holds no cookies.',
  cookieHeads: ['Name', 'Value', 'Sent to', 'Attributes'],
  /** An attribute, in words, and the section of RFC 6265bis that says so. */
  cookieSays: {
    secure: ['Secure', 'only over TLS', '4.1.2.5'],
    insecure: ['no Secure', 'over plain HTTP, too', '4.1.2.5'],
    httpOnly: ['HttpOnly', 'no script of a page can read it', '4.1.2.6'],
    script: ['no HttpOnly', 'every script in the page can read it', '4.1.2.6'],
    Strict: ['SameSite=Strict', 'only with what this site itself asks for', '4.1.2.7'],
    Lax: ['SameSite=Lax', 'not with what other sites ask for, but with a link that leads here', '4.1.2.7'],
    None: ['SameSite=None', 'also with what other sites ask for', '4.1.2.7'],
    session: ['no Expires', 'until the browser is closed', '4.1.2.1'],
  },
  cookieExpires: (when: string) => ['Expires', `until ${when}`, '4.1.2.1'] as const,
  cookieHost: (host: string) => `${host}, and no other host`,
  cookieDomain: (domain: string) => `${domain} and every host below it`,
  cookiePath: (path: string) => (path === '/' ? '' : `, from ${path} on`),
  cookieSection: (section: string) => ({ text: `§${section}`, href: COOKIES + section }),
  cookieNote: 'The sections are those of RFC 6265bis.',
  noStorage: 'The page’s origin has stored nothing.',
  storageHeads: ['Key', 'Value'],
  security: { none: 'No page', secure: 'Secure', plain: 'Not secure', refused: 'Refused' },
  /** The padlock’s full name. */
  padlock: (word: string) => `Connection: ${word}`,
  explains: {
    none: 'No page has been opened.',
    secure: 'TLS: nobody on the path can read this page or change it, unseen.',
    plain: 'Plain HTTP: whoever is on the path can read and change it.',
    refused: 'The connection was refused, and no request was sent on it.',
  },
  vouches: (authority: string, host: string) =>
    `${authority}, an authority that this browser trusts, vouches for ${host}.`,
  certificateLoading: 'The certificates are being opened.',
  certificateFailed: 'This part of the page could not be loaded. Is the network gone?',
  certificate: {
    leaf: 'The server’s certificate',
    intermediate: 'Its issuer',
    authority: 'The authority',
    unreadable: 'These bytes are no certificate.',
    unnamed: 'nobody named',
    rows: {
      subject: 'Whose',
      names: 'Names',
      issuer: 'Signed by',
      from: 'Valid from',
      to: 'Valid to',
      key: 'Key',
      uses: 'For',
      signature: 'Signature',
      serial: 'Serial number',
      fingerprint: 'SHA-256 fingerprint',
    },
    itself: 'itself',
    noNames: 'none, so no host can show it',
    noHost: 'none of a host',
    anyUse: 'nothing is said',
    signs: 'may sign certificates',
    signsNot: 'may sign none',
    time: (milliseconds: number) =>
      Number.isNaN(milliseconds)
        ? 'no time that can be read'
        : `${new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    left: (days: number) => (days === 1 ? '1 day left' : `${days} days left`),
    over: 'that is over',
    notYet: 'that is still to come',
  },
  /** Why a connection was not made, by Chromium’s name for it. */
  refusals: {
    ERR_CERT_AUTHORITY_INVALID: 'No authority that this browser trusts has signed this chain.',
    ERR_CERT_COMMON_NAME_INVALID: 'The certificate is for other names than the one in the address.',
    ERR_CERT_DATE_INVALID: 'The certificate has expired, or is not valid yet.',
    ERR_CERT_REVOKED: 'Its authority has revoked the certificate.',
    ERR_CERT_INVALID: 'The chain breaks a rule for certificates.',
    ERR_BAD_SSL_CLIENT_AUTH_CERT: 'The server demands a certificate of this browser, which has none.',
    ERR_SSL_PROTOCOL_ERROR: 'The two did not agree on TLS.',
    ERR_CONNECTION_REFUSED: 'Nobody listens there. A lab’s servers stop when its step is over: run it again.',
    ERR_CONNECTION_RESET: 'The server threw the connection away.',
    ERR_NAME_NOT_RESOLVED: 'The name has no address in this lab.',
  } as Readonly<Record<string, string>>,
  refusalOther: 'No page came.',
  what: 'What it means',
} as const;
