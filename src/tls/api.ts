import type { PrivateKey } from '../x509/index.ts';
import type { AlertName } from './codec/registries.ts';
import type { TlsError } from './errors.ts';

/** Who we are: a certificate chain in DER, leaf first, and the leaf's private key. */
export interface Identity {
  readonly certificates: readonly Uint8Array[];
  readonly privateKey: PrivateKey;
}

/** Numbers of the versions that are spoken here: TLS 1.2 and TLS 1.3. */
export type Version = 0x0303 | 0x0304;

/**
 * What two sides keep of a connection so that the next one needs no certificates: a secret, and all that was settled with
 * it. A client has it from the server's ticket (or, in TLS 1.2, session id), a server finds it inside the ticket.
 * Secret: whoever has it can speak for both. §2.2, RFC 5077, RFC 5246 §7.3
 */
export interface Session {
  readonly version: Version;
  readonly cipherSuite: number;
  /** TLS 1.3: the pre-shared key of this ticket (§4.6.1). TLS 1.2: the master secret. */
  readonly secret: Uint8Array;
  /** As the server gave it; empty within the ticket itself, and where TLS 1.2 resumes by session id. */
  readonly ticket: Uint8Array;
  /** TLS 1.2 only; else empty. */
  readonly sessionId: Uint8Array;
  /** Milliseconds since the Unix epoch, on the clock of whoever holds it. */
  readonly createdAt: number;
  /** When the peers last proved keys of certificates: tickets given after a resumption do not reach further for it. §4.6.1 */
  readonly authenticatedAt: number;
  /** Seconds it may be used; at most 604,800 (seven days), 0 where a TLS 1.2 server did not say. */
  readonly lifetime: number;
  /** Added to the ticket's age on its way, so that observers cannot tell connections of one client. TLS 1.3 only. */
  readonly ageAdd: number;
  readonly serverName: string | false;
  readonly alpn: string | false;
  /** In DER, leaf first: what the peer showed and proved when the session began. */
  readonly peerCertificates: readonly Uint8Array[];
  /** A server resumes only what began under the same context; Node's `sessionIdContext`. */
  readonly sessionIdContext: Uint8Array;
}

/** How a server keeps sessions in the tickets it gives away: sealed, so that nobody else can read or make one. RFC 5077 §4 */
export interface TicketSealer {
  seal(state: Uint8Array): Uint8Array;
  /** The state; `undefined` for what was not sealed here, or is too old for our keys. */
  open(ticket: Uint8Array): Uint8Array | undefined;
  /** TLS 1.2 clients get a session id instead, for the owner to keep: OpenSSL's SSL_OP_NO_TICKET. */
  readonly onlyTls13?: boolean;
}

interface CommonOptions {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Fills `bytes` with random bytes. */
  random(bytes: Uint8Array): void;
  readonly identity?: Identity;
  /** The lowest and the highest version to speak; all that we can unless set. */
  readonly versions?: { readonly min: Version; readonly max: Version };
  /** Numbers of `CipherSuite` of all versions, most wanted first. */
  readonly cipherSuites?: readonly number[];
  /** Numbers of `NamedGroup`, most wanted first; unless set, a server weighs them as `defaultGroupTiers` says. */
  readonly groups?: readonly number[];
  /** Numbers of `SignatureScheme` that we verify, and sign with, most wanted first. */
  readonly signatureSchemes?: readonly number[];
  /** The peer's order decides, not ours: of cipher suites for a server, of signatures for both. */
  readonly prefersPeersOrder?: boolean;
  /** Numbers of `SignatureScheme` that we take in certificates, where those are others than the above. §4.2.3 */
  readonly signatureSchemesCert?: readonly number[];
  /** Application protocols, most wanted first; each character is one byte on the wire. */
  readonly alpn?: readonly string[];
  /** Distinguished names in DER that we tell the peer we trust. */
  readonly certificateAuthorities?: readonly Uint8Array[];
  /** Longest plaintext we want in a record (RFC 8449), 64 to 2^14 + 1. Not sent unless set. */
  readonly recordSizeLimit?: number;
  /** Longest plaintext we put in a record, 512 to 2^14, as OpenSSL's `max_send_fragment`. */
  readonly maxSendFragment?: number;
  onEvent(event: TlsEvent): void;
}

export interface ClientOptions extends CommonOptions {
  /** Sent as server_name unless it is an IP address. */
  readonly serverName?: string;
  /** Groups to send key shares for at once; unless set the first of `groups`, or of the usual ones X25519MLKEM768 and x25519. */
  readonly keyShareGroups?: readonly number[];
  /** Offered to the server if it may still be used, and for the same name. §4.6.1 */
  readonly session?: Session;
}

export interface ServerOptions extends CommonOptions {
  /** Ask the client for a certificate. */
  readonly requestCertificate?: boolean;
  /** End the handshake when the client sends none. Its chain is judged by the owner, after the handshake. */
  readonly requireCertificate?: boolean;
  /** Stop after the 'client-hello' event until `resume()`, so that the owner may choose an identity. */
  readonly pauseAtClientHello?: boolean;
  /** Answer every first ClientHello with a HelloRetryRequest that carries this cookie, and want it back. §4.2.2 */
  readonly cookie?: Uint8Array;
  /** How to make and read tickets. None are given, and none taken, unless set. */
  readonly tickets?: TicketSealer | false;
  /** Tickets for a TLS 1.3 client after a full handshake; 2 unless set, as OpenSSL. */
  readonly ticketCount?: number;
  /** Tickets for a TLS 1.3 client after a resumption; 1 unless set, as OpenSSL. Node's servers give none. */
  readonly ticketsAfterResumption?: number;
  /** Seconds that a session may be resumed; 7,200 unless set, at most 604,800. §4.6.1 */
  readonly ticketLifetime?: number;
  /** Sessions that began under another context are not resumed; empty unless set. */
  readonly sessionIdContext?: Uint8Array;
}

/** What the owner of a server may choose once it has seen the ClientHello. */
export interface Choices {
  readonly alpn?: readonly string[];
  /** The name that the client asks for has decided something: the client is told so. RFC 6066 §3 */
  readonly nameUsed?: boolean;
  /** TLS 1.2: the session that the owner keeps for the client's session id. */
  readonly session?: Session;
}

export interface Named {
  readonly id: number;
  readonly name: string;
}

/** What the two sides agreed on. */
export interface HandshakeResult {
  readonly version: 'TLSv1.3' | 'TLSv1.2';
  readonly cipherSuite: Named;
  /** `undefined` where TLS 1.2 resumed, as no keys were exchanged. */
  readonly group: Named | undefined;
  /** A session was resumed: certificates are those it began with, and nobody signed. */
  readonly resumed: boolean;
  /** How each side signed in this handshake; `undefined` for a side that did not. */
  readonly signatureScheme: { readonly server: Named | undefined; readonly client: Named | undefined };
  readonly alpn: string | false;
  /** The name the client asked for. */
  readonly serverName: string | false;
  /** In DER, leaf first; empty for a client that showed none. The leaf's key is proved, the chain is not judged. */
  readonly peerCertificates: readonly Uint8Array[];
  readonly helloRetried: boolean;
  /** Whether the server asked for a client certificate in this handshake. */
  readonly certificateRequested: boolean;
  /** The signatures the peer said it verifies; for a client, those of the CertificateRequest, if there was one. */
  readonly peerSignatureSchemes: readonly number[];
  /** Those of them we know as well, in our order. */
  readonly sharedSignatureSchemes: readonly number[];
  /** The distinguished names (DER) the peer said it trusts. */
  readonly peerCertificateAuthorities: readonly Uint8Array[];
  /** `verify_data` of both Finished messages. §4.4.4 */
  readonly finished: { readonly own: Uint8Array; readonly peer: Uint8Array };
}

/** What a server learns from the first ClientHello, before it answers. */
export interface ClientHelloEvent {
  readonly type: 'client-hello';
  /** What will be spoken. */
  readonly version: Version;
  readonly serverName: string | false;
  /** Protocols offered; empty when the client offered none. */
  readonly alpn: readonly string[];
  readonly cipherSuites: readonly number[];
  readonly groups: readonly number[];
  readonly signatureSchemes: readonly number[];
  readonly random: Uint8Array;
  /** `legacy_session_id`; what TLS 1.2 would resume. */
  readonly sessionId: Uint8Array;
  /** Whether the client showed a ticket, of either version. */
  readonly offersTicket: boolean;
}

export interface AlertEvent {
  readonly type: 'alert';
  readonly level: 'warning' | 'fatal';
  readonly description: number;
  readonly name: string;
  readonly sent: boolean;
}

export type TlsEvent =
  | ClientHelloEvent
  /** The handshake is complete on our side. A client's last flight is queued and not yet taken. */
  | { readonly type: 'secure' }
  | { readonly type: 'data'; readonly bytes: Uint8Array }
  /** The peer will send nothing more; we still may. */
  | { readonly type: 'close-notify' }
  | AlertEvent
  /** The connection has failed; nothing follows. */
  | { readonly type: 'error'; readonly error: TlsError }
  | { readonly type: 'keylog'; readonly line: string }
  | { readonly type: 'handshake'; readonly sent: boolean; readonly message: Uint8Array }
  /** `contentType` is the true one, `length` that of the content without header, padding and tag. */
  | {
      readonly type: 'record';
      readonly sent: boolean;
      readonly contentType: number;
      readonly length: number;
      /** The five bytes that went before it on the wire. */
      readonly header: Uint8Array;
    }
  /**
   * A session that can be resumed: to a client, when a ticket came (TLS 1.3, any time after 'secure') or the handshake
   * ended (TLS 1.2); to a server, when it has given a ticket away, or, in TLS 1.2, a session id.
   */
  | { readonly type: 'session'; readonly session: Session }
  /** The peer has changed its keys, and perhaps asked us to change ours. */
  | { readonly type: 'key-update'; readonly sent: boolean; readonly requested: boolean };

/** One end of a connection: bytes in, bytes and events out. Nothing here waits, and nothing happens by itself. */
export interface TlsConnection {
  /** A client makes its ClientHello; a server does nothing. */
  start(): void;
  /** Bytes came from the network. Never throws for what the peer does. */
  receive(ciphertext: Uint8Array): void;
  /** The network says that the peer sends no more. */
  receiveEnd(): void;
  /** Throws before the handshake is complete and after `close()`. Legal after the peer's close_notify. */
  write(plaintext: Uint8Array): void;
  /** Queues close_notify. Legal after the peer's. */
  close(): void;
  /** The bytes to put on the network; may be empty. */
  takeOutput(): Uint8Array;
  /** A server that waits after 'client-hello' goes on, with these choices in place of its options. */
  resume(identity?: Identity, choices?: Choices): void;
  /** As the option of this name, from the next record on. */
  setMaxSendFragment(length: number): void;
  /** Queues a fatal alert of the owner's choosing; nothing works afterwards. */
  abort(alert: AlertName | number): void;
  /** Changes our keys; asks the peer to change its own too. §4.6.3 */
  updateKeys(requestPeer: boolean): void;
  /** §7.5. An absent context is the same as an empty one; in TLS 1.2 it is not. RFC 5705 §4 */
  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array;
  /** Set from just before the 'secure' event on. */
  readonly result: HandshakeResult | null;
}
