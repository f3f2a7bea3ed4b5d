// Records what real Node.js programs say to each other, as the sandbox's tap would: through a relay that sees every segment.
import { once } from 'node:events';
import net from 'node:net';
import type { Seen } from '../../../src/wire/index.ts';

const CLIENT = { host: 'app.tally.example', address: '10.9.0.20' };
const SERVER = { host: 'api.tally.example', address: '10.9.0.30', port: 8443 };

export interface Recording {
  readonly seen: Seen[];
  /** Where a client connects to be recorded. */
  readonly port: number;
  /** What an end gives to its key log. */
  keylog(line: Buffer): void;
  /** Resolves when every connection so far is over in both directions. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Stands between clients and the server at this port of this machine. */
export async function record(serverPort: number): Promise<Recording> {
  const seen: Seen[] = [];
  const open: Promise<unknown>[] = [];
  let connections = 0;
  const relay = net.createServer({ allowHalfOpen: true }, (near) => {
    const far = net.connect({ port: serverPort, host: '127.0.0.1', allowHalfOpen: true });
    const connection = ++connections;
    const from = { ...CLIENT, port: 40_000 + connection };
    seen.push({ type: 'connection', id: connection, from, to: SERVER, status: 'open', time: Date.now() });
    const pass = (source: net.Socket, sink: net.Socket, ends: [typeof from, typeof SERVER]) => {
      const add = (kind: 'data' | 'fin' | 'rst', bytes: Uint8Array = new Uint8Array()) =>
        seen.push({ type: 'segment', connection, from: ends[0], to: ends[1], kind, bytes, time: Date.now() });
      source.on('data', (bytes) => {
        add('data', new Uint8Array(bytes));
        sink.write(bytes);
      });
      source.on('end', () => {
        add('fin');
        sink.end();
      });
      source.on('error', () => {
        add('rst');
        sink.destroy();
      });
      // `once` of node:events would reject for a reset, which is one of the ways to be over.
      open.push(new Promise((resolve) => source.on('close', resolve)));
    };
    pass(near, far, [from, SERVER]);
    pass(far, near, [SERVER, from]);
  });
  await once(relay.listen(0, '127.0.0.1'), 'listening');
  return {
    seen,
    port: (relay.address() as net.AddressInfo).port,
    keylog: (line) => seen.push({ type: 'keylog', line: line.toString() }),
    async settled() {
      await Promise.all(open);
    },
    async close() {
      await new Promise((resolve) => relay.close(resolve));
    },
  };
}
