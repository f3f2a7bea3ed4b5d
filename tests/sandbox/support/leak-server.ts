import dgram from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import type { Target } from './probes.ts';

/**
 * Resolves when the browser's log of its network has all these texts, or when time is up. The log is written a few events
 * at a time, so `act` makes some.
 */
export async function whenLogged(
  log: string,
  texts: readonly string[],
  act: () => Promise<unknown>,
  limitMs: number,
): Promise<void> {
  const end = performance.now() + limitMs;
  const isThere = () => {
    const logged = readFileSync(log, 'utf8');
    return texts.every((text) => logged.includes(text));
  };
  while (!isThere() && performance.now() < end) await act();
}

/** Where the probes try to get to: counts who arrives, over HTTP, TCP and UDP. */
export async function startLeakServer() {
  const reached = new Set<string>();
  const waiting = new Set<() => void>();
  const arrived = (key: string) => {
    reached.add(key);
    for (const look of waiting) look();
  };
  const keyOf = (url: string | undefined) => (url ?? '').slice(1).replace(/[?#].*$/, '');
  const closers: (() => void)[] = [];

  const server = http.createServer((request, response) => {
    arrived(keyOf(request.url));
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('cache-control', 'no-store');
    response.setHeader('content-type', 'text/javascript');
    response.end();
  });
  server.on('upgrade', (request, socket) => {
    arrived(keyOf(request.url));
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;

  async function countTcp(key: string): Promise<number> {
    const counter = net.createServer((socket) => {
      arrived(key);
      socket.destroy();
    });
    counter.listen(0, '127.0.0.1');
    await once(counter, 'listening');
    closers.push(() => counter.close());
    return (counter.address() as AddressInfo).port;
  }

  async function countUdp(key: string): Promise<number> {
    const counter = dgram.createSocket('udp4');
    counter.on('message', () => arrived(key));
    counter.bind(0, '127.0.0.1');
    await once(counter, 'listening');
    closers.push(() => counter.close());
    return counter.address().port;
  }

  return {
    reached,
    async target(key: string, probe: string): Promise<Target> {
      return {
        url: `http://127.0.0.1:${port}/${key}`,
        socket: `ws://127.0.0.1:${port}/${key}`,
        udp: probe.endsWith('webrtc') || probe === 'webtransport' ? await countUdp(key) : 0,
        tcp: probe.endsWith('preconnect') ? await countTcp(key) : 0,
        name: `${key.replaceAll('/', '-')}.handfast-probe.example`,
      };
    },
    /** Resolves when all of `keys` have arrived, or when time is up, with those that have not. */
    whenReached(keys: readonly string[], limitMs: number): Promise<string[]> {
      const missing = () => keys.filter((key) => !reached.has(key));
      return new Promise((resolve) => {
        const finish = () => {
          clearTimeout(limit);
          waiting.delete(look);
          resolve(missing());
        };
        const look = () => {
          if (missing().length === 0) finish();
        };
        const limit = setTimeout(finish, limitMs);
        waiting.add(look);
        look();
      });
    },
    close() {
      for (const close of closers) close();
    },
  };
}
