/** `internalBinding('cares_wrap')`: names over `Host.network.resolve`. Only `lookup` has answers; there are no DNS servers. */
import { type Any, host } from '../current.ts';
import { enterLater, hold } from '../loop.ts';
import { enterWith, Request } from './async.ts';
import { UV } from './uv.ts';

const AI_ADDRCONFIG = 32;
const AI_V4MAPPED = 8;
const AI_ALL = 16;
const ORDER_VERBATIM = 0;
const ORDER_IPV4_FIRST = 1;
const ORDER_IPV6_FIRST = 2;

class GetAddrInfoReqWrap extends Request {}
class GetNameInfoReqWrap extends Request {}
class QueryReqWrap extends Request {}

type Address = { address: string; family: 4 | 6 };

function ordered(addresses: readonly Address[], order: number): Address[] {
  if (order === ORDER_VERBATIM) return [...addresses];
  const first = order === ORDER_IPV4_FIRST ? 4 : 6;
  return [...addresses].sort((a, b) => Number(b.family === first) - Number(a.family === first));
}

function getaddrinfo(req: Request, name: string, family: number, _hints: number, order: number): number {
  const release = hold();
  const complete = (status: number, addresses: readonly Address[]) =>
    enterLater(() => {
      release();
      if (status !== 0) req.oncomplete?.(status, null);
      else
        req.oncomplete?.(
          null,
          addresses.map((one) => one.address),
        );
    });
  host().network.resolve(name, (status, addresses) => {
    const found = ordered(addresses, order).filter((one) => family === 0 || one.family === family);
    complete(status !== 0 ? status : found.length > 0 ? 0 : UV.UV_EAI_NONAME, found);
  });
  return 0;
}

function getnameinfo(req: Request, address: string, port: number): number {
  const release = hold();
  const name = address === '127.0.0.1' || address === '::1' ? 'localhost' : address;
  const service = ({ 22: 'ssh', 80: 'http', 443: 'https' } as Record<number, string>)[port] ?? String(port);
  enterWith(req, () => {
    release();
    req.oncomplete?.(null, name, service);
  });
  return 0;
}

/** A resolver whose every question is refused, as when no server answers. */
class ChannelWrap {
  #servers: [string, number][] = [];
  getServers() {
    return this.#servers;
  }
  setServers(servers: [number, string, number][]) {
    this.#servers = servers.map(([, address, port]) => [address, port]);
    return 0;
  }
  setLocalAddress() {}
  cancel() {}
}
for (const type of [
  'Any',
  'A',
  'Aaaa',
  'Caa',
  'Cname',
  'Mx',
  'Ns',
  'Txt',
  'Tlsa',
  'Srv',
  'Ptr',
  'Naptr',
  'Soa',
]) {
  (ChannelWrap.prototype as Any)[`query${type}`] = (req: Request): number => {
    const release = hold();
    enterWith(req, () => {
      release();
      req.oncomplete?.('ECONNREFUSED');
    });
    return 0;
  };
}
(ChannelWrap.prototype as Any).getHostByAddr = (ChannelWrap.prototype as Any).queryPtr;

const IPV4 = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;

/** The canonical text of an IP address, or undefined for anything else. The browser's URL parser knows IPv6's rules. */
function canonicalizeIP(address: string): string | undefined {
  if (IPV4.test(address)) return address;
  if (!/^[0-9a-f:.]+$/i.test(address) || !address.includes(':')) return undefined;
  try {
    return new URL(`http://[${address}]`).hostname.slice(1, -1);
  } catch {
    return undefined;
  }
}

export function ipv6Bytes(address: string): Uint8Array | undefined {
  const canonical = canonicalizeIP(address);
  if (canonical === undefined || !canonical.includes(':')) return undefined;
  const [head, tail] = canonical.split('::');
  const groups = (text: string | undefined) => (text ? text.split(':') : []);
  const missing = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array(missing).fill('0'), ...groups(tail)];
  return Uint8Array.from(
    all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]),
  );
}

export const caresWrap: Any = {
  getaddrinfo,
  getnameinfo,
  canonicalizeIP,
  convertIpv6StringToBuffer: (address: string) => {
    const bytes = ipv6Bytes(address);
    return bytes && require('buffer').Buffer.from(bytes);
  },
  strerror: (code: string) => `DNS server returned ${code}`,
  ChannelWrap,
  GetAddrInfoReqWrap,
  GetNameInfoReqWrap,
  QueryReqWrap,
  AI_ADDRCONFIG,
  AI_V4MAPPED,
  AI_ALL,
  DNS_ORDER_VERBATIM: ORDER_VERBATIM,
  DNS_ORDER_IPV4_FIRST: ORDER_IPV4_FIRST,
  DNS_ORDER_IPV6_FIRST: ORDER_IPV6_FIRST,
};
