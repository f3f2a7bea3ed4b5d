/** What the wire view knows: connections, the records on them, and the messages that the records carried. */
import type { HttpMessage } from './http.ts';

/** One end of a connection. */
export interface Endpoint {
  /** The lab host's name, e.g. `api.tally.example`. */
  readonly host: string;
  readonly address: string;
  readonly port: number;
}

/** Who spoke: the end that opened the connection is its client. */
export type Sender = 'client' | 'server';

/** Which end of a connection sends from here. */
export function senderOf({ client }: { readonly client: Endpoint }, from: Endpoint): Sender {
  return from.address === client.address && from.port === client.port ? 'client' : 'server';
}

/** Under which keys something travelled; `none` is read by everybody on the path. */
export type Protection = 'none' | 'handshake' | 'application';

/**
 * What somebody on the path did to a part of what one end sent. The capture has what was sent, in the order of sending; this
 * says what arrived of it.
 */
export interface OnPathSeen {
  /** The same for all that is seen of the same part. */
  readonly id: number;
  readonly connection: number;
  readonly sender: Sender;
  /** Where the part begins in what this end has sent on the connection, and how many bytes it has. */
  readonly at: number;
  readonly length: number;
  /** `held` and `delayed`: it waits. `lost`: it was let go, and there was nobody any more to receive it. */
  readonly state: 'held' | 'delayed' | 'passed' | 'dropped' | 'changed' | 'replayed' | 'lost';
  /** How long it waited, once it waits no more. */
  readonly milliseconds?: number;
  /** Which byte of the part was changed. */
  readonly change?: { readonly offset: number; readonly was: number; readonly is: number };
}

/** One TLS record as it was on the wire. RFC 8446 §5, RFC 5246 §6.2 */
export interface WireRecord {
  readonly sender: Sender;
  /** When its last byte was seen; milliseconds since the Unix epoch. */
  readonly time: number;
  /** Its number in the capture: records and messages share one count, in the order in which they were seen. */
  readonly order: number;
  /** Where it begins in what its sender has sent. */
  readonly at: number;
  /** Header and content, encrypted or not. */
  readonly bytes: Uint8Array;
  /** The type that the header gives. */
  readonly outerType: number;
  /** What it holds, once it could be read: with the keys where it is encrypted. */
  inner?: { readonly type: number; readonly content: Uint8Array; readonly protection: Protection };
  /** The keys are known, and it does not decrypt under them: its bytes were changed on the way, or are no record. */
  isDamaged?: boolean;
}

interface Common {
  readonly connection: number;
  readonly sender: Sender;
  readonly time: number;
  readonly order: number;
  /** The records it came in; empty for TCP's own events and for what travelled without TLS. */
  readonly records: readonly WireRecord[];
  readonly protection: Protection;
  /** Where it begins in what its sender has sent: for what travelled without TLS. */
  readonly at?: number;
}

/** An event of the connection itself. RFC 9293 */
export interface TcpEvent extends Common {
  readonly kind: 'tcp';
  readonly name: 'open' | 'refused' | 'fin' | 'rst';
}

/** A handshake message, header included. RFC 8446 §4, RFC 5246 §7.4 */
export interface HandshakeWireMessage extends Common {
  readonly kind: 'handshake';
  /** As the RFC calls it: `ClientHello`, `HelloRetryRequest` … */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface AlertWireMessage extends Common {
  readonly kind: 'alert';
  /** As the RFC spells it: `close_notify`, `certificate_required` … */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface ChangeCipherSpecWireMessage extends Common {
  readonly kind: 'change_cipher_spec';
  readonly name: 'ChangeCipherSpec';
  readonly bytes: Uint8Array;
}

/** A request or response of HTTP/1.1, whole. RFC 9112 */
export interface HttpWireMessage extends Common {
  readonly kind: 'http';
  /** The start line: `GET /ledger HTTP/1.1`, `HTTP/1.1 200 OK`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly http: HttpMessage;
  /** For a response: the request that it answers. */
  readonly request?: HttpWireMessage;
}

/** Bytes of an application that we have no name for. */
export interface DataWireMessage extends Common {
  readonly kind: 'data';
  readonly name: 'application data';
  readonly bytes: Uint8Array;
}

/** A record that cannot be read: what somebody without the keys gets. */
export interface SealedRecord extends Common {
  readonly kind: 'sealed';
  readonly name: 'encrypted record' | 'damaged record';
  readonly bytes: Uint8Array;
}

export type WireMessage =
  | TcpEvent
  | HandshakeWireMessage
  | AlertWireMessage
  | ChangeCipherSpecWireMessage
  | HttpWireMessage
  | DataWireMessage
  | SealedRecord;

/** A message before the connection has given it its place. */
export type Found = WireMessage extends infer Each
  ? Each extends WireMessage
    ? Omit<Each, 'connection' | 'order'>
    : never
  : never;

/** What a handshake has settled, as far as the wire tells. */
export interface TlsFacts {
  /** `0x0304` for TLS 1.3; from the ServerHello. */
  version?: number;
  cipherSuite?: number;
  /** The name asked for in the clear; RFC 6066 §3. */
  serverName?: string;
  /** Hex of the ClientHello's random: the connection's name in a key log. */
  clientRandom?: string;
  serverRandom?: string;
  /** Hex of the ticket that this handshake resumed a session with. RFC 8446 §2.2, RFC 5077 §3.1 */
  resumedTicket?: string;
}

export interface WireConnection {
  readonly id: number;
  readonly client: Endpoint;
  readonly server: Endpoint;
  /** What is spoken on it, once its first bytes have told. */
  protocol?: 'tls' | 'http' | 'unknown';
  readonly tls: TlsFacts;
  /** The connection whose session this one resumes, and with it who the two ends are; where the tap saw it. */
  readonly resumes: WireConnection | undefined;
  /** In the order in which they were seen. */
  readonly records: WireRecord[];
  /** What was read with all the keys, in the order in which it was seen. */
  readonly messages: WireMessage[];
  /** Records have come that nobody has tried to read yet. */
  readonly isReading: boolean;
  /** How many bytes of TCP payload each side has sent. */
  readonly sent: Record<Sender, number>;
  /** What was done to parts of it on the path, the last that was seen of each. */
  readonly onPath: ReadonlyMap<number, OnPathSeen>;
}
