/** A server listens on its host's port, behind a port of the one address. */
import net from 'node:net';
import { systemError, translate } from './errors.ts';
import { ANY, type Any, host, isSelf, LOOPBACK, ports, report } from './here.ts';
import { addressOf } from './names.ts';
import { isPort, override } from './patching.ts';

const EPHEMERAL = { first: 32_768, count: 16_000 };

const listen = net.Server.prototype.listen as Any;
const serverAddress = net.Server.prototype.address;
/** What a server believes of itself. */
const listening = new WeakMap<net.Server, { address: string; port: number }>();
/** Ports of this process by the port behind which they stand, and whether they were opened for both families. */
export const behind = new Map<number, { port: number; isDual: boolean }>();

function freePort(): number {
  return EPHEMERAL.first + Math.floor(Math.random() * EPHEMERAL.count);
}

net.Server.prototype.listen = function (this: net.Server, ...args: Any[]) {
  const callback = typeof args.at(-1) === 'function' ? args.pop() : undefined;
  const [first, second] = args;
  const isPath = typeof first === 'string' && !/^\d+$/.test(first);
  if (isPath || first?.path || first?.fd >= 0 || first?._handle || first?._listen2) {
    return listen.call(this, ...args, ...(callback ? [callback] : []));
  }
  const options = typeof first === 'object' && first !== null ? { ...first } : { port: first };
  if (!isPort(options.port ?? 0)) return listen.call(this, ...args); // refused as Node refuses it
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
  override(
    this,
    'emit',
    (emit) =>
      function (this: net.Server, name: string | symbol, ...rest: Any[]) {
        if (name === 'error' && rest[0]?.code === 'EADDRINUSE') translate(rest[0], address, port, real);
        return emit.call(this, name, ...rest);
      },
  );
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
