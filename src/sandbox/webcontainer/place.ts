/**
 * Runs before a program in a container (`node --import`): puts it on its host of the lab. There the hosts have one
 * loopback address between them, so each port of a host stands behind a port of that address (`hosts.ts`). Programs see
 * the lab's names, addresses and ports; they are exchanged where Node's public functions are called, because nothing is
 * known of the bindings of that Node. Nothing but the lab's hosts can be reached.
 */
import dns from 'node:dns';
import { writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import os from 'node:os';
import { placeChildren } from './children.ts';
import { createPortTable, type Placement } from './hosts.ts';
import { enclose, type Report } from './reports.ts';

const LOOPBACK = '127.0.0.1';
const SELF = new Set(['localhost', '127.0.0.1', '::1']);
const ANY = new Set(['0.0.0.0', '::']);
const EPHEMERAL = { first: 32_768, count: 16_000 };

// biome-ignore lint/suspicious/noExplicitAny: arguments of functions that take them in many shapes
type Any = any;

const placement = JSON.parse(process.env.HANDFAST_PLACE as string) as Placement;
const { host, hosts, mark } = placement;
delete process.env.HANDFAST_PLACE; // the program's environment is its own
placeChildren(placement);
const ports = createPortTable(Object.keys(hosts));
const own = hosts[host];
const nameOf = new Map(Object.entries(hosts).map(([name, address]) => [address, name]));
const isSelf = (name: string) => SELF.has(name) || name === host || name === own || name.startsWith('127.');

function report(seen: Report): void {
  if (mark === undefined) return;
  let text = new TextEncoder().encode(enclose(mark, seen));
  while (text.length > 0) {
    try {
      text = text.subarray(writeSync(1, text));
    } catch (problem) {
      if ((problem as NodeJS.ErrnoException).code !== 'EAGAIN') return; // nobody reads it any more
    }
  }
}

/** As the operating system reports it. */
function systemError(code: string, syscall: string, more: object, where = ''): Error {
  return Object.assign(new Error(`${syscall} ${code}${where}`), { code, syscall, ...more });
}

// --- Names

const lookup = dns.lookup as Any;

function addressOf(name: string): string | undefined {
  if (net.isIP(name)) return name;
  return isSelf(name) ? LOOPBACK : hosts[name];
}

(dns as Any).lookup = (name: string, ...rest: Any[]) => {
  const callback = rest.at(-1);
  const options = typeof rest[0] === 'object' ? rest[0] : { family: rest[0] };
  const address = addressOf(name);
  const found = address !== undefined && options?.family !== 6 && options?.family !== 'IPv6';
  if (!found) {
    const problem = systemError('ENOTFOUND', 'getaddrinfo', { errno: -3008, hostname: name }, ` ${name}`);
    setImmediate(() => callback(problem));
  } else if (options?.all) setImmediate(() => callback(null, [{ address, family: 4 }]));
  else setImmediate(() => callback(null, address, 4));
};
Object.setPrototypeOf(dns.lookup, lookup);
(dns.promises as Any).lookup = (name: string, options: Any) =>
  new Promise((resolve, reject) =>
    dns.lookup(name, options ?? {}, (problem: Any, address: Any, family: Any) =>
      problem ? reject(problem) : resolve(options?.all ? address : { address, family }),
    ),
  );
os.hostname = () => host;

// --- Listening

const listen = net.Server.prototype.listen as Any;
const serverAddress = net.Server.prototype.address;
/** What a server believes of itself. */
const listening = new WeakMap<net.Server, { address: string; port: number }>();
/** Ports of this process by the port behind which they stand, and whether they were opened for both families. */
const behind = new Map<number, { port: number; isDual: boolean }>();

function freePort(): number {
  return EPHEMERAL.first + Math.floor(Math.random() * EPHEMERAL.count);
}

net.Server.prototype.listen = function (this: net.Server, ...args: Any[]) {
  const callback = typeof args.at(-1) === 'function' ? args.pop() : undefined;
  const [first, second] = args;
  const isPath = typeof first === 'string' && !/^\d+$/.test(first);
  if (isPath || first?.path !== undefined || first?.fd !== undefined || first?._handle || first?._listen2) {
    return listen.call(this, ...args, ...(callback ? [callback] : []));
  }
  const options = typeof first === 'object' && first !== null ? { ...first } : { port: first };
  if (typeof second === 'string') options.host = second;
  const asked: string = options.host ?? '::';
  if (callback) this.once('listening', callback);
  if (!ANY.has(asked) && !isSelf(asked)) {
    const where = { address: asked, port: options.port, errno: -99 };
    const problem = systemError(
      'EADDRNOTAVAIL',
      'listen',
      where,
      `: address not available ${asked}:${options.port}`,
    );
    process.nextTick(() => this.emit('error', problem));
    return this;
  }
  const port = Number(options.port ?? 0) || freePort();
  const real = ports.real(host, port);
  const address = asked === host || asked === 'localhost' ? (addressOf(asked) as string) : asked;
  listening.set(this, { address, port });
  this.prependOnceListener('listening', () => {
    behind.set(real, { port, isDual: asked === '::' });
    report({ type: 'listen', port, real });
  });
  this.once('close', () => {
    behind.delete(real);
    report({ type: 'unlisten', port, real });
  });
  const emit = this.emit as Any;
  this.emit = function (this: net.Server, name: string | symbol, ...rest: Any[]) {
    if (name === 'error' && rest[0]?.code === 'EADDRINUSE') translate(rest[0], address, port, real);
    return emit.call(this, name, ...rest);
  } as Any;
  return listen.call(this, { ...options, host: LOOPBACK, port: real });
} as Any;

net.Server.prototype.address = function (this: net.Server) {
  const given = serverAddress.call(this);
  const believed = listening.get(this);
  if (given === null || typeof given === 'string' || !believed) return given;
  return {
    address: believed.address,
    family: believed.address.includes(':') ? 'IPv6' : 'IPv4',
    port: believed.port,
  };
};

/** Puts the address that the program knows into an error. */
function translate(problem: Any, address: string, port: number, real: number): void {
  const shown = address.includes(':') ? `[${address}]` : address;
  problem.message = String(problem.message).replace(
    `${LOOPBACK}:${real}`,
    `${problem.syscall === 'listen' ? address : shown}:${port}`,
  );
  problem.stack = String(problem.stack).replace(`${LOOPBACK}:${real}`, `${shown}:${port}`);
  if (problem.address !== undefined) Object.assign(problem, { address, port });
}

// --- Connecting

const connect = net.Socket.prototype.connect as Any;
let calls = 0;
/** Where a socket of this process believes it is connected to. */
const called = new WeakMap<net.Socket, { address: string; port: number; host: string }>();

net.Socket.prototype.connect = function (this: net.Socket, ...args: Any[]) {
  // `net.connect` hands over an array that it has normalised.
  const isNormal = Array.isArray(args[0]);
  const [options, callback] = isNormal ? args[0] : plain(args);
  if (options.path !== undefined || options.fd !== undefined) return connect.apply(this, args);
  const wanted = String(options.host ?? 'localhost');
  const port = Number(options.port);
  const go = (problem: Any, found?: Any): Any => {
    const address: string = Array.isArray(found) ? found[0]?.address : found;
    if (problem) return this.destroy(problem);
    const target = isSelf(address) || ANY.has(address) ? host : nameOf.get(address.replace('::ffff:', ''));
    if (target === undefined) {
      const where = { address, port, errno: -113 };
      return this.destroy(systemError('EHOSTUNREACH', 'connect', where, ` ${address}:${port}`));
    }
    dial(this, options, { address: target === host ? own : address, port, host: target });
  };
  if (callback) this.once('connect', callback);
  if (net.isIP(wanted)) go(null, wanted);
  else {
    // Known before the socket is: Node connects in a later turn as well.
    (this as Any).connecting = true;
    (options.lookup ?? dns.lookup)(wanted, { family: options.family ?? 0 }, (problem: Any, found: Any) => {
      if (this.destroyed) return;
      if (problem === null || problem === undefined) this.emit('lookup', null, found, 4, wanted);
      go(problem, found);
    });
  }
  return this;
} as Any;

function plain(args: Any[]): [Any, Any] {
  const callback = typeof args.at(-1) === 'function' ? args.pop() : undefined;
  const [first, second] = args;
  if (typeof first === 'object' && first !== null) return [first, callback];
  return [
    typeof first === 'string' && !/^\d+$/.test(first) ? { path: first } : { port: first, host: second },
    callback,
  ];
}

function dial(socket: net.Socket, options: Any, to: { address: string; port: number; host: string }): void {
  const real = ports.real(to.host, to.port);
  const { first, size } = ports.calling(host);
  // Each process begins elsewhere, so that no two call from a port that has just been left.
  const fromPort = first + ((process.pid * 37 + calls++) % size);
  called.set(socket, to);
  const tell = (status: 'open' | 'refused') =>
    report({ type: 'connection', to: to.host, port: to.port, fromPort, status });
  socket.once('connect', () => tell('open'));
  const { destroy } = socket;
  socket.destroy = function (this: net.Socket, problem?: Any) {
    if (problem?.port === real) {
      if (problem.syscall === 'connect') tell('refused');
      translate(problem, to.address, to.port, real);
      delete problem.localAddress;
      delete problem.localPort;
      problem.message = problem.message.replace(/ - Local \(.*\)$/, '');
      problem.stack = problem.stack.replace(/ - Local \(.*\)$/m, '');
    }
    return destroy.call(this, problem);
  } as typeof destroy;
  const { lookup: _lookup, localAddress: _address, localPort: _port, ...rest } = options;
  const plainly = { ...rest, host: LOOPBACK, port: real, family: 4, autoSelectFamily: false };
  connect.call(socket, { ...plainly, localAddress: LOOPBACK, localPort: fromPort });
}

// --- What a socket says of its ends

// Every getter of an address asks one of these two, a TLS socket's too. A Node.js without them tells loopback addresses.
const socket = net.Socket.prototype as Any;
const { _getpeername: peerOf, _getsockname: selfOf } = socket;
type Asked = { address?: string; port?: number; family?: string };

/** The lab's address as a server sees it that listens for both families. */
function end(address: string, port: number | undefined, isDual: boolean | undefined): Asked {
  return isDual ? { address: `::ffff:${address}`, port, family: 'IPv6' } : { address, port, family: 'IPv4' };
}

socket._getpeername = function (this: net.Socket): Asked {
  const given: Asked = peerOf.call(this);
  const to = called.get(this);
  if (given.port === undefined) return given;
  if (to) return end(to.address, to.port, false);
  const caller = ports.hostOf(given.port);
  const { isDual } = behind.get(selfOf.call(this).port) ?? {};
  return caller === undefined ? given : end(hosts[caller], given.port, isDual);
};

socket._getsockname = function (this: net.Socket): Asked {
  const given: Asked = selfOf.call(this);
  if (given.port === undefined) return given;
  const open = behind.get(given.port);
  return end(own, open?.port ?? given.port, open?.isDual);
};

syncBuiltinESMExports();
