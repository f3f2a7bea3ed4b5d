import type { BrowserCookie } from '../../browser.ts';
import { isPublicSuffix, isSecure } from './sites.ts';

/** What a request is, as far as cookies care. */
export interface CookieContext {
  /** `same-site`, or a navigation from another site by a safe method, or by another, or no navigation at all. */
  site: 'same' | 'cross-safe-navigation' | 'cross-navigation' | 'cross';
}

interface StoredCookie extends BrowserCookie {
  created: number;
  /** The attribute was absent or unknown: Lax, with two minutes in which it is sent with a POST from elsewhere. */
  sameSiteByDefault: boolean;
  /** The attribute Path was there. */
  hasPath: boolean;
}

const MAX_AGE_LIMIT_MS = 400 * 24 * 3600 * 1000;
const LAX_ALLOWING_UNSAFE_MS = 120_000;
const MAX_NAME_VALUE_OCTETS = 4096;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the grammar forbids exactly these
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/;

/** The cookies of one browser. RFC 6265bis (draft-ietf-httpbis-rfc6265bis). */
export class CookieJar {
  readonly #cookies: StoredCookie[] = [];
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Takes a Set-Cookie line, or what a script assigned to `document.cookie`. §5.6, §5.7. */
  set(line: string, url: string, from: { script: boolean; crossSite: boolean }): void {
    const cookie = parse(line, url, this.#now());
    if (!cookie) return;
    if (cookie.secure && !isSecure(url)) return;
    if (from.script && cookie.httpOnly) return;
    if (from.crossSite && cookie.sameSite !== 'None') return;
    if (cookie.sameSite === 'None' && !cookie.secure) return;
    if (!prefixHolds(cookie)) return;
    const same = (other: StoredCookie) =>
      other.name === cookie.name && other.domain === cookie.domain && other.path === cookie.path;
    const at = this.#cookies.findIndex(same);
    if (at >= 0) {
      const old = this.#cookies[at];
      if (from.script && old.httpOnly) return;
      if (old.secure && !isSecure(url)) return;
      cookie.created = old.created;
      this.#cookies.splice(at, 1);
    }
    if (cookie.expires === undefined || cookie.expires > this.#now()) this.#cookies.push(cookie);
  }

  /** The Cookie header for a request, or `document.cookie`. Empty when there is none. §5.8.3. */
  header(
    url: string,
    { script = false, site = 'same' }: Partial<CookieContext> & { script?: boolean },
  ): string {
    return this.#matching(url)
      .filter((cookie) => !(script && cookie.httpOnly) && this.#sent(cookie, site))
      .sort((a, b) => b.path.length - a.path.length || a.created - b.created)
      .map(({ name, value }) => (name ? `${name}=${value}` : value))
      .join('; ');
  }

  #sent(cookie: StoredCookie, site: CookieContext['site']): boolean {
    if (site === 'same' || cookie.sameSite === 'None') return true;
    if (cookie.sameSite === 'Strict' || site === 'cross') return false;
    if (site === 'cross-safe-navigation') return true;
    return cookie.sameSiteByDefault && this.#now() - cookie.created < LAX_ALLOWING_UNSAFE_MS;
  }

  #matching(url: string): StoredCookie[] {
    const { hostname, pathname } = new URL(url);
    this.#expire();
    return this.#cookies.filter(
      (cookie) =>
        (cookie.hostOnly ? hostname === cookie.domain : domainMatches(hostname, cookie.domain)) &&
        pathMatches(pathname, cookie.path) &&
        (!cookie.secure || isSecure(url)),
    );
  }

  #expire(): void {
    const now = this.#now();
    for (let at = this.#cookies.length - 1; at >= 0; at--) {
      if ((this.#cookies[at].expires ?? Number.POSITIVE_INFINITY) <= now) this.#cookies.splice(at, 1);
    }
  }

  /** Every cookie, oldest first. */
  list(): BrowserCookie[] {
    this.#expire();
    return this.#cookies
      .toSorted((a, b) => a.created - b.created)
      .map(({ created: _, sameSiteByDefault: __, hasPath: ___, ...cookie }) => cookie);
  }

  clear(): void {
    this.#cookies.length = 0;
  }
}

function parse(line: string, url: string, now: number): StoredCookie | undefined {
  if (CONTROL.test(line)) return undefined;
  const [pair, ...attributes] = line.split(';');
  const equals = pair.indexOf('=');
  const name = equals < 0 ? '' : pair.slice(0, equals).trim();
  const value = pair.slice(equals + 1).trim();
  if ((!name && !value) || new TextEncoder().encode(name + value).length > MAX_NAME_VALUE_OCTETS)
    return undefined;
  const { hostname, pathname } = new URL(url);
  const cookie: StoredCookie = {
    name,
    value,
    domain: hostname,
    hostOnly: true,
    path: defaultPath(pathname),
    secure: false,
    httpOnly: false,
    sameSite: 'Lax',
    created: now,
    sameSiteByDefault: true,
    hasPath: false,
  };
  let maxAge: number | undefined;
  let expires: number | undefined;
  for (const attribute of attributes) {
    const at = attribute.indexOf('=');
    const key = (at < 0 ? attribute : attribute.slice(0, at)).trim().toLowerCase();
    const text = at < 0 ? '' : attribute.slice(at + 1).trim();
    if (key === 'secure') cookie.secure = true;
    else if (key === 'httponly') cookie.httpOnly = true;
    else if (key === 'path') setPath(cookie, text, pathname);
    else if (key === 'max-age' && /^-?\d+$/.test(text)) maxAge = Number(text);
    else if (key === 'expires' && !Number.isNaN(Date.parse(text))) expires = Date.parse(text);
    else if (key === 'samesite') setSameSite(cookie, text);
    else if (key === 'domain' && text && !setDomain(cookie, text, hostname)) return undefined;
  }
  if (maxAge !== undefined) expires = maxAge <= 0 ? 0 : now + maxAge * 1000;
  if (expires !== undefined) cookie.expires = Math.min(expires, now + MAX_AGE_LIMIT_MS);
  return cookie;
}

function setPath(cookie: StoredCookie, text: string, pathname: string): void {
  cookie.hasPath = true;
  cookie.path = text.startsWith('/') ? text : defaultPath(pathname);
}

function setSameSite(cookie: StoredCookie, text: string): void {
  const known = (['Strict', 'Lax', 'None'] as const).find(
    (name) => name.toLowerCase() === text.toLowerCase(),
  );
  cookie.sameSite = known ?? 'Lax';
  cookie.sameSiteByDefault = known === undefined;
}

/** `false`: the whole cookie is refused. §5.7, steps 9 to 11. */
function setDomain(cookie: StoredCookie, text: string, hostname: string): boolean {
  const domain = text.replace(/^\./, '').toLowerCase();
  if (domain === hostname && isPublicSuffix(domain)) return true;
  if (isPublicSuffix(domain) || !domainMatches(hostname, domain)) return false;
  cookie.domain = domain;
  cookie.hostOnly = false;
  return true;
}

/** §4.1.3. */
function prefixHolds({ name, secure, path, hasPath, hostOnly }: StoredCookie): boolean {
  if (/^__secure-/i.test(name)) return secure;
  if (/^__host-/i.test(name)) return secure && hostOnly && hasPath && path === '/';
  return true;
}

/** §5.1.3. */
function domainMatches(host: string, domain: string): boolean {
  return host === domain || (host.endsWith(`.${domain}`) && !/^[\d.]+$/.test(host));
}

/** §5.1.4. */
function defaultPath(pathname: string): string {
  const end = pathname.lastIndexOf('/');
  return end <= 0 ? '/' : pathname.slice(0, end);
}

function pathMatches(pathname: string, path: string): boolean {
  return (
    pathname === path || (pathname.startsWith(path) && (path.endsWith('/') || pathname[path.length] === '/'))
  );
}
