import type { SocketAddress } from '../../../node/host.ts';

/** An address in the form it is compared in: IPv4 for what is IPv4, mapped or not. */
export interface PlainAddress {
  text: string;
  family: 4 | 6;
}

export const ANY_IPV4 = '0.0.0.0';
export const ANY_IPV6 = '::';
export const LOOPBACK_IPV4 = '127.0.0.1';
export const LOOPBACK_IPV6 = '::1';

const MAPPED_PREFIX = '::ffff:';

export function isIPv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

/** Reads an IPv4 or IPv6 address, `undefined` for anything else. An IPv4-mapped one (RFC 4291 §2.5.5.2) comes out as IPv4. */
export function readAddress(text: string): PlainAddress | undefined {
  if (isIPv4(text)) return { text: text.split('.').map(Number).join('.'), family: 4 };
  const groups = readGroups(text.replace(/%.*$/, ''));
  if (!groups) return undefined;
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return { text: [groups[6] >> 8, groups[6] & 255, groups[7] >> 8, groups[7] & 255].join('.'), family: 4 };
  }
  return { text: writeGroups(groups), family: 6 };
}

/** The eight 16-bit groups of an IPv6 address. RFC 4291 §2.2. */
function readGroups(text: string): number[] | undefined {
  if (!text.includes(':')) return undefined;
  const lastColon = text.lastIndexOf(':');
  const tail = text.slice(lastColon + 1);
  if (tail.includes('.')) {
    if (!isIPv4(tail)) return undefined;
    const [a, b, c, d] = tail.split('.').map(Number);
    text = `${text.slice(0, lastColon + 1)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  }
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const read = (half: string) => (half === '' ? [] : half.split(':'));
  const left = read(halves[0]);
  const right = halves.length === 2 ? read(halves[1]) : [];
  const missing = 8 - left.length - right.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const all = [...left, ...Array<string>(missing).fill('0'), ...right];
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return all.map((group) => Number.parseInt(group, 16));
}

/** The canonical text: lower case, the longest run of zero groups shortened. RFC 5952 §4. */
function writeGroups(groups: readonly number[]): string {
  let start = -1;
  let length = 1;
  for (let from = 0; from < 8; from++) {
    let to = from;
    while (to < 8 && groups[to] === 0) to++;
    if (to - from > length) [start, length] = [from, to - from];
  }
  const hex = groups.map((group) => group.toString(16));
  if (start < 0) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

export function isWildcard(text: string): boolean {
  return text === ANY_IPV4 || text === ANY_IPV6;
}

/** 127.0.0.0/8 or ::1. */
export function isLoopback(address: PlainAddress): boolean {
  return address.family === 4 ? address.text.startsWith('127.') : address.text === LOOPBACK_IPV6;
}

/** What a socket says of an address: a dual-stack (IPv6) socket shows an IPv4 peer as a mapped address. */
export function socketAddress(address: PlainAddress, port: number, asIPv6: boolean): SocketAddress {
  if (address.family === 6) return { address: address.text, family: 'IPv6', port };
  return asIPv6
    ? { address: MAPPED_PREFIX + address.text, family: 'IPv6', port }
    : { address: address.text, family: 'IPv4', port };
}

/** Whether two claims of one port exclude each other, as Linux has it for listening sockets with SO_REUSEADDR. */
export function claimsConflict(
  one: { address: string; port: number; ipv6Only: boolean },
  other: { address: string; port: number; ipv6Only: boolean },
): boolean {
  if (one.port !== other.port) return false;
  if (one.address === other.address) return true;
  return covers(one, other) || covers(other, one);
}

/** Whether a wildcard claim takes in the other's address. */
function covers(wildcard: { address: string; ipv6Only: boolean }, other: { address: string }): boolean {
  if (wildcard.address === ANY_IPV4) return isIPv4(other.address);
  if (wildcard.address === ANY_IPV6) return !wildcard.ipv6Only || !isIPv4(other.address);
  return false;
}
