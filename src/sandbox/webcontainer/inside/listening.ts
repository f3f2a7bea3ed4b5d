/** A server listens on its host's port, behind a port of the one address. */
import net from 'node:net';
import { systemError, translate } from './errors.ts';
import { ANY, type Any, host, isSelf, LOOPBACK, ports, report } from './here.ts';
import { addressOf } from './names.ts';
import { isPort, override } from './patching.ts';

const EPHEMERAL = { first: 32_768, count: 16_000 };

const listen = net.Server.prototype.listen as Any;
const serverAddress = net.Server.prototype.address;
/** Where a server listens, or tries to: as it believes, and behind which port. */
interface Place {
  address: string;
  port: number;
  real: number;
  isDual: boolean;
  isOpen: boolean;
  /** Tries another port, where any would do. */
  elsewhere?: () => void;
}
const places = new WeakMap<net.Server, Place>();
/** Ports of this process by the port behind which they stand, and whether they were opened for both families. */
export const behind = new Map<number, { port: number; isDual: boolean }>();

function freePort(): number {
  return EPHEMERAL.first + Math.floor(Math.random() * EPHEMERAL.count);
}

net.Server.prototype.listen = function (this: net.Server, ...args: Any[]) {
  const callback = typeof args.at(-1) === 'function' ? args.pop() : undefined;
  const [first, second] = args;
  const isPath = typeof first === 'string' && !/^\d+$/.test(first);
  if (this.listening || isPath || first?.path || first?.fd >= 0 || first?._handle || first?._listen2) {
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
  const address = asked === host || asked === 'localhost' ? (addressOf(asked) as string) : asked;
  const chosen = Number(options.port ?? 0);
  const open = (port: number): net.Server => {
    const real = ports.real(host, port);
    const elsewhere = chosen === 0 ? () => open(freePort()) : undefined;
    places.set(this, { address, port, real, isDual: asked === '::', isOpen: false, elsewhere });
    return listen.call(this, { ...options, host: LOOPBACK, port: real });
  };
  watch(this);
  return open(chosen || freePort());
} as Any;

const watched = new WeakSet<net.Server>();

/** Hears what becomes of a server before the program does. */
function watch(server: net.Server): void {
  if (watched.has(server)) return;
  watched.add(server);
  override(
    server,
    'emit',
    (emit) =>
      function (this: net.Server, name: string | symbol, ...rest: Any[]) {
        const place = places.get(this);
        if (place && name === 'listening') opened(place);
        if (place?.isOpen && name === 'close') closed(this, place);
        if (place && name === 'error' && rest[0]?.code === 'EADDRINUSE' && !place.isOpen) {
          if (place.elsewhere) {
            place.elsewhere();
            return true;
          }
          translate(rest[0], place.address, place.port, place.real);
        }
        return emit.call(this, name, ...rest);
      },
  );
}

function opened(place: Place): void {
  const { port, real, isDual } = place;
  place.isOpen = true;
  behind.set(real, { port, isDual });
  report({ type: 'listen', port, real });
}

function closed(server: net.Server, { port, real }: Place): void {
  places.delete(server);
  behind.delete(real);
  report({ type: 'unlisten', port, real });
}

net.Server.prototype.address = function (this: net.Server) {
  const given = serverAddress.call(this);
  const believed = places.get(this);
  if (given === null || typeof given === 'string' || !believed) return given;
  return {
    address: believed.address,
    family: believed.address.includes(':') ? 'IPv6' : 'IPv4',
    port: believed.port,
  };
};
