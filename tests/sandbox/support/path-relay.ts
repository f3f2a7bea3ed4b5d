// Somebody on the path of real TCP connections: a relay, whose acts are those of the engine's own.
import { once } from 'node:events';
import net from 'node:net';
import { createOnPath, type PathFact, type PathRule } from '../../../src/sandbox/on-path.ts';

const CLIENT = { host: 'client.example.test', address: '10.1.0.1', port: 40_000 };
const SERVER = { host: 'server.example.test', address: '10.1.0.2', port: 8443 };

/** Stands before the server at this port of this machine. */
export async function relay(serverPort: number, rules: readonly PathRule[]) {
  const sockets = new Map<string, net.Socket>();
  const facts: PathFact[] = [];
  const path = createOnPath({
    relay() {},
    pass({ connection, sender, kind }, bytes) {
      const to = sockets.get(`${connection} ${sender === 'client' ? 'server' : 'client'}`);
      if (kind === 'rst') to?.resetAndDestroy();
      else if (kind === 'fin') to?.end();
      else if (bytes.length > 0) to?.write(bytes);
    },
    now: () => performance.now(),
    after(milliseconds, callback) {
      const timer = setTimeout(callback, milliseconds);
      return () => clearTimeout(timer);
    },
  });
  path.on((fact) => facts.push(fact));
  path.take(rules);
  let last = 0;
  const server = net.createServer({ allowHalfOpen: true }, (near) => {
    const connection = ++last;
    const far = net.connect({ port: serverPort, host: '127.0.0.1', allowHalfOpen: true });
    sockets.set(`${connection} client`, near).set(`${connection} server`, far);
    const listen = (socket: net.Socket, sender: 'client' | 'server') => {
      const ends = sender === 'client' ? { from: CLIENT, to: SERVER } : { from: SERVER, to: CLIENT };
      const come = (kind: 'data' | 'fin' | 'rst', bytes: Uint8Array = new Uint8Array()) =>
        path.receive({ connection, sender, ...ends, kind, bytes });
      socket.on('data', (bytes) => come('data', new Uint8Array(bytes)));
      socket.on('end', () => come('fin'));
      socket.on('error', () => come('rst'));
    };
    listen(near, 'client');
    listen(far, 'server');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    facts,
    close() {
      for (const socket of sockets.values()) socket.destroy();
      server.close();
    },
  };
}
