/** A call goes to the port behind which the lab's stands, and from a port by which its host is known. */
import net from 'node:net';
import { notFound, systemError, translate } from './errors.ts';
import { ANY, type Any, firstCall, host, isSelf, LOOPBACK, nameOf, own, ports, report } from './here.ts';
import { addressOf } from './names.ts';
import { isPort, override } from './patching.ts';

const connect = net.Socket.prototype.connect as Any;
let calls = firstCall;
/** Where a socket of this process believes it is connected to. */
export const called = new WeakMap<net.Socket, { address: string; port: number }>();

net.Socket.prototype.connect = function (this: net.Socket, ...args: Any[]) {
  // `net.connect` hands over an array that it has normalised.
  const isNormal = Array.isArray(args[0]);
  const [options, callback] = isNormal ? args[0] : plain([...args]);
  // An agent gives `null` where there is no path. What Node would refuse, it shall.
  if (options.path || !isPort(options.port)) return connect.apply(this, args);
  if (callback) this.once('connect', callback);
  const wanted = String(options.host || 'localhost');
  const dialled = (address: string | undefined) => dial(this, options, wanted, address);
  if (options.lookup && !net.isIP(wanted)) resolveBy(this, options.lookup, wanted, dialled);
  else dialled(addressOf(wanted));
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

/** A program's own way to look up names. Node's connect begins only when it has answered: the port depends on it. */
function resolveBy(socket: net.Socket, lookup: Any, wanted: string, dialled: (address: string) => void) {
  (socket as Any).connecting = true;
  lookup(wanted, {}, (problem: Any, found: Any) => {
    if (socket.destroyed) return;
    if (problem) socket.destroy(problem);
    else dialled(Array.isArray(found) ? found[0]?.address : found);
  });
}

function dial(socket: net.Socket, options: Any, wanted: string, address: string | undefined): void {
  const { localAddress: _address, localPort: _port, ...rest } = options;
  const to = address === undefined ? undefined : placed(address, Number(options.port));
  const real = to && ports.real(to.host, to.port);
  const { first, size } = ports.calling(host);
  const fromPort = first + (calls++ % size);
  if (to) {
    called.set(socket, to);
    watch(socket, to, real as number, fromPort);
  }
  const isName = net.isIP(wanted) === 0;
  override(
    socket,
    'emit',
    (emit) =>
      function (this: net.Socket, name: string | symbol, ...said: Any[]) {
        if (name !== 'lookup') return emit.call(this, name, ...said);
        // An address is not looked up: here it was only because a failure has no other way in.
        return isName && emit.call(this, 'lookup', said[0], to?.address, to && 4, wanted);
      },
  );
  // Node's own connect is called at once, so that the socket takes what is written to it, and waits for this answer.
  connect.call(socket, {
    ...rest,
    host: isName || !to ? 'name.invalid' : LOOPBACK,
    port: real ?? options.port,
    family: 4,
    autoSelectFamily: false,
    localAddress: LOOPBACK,
    localPort: fromPort,
    lookup: (_name: string, _options: object, answer: Any) =>
      setImmediate(() =>
        to ? answer(null, LOOPBACK, 4) : answer(unreachable(wanted, options.port, address)),
      ),
  });
}

/** Whose address that is, as the lab knows it. */
function placed(address: string, port: number): { address: string; port: number; host: string } | undefined {
  const target = isSelf(address) || ANY.has(address) ? host : nameOf.get(address.replace('::ffff:', ''));
  if (target === undefined) return undefined;
  return { address: target === host ? own : address, port, host: target };
}

function unreachable(wanted: string, port: number, address: string | undefined): Error {
  if (address === undefined) return notFound(wanted);
  return systemError('EHOSTUNREACH', 'connect', { address, port, errno: -113 }, ` ${address}:${port}`);
}

/** Reports what comes of a call, and puts the lab's address into its failure. */
function watch(
  socket: net.Socket,
  to: { address: string; port: number; host: string },
  real: number,
  fromPort: number,
) {
  const tell = (status: 'open' | 'refused') =>
    report({ type: 'connection', to: to.host, port: to.port, fromPort, status });
  socket.once('connect', () => tell('open'));
  override(
    socket,
    'destroy',
    (destroy) =>
      function (this: net.Socket, problem?: Any) {
        if (problem?.port === real) {
          if (problem.syscall === 'connect') tell('refused');
          translate(problem, to.address, to.port, real);
          delete problem.localAddress;
          delete problem.localPort;
          problem.message = problem.message.replace(/ - Local \(.*\)$/, '');
          problem.stack = problem.stack.replace(/ - Local \(.*\)$/m, '');
        }
        return destroy.call(this, problem);
      },
  );
}
