/** Our ends in the matrix, on real sockets. */
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { hex } from '../../../src/tls/codec/index.ts';
import {
  type ClientOptions,
  NamedGroup,
  type ServerOptions,
  type Session,
  ticketSealer,
} from '../../../src/tls/index.ts';
import {
  bytes,
  clientEnd,
  type End,
  seededRandom,
  serverEnd,
  shuttle,
  text,
} from '../../tls/support/pair.ts';
import { Wire } from '../../tls/support/sockets.ts';
import { LABEL, type Setting, type Version } from './peers.ts';

const now = () => Date.now();
const { x25519, secp256r1, secp384r1 } = NamedGroup;
const numbers = { 'TLSv1.2': 0x0303, 'TLSv1.3': 0x0304 } as const;
const only = (version: Version) => ({ min: numbers[version], max: numbers[version] });

export const sessionOf = ({ events }: End): Session | undefined =>
  events.flatMap((event) => (event.type === 'session' ? [event.session] : []))[0];

/** As hex; an exporter of TLS 1.2 without a context is not that with an empty one. */
export const exportedBy = ({ connection }: End): string =>
  hex(connection.exportKeyingMaterial(LABEL, undefined, 32));

/** Options of a client that can speak with `TheirServer`s; `retries` makes them ask for another share. */
export function clientOptions(setting: Setting, version: Version, retries: boolean): Partial<ClientOptions> {
  return {
    now,
    versions: only(version),
    groups: retries ? [x25519, secp384r1, secp256r1] : [secp384r1, secp256r1],
    ...(setting.client ? { identity: setting.client } : {}),
  };
}

export async function connect(port: number, options: Partial<ClientOptions>): Promise<Wire> {
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return new Wire(clientEnd(options), socket);
}

function serverOptions({ server, client }: Setting, version: Version): Partial<ServerOptions> {
  return {
    now,
    tickets: ticketSealer(new Uint8Array(48).fill(7), seededRandom(5)),
    identity: server,
    versions: only(version),
    groups: [secp384r1, secp256r1],
    requestCertificate: client !== undefined,
    requireCertificate: client !== undefined,
  };
}

/** A server of ours; connections are taken in their order. */
export async function listen(
  setting: Setting,
  version: Version,
): Promise<{ port: number; next(): Promise<Wire>; stop(): void }> {
  const wires: Wire[] = [];
  let arrived = () => {};
  const listener = net.createServer((socket) => {
    wires.push(new Wire(serverEnd(serverOptions(setting, version)), socket));
    arrived();
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    async next() {
      for (;;) {
        const wire = wires.shift();
        if (wire) return wire;
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      }
    },
    stop: () => listener.close(),
  };
}

/** A line goes to them, and theirs comes back. */
export async function converse(wire: Wire, theirs: (line: string) => Promise<string>): Promise<void> {
  wire.write(bytes('from ours\n'));
  const answer = await theirs('from ours');
  await wire.until('their answer', () => text(wire.end.received()).includes(answer));
}

/** Both ends ours, without a network. */
export function loopback(
  setting: Setting,
  version: Version,
  retries: boolean,
  session?: Session,
): { client: End; server: End } {
  const client = clientEnd({ ...clientOptions(setting, version, retries), ...(session ? { session } : {}) });
  const server = serverEnd(serverOptions(setting, version));
  client.connection.start();
  shuttle(client, server);
  return { client, server };
}
