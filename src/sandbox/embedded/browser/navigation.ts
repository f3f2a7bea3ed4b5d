import { type Fetcher, header, isRedirect, redirectedMethod, refererFor, siteHeader } from './fetching.ts';
import { NetworkError, type NetworkResponse } from './network/client.ts';
import type { HeaderList } from './network/protocol.ts';
import { isSameSite, originOf, resolveAddress } from './sites.ts';

/** Where the person, or a page, wants to go. */
export interface Destination {
  url: string;
  method: 'GET' | 'POST';
  body?: Uint8Array;
  contentType?: string;
  /** The page whose link or form it was; absent for a typed address. */
  from?: string;
}

const MAX_REDIRECTS = 20;
const ACCEPT = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

/** Brings a document, through its redirects; the response's URL is the last one. HTML §7.4.5, Fetch §4.4. */
export async function navigate(fetcher: Fetcher, to: Destination): Promise<NetworkResponse> {
  let { url, method, body } = to as { url: string; method: string; body?: Uint8Array };
  let crossed = false;
  for (let redirects = 0; ; redirects++) {
    const headers: HeaderList = [
      ['Accept', ACCEPT],
      ['Upgrade-Insecure-Requests', '1'],
      ['Sec-Fetch-Site', siteHeader(to.from, url)],
      ['Sec-Fetch-Mode', 'navigate'],
      ['Sec-Fetch-User', '?1'],
      ['Sec-Fetch-Dest', 'document'],
    ];
    const referer = to.from && refererFor(to.from, url);
    if (referer) headers.push(['Referer', referer]);
    if (method === 'POST') headers.push(['Origin', crossed || !to.from ? 'null' : originOf(to.from)]);
    if (body && to.contentType) headers.push(['Content-Type', to.contentType]);
    const safe = method === 'GET' || method === 'HEAD';
    const elsewhere = safe ? 'cross-safe-navigation' : 'cross-navigation';
    const response = await fetcher.exchange(
      { url, method, headers, body },
      isSameSite(to.from, url) ? 'same' : elsewhere,
      { credentials: true, navigation: true },
    );
    const target = isRedirect(response.status) ? header(response, 'location') : undefined;
    if (target === undefined) return response;
    if (redirects >= MAX_REDIRECTS) throw new NetworkError('ERR_TOO_MANY_REDIRECTS', url);
    const next = resolveAddress(target, url);
    if (!next) throw new NetworkError('ERR_UNSAFE_REDIRECT', url);
    // A fragment lives on when the redirect names none of its own. RFC 9110 §10.2.2.
    const fragment = next.includes('#') ? '' : new URL(url).hash;
    if (to.from && originOf(next) !== originOf(url)) crossed = originOf(url) !== originOf(to.from) || crossed;
    method = redirectedMethod(response.status, method);
    if (method === 'GET') body = undefined;
    url = next + fragment;
  }
}
