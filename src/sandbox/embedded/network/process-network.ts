import type { Connection, Network, SocketAddress } from '../../../node/host.ts';
import type { NetworkNotice, NetworkRequest, NetworkView, PortClaim } from '../protocol.ts';
import {
  claimsConflict,
  isLoopback,
  isWildcard,
  LOOPBACK_IPV4,
  type PlainAddress,
  readAddress,
} from './addresses.ts';
import { type ConnectionEnd, createConnection } from './connection.ts';
import { status } from './status.ts';

/** A process's side of the lab's network: Node's library on one hand, the kernel on the other. */
export interface ProcessNetwork extends Network {
  receive(notice: NetworkNotice): void;
}

interface Listener {
  claim: PortClaim;
  accept: ((connection: Connection) => void) | undefined;
  lost: ((status: number) => void) | undefined;
  /** The kernel's refusal came before anybody listened. */
  lostWith: number;
}

/**
 * Answers what it can without asking: names from a table, binds from a copy of the machine's port table and a few
 * ports set aside for it. Only connecting needs the kernel's answer.
 */
export function createProcessNetwork(
  view: NetworkView,
  send: (request: NetworkRequest) => void,
): ProcessNetwork {
  const claims = new Map(view.claims.map((claim) => [claim.key, claim]));
  const freePorts = [...view.freePorts];
  const listeners = new Map<number, Listener>();
  const ends = new Map<number, ConnectionEnd>();
  const connecting = new Map<number, (code: number, end?: ConnectionEnd) => void>();
  /** The address object that `bind` gave is the ticket that `listen` shows. */
  const boundBy = new WeakMap<SocketAddress, number>();
  let lastListener = 0;
  let lastConnection = 0;

  /** Addresses of other machines: one of 127.0.0.0/8 may have been given to one of them. */
  const elsewhere = new Set(
    Object.entries(view.names).flatMap(([name, list]) => (name === 'localhost' ? [] : list)),
  );
  elsewhere.delete(LOOPBACK_IPV4);
  for (const address of view.addresses) elsewhere.delete(address);

  const isOwn = (address: PlainAddress) =>
    isWildcard(address.text) ||
    view.addresses.includes(address.text) ||
    (isLoopback(address) && !elsewhere.has(address.text));

  /** For a caller that copied the ticket. */
  function numberOf(bound: SocketAddress): number | undefined {
    for (const [number, { claim, accept }] of listeners) {
      if (!accept && claim.address === bound.address && claim.port === bound.port) return number;
    }
    return undefined;
  }

  function taken(wanted: { address: string; port: number; ipv6Only: boolean }): boolean {
    for (const claim of claims.values()) if (claimsConflict(claim, wanted)) return true;
    for (const { claim } of listeners.values()) if (claimsConflict(claim, wanted)) return true;
    return false;
  }

  function freePortFor(address: string, ipv6Only: boolean): number {
    for (let index = 0; index < freePorts.length; index++) {
      const port = freePorts[index];
      if (taken({ address, port, ipv6Only })) continue;
      freePorts.splice(index, 1);
      return port;
    }
    return 0;
  }

  function open(number: number, local: SocketAddress, remote: SocketAddress): ConnectionEnd {
    const end = createConnection({
      local,
      remote,
      send: (request) => send({ ...request, connection: number } as NetworkRequest),
      closed: () => ends.delete(number),
    });
    ends.set(number, end);
    return end;
  }

  return {
    bind({ address: text, family, port: wantedPort, ipv6Only = false }, answer) {
      const address = readAddress(text);
      const refuse = (code: number) => answer(code, { address: text, family, port: wantedPort });
      if (!address) return refuse(status.invalid);
      if (!isOwn(address)) return refuse(status.addressNotAvailable);
      const port = wantedPort || freePortFor(address.text, ipv6Only);
      const claim = { key: '', address: address.text, port, ipv6Only };
      if (port === 0 || taken(claim)) return refuse(status.addressInUse);
      const listener = ++lastListener;
      listeners.set(listener, { claim, accept: undefined, lost: undefined, lostWith: 0 });
      const bound: SocketAddress = {
        address: address.text,
        family: address.family === 4 ? 'IPv4' : 'IPv6',
        port,
      };
      boundBy.set(bound, listener);
      send({ type: 'bind', listener, at: bound, ipv6Only });
      answer(status.ok, bound);
    },

    listen(bound, accept, lost) {
      const number = boundBy.get(bound) ?? numberOf(bound);
      const listener = number === undefined ? undefined : listeners.get(number);
      if (!listener || number === undefined)
        throw new Error(`Nothing is bound to ${bound.address}:${bound.port}`);
      listener.accept = accept;
      listener.lost = lost;
      send({ type: 'listen', listener: number });
      if (listener.lostWith) lost?.(listener.lostWith);
      return {
        close() {
          if (listeners.delete(number)) send({ type: 'unlisten', listener: number });
        },
      };
    },

    connect(to, from, answer) {
      const { address = '0.0.0.0', port = 0 } = from ?? {};
      if (port !== 0 && taken({ address, port, ipv6Only: false })) return answer(status.addressInUse);
      const number = ++lastConnection;
      connecting.set(number, answer);
      send({ type: 'connect', connection: number, to, from: from && { ...from } });
    },

    resolve(name, answer) {
      const plain = name.toLowerCase().replace(/\.$/, '');
      const found = Object.hasOwn(view.names, plain)
        ? view.names[plain]
        : plain.endsWith('.localhost')
          ? view.names.localhost
          : undefined;
      if (!found) return answer(status.nameNotFound, []);
      answer(
        status.ok,
        found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    },

    receive(notice) {
      switch (notice.type) {
        case 'claims':
          if (notice.added) claims.set(notice.added.key, notice.added);
          if (notice.removed) claims.delete(notice.removed);
          return;
        case 'free-ports':
          freePorts.push(...notice.ports);
          return;
        case 'lost': {
          const listener = listeners.get(notice.listener);
          if (!listener) return;
          listener.lostWith = notice.status;
          listener.lost?.(notice.status);
          return;
        }
        case 'accept': {
          const accept = listeners.get(notice.listener)?.accept;
          if (accept) accept(open(notice.connection, notice.local, notice.remote));
          // The listener was closed while this connection was on its way: as a kernel does with its queue, reset it.
          else send({ type: 'reset', connection: notice.connection });
          return;
        }
        case 'connected': {
          const answer = connecting.get(notice.connection);
          connecting.delete(notice.connection);
          if (notice.status === status.ok && notice.local && notice.remote) {
            answer?.(status.ok, open(notice.connection, notice.local, notice.remote));
          } else answer?.(notice.status);
          return;
        }
        default:
          ends.get(notice.connection)?.receive(notice);
      }
    },
  };
}
