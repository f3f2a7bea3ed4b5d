/**
 * The way from a browser to the lab's servers. Chromium cannot be told from which address to call, so that servers would
 * not see whose machine a browser runs on; and `network.mjs`, which sees to that in Node's processes, cannot be loaded
 * into it. So each host of the lab has a second loopback address for the browsers of one machine. There every port that
 * the host has open is open too, and what comes in is passed on from that machine's address. A port that is closed is
 * closed there too, so that Chromium finds out for itself, and names the error.
 */
import net from 'node:net';
import type { Endpoint } from '../../index.ts';

/** Where a host of the lab is: for programs of the lab, for the operating system, and for these browsers. */
export interface RelayedHost {
  name: string;
  address: string;
  loopback: string;
  front: string;
}

export interface Relay {
  /** The value of Chromium's `--host-resolver-rules`: the lab's hosts, and nothing else in the world. */
  readonly rules: string;
  open(at: Endpoint): void;
  shut(at: Endpoint): void;
  /** Resolves when every port that was opened can be reached. */
  settled(): Promise<void>;
  close(): void;
}

/** Makes the way for browsers on the host `own`. `onConnection` is called for each connection made, with the port it comes from. */
export function createRelay(
  own: string,
  hosts: readonly RelayedHost[],
  onConnection: (port: number, to: Endpoint) => void,
): Relay {
  const machine = find(own);
  const doors = new Map<string, { server: net.Server; opened: Promise<void> }>();
  const sockets = new Set<net.Socket>();

  function find(name: string): RelayedHost {
    const host = hosts.find((each) => each.name === name);
    if (!host)
      throw new Error(`No host "${name}": the lab has ${hosts.map((each) => each.name).join(', ')}.`);
    return host;
  }

  function pass(near: net.Socket, to: Endpoint): void {
    const far = net.connect({
      host: find(to.host).loopback,
      port: to.port,
      localAddress: machine.loopback,
      allowHalfOpen: true,
      noDelay: true,
    });
    far.once('connect', () => onConnection(far.localPort as number, to));
    join(near, far);
    join(far, near);
  }

  /** Whatever happens to one end happens to the other. */
  function join(from: net.Socket, to: net.Socket): void {
    sockets.add(from);
    from.pipe(to);
    from.on('error', () => to.resetAndDestroy());
    from.once('close', () => {
      sockets.delete(from);
      to.destroySoon();
    });
  }

  const key = ({ host, port }: Endpoint): string => `${host}:${port}`;

  return {
    rules: [
      // Every machine is `localhost` to itself.
      `MAP localhost ${machine.front}`,
      ...hosts
        .filter(({ name }) => name !== 'localhost')
        .flatMap(({ name, address, front }) => [`MAP ${name} ${front}`, `MAP ${address} ${front}`]),
      'MAP * ~NOTFOUND',
    ].join(', '),
    open(at) {
      if (doors.has(key(at))) return;
      const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (near) => pass(near, at));
      const opened = new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(at.port, find(at.host).front, resolve);
      });
      opened.catch(() => {}); // `settled` tells it to whoever needs the port
      doors.set(key(at), { server, opened });
    },
    shut(at) {
      doors.get(key(at))?.server.close();
      doors.delete(key(at));
    },
    async settled() {
      await Promise.all([...doors.values()].map(({ opened }) => opened));
    },
    close() {
      for (const { server } of doors.values()) server.close();
      doors.clear();
      for (const socket of sockets) socket.destroy();
    },
  };
}
