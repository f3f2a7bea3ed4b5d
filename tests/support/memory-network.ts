/**
 * A TCP network inside one process, for tests of the runtime: same promises as the kernel's (src/node/host.ts), no I/O.
 * Every delivery is a task of its own, as it would be between workers.
 */
import type { Connection, Network, SocketAddress } from '../../src/node/host.ts';

const [REFUSED, IN_USE, NOT_AVAILABLE, NOT_FOUND, RESET, BROKEN_PIPE] = [-111, -98, -99, -3008, -104, -32];

/** Bytes a receiver may be sent before it has consumed what came. */
const WINDOW = 64 * 1024;

type Later = (callback: () => void) => void;

class Endpoint implements Connection {
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  ondata: Connection['ondata'] = null;
  onend: Connection['onend'] = null;
  onerror: Connection['onerror'] = null;
  peer!: Endpoint;
  readonly #later: Later;
  #waiting: { bytes: Uint8Array; done: (status: number) => void }[] = [];
  /** Bytes sent to the peer that it has not consumed. */
  #unread = 0;
  #shut: ((status: number) => void) | undefined;
  #finished = false;
  #closed = false;
  #dead = false;

  constructor(local: SocketAddress, remote: SocketAddress, later: Later) {
    this.local = local;
    this.remote = remote;
    this.#later = later;
  }

  write(bytes: Uint8Array, done: (status: number) => void): void {
    if (this.#dead || this.peer.#closed) {
      this.#later(() => done(this.#dead ? RESET : BROKEN_PIPE));
      if (!this.#dead) this.#die(RESET);
      return;
    }
    this.#waiting.push({ bytes, done });
    this.#pump();
  }
  #pump(): void {
    while (this.#waiting.length > 0 && this.#unread < WINDOW) {
      const { bytes, done } = this.#waiting.shift() as { bytes: Uint8Array; done: (status: number) => void };
      this.#unread += bytes.length;
      this.#later(() => {
        if (!this.peer.#closed && !this.peer.#dead) this.peer.ondata?.(bytes);
        done(0);
      });
    }
    if (this.#waiting.length === 0 && this.#shut) this.#finish();
  }
  #finish(): void {
    const done = this.#shut;
    this.#shut = undefined;
    if (this.#finished) return;
    this.#finished = true;
    this.#later(() => {
      if (!this.peer.#closed && !this.peer.#dead) this.peer.onend?.();
      done?.(0);
    });
  }
  shutdown(done: (status: number) => void): void {
    if (this.#dead) {
      this.#later(() => done(-107));
      return;
    }
    this.#shut = done;
    this.#pump();
  }
  consumed(count: number): void {
    this.peer.#unread -= count;
    this.peer.#pump();
  }
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // What the peer sent and nobody read is lost: TCP says so with a reset.
    if (this.peer.#unread > 0 || this.peer.#waiting.length > 0) {
      this.peer.#die(RESET);
      return;
    }
    this.#shut ??= () => {};
    this.#pump();
  }
  reset(): void {
    this.#closed = true;
    this.#dead = true;
    this.peer.#die(RESET);
  }
  #die(status: number): void {
    if (this.#dead) return;
    this.#dead = true;
    const failed = this.#waiting;
    this.#waiting = [];
    this.#later(() => {
      for (const { done } of failed) done(status);
      if (!this.#closed) this.onerror?.(status);
    });
  }
}

const ANY = new Set(['0.0.0.0', '::']);
const LOCAL = new Set(['127.0.0.1', '::1', '0.0.0.0', '::']);

/** Names beside `localhost`; `later` runs a callback in a task of its own. */
export function createMemoryNetwork(later: Later, names: Record<string, string[]> = {}): Network {
  const listeners = new Map<string, ((connection: Connection) => void) | null>();
  let lastPort = 40000;
  const key = (at: SocketAddress) => `${at.address} ${at.port}`;
  const conflict = (at: SocketAddress) =>
    [...listeners.keys()].some((other) => {
      const [address, port] = other.split(' ');
      if (Number(port) !== at.port) return false;
      return (
        address === at.address ||
        address === '::' ||
        at.address === '::' ||
        (ANY.has(address) && at.family === 'IPv4') ||
        (ANY.has(at.address) && !address.includes(':'))
      );
    });
  const find = (to: SocketAddress) => {
    const wildcard = to.family === 'IPv4' ? ['0.0.0.0', '::'] : ['::'];
    for (const address of [to.address, ...wildcard]) {
      const accept = listeners.get(`${address} ${to.port}`);
      if (accept) return accept;
    }
    return undefined;
  };
  return {
    bind(address, answer) {
      const bound = { ...address, port: address.port || ++lastPort };
      const status =
        !LOCAL.has(address.address) && !address.address.startsWith('127.')
          ? NOT_AVAILABLE
          : conflict(bound)
            ? IN_USE
            : 0;
      if (status === 0) listeners.set(key(bound), null);
      answer(status, bound);
    },
    listen(bound, accept) {
      listeners.set(key(bound), accept);
      return { close: () => listeners.delete(key(bound)) };
    },
    connect(to, from, answer) {
      later(() => {
        if (from?.port && conflict({ address: to.address, family: to.family, ...from, port: from.port }))
          return answer(IN_USE);
        const accept = find(to);
        if (!accept) return answer(REFUSED);
        const family = to.family;
        const client: SocketAddress = {
          address: from?.address ?? to.address,
          family,
          port: from?.port || ++lastPort,
        };
        const a = new Endpoint(client, to, later);
        const b = new Endpoint(to, client, later);
        a.peer = b;
        b.peer = a;
        accept(b);
        answer(0, a);
      });
    },
    resolve(name, answer) {
      const found = name === 'localhost' ? ['::1', '127.0.0.1'] : names[name];
      if (!found) return later(() => answer(NOT_FOUND, []));
      later(() =>
        answer(
          0,
          found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        ),
      );
    },
  };
}
