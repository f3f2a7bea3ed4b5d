/**
 * `internalBinding('url')`: Node's own URL class runs over the browser's parser. Both implement the WHATWG standard; the
 * binding hands over where each component begins and ends, as ada does.
 */
import type { Any } from '../current.ts';

const BrowserURL = globalThis.URL;
const OMITTED = 0xffffffff;
const SCHEMES = ['http:', '', 'https:', 'ws:', 'ftp:', 'wss:', 'file:'];
const OTHER_SCHEME = 1;

/** protocol_end, username_end, host_start, host_end, port, pathname_start, search_start, hash_start, scheme_type */
const urlComponents = new Uint32Array(9);

function publish(url: URL): string {
  const { href, protocol, username, password, hostname, port } = url;
  const afterProtocol = protocol.length;
  const hasAuthority = href.startsWith('//', afterProtocol);
  let at = afterProtocol;
  let usernameEnd = at;
  let hostStart = at;
  let hostEnd = at;
  if (hasAuthority) {
    at += 2;
    usernameEnd = at + username.length;
    hostStart = usernameEnd;
    if (username !== '' || password !== '') hostStart += password === '' ? 0 : password.length + 1;
    hostEnd = hostStart + hostname.length + (username !== '' || password !== '' ? 1 : 0);
    at = hostEnd + (port === '' ? 0 : port.length + 1);
  } else if (href.startsWith('/.//', afterProtocol)) {
    at += 2; // "/." keeps a path that begins with "//" from looking like a host
  }
  const hash = href.indexOf('#');
  const beforeHash = hash === -1 ? href.length : hash;
  const search = href.indexOf('?');
  const scheme = SCHEMES.indexOf(protocol);
  urlComponents.set([
    afterProtocol,
    usernameEnd,
    hostStart,
    hostEnd,
    port === '' ? OMITTED : Number(port),
    at,
    search === -1 || search > beforeHash ? OMITTED : search,
    hash === -1 ? OMITTED : hash,
    scheme === -1 ? OTHER_SCHEME : scheme,
  ]);
  return href;
}

function tryParse(input: string, base: string | undefined): URL | undefined {
  try {
    const url = base === undefined ? new BrowserURL(input) : new BrowserURL(input, base);
    // Chromium lets a forbidden character through in a host, percent-encoded; the standard has it fail.
    const special = SCHEMES.includes(url.protocol);
    return special && url.hostname.includes('%') ? undefined : url;
  } catch {
    return undefined;
  }
}

function parse(input: string, base: string | undefined, raise: boolean): string | undefined {
  const url = tryParse(input, base);
  if (url) return publish(url);
  if (raise) {
    // As from C++: a TypeError that has got its properties afterwards, so its stack does not begin with the code.
    const invalid = new TypeError('Invalid URL');
    throw Object.assign(invalid, { code: 'ERR_INVALID_URL', input }, base === undefined ? {} : { base });
  }
  return undefined;
}

const SETTERS = [
  'protocol',
  'host',
  'hostname',
  'port',
  'username',
  'password',
  'pathname',
  'search',
  'hash',
  'href',
] as const; // updateActions

/** Changes one component. False where the standard refuses the change with an error. */
function update(href: string, action: number, value: string): string | false {
  const url = new BrowserURL(href);
  const name = SETTERS[action];
  if (name === 'href') {
    const replaced = tryParse(value, undefined);
    return replaced ? publish(replaced) : false;
  }
  url[name] = value;
  return publish(url);
}

function domainTo(name: string): string {
  try {
    return new BrowserURL(`ws://${name}`).hostname;
  } catch {
    return '';
  }
}

function pathToFileURL(path: string, _windows: boolean, base?: string): string {
  const escaped = path.replace(
    /[%\\\n\r\t?#]/g,
    (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
  );
  return publish(base === undefined ? new BrowserURL(`file://${escaped}`) : new BrowserURL(escaped, base));
}

export const url: Any = {
  urlComponents,
  parse,
  canParse: (input: string, base?: string) => tryParse(input, base) !== undefined,
  domainToASCII: domainTo,
  domainToUnicode: (name: string) => domainTo(name),
  format(href: string, fragment: boolean, unicode: boolean, search: boolean, auth: boolean) {
    const it = new BrowserURL(href);
    if (!fragment) it.hash = '';
    if (!search) it.search = '';
    if (!auth) {
      it.username = '';
      it.password = '';
    }
    void unicode;
    return it.href;
  },
  getOrCreateList: () => [],
  pathToFileURL,
  update,
};
