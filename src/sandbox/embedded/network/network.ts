import type { SocketAddress } from '../../../node/host.ts';
import type { Endpoint } from '../../index.ts';
import type { NetworkNotice, NetworkRequest, NetworkView, PortClaim } from '../protocol.ts';
import {
  claimsConflict,
  isIPv4,
  isLoopback,
  isWildcard,
  LOOPBACK_IPV4,
  LOOPBACK_IPV6,
  type PlainAddress,
  readAddress,
  socketAddress,
} from './addresses.ts';
import { createPortPool } from './ports.ts';
import { status } from './status.ts';

/** The network's side of what happens on it, for whoever watches. */
export interface NetworkWatcher {
  listen(process: number, at: Endpoint): void;
  unlisten(process: number, at: Endpoint): void;
  connection(id: number, from: Endpoint, to: Endpoint, state: 'open' | 'refused'): void;
  /** Set only while somebody looks at segments: copying every byte costs. */
  segment?: ((captured: Segment) => void) | undefined;
  /** Connections that are opened now pass by whoever is on the path: see `crossing`. */
  isOnPath?: boolean;
  /** A segment has come to the one on the path. It arrives when he calls `pass`, and not before. */
  crossing?(segment: Segment & { sender: Sender }): void;
}

/** Who sends on a connection: the end that opened it is its client. */
export type Sender = 'client' | 'server';

export interface Segment {
  connection: number;
  from: Endpoint;
  to: Endpoint;
  kind: 'data' | 'fin' | 'rst';
  bytes: Uint8Array;
}

/** A machine of the lab. The one named `localhost` may have no address of its own: it has its loopback block. */
interface Machine {
  name: string;
  addresses: string[];
  ports: ReturnType<typeof createPortPool>;
  claims: Map<string, Claim>;
  processes: Set<Process>;
}

interface Claim extends PortClaim {
  process: Process;
  listener: number;
  listening: boolean;
}

interface Process {
  id: number;
  machine: Machine;
  claims: Map<number, Claim>;
  ends: Map<number, End>;
  /** Connections the network opens towards a process count down from -1; those a process opens count up. */
  lastAccepted: number;
}

/** One process's end of a connection. */
interface End {
  process: Process;
  /** The process's own number for it. */
  number: number;
  connection: number;
  at: Endpoint;
  peer: End | undefined;
  /** Bytes sent to this process that it has not reported as consumed. */
  unread: number;
  /** Nothing more comes from this side: FIN was sent. */
  finished: boolean;
  /** Somebody is on the path: what is sent arrives later, if at all, and what arrives may be more than what was sent. */
  isRelayed: boolean;
  /** Bytes that arrived and were never sent: reading them must not open the sender's window. */
  surplus: number;
}

export interface Network {
  /** Puts a process on a machine; what it needs to know to begin with. */
  attach(process: number, machineName: string): NetworkView;
  /** The process is gone: its ports are free, and its peers learn it as from a real kernel. */
  detach(process: number): void;
  receive(process: number, request: NetworkRequest): void;
  /** Lets something arrive that has crossed: `bytes` instead of the `count` bytes that were sent. */
  pass(
    connection: number,
    sender: Sender,
    kind: Segment['kind'],
    bytes: Uint8Array<ArrayBuffer>,
    count: number,
  ): void;
  readonly watcher: NetworkWatcher;
}

/** How many ephemeral ports a process holds for itself, so that `listen(0)` needs no answer. */
const PORTS_AHEAD = 8;

/**
 * The lab's TCP/IP network: machines with addresses, listening sockets, connections. It runs in the kernel, sees every
 * segment of every process in one total order, and knows nothing of workers or of a browser: `deliver` is its only way out.
 */
export function createNetwork(options: {
  /** Machines by name with their IPv4 addresses. */
  hosts: Readonly<Record<string, string>>;
  /** What `localhost` stands for, in resolver order. */
  localhost?: readonly string[];
  deliver(process: number, notice: NetworkNotice): void;
  watcher: NetworkWatcher;
}): Network {
  const machines = new Map<string, Machine>();
  const machineByAddress = new Map<string, Machine>();
  const processes = new Map<number, Process>();
  const names: Record<string, string[]> = {
    localhost: [...(options.localhost ?? [LOOPBACK_IPV6, LOOPBACK_IPV4])],
  };
  let lastClaim = 0;
  let lastConnection = 0;
  const relays = new Map<number, Record<Sender, End>>();

  for (const [name, address] of Object.entries(options.hosts)) {
    const machine = addMachine(name, [address]);
    machineByAddress.set(address, machine);
    names[name] = [address];
  }

  function addMachine(name: string, addresses: string[]): Machine {
    const machine: Machine = {
      name,
      addresses,
      ports: createPortPool(),
      claims: new Map(),
      processes: new Set(),
    };
    machines.set(name, machine);
    return machine;
  }

  const deliver = (process: Process, notice: NetworkNotice) => options.deliver(process.id, notice);
  const endpoint = (machine: Machine, address: string, port: number): Endpoint => ({
    host: machine.name,
    address,
    port,
  });

  /** The machine that answers to an address, as seen from `machine`; `undefined` when nobody does. */
  function machineAt(address: PlainAddress, machine: Machine): Machine | undefined {
    const named = machineByAddress.get(address.text);
    if (named) return named;
    return isLoopback(address) ? machine : undefined;
  }

  /** Linux takes the wildcard as a destination for the machine's own loopback address. */
  function destination(text: string): PlainAddress | undefined {
    const address = readAddress(text);
    if (!address || !isWildcard(address.text)) return address;
    return { text: address.family === 4 ? LOOPBACK_IPV4 : LOOPBACK_IPV6, family: address.family };
  }

  function sourceFor(machine: Machine, to: PlainAddress): PlainAddress {
    if (to.family === 6) return { text: LOOPBACK_IPV6, family: 6 };
    if (machine.addresses.includes(to.text)) return to;
    const own = isLoopback(to) && !machineByAddress.has(to.text) ? undefined : machine.addresses[0];
    return { text: own ?? LOOPBACK_IPV4, family: 4 };
  }

  function listenerFor(machine: Machine, to: PlainAddress, port: number): Claim | undefined {
    let found: Claim | undefined;
    for (const claim of machine.claims.values()) {
      if (!claim.listening || claim.port !== port) continue;
      if (claim.address === to.text) return claim;
      if (!isWildcard(claim.address)) continue;
      const sameFamily = isIPv4(claim.address) === (to.family === 4);
      // A wildcard socket of the peer's own family is the closer match than a dual-stack one.
      if (sameFamily || (!found && !claim.ipv6Only && to.family === 4)) found = claim;
    }
    return found;
  }

  /** The one place where a segment crosses. The order of what one end sends stays. */
  function carry(from: End, kind: Segment['kind'], bytes: Uint8Array = nothing): void {
    const { watcher } = options;
    const { connection, at, peer: to } = from;
    if (!to) return;
    const segment = { connection, from: at, to: to.at, kind };
    watcher.segment?.({ ...segment, bytes: bytes.slice() });
    if (from.isRelayed)
      watcher.crossing?.({ ...segment, bytes, sender: from.number > 0 ? 'client' : 'server' });
    else arrive(to, kind, bytes);
  }

  function arrive(to: End, kind: Segment['kind'], bytes: Uint8Array): void {
    const { process, number: connection } = to;
    if (kind === 'data') {
      to.unread += bytes.length;
      deliver(process, { type: 'data', connection, bytes });
    } else if (kind === 'fin') deliver(process, { type: 'end', connection });
    else {
      deliver(process, { type: 'reset', connection });
      forget(to);
    }
  }

  const isThere = ({ process, number, connection }: End) =>
    process.ends.get(number)?.connection === connection;

  const nothing = new Uint8Array(0);
  const sendEnd = (from: End) => {
    from.finished = true;
    carry(from, 'fin');
  };
  /** Both ends are gone after a reset, the other one when it arrives. */
  const sendReset = (from: End) => {
    carry(from, 'rst');
    forget(from);
  };
  const forget = (end: End) => {
    end.process.ends.delete(end.number);
    // With somebody between them, the other end learns of it by what arrives.
    if (end.peer && !end.isRelayed) end.peer.peer = undefined;
  };

  /** What a kernel does with a socket whose owner let go: FIN, or RST when data was left unread. RFC 1122 §4.2.2.13. */
  function close(end: End): void {
    if (end.unread > 0) sendReset(end);
    else {
      if (!end.finished) sendEnd(end);
      forget(end);
    }
  }

  function release(claim: Claim): void {
    const { process } = claim;
    process.claims.delete(claim.listener);
    process.machine.claims.delete(claim.key);
    process.machine.ports.release(claim.port);
    tellNeighbours(process, { type: 'claims', removed: claim.key });
    if (claim.listening)
      options.watcher.unlisten(process.id, endpoint(process.machine, claim.address, claim.port));
  }

  function tellNeighbours(process: Process, notice: NetworkNotice): void {
    for (const neighbour of process.machine.processes) if (neighbour !== process) deliver(neighbour, notice);
  }

  /** So many bytes more may be sent from this end. */
  function opens({ process, number: connection }: End, count: number): void {
    deliver(process, { type: 'consumed', connection, count });
  }

  const requests = {
    bind(process, { listener, at, ipv6Only }) {
      const { machine } = process;
      const key = `${process.id}:${++lastClaim}`;
      const claim: Claim = {
        key,
        address: at.address,
        port: at.port,
        ipv6Only,
        process,
        listener,
        listening: false,
      };
      if ([...machine.claims.values()].some((other) => claimsConflict(other, claim))) {
        return deliver(process, { type: 'lost', listener, status: status.addressInUse });
      }
      machine.claims.set(key, claim);
      process.claims.set(listener, claim);
      tellNeighbours(process, {
        type: 'claims',
        added: { key, address: claim.address, port: claim.port, ipv6Only },
      });
      if (machine.ports.use(claim.port, process.id)) {
        deliver(process, { type: 'free-ports', ports: [machine.ports.reserve(process.id)] });
      }
    },
    listen(process, { listener }) {
      const claim = process.claims.get(listener);
      if (!claim || claim.listening) return;
      claim.listening = true;
      options.watcher.listen(process.id, endpoint(process.machine, claim.address, claim.port));
    },
    unlisten(process, { listener }) {
      const claim = process.claims.get(listener);
      if (claim) release(claim);
    },
    connect(process, { connection: number, to, from }) {
      const answer = (code: number, local?: SocketAddress, remote?: SocketAddress) =>
        deliver(process, { type: 'connected', connection: number, status: code, local, remote });
      const target = destination(to.address);
      if (!target) return answer(status.invalid);
      const { machine } = process;
      const wanted = from?.address ? readAddress(from.address) : undefined;
      const source = wanted && !isWildcard(wanted.text) ? wanted : sourceFor(machine, target);
      if (machineAt(source, machine) !== machine) return answer(status.addressNotAvailable);
      const targetMachine = machineAt(target, machine);
      if (!targetMachine)
        return answer(target.family === 4 ? status.hostUnreachable : status.networkUnreachable);
      const port = from?.port || machine.ports.ephemeral();
      const fromPoint = endpoint(machine, source.text, port);
      const toPoint = endpoint(targetMachine, target.text, to.port);
      const id = ++lastConnection;
      const claim = listenerFor(targetMachine, target, to.port);
      if (!claim) {
        options.watcher.connection(id, fromPoint, toPoint, 'refused');
        return answer(status.refused);
      }
      const server = claim.process;
      const near: End = {
        process,
        number,
        connection: id,
        at: fromPoint,
        peer: undefined,
        unread: 0,
        finished: false,
        // Nobody stands between two programs on one machine.
        isRelayed: options.watcher.isOnPath === true && machine !== targetMachine,
        surplus: 0,
      };
      const far: End = { ...near, process: server, number: --server.lastAccepted, at: toPoint, peer: near };
      near.peer = far;
      if (near.isRelayed) relays.set(id, { client: near, server: far });
      process.ends.set(near.number, near);
      server.ends.set(far.number, far);
      options.watcher.connection(id, fromPoint, toPoint, 'open');
      const serverIsIPv6 = !isIPv4(claim.address);
      deliver(server, {
        type: 'accept',
        listener: claim.listener,
        connection: far.number,
        local: socketAddress(target, to.port, serverIsIPv6),
        remote: socketAddress(source, port, serverIsIPv6),
      });
      const clientIsIPv6 = !isIPv4(to.address);
      answer(
        status.ok,
        socketAddress(source, port, clientIsIPv6),
        socketAddress(target, to.port, clientIsIPv6),
      );
    },
    data(process, { connection, bytes }) {
      const end = process.ends.get(connection);
      if (!end || end.finished) return;
      const { peer } = end;
      if (!peer) {
        // The other side has closed: its kernel answers data with a reset. RFC 9293 §3.10.7.1.
        deliver(process, { type: 'reset', connection });
        return forget(end);
      }
      carry(end, 'data', bytes);
    },
    consumed(process, { connection, count }) {
      const end = process.ends.get(connection);
      if (!end) return;
      end.unread = Math.max(0, end.unread - count);
      const unsent = Math.min(end.surplus, count);
      end.surplus -= unsent;
      if (end.peer) opens(end.peer, count - unsent);
    },
    shutdown(process, { connection }) {
      const end = process.ends.get(connection);
      if (end && !end.finished) sendEnd(end);
    },
    close(process, { connection }) {
      const end = process.ends.get(connection);
      if (end) close(end);
    },
    reset(process, { connection }) {
      const end = process.ends.get(connection);
      if (end) sendReset(end);
    },
  } satisfies {
    [Type in NetworkRequest['type']]: (
      process: Process,
      request: Extract<NetworkRequest, { type: Type }>,
    ) => void;
  };

  return {
    watcher: options.watcher,
    attach(id, machineName) {
      const machine = machines.get(machineName) ?? addMachine(machineName, []);
      const process: Process = { id, machine, claims: new Map(), ends: new Map(), lastAccepted: 0 };
      processes.set(id, process);
      machine.processes.add(process);
      return {
        addresses: [...machine.addresses],
        // On its own machine a name without an address is the machine itself, as `/etc/hosts` usually has it.
        names: { [machine.name]: [LOOPBACK_IPV4], ...names },
        claims: [...machine.claims.values()].map(({ key, address, port, ipv6Only }) => ({
          key,
          address,
          port,
          ipv6Only,
        })),
        freePorts: Array.from({ length: PORTS_AHEAD }, () => machine.ports.reserve(id)),
      };
    },
    detach(id) {
      const process = processes.get(id);
      if (!process) return;
      processes.delete(id);
      process.machine.processes.delete(process);
      for (const claim of [...process.claims.values()]) release(claim);
      for (const end of [...process.ends.values()]) close(end);
      process.machine.ports.releaseAll(id);
    },
    receive(id, request) {
      const process = processes.get(id);
      if (!process) return;
      (requests[request.type] as (process: Process, request: NetworkRequest) => void)(process, request);
    },
    pass(connection, sender, kind, bytes, count) {
      const relay = relays.get(connection);
      if (!relay) return;
      const { client, server } = relay;
      const [from, to] = sender === 'client' ? [client, server] : [server, client];
      if (isThere(to)) {
        const more = bytes.length - count;
        if (more < 0) opens(from, -more);
        else to.surplus += more;
        if (kind !== 'data' || bytes.length > 0) arrive(to, kind, bytes);
        // Its kernel answers data with a reset, which takes the same way back. RFC 9293 §3.10.7.1
      } else if (kind === 'data' && isThere(from)) carry(to, 'rst');
      if (!isThere(client) && !isThere(server)) relays.delete(connection);
    },
  };
}
