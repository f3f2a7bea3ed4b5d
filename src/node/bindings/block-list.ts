/**
 * `internalBinding('block_list')`: addresses as numbers of 32 or 128 bits, and the rules of a `net.BlockList` over them.
 * An IPv4 address and its IPv4-mapped form (RFC 4291 §2.5.5.2) are the same to a rule.
 */
import type { Any } from '../current.ts';

const AF_INET = 2;
const AF_INET6 = 10;
const MAPPED = 0xffffn << 32n;

/** The address as a number; undefined for what is none of its family. */
function readAddress(text: string, family: number): bigint | undefined {
  const { isIPv4, isIPv6 } = require('internal/net');
  if (family === AF_INET) return isIPv4(text) ? readIPv4(text) : undefined;
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const dotted = /\d+\.\d+\.\d+\.\d+$/.exec(text)?.[0];
  const tail = dotted ? readIPv4(dotted) : 0n;
  const plain = dotted
    ? `${text.slice(0, -dotted.length)}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`
    : text;
  const [left, right] = plain.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const groups = right ? [...left, ...Array(8 - left.length - right.length).fill('0'), ...right] : left;
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

const readIPv4 = (text: string): bigint =>
  text.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);

/** RFC 5952, with the dotted tail that inet_ntop gives to mapped addresses. */
function writeAddress(value: bigint, family: number): string {
  if (family === AF_INET) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.');
  if (value >> 32n === 0xffffn) return `::ffff:${writeAddress(value & 0xffffffffn, AF_INET)}`;
  const groups = Array.from({ length: 8 }, (_, index) => (value >> BigInt(112 - 16 * index)) & 0xffffn);
  const text = groups.map((group) => group.toString(16)).join(':');
  const runs = [...text.matchAll(/\b0(?::0)+\b/g)].sort(
    (a, b) => b[0].length - a[0].length || a.index - b.index,
  );
  if (runs.length === 0) return text;
  const [{ 0: run, index }] = runs;
  return `${text.slice(0, index).replace(/:$/, '')}::${text.slice(index + run.length).replace(/^:/, '')}`;
}

class SocketAddress {
  readonly family: number;
  readonly value: bigint;
  readonly #port: number;
  readonly #flowLabel: number;

  constructor(address: string, port: number, family: number, flowLabel: number) {
    const value = readAddress(address, family);
    if (value === undefined) {
      throw Object.assign(new Error('Invalid socket address'), { code: 'ERR_INVALID_ADDRESS' });
    }
    this.value = value;
    this.family = family;
    this.#port = port;
    this.#flowLabel = family === AF_INET6 ? flowLabel : 0;
  }

  get text(): string {
    return writeAddress(this.value, this.family);
  }

  detail(into: Any): Any {
    return Object.assign(into, {
      address: this.text,
      port: this.#port,
      family: this.family,
      flowlabel: this.#flowLabel,
    });
  }

  flowlabel(): number {
    return this.#flowLabel;
  }
}

/** Both forms in one order: IPv4 as its mapped address. */
const widen = ({ family, value }: { family: number; value: bigint }): bigint =>
  family === AF_INET ? MAPPED | value : value;

interface Rule {
  readonly text: string;
  matches(wide: bigint): boolean;
}

const nameOf = (family: number) => (family === AF_INET ? 'IPv4' : 'IPv6');

function rangeRule(start: SocketAddress, end: SocketAddress): Rule {
  return {
    text: `Range: ${nameOf(start.family)} ${start.text}-${end.text}`,
    matches: (wide) => wide >= widen(start) && wide <= widen(end),
  };
}

function subnetRule(network: SocketAddress, prefix: number): Rule {
  const ignored = BigInt((network.family === AF_INET ? 32 : 128) - prefix);
  return {
    text: `Subnet: ${nameOf(network.family)} ${network.text}/${prefix}`,
    matches: (wide) => wide >> ignored === widen(network) >> ignored,
  };
}

/** The newest rule comes first. Addresses are listed before subnets, and those before ranges, as in Node. */
class BlockList {
  #addresses = new Map<bigint, string>();
  #subnets: Rule[] = [];
  #ranges: Rule[] = [];

  get #rules(): Rule[] {
    const addresses = [...this.#addresses].map(([value, text]) => ({
      text,
      matches: (wide: bigint) => wide === value,
    }));
    return [...addresses.reverse(), ...this.#subnets, ...this.#ranges];
  }

  #remove(rules: Rule[], text: string): void {
    const index = rules.findIndex((rule) => rule.text === text);
    if (index !== -1) rules.splice(index, 1);
  }

  addAddress(address: SocketAddress): void {
    this.#addresses.set(widen(address), `Address: ${nameOf(address.family)} ${address.text}`);
  }

  addAddresses(addresses: SocketAddress[]): void {
    for (const address of addresses) this.addAddress(address);
  }

  /** False if the start is behind the end. */
  addRange(start: SocketAddress, end: SocketAddress): boolean | undefined {
    if (start.family === end.family && start.value > end.value) return false;
    this.#ranges.unshift(rangeRule(start, end));
    return undefined;
  }

  addSubnet(network: SocketAddress, prefix: number): void {
    this.#subnets.unshift(subnetRule(network, prefix));
  }

  removeAddress(address: SocketAddress): void {
    this.#addresses.delete(widen(address));
  }

  removeRange(start: SocketAddress, end: SocketAddress): void {
    this.#remove(this.#ranges, rangeRule(start, end).text);
  }

  removeSubnet(network: SocketAddress, prefix: number): void {
    this.#remove(this.#subnets, subnetRule(network, prefix).text);
  }

  check(address: SocketAddress): boolean {
    const wide = widen(address);
    return this.#rules.some((rule) => rule.matches(wide));
  }

  /** Text that is no address of the family matches nothing. */
  checkString(text: string, family: number): boolean {
    const value = readAddress(text, family);
    return value !== undefined && this.check({ family, value } as SocketAddress);
  }

  clear(): void {
    this.#addresses.clear();
    this.#subnets = [];
    this.#ranges = [];
  }

  getRules(): string[] {
    return this.#rules.map(({ text }) => text);
  }

  getSize(): number {
    return this.#rules.length;
  }
}

export const blockList = { AF_INET, AF_INET6, FLOW_LABEL: 0, SocketAddress, BlockList };
