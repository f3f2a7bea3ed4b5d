/** What HTTP/1.1 allows in each place, as llhttp has it, and the texts of its errors. RFC 9110 and RFC 9112. */

/** Method numbers are what the parser hands to Node's JavaScript; the order is llhttp's. */
export const ALL_METHODS = [
  ...[
    'DELETE',
    'GET',
    'HEAD',
    'POST',
    'PUT',
    'CONNECT',
    'OPTIONS',
    'TRACE',
    'COPY',
    'LOCK',
    'MKCOL',
    'MOVE',
    'PROPFIND',
  ],
  ...[
    'PROPPATCH',
    'SEARCH',
    'UNLOCK',
    'BIND',
    'REBIND',
    'UNBIND',
    'ACL',
    'REPORT',
    'MKACTIVITY',
    'CHECKOUT',
    'MERGE',
  ],
  ...[
    'M-SEARCH',
    'NOTIFY',
    'SUBSCRIBE',
    'UNSUBSCRIBE',
    'PATCH',
    'PURGE',
    'MKCALENDAR',
    'LINK',
    'UNLINK',
    'SOURCE',
  ],
  ...[
    'PRI',
    'DESCRIBE',
    'ANNOUNCE',
    'SETUP',
    'PLAY',
    'PAUSE',
    'TEARDOWN',
    'GET_PARAMETER',
    'SET_PARAMETER',
    'REDIRECT',
  ],
  ...['RECORD', 'FLUSH', 'QUERY'],
];
const NOT_HTTP = new Set([
  'PRI',
  'DESCRIBE',
  'ANNOUNCE',
  'SETUP',
  'PLAY',
  'PAUSE',
  'TEARDOWN',
  'GET_PARAMETER',
  'SET_PARAMETER',
  'REDIRECT',
  'RECORD',
  'FLUSH',
]);
export const METHODS = ALL_METHODS.filter((method) => !NOT_HTTP.has(method));

const set = (allows: (code: number) => boolean): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, code) => Number(allows(code)));
const isLetter = (code: number) => (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
const isDigit = (code: number) => code >= 0x30 && code <= 0x39;

/** RFC 9110 §5.6.2 token. */
export const TOKEN = set(
  (code) => isLetter(code) || isDigit(code) || "!#$%&'*+-.^_`|~".includes(String.fromCharCode(code)),
);
/** RFC 9110 §5.5: visible characters, obs-text, space and tab. */
export const VALUE = set((code) => code === 9 || (code >= 0x20 && code !== 0x7f));
/** What a lenient reader takes for a value: all but the end of the line. */
export const ANY_VALUE = set((code) => code !== 10 && code !== 13);
/** RFC 9112 §3.2, ASCII only. */
export const URL_CHARACTER = set((code) => code > 0x20 && code < 0x7f);
/** RFC 9112 §7.1.1: inside a quoted chunk extension value. */
export const QUOTED = set(
  (code) => code === 9 || (code >= 0x20 && code !== 0x22 && code !== 0x5c && code !== 0x7f),
);

export const isHexDigit = (code: number): boolean =>
  isDigit(code) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);

/** Stops the parser: `code` without its `HPE_`. */
export class HttpFault {
  readonly code: string;
  readonly reason: string;
  constructor(code: string, reason: string) {
    this.code = code;
    this.reason = reason;
  }
}
export const fault = (code: string, reason: string): never => {
  throw new HttpFault(code, reason);
};
