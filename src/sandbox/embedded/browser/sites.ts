/** Origins and sites, as URLs have them. RFC 6454; "site" as HTML has it, with the scheme. */

const ADDRESS = /^(\d+\.\d+\.\d+\.\d+|\[.*\])$/;

/**
 * The registrable domain of a host: its last two labels, because the labs' names end in one label that is everybody's
 * (`.example`); a browser asks the Public Suffix List. A single label, and an address, stand for themselves.
 */
export function registrableDomain(host: string): string {
  return ADDRESS.test(host) ? host : host.split('.').slice(-2).join('.');
}

export function isPublicSuffix(domain: string): boolean {
  return !domain.includes('.');
}

/** Whether two URLs are of one site; absent: the person typed the address, which counts as the same. */
export function isSameSite(one: string | undefined, other: string): boolean {
  if (one === undefined) return true;
  const [a, b] = [new URL(one), new URL(other)];
  return a.protocol === b.protocol && registrableDomain(a.hostname) === registrableDomain(b.hostname);
}

export const originOf = (url: string): string => new URL(url).origin;

export const withoutFragment = (url: string): string => url.replace(/#.*$/s, '');

/** `text` as an absolute http(s) URL, seen from `base`; undefined for anything else. */
export function resolveAddress(text: string, base?: string): string | undefined {
  const url = URL.parse(text.trim(), base);
  return url && /^https?:$/.test(url.protocol) ? url.href : undefined;
}

/** Whether a page of this URL is a secure context, and gets and gives cookies marked Secure. */
export const isSecure = (url: string): boolean => new URL(url).protocol === 'https:';
