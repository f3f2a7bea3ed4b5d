import {
  type ClientOptions,
  createTlsClient,
  createTlsServer,
  type ServerOptions,
  type TlsConnection,
  type TlsError,
  type TlsEvent,
} from '../../../src/tls/index.ts';
import { identity } from './identities.ts';

/** Bytes that look random and are the same in every run. */
export function seededRandom(seed: number): (bytes: Uint8Array) => void {
  let state = seed >>> 0 || 1;
  return (bytes) => {
    for (let index = 0; index < bytes.length; index++) {
      state ^= state << 13;
      state >>>= 0;
      state ^= state >>> 17;
      state ^= state << 5;
      state >>>= 0;
      bytes[index] = state & 0xff;
    }
  };
}

/** One end, with everything it reported. */
export interface End {
  readonly connection: TlsConnection;
  readonly events: TlsEvent[];
  received(): Uint8Array;
  errors(): TlsError[];
  /** Alerts as `sent close_notify` or `received decode_error`. */
  alerts(): string[];
  has(type: TlsEvent['type']): boolean;
}

type Listener = (event: TlsEvent) => void;

function observe(make: (onEvent: Listener) => TlsConnection, listener?: Listener): End {
  const events: TlsEvent[] = [];
  const connection = make((event) => {
    events.push(event);
    listener?.(event);
  });
  return {
    connection,
    events,
    received: () => joined(events.flatMap((event) => (event.type === 'data' ? [event.bytes] : []))),
    errors: () => events.flatMap((event) => (event.type === 'error' ? [event.error] : [])),
    alerts: () =>
      events.flatMap((event) =>
        event.type === 'alert' ? [`${event.sent ? 'sent' : 'received'} ${event.name}`] : [],
      ),
    has: (type) => events.some((event) => event.type === type),
  };
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function text(content: Uint8Array): string {
  return new TextDecoder().decode(content);
}

export type Overrides<Options> = Partial<Options> & { readonly listener?: Listener };

export function clientEnd(overrides: Overrides<ClientOptions> = {}): End {
  const { listener, ...options } = overrides;
  return observe(
    (onEvent) =>
      createTlsClient({
        now: () => 0,
        random: seededRandom(1),
        serverName: 'server.example',
        ...options,
        onEvent,
      }),
    listener,
  );
}

export function serverEnd(overrides: Overrides<ServerOptions> = {}): End {
  const { listener, ...options } = overrides;
  return observe(
    (onEvent) =>
      createTlsServer({
        now: () => 0,
        random: seededRandom(2),
        identity: identity('P-256'),
        ...options,
        onEvent,
      }),
    listener,
  );
}

/** Carries bytes to and fro until neither end has anything to say. */
export function shuttle(
  client: End,
  server: End,
  change: (bytes: Uint8Array, fromClient: boolean) => Uint8Array = (b) => b,
): void {
  for (;;) {
    const fromClient = client.connection.takeOutput();
    if (fromClient.length) server.connection.receive(change(fromClient, true));
    const fromServer = server.connection.takeOutput();
    if (fromServer.length) client.connection.receive(change(fromServer, false));
    if (!fromClient.length && !fromServer.length) return;
  }
}

/** Two ends that have shaken hands, or failed to. */
export function connect(
  clientOptions: Overrides<ClientOptions> = {},
  serverOptions: Overrides<ServerOptions> = {},
): { client: End; server: End } {
  const client = clientEnd(clientOptions);
  const server = serverEnd(serverOptions);
  client.connection.start();
  shuttle(client, server);
  return { client, server };
}
