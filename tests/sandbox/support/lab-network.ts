import type { Connection, SocketAddress } from '../../../src/node/host.ts';
import { createNetwork, type Segment } from '../../../src/sandbox/embedded/network/network.ts';
import {
  createProcessNetwork,
  type ProcessNetwork,
} from '../../../src/sandbox/embedded/network/process-network.ts';
import type { NetworkNotice, NetworkRequest } from '../../../src/sandbox/embedded/protocol.ts';

/** The kernel's network and some processes on it, with messages that travel only when `settle` lets them. */
export function createLabNetwork(hosts: Record<string, string> = {}) {
  const toKernel: { process: number; request: NetworkRequest }[] = [];
  const toProcess: { process: number; notice: NetworkNotice }[] = [];
  const processes = new Map<number, ProcessNetwork>();
  const events: string[] = [];
  const segments: Segment[] = [];
  const at = ({ host, address, port }: { host: string; address: string; port: number }) =>
    `${host}/${address}:${port}`;
  const network = createNetwork({
    hosts,
    deliver: (process, notice) => toProcess.push({ process, notice }),
    watcher: {
      listen: (process, place) => events.push(`listen ${process} ${at(place)}`),
      unlisten: (process, place) => events.push(`unlisten ${process} ${at(place)}`),
      connection: (_id, from, to, status) => events.push(`${status} ${from.host} ${at(to)}`),
      segment: (segment) => segments.push(segment),
    },
  });
  return {
    events,
    segments,
    network,
    start(process: number, host = 'localhost'): ProcessNetwork {
      const view = network.attach(process, host);
      const own = createProcessNetwork(view, (request) => toKernel.push({ process, request }));
      processes.set(process, own);
      return own;
    },
    kill(process: number): void {
      processes.delete(process);
      network.detach(process);
    },
    /** Lets messages travel, oldest first, until none is on its way. */
    settle(): void {
      while (toKernel.length > 0 || toProcess.length > 0) {
        for (const { process, request } of toKernel.splice(0)) network.receive(process, request);
        for (const { process, notice } of toProcess.splice(0)) processes.get(process)?.receive(notice);
      }
    },
  };
}

/** A connection's end with everything that happened to it written down; `hungry` consumes what it gets at once. */
export function watch(connection: Connection, hungry = true) {
  const seen = {
    connection,
    text: '',
    received: 0,
    ended: false,
    error: 0,
    /** Statuses of writes, in the order they were done. */
    written: [] as number[],
    write(data: string | Uint8Array) {
      const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
      connection.write(bytes, (status) => seen.written.push(status));
    },
  };
  connection.ondata = (bytes) => {
    seen.received += bytes.length;
    if (bytes.length < 1000) seen.text += new TextDecoder().decode(bytes);
    if (hungry) connection.consumed(bytes.length);
  };
  connection.onend = () => {
    seen.ended = true;
  };
  connection.onerror = (status) => {
    seen.error = status;
  };
  return seen;
}

export const ipv4 = (address: string, port: number): SocketAddress => ({ address, family: 'IPv4', port });
export const ipv6 = (address: string, port: number): SocketAddress => ({ address, family: 'IPv6', port });

/** Binds and listens; `accepted` fills with connections. */
export function serve(
  process: ProcessNetwork,
  address: SocketAddress & { ipv6Only?: boolean },
  hungry = true,
) {
  const accepted: ReturnType<typeof watch>[] = [];
  let status: number | undefined;
  let bound = address as SocketAddress;
  process.bind(address, (answer, to) => {
    status = answer;
    bound = to;
  });
  const lost: number[] = [];
  const listener =
    status === 0
      ? process.listen(
          bound,
          (connection) => accepted.push(watch(connection, hungry)),
          (code) => lost.push(code),
        )
      : undefined;
  return { accepted, status, bound, lost, close: () => listener?.close() };
}

export function dial(
  process: ProcessNetwork,
  to: SocketAddress,
  hungry = true,
  from?: Partial<SocketAddress>,
) {
  const outcome: { status?: number; end?: ReturnType<typeof watch> } = {};
  process.connect(to, from, (status, connection) => {
    outcome.status = status;
    if (connection) outcome.end = watch(connection, hungry);
  });
  return outcome;
}
