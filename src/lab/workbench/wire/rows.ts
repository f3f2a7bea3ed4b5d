/** From connections and messages to the rows of the sequence diagram. */
import { pathWords, ui } from '../../../text/index.ts';
import {
  type Endpoint,
  type Eyes,
  hasKeys,
  meaningOf,
  type OnPathOf,
  onPathOf,
  seenBy,
  type WireConnection,
  type WireMessage,
} from '../../../wire/index.ts';

const words = ui.wire;

export interface MessageRow {
  readonly kind: 'message';
  readonly key: string;
  readonly connection: WireConnection;
  readonly message: WireMessage;
  readonly from: string;
  readonly to: string;
  readonly name: string;
  /** What it is besides its name: in OAuth, or how it travelled. */
  readonly note: string;
  /** How it travelled: for everybody to read, under keys that these eyes have, or under keys that they lack. */
  readonly cover: 'clear' | 'opened' | 'sealed';
  /** Something failed here. */
  readonly isFault: boolean;
  /** What somebody on the path did to it. */
  readonly onPath: OnPathOf | undefined;
}

export interface ConnectionRow {
  readonly kind: 'connection';
  readonly key: string;
  readonly connection: WireConnection;
  readonly title: string;
  readonly facts: string;
  readonly count: number;
  readonly isFolded: boolean;
  readonly hasFault: boolean;
}

export type Row = ConnectionRow | MessageRow;

/** Alerts that are good manners. RFC 8446 §6.1 */
const FAREWELLS = ['close_notify', 'user_canceled'];

/**
 * All rows, grouped by connection, without those that are folded away, and of those where something is sought only what
 * holds it: in sight, or (`found`) in what the message says.
 */
export function rowsOf(
  connections: readonly WireConnection[],
  eyes: Eyes,
  folded: ReadonlySet<number>,
  sought: string,
  found: ReadonlySet<WireMessage>,
): Row[] {
  return connections.flatMap((connection): Row[] => {
    const all = seenBy(eyes, connection).map((message) => messageRow(connection, message, eyes));
    const messages =
      sought === '' ? all : all.filter((row) => found.has(row.message) || textOf(row).includes(sought));
    if (messages.length === 0) return [];
    const isFolded = folded.has(connection.id);
    const head: ConnectionRow = {
      kind: 'connection',
      key: `c${connection.id}`,
      connection,
      title: `${shortName(connection.client)} → ${connection.server.host}:${connection.server.port}`,
      facts: factsOf(connection),
      count: messages.length,
      isFolded,
      hasFault: messages.some(({ isFault }) => isFault),
    };
    return isFolded ? [head] : [head, ...messages];
  });
}

export function nameOf(message: WireMessage): string {
  return message.kind === 'tcp' ? words.tcp[message.name] : message.name;
}

export function keyOf(connection: WireConnection, message: WireMessage): string {
  return `m${connection.id}-${message.kind}-${message.order}`;
}

function messageRow(connection: WireConnection, message: WireMessage, eyes: Eyes): MessageRow {
  const ends = { client: connection.client.host, server: connection.server.host };
  const to = message.sender === 'client' ? 'server' : 'client';
  const cover = coverOf(message, connection, eyes);
  const onPath = onPathOf(connection, message);
  const note = meaningIn(message) ?? (message.kind === 'tcp' ? '' : words.cover[cover]);
  return {
    kind: 'message',
    key: keyOf(connection, message),
    connection,
    message,
    from: ends[message.sender],
    to: ends[to],
    name: nameOf(message),
    note: onPath ? pathWords.note(onPath.seen) : note,
    cover,
    isFault: isFault(message),
    onPath,
  };
}

/** What a message of HTTP is in OAuth does not change, and telling it takes reading its body. */
const meanings = new WeakMap<WireMessage, string | undefined>();

function meaningIn(message: WireMessage): string | undefined {
  if (message.kind !== 'http') return undefined;
  if (!meanings.has(message)) meanings.set(message, meaningOf(message)?.name);
  return meanings.get(message);
}

function coverOf(message: WireMessage, connection: WireConnection, eyes: Eyes): MessageRow['cover'] {
  if (message.kind === 'sealed') return 'sealed';
  if (message.protection === 'none') return 'clear';
  return hasKeys(eyes, connection) ? 'opened' : 'sealed';
}

function isFault(message: WireMessage): boolean {
  // A reset is how any program's connections end that is stopped: by itself it is no failure.
  if (message.kind === 'tcp') return message.name === 'refused';
  if (message.kind === 'alert') return !FAREWELLS.includes(message.name);
  if (message.kind === 'http') return (message.http.status ?? 0) >= 400;
  return message.kind === 'sealed' && message.name === 'damaged record';
}

function factsOf({ protocol, tls }: WireConnection): string {
  const how = tls.resumedTicket === undefined ? '' : `, ${words.resumed}`;
  if (protocol === 'http') return words.plainHttp;
  if (tls.version === 0x0304) return `TLS 1.3${how}`;
  if (tls.version === 0x0303) return `TLS 1.2${how}`;
  return protocol === 'tls' ? 'TLS' : '';
}

function textOf({ name, note, from, to }: MessageRow): string {
  return `${name} ${note} ${from} ${to}`.toLowerCase();
}

/** `app` for `app.tally.example`. */
export function shortName({ host }: Pick<Endpoint, 'host'>): string {
  return host.split('.')[0];
}

/** The hosts that speak in a capture: a lane each, and whoever calls stands before whom they call. */
export function lanesOf(connections: readonly WireConnection[]): string[] {
  return [...new Set(connections.flatMap(({ client, server }) => [client.host, server.host]))];
}
