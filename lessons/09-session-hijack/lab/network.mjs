// Gives each host of a lab an address of its own on this machine, so that a lab's programs run on real Node.js unchanged.
// Node loads this file before the program (`node --import=./network.mjs`; `.npmrc` does it for `npm run`). In the page it
// is not used: there the hosts are virtual.
//
// A lab knows addresses such as 10.5.0.10. Programs see only those: they are exchanged for loopback addresses
// (127.5.0.10) where Node hands them to the operating system, and back. Ports stay as they are. Nothing but the lab's
// hosts can be reached.
import { readFileSync, writeSync } from 'node:fs';
import os from 'node:os';

/**
 * @typedef {object} Place
 * @property {string} host the lab host that this process runs on
 * @property {Record<string, { address: string, loopback: string }>} hosts
 * @property {number} [events] the file descriptor on which to report what happens, one JSON object a line
 */

/**
 * A socket or a listener as Node's own library sees it. The numbers are statuses: 0, or minus the system's error.
 * @typedef {object} Handle
 * @property {(address: string, port: number) => number} bind
 * @property {(address: string, port: number) => number} bind6
 * @property {(request: ConnectRequest, address: string, port: number) => number} connect
 * @property {(request: ConnectRequest, address: string, port: number) => number} connect6
 * @property {(backlog: number) => number} listen
 * @property {AskAddress} getsockname
 * @property {AskAddress} getpeername
 * @property {(...args: unknown[]) => unknown} close
 */
/** @typedef {(out: Address) => number} AskAddress writes an address into `out` */
/** @typedef {{ address?: string, port?: number, family?: string }} Address */
/** @typedef {{ oncomplete(status: number, ...rest: unknown[]): unknown }} ConnectRequest */
/** @typedef {{ oncomplete(error: number | null, addresses?: string[]): void }} LookupRequest */
/**
 * @typedef {object} Bindings
 * @property {{ TCP: { prototype: Handle } }} tcp_wrap
 * @property {{ getaddrinfo(request: LookupRequest, name: string, family: number): number }} cares_wrap
 */

const EADDRNOTAVAIL = -os.constants.errno.EADDRNOTAVAIL;
const EHOSTUNREACH = -os.constants.errno.EHOSTUNREACH;
const ENOTFOUND = -3008; // libuv's UV_EAI_NONAME

const place = placeOfThisProcess();
if (place) settle(place);

/** From the engine that started this process, or from `package.json` when a person did. @returns {Place | undefined} */
function placeOfThisProcess() {
  const given = process.env.HANDFAST_PLACE;
  if (given !== undefined) {
    delete process.env.HANDFAST_PLACE; // the program's environment is its own
    return JSON.parse(given);
  }
  const { handfast } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
  const host = handfast.scripts[process.env.npm_lifecycle_event ?? ''];
  if (host === undefined) return undefined;
  /** @type {Place['hosts']} */
  const hosts = {};
  for (const [name, address] of Object.entries(handfast.hosts)) {
    hosts[name] = { address, loopback: address.replace(/^10\./, '127.') };
  }
  return { host, hosts };
}

/** @param {Place} place */
function settle({ host, hosts, events }) {
  const own = hosts[host];
  const loopbackOf = new Map(Object.values(hosts).map(({ address, loopback }) => [address, loopback]));
  const addressOf = new Map(Object.values(hosts).map(({ address, loopback }) => [loopback, address]));

  // The two bindings under node:net and node:dns. No public interface reaches below them.
  const tcp = binding('tcp_wrap').TCP.prototype;
  const resolver = binding('cares_wrap');
  const { bind, connect, getpeername, getsockname, listen } = tcp;

  /** What each handle was told, so that it can be told the same again. @type {WeakMap<Handle, { local?: string, remote?: string }>} */
  const asked = new WeakMap();
  /** Ports of this process that listen on `::`, where Node shows IPv4 callers as `::ffff:…`. */
  const dualStack = new Set();

  /** @param {string} address */
  const isSelf = (address) => /^127\.|^::1$|^localhost$/.test(address) || address === own.address;
  /** @param {string} address */
  const isAny = (address) => address === '0.0.0.0' || address === '::';

  /** @param {Handle} handle @param {string} address @param {number} port */
  function bindHere(handle, address, port) {
    if (!isSelf(address) && !isAny(address)) return EADDRNOTAVAIL;
    const status = bind.call(handle, own.loopback, port);
    if (status === EADDRNOTAVAIL) explainMissingAddress(own.loopback);
    if (status === 0) asked.set(handle, { ...asked.get(handle), local: address });
    return status;
  }

  /** @param {Handle} handle @param {ConnectRequest} request @param {string} address @param {number} port */
  function connectTo(handle, request, address, port) {
    const plain = address.replace(/^::ffff:/, '');
    const loopback = isSelf(plain) || isAny(plain) ? own.loopback : loopbackOf.get(plain);
    if (loopback === undefined) return EHOSTUNREACH;
    if (!asked.get(handle)?.local) {
      const status = bindHere(handle, own.address, 0);
      if (status !== 0) return status;
    }
    asked.set(handle, { ...asked.get(handle), remote: address });
    const { oncomplete } = request;
    request.oncomplete = function complete(status, ...rest) {
      const fromPort = localPort(handle) ?? 0;
      const outcome = status === 0 ? 'open' : 'refused';
      report({ type: 'connection', from: own.address, fromPort, to: plain, port, status: outcome });
      return oncomplete.call(this, status, ...rest);
    };
    return connect.call(handle, request, loopback, port);
  }

  tcp.bind = function (address, port) {
    return bindHere(this, address, port);
  };
  tcp.bind6 = function (address, port) {
    return bindHere(this, address, port);
  };
  tcp.connect = function (request, address, port) {
    return connectTo(this, request, address, port);
  };
  tcp.connect6 = function (request, address, port) {
    return connectTo(this, request, address, port);
  };
  tcp.getsockname = function (out) {
    return disclose(this, out, getsockname, 'local');
  };
  tcp.getpeername = function (out) {
    return disclose(this, out, getpeername, 'remote');
  };

  /**
   * Writes the address that the program knows into `out`.
   * @param {Handle} handle @param {Address} out @param {AskAddress} ask @param {'local' | 'remote'} side
   */
  function disclose(handle, out, ask, side) {
    const status = ask.call(handle, out);
    if (status !== 0 || out.address === undefined) return status;
    const told = asked.get(handle)?.[side];
    out.address = told ?? addressOf.get(out.address) ?? out.address;
    if (told === undefined && dualStack.has(localPort(handle))) out.address = `::ffff:${out.address}`;
    out.family = out.address.includes(':') ? 'IPv6' : 'IPv4';
    return status;
  }

  /** @param {Handle} handle */
  function localPort(handle) {
    /** @type {Address} */
    const local = {};
    getsockname.call(handle, local);
    return local.port;
  }

  tcp.listen = function (backlog) {
    const status = listen.call(this, backlog);
    if (status === 0) announce(this);
    return status;
  };

  /** Reports that a port of this host is open, and in time that it is closed. @param {Handle} listener */
  function announce(listener) {
    const port = localPort(listener);
    if (asked.get(listener)?.local === '::') dualStack.add(port);
    report({ type: 'listen', address: own.address, port });
    const { close } = listener;
    listener.close = (...args) => {
      dualStack.delete(port);
      report({ type: 'unlisten', address: own.address, port });
      return close.apply(listener, args);
    };
  }

  // Calls oncomplete(error, addresses), as the operating system's resolver would, in a later turn of the loop.
  resolver.getaddrinfo = (request, name, family) => {
    const found = isSelf(name) ? '127.0.0.1' : hosts[name]?.address;
    const reachable = found !== undefined && family !== 6;
    setImmediate(() => (reachable ? request.oncomplete(null, [found]) : request.oncomplete(ENOTFOUND)));
    return 0;
  };

  os.hostname = () => host;

  /** @param {Record<string, unknown>} event */
  function report(event) {
    if (events !== undefined) writeSync(events, `${JSON.stringify(event)}\n`);
  }
}

/** A binding of Node's, which `process` still gives although no type says so. @type {<Name extends keyof Bindings>(name: Name) => Bindings[Name]} */
function binding(name) {
  // @ts-expect-error deprecated, and therefore untyped
  return process.binding(name);
}

/** Linux answers on all of 127.0.0.0/8; macOS and the BSDs only on 127.0.0.1. @param {string} address */
function explainMissingAddress(address) {
  const remedy =
    process.platform === 'darwin'
      ? `Give it one for as long as the machine runs: sudo ifconfig lo0 alias ${address} up`
      : 'Give its loopback interface this address, or run the lab on Linux, or in the page.';
  writeSync(
    2,
    `This machine has no address ${address}, which the lab needs for one of its hosts.\n${remedy}\n`,
  );
}
