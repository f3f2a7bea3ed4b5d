/** A Host's network over the public functions of a real `net`. */
import dns from 'real:dns';
import net, { type Server, type Socket } from 'real:net';
import type { Connection, Network, SocketAddress } from '../host.ts';

const CONNECTION_RESET = -104;
const NOT_FOUND = -3008;
/** Unread bytes from which a sender is told to wait. */
const WINDOW = 256 * 1024;

const statusOf = (problem: unknown) => (problem as { errno?: number }).errno ?? CONNECTION_RESET;

function address(given: string | undefined, port: number | undefined): SocketAddress {
  const shown = given ?? '127.0.0.1';
  return { address: shown, port: port ?? 0, family: shown.includes(':') ? 'IPv6' : 'IPv4' };
}

/** The socket keeps no process alive: the runtime's own handles do. */
function connectionOf(socket: Socket): Connection {
  let unread = 0;
  const connection: Connection = {
    local: address(socket.localAddress, socket.localPort),
    remote: address(socket.remoteAddress, socket.remotePort),
    write: (bytes, done) => void socket.write(bytes, (problem) => done(problem ? statusOf(problem) : 0)),
    shutdown: (done) => void socket.end(() => done(0)),
    close: () => socket.destroySoon(),
    reset: () => void socket.resetAndDestroy(),
    consumed(count) {
      unread -= count;
      if (unread < WINDOW) socket.resume();
    },
    ondata: null,
    onend: null,
    onerror: null,
  };
  socket.on('data', (bytes: Uint8Array) => {
    unread += bytes.length;
    if (unread >= WINDOW) socket.pause();
    connection.ondata?.(new Uint8Array(bytes));
  });
  socket.on('end', () => connection.onend?.());
  socket.on('error', (problem) => connection.onerror?.(statusOf(problem)));
  socket.unref();
  return connection;
}

export function createNetwork(): Network {
  const claimed = new Map<string, { server: Server; early: Socket[]; accept?: (socket: Socket) => void }>();
  const key = ({ address, port }: SocketAddress) => `${address} ${port}`;
  return {
    bind(wanted, answer) {
      const server = net.createServer({ allowHalfOpen: true }, (socket) => {
        if (claim.accept) claim.accept(socket);
        else claim.early.push(socket);
      });
      const claim: { server: Server; early: Socket[]; accept?: (socket: Socket) => void } = {
        server,
        early: [],
      };
      const refused = (problem: Error) => answer(statusOf(problem), wanted);
      server.once('error', refused);
      server.listen({ host: wanted.address, port: wanted.port, exclusive: true }, () => {
        server.off('error', refused);
        claimed.set(key(wanted), claim);
        answer(0, wanted);
      });
      server.unref();
    },
    listen(bound, accept) {
      const claim = claimed.get(key(bound));
      if (!claim) throw new Error(`Nobody has claimed ${key(bound)}`);
      claim.accept = (socket) => accept(connectionOf(socket));
      for (const socket of claim.early.splice(0)) claim.accept(socket);
      return {
        close() {
          claimed.delete(key(bound));
          claim.server.close();
        },
      };
    },
    connect(to, _from, answer) {
      const socket = net.connect({ host: to.address, port: to.port, allowHalfOpen: true });
      const refused = (problem: Error) => answer(statusOf(problem));
      socket.once('error', refused);
      socket.once('connect', () => {
        socket.off('error', refused);
        answer(0, connectionOf(socket));
      });
    },
    resolve(name, answer) {
      dns.lookup(name, { all: true }, (problem, found) => {
        if (problem) answer(NOT_FOUND, []);
        else
          answer(
            0,
            found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 })),
          );
      });
    },
  };
}
