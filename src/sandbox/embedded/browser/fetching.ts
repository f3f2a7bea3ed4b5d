import type { CookieContext, CookieJar } from './cookies.ts';
import {
  type NetworkClient,
  NetworkError,
  type NetworkRequest,
  type NetworkResponse,
} from './network/client.ts';
import type { HeaderList } from './network/protocol.ts';
import type { ServerPolicy } from './server-policy.ts';
import { isSameSite, isSecure, originOf, resolveAddress, withoutFragment } from './sites.ts';

/** A request that a page makes, as Fetch has it. */
export interface PageRequest {
  url: string;
  method: string;
  headers: HeaderList;
  body?: Uint8Array;
  mode: 'cors' | 'no-cors' | 'same-origin';
  credentials: 'omit' | 'same-origin' | 'include';
  redirect: 'follow' | 'error' | 'manual';
  /** Sec-Fetch-Dest: `empty` for fetch, `image`, `script`, `style`. */
  destination: string;
}

export interface PageResponse {
  /** The status that came, whatever the page may read. */
  actual: number;
  type: 'basic' | 'cors' | 'opaque' | 'opaqueredirect';
  url: string;
  status: number;
  statusText: string;
  headers: HeaderList;
  body: Uint8Array<ArrayBuffer>;
  redirected: boolean;
}

/** Who asks: the page in the pane. */
export interface Asker {
  url: string;
  policy: ServerPolicy;
}

/** The rules of origins (`cors`), or the page's own policy, forbid it. The message is what Chromium's console says. */
export class Forbidden extends Error {
  readonly reason: 'cors' | 'network';
  constructor(message: string, reason: 'cors' | 'network' = 'cors') {
    super(message);
    this.reason = reason;
  }
}

const MAX_REDIRECTS = 20;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const SIMPLE_METHODS = new Set(['GET', 'HEAD', 'POST']);
const SIMPLE_HEADERS = new Set(['accept', 'accept-language', 'content-language']);
const SIMPLE_TYPES = /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\s*(;|$)/i;
const EXPOSED =
  'cache-control content-language content-length content-type expires last-modified pragma'.split(' ');

export const isRedirect = (status: number): boolean => REDIRECTS.has(status);

export function header({ headers }: { headers: HeaderList }, name: string): string | undefined {
  const values = headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
  return values.length > 0 ? values.join(', ') : undefined;
}

/** Referer under the default policy, strict-origin-when-cross-origin. */
export function refererFor(from: string, to: string): string | undefined {
  if (isSecure(from) && !isSecure(to)) return undefined;
  return originOf(from) === originOf(to) ? withoutFragment(from) : `${originOf(from)}/`;
}

/** The method after a redirect. Fetch §4.4 (HTTP-redirect fetch). */
export function redirectedMethod(status: number, method: string): string {
  if ((status === 301 || status === 302) && method === 'POST') return 'GET';
  return status === 303 && method !== 'HEAD' ? 'GET' : method;
}

export function siteHeader(from: string | undefined, to: string): string {
  if (from === undefined) return 'none';
  if (originOf(from) === originOf(to)) return 'same-origin';
  return isSameSite(from, to) ? 'same-site' : 'cross-site';
}

export class Fetcher {
  readonly #network: NetworkClient;
  readonly #jar: CookieJar;
  readonly #onCookies: () => void;

  /** `onCookies` is called when a response has set one, before the response is known to anybody. */
  constructor(network: NetworkClient, jar: CookieJar, onCookies: () => void) {
    this.#network = network;
    this.#jar = jar;
    this.#onCookies = onCookies;
  }

  /** One exchange with the cookies of the jar, which takes those of the response. RFC 6265bis §5.8. */
  async exchange(
    request: NetworkRequest,
    site: CookieContext['site'],
    options: { credentials: boolean; navigation: boolean },
  ): Promise<NetworkResponse> {
    const cookie = options.credentials ? this.#jar.header(request.url, { site }) : '';
    const headers: HeaderList = [
      ['User-Agent', navigator.userAgent],
      ['Accept-Language', 'en'],
      ...request.headers,
      ...(cookie ? [['Cookie', cookie] as [string, string]] : []),
    ];
    const response = await this.#network.send({ ...request, url: withoutFragment(request.url), headers });
    if (options.credentials) {
      const crossSite = !options.navigation && site === 'cross';
      const lines = response.headers.filter(([name]) => name.toLowerCase() === 'set-cookie');
      for (const [, line] of lines) this.#jar.set(line, request.url, { script: false, crossSite });
      if (lines.length > 0) this.#onCookies();
    }
    return { ...response, url: request.url };
  }

  /**
   * What a page's script or subresource asks for. Fetch standard, §4. Throws Forbidden for what CORS, mixed content or the
   * page's own policy stops, NetworkError for what the network does.
   */
  async fetch(asker: Asker, asked: PageRequest): Promise<PageResponse> {
    const page = originOf(asker.url);
    let { url, method, body, headers } = asked;
    let origin = page;
    let tainted = false;
    for (let redirects = 0; ; redirects++) {
      const isCross: boolean = tainted || originOf(url) !== page;
      tainted = isCross;
      checkAllowed(asker, asked, url, isCross);
      const credentials =
        asked.credentials === 'include' || (asked.credentials === 'same-origin' && !isCross);
      const isCors = isCross && asked.mode === 'cors';
      const extra: HeaderList = [];
      if (isCors || !/^(GET|HEAD)$/.test(method)) extra.push(['Origin', origin]);
      const referer = refererFor(asker.url, url);
      if (referer) extra.push(['Referer', referer]);
      extra.push(
        ['Sec-Fetch-Site', siteHeader(asker.url, url)],
        ['Sec-Fetch-Mode', asked.mode],
        ['Sec-Fetch-Dest', asked.destination],
      );
      if (isCors) await this.#preflight(asker, { ...asked, url, method, headers }, origin, credentials);
      const accept: HeaderList = headers.some(([name]) => name.toLowerCase() === 'accept')
        ? []
        : [['Accept', '*/*']];
      const site = isSameSite(asker.url, url) ? 'same' : 'cross';
      const request = { url, method, headers: [...accept, ...headers, ...extra], body };
      const response = await this.exchange(request, site, { credentials, navigation: false });
      if (isCors) checkCors(asked, url, origin, credentials, response);
      const target = isRedirect(response.status) ? header(response, 'location') : undefined;
      if (target === undefined) return readable(asked, response, { isCross, redirected: redirects > 0 });
      if (asked.redirect === 'manual') return opaque('opaqueredirect', url, response.status);
      if (asked.redirect === 'error' || redirects >= MAX_REDIRECTS)
        throw new NetworkError(asked.redirect === 'error' ? 'ERR_FAILED' : 'ERR_TOO_MANY_REDIRECTS', url);
      const next = resolveAddress(target, url);
      if (!next) throw new NetworkError('ERR_UNSAFE_REDIRECT', url);
      if (isCross && originOf(next) !== originOf(url)) origin = 'null';
      const nextMethod = redirectedMethod(response.status, method);
      if (nextMethod !== method) {
        body = undefined;
        headers = headers.filter(([name]) => !/^content-/i.test(name));
      }
      [url, method] = [next, nextMethod];
    }
  }

  /** Fetch §4.8 (CORS-preflight fetch). */
  async #preflight(asker: Asker, asked: PageRequest, origin: string, credentials: boolean): Promise<void> {
    const unsafe = asked.headers
      .map(([name, value]) => [name.toLowerCase(), value])
      .filter(([n, v]) => !isSimple(n, v));
    const names = [...new Set(unsafe.map(([name]) => name))].sort();
    if (SIMPLE_METHODS.has(asked.method) && names.length === 0) return;
    const referer = refererFor(asker.url, asked.url);
    const response = await this.exchange(
      {
        url: asked.url,
        method: 'OPTIONS',
        headers: [
          ['Accept', '*/*'],
          ['Access-Control-Request-Method', asked.method],
          ...(names.length > 0
            ? [['Access-Control-Request-Headers', names.join(',')] as [string, string]]
            : []),
          ['Origin', origin],
          ...(referer ? [['Referer', referer] as [string, string]] : []),
          ['Sec-Fetch-Site', siteHeader(asker.url, asked.url)],
          ['Sec-Fetch-Mode', 'cors'],
          ['Sec-Fetch-Dest', 'empty'],
        ],
      },
      'cross',
      { credentials: false, navigation: false },
    );
    const refuse = (why: string) =>
      new Forbidden(
        blocked(
          asked,
          asked.url,
          origin,
          `Response to preflight request doesn't pass access control check: ${why}`,
        ),
      );
    checkCors(asked, asked.url, origin, credentials, response, 'preflight');
    if (response.status < 200 || response.status > 299) throw refuse('It does not have HTTP ok status.');
    const list = (name: string) =>
      (header(response, name) ?? '')
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean);
    const methods = list('access-control-allow-methods');
    const wild = (items: string[]) => !credentials && items.includes('*');
    if (!SIMPLE_METHODS.has(asked.method) && !methods.includes(asked.method) && !wild(methods))
      throw new Forbidden(
        blocked(
          asked,
          asked.url,
          origin,
          `Method ${asked.method} is not allowed by Access-Control-Allow-Methods in preflight response.`,
        ),
      );
    const allowed = list('access-control-allow-headers').map((name) => name.toLowerCase());
    for (const name of names) {
      const isAllowed = allowed.includes(name) || (wild(allowed) && name !== 'authorization');
      if (!isAllowed)
        throw new Forbidden(
          blocked(
            asked,
            asked.url,
            origin,
            `Request header field ${name} is not allowed by Access-Control-Allow-Headers in preflight response.`,
          ),
        );
    }
  }
}

function isSimple(name: string, value: string): boolean {
  if (name === 'content-type') return SIMPLE_TYPES.test(value);
  return SIMPLE_HEADERS.has(name);
}

function checkAllowed(asker: Asker, asked: PageRequest, url: string, isCross: boolean): void {
  if (isSecure(asker.url) && !isSecure(url))
    throw new Forbidden(
      `Mixed Content: The page at '${asker.url}' was loaded over HTTPS, but requested an insecure resource '${url}'. This request has been blocked; the content must be served over HTTPS.`,
      'network',
    );
  if (asked.destination === 'empty') {
    const refusal = asker.policy.fetching('connect', url);
    if (refusal) throw new Forbidden(refusal, 'network');
  }
  if (isCross && asked.mode === 'same-origin')
    throw new Forbidden(
      `Fetch API cannot load ${url}. Request mode is "same-origin" but the URL's origin is not same.`,
    );
}

const blocked = (asked: PageRequest, url: string, origin: string, why: string) =>
  `Access to ${asked.destination === 'empty' ? 'fetch' : asked.destination} at '${url}' from origin '${origin}' has been blocked by CORS policy: ${why}`;

/** Fetch §4.9 (CORS check). */
function checkCors(
  asked: PageRequest,
  url: string,
  origin: string,
  credentials: boolean,
  response: NetworkResponse,
  when?: 'preflight',
): void {
  const refuse = (why: string) =>
    new Forbidden(
      blocked(
        asked,
        url,
        origin,
        when ? `Response to preflight request doesn't pass access control check: ${why}` : why,
      ),
    );
  const allowed = header(response, 'access-control-allow-origin');
  if (allowed === undefined)
    throw refuse("No 'Access-Control-Allow-Origin' header is present on the requested resource.");
  if (allowed === '*') {
    if (!credentials) return;
    throw refuse(
      "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.",
    );
  }
  if (allowed !== origin)
    throw refuse(
      `The 'Access-Control-Allow-Origin' header has a value '${allowed}' that is not equal to the supplied origin.`,
    );
  if (credentials && header(response, 'access-control-allow-credentials') !== 'true')
    throw refuse(
      `The value of the 'Access-Control-Allow-Credentials' header in the response is '${header(response, 'access-control-allow-credentials') ?? ''}' which must be 'true' when the request's credentials mode is 'include'.`,
    );
}

function opaque(type: 'opaque' | 'opaqueredirect', url: string, actual: number): PageResponse {
  return {
    ...{ actual, type, status: 0, statusText: '', headers: [], body: new Uint8Array(0), redirected: false },
    url: type === 'opaque' ? '' : url,
  };
}

/** What of a response the page may read. Fetch §2.2.6 (filtered responses). */
function readable(
  asked: PageRequest,
  response: NetworkResponse,
  { isCross, redirected }: { isCross: boolean; redirected: boolean },
): PageResponse {
  const isInlined = asked.destination !== 'empty';
  if (isCross && asked.mode === 'no-cors' && !isInlined)
    return opaque('opaque', response.url, response.status);
  const exposed = new Set(EXPOSED);
  for (const name of (header(response, 'access-control-expose-headers') ?? '').split(','))
    exposed.add(name.trim().toLowerCase());
  const all = !isCross || (exposed.has('*') && asked.credentials !== 'include');
  const { url, status, statusText, body } = response;
  return {
    actual: status,
    type: isCross ? 'cors' : 'basic',
    url,
    status,
    statusText,
    body,
    redirected,
    headers: response.headers.filter(
      ([name]) => !/^set-cookie2?$/i.test(name) && (all || exposed.has(name.toLowerCase())),
    ),
  };
}
