import type { PrivateKey } from '../x509/index.ts';
import type { AlertName } from './codec/registries.ts';
import type { TlsError } from './errors.ts';

/** Who we are: a certificate chain in DER, leaf first, and the leaf's private key. */
export interface Identity {
  readonly certificates: readonly Uint8Array[];
  readonly privateKey: PrivateKey;
}

interface CommonOptions {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Fills `bytes` with random bytes. */
  random(bytes: Uint8Array): void;
  readonly identity?: Identity;
  /** Numbers of `CipherSuite`, most wanted first. */
  readonly cipherSuites?: readonly number[];
  /** Numbers of `NamedGroup`, most wanted first. */
  readonly groups?: readonly number[];
  /** Numbers of `SignatureScheme` that we verify, and sign with, most wanted first. */
  readonly signatureSchemes?: readonly number[];
  /** Application protocols, most wanted first; each character is one byte on the wire. */
  readonly alpn?: readonly string[];
  /** Distinguished names in DER that we tell the peer we trust. */
  readonly certificateAuthorities?: readonly Uint8Array[];
  /** Longest plaintext we want in a record (RFC 8449), 64 to 2^14 + 1. Not sent unless set. */
  readonly recordSizeLimit?: number;
  onEvent(event: TlsEvent): void;
}

export interface ClientOptions extends CommonOptions {
  /** Sent as server_name unless it is an IP address. */
  readonly serverName?: string;
  /** Groups to send key shares for at once; the first of `groups` unless set. */
  readonly keyShareGroups?: readonly number[];
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
}

export interface Named {
  readonly id: number;
  readonly name: string;
}

/** What the two sides agreed on. */
export interface HandshakeResult {
  readonly version: 'TLSv1.3';
  readonly cipherSuite: Named;
  readonly group: Named;
  /** How each side signed; `undefined` for a client that showed no certificate. */
  readonly signatureScheme: { readonly server: Named; readonly client: Named | undefined };
  readonly alpn: string | false;
  /** The name the client asked for. */
  readonly serverName: string | false;
  /** In DER, leaf first; empty for a client that showed none. The leaf's key is proved, the chain is not judged. */
  readonly peerCertificates: readonly Uint8Array[];
  readonly helloRetried: boolean;
  /** Whether a server asked for a client certificate. */
  readonly certificateRequested: boolean;
  /** The signatures the peer said it verifies; for a client, those of the CertificateRequest, if there was one. */
  readonly peerSignatureSchemes: readonly number[];
  /** Those of them we know as well, in our order. */
  readonly sharedSignatureSchemes: readonly number[];
  /** The distinguished names (DER) the peer said it trusts. */
  readonly peerCertificateAuthorities: readonly Uint8Array[];
}

/** What a server learns from the first ClientHello, before it answers. */
export interface ClientHelloEvent {
  readonly type: 'client-hello';
  readonly serverName: string | false;
  /** Protocols offered; empty when the client offered none. */
  readonly alpn: readonly string[];
  readonly cipherSuites: readonly number[];
  readonly groups: readonly number[];
  readonly signatureSchemes: readonly number[];
  readonly random: Uint8Array;
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
  | { readonly type: 'record'; readonly sent: boolean; readonly contentType: number; readonly length: number }
  /** The peer gave the client a ticket. Ignored so far. */
  | { readonly type: 'ticket'; readonly message: Uint8Array }
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
  resume(identity?: Identity, choices?: { readonly alpn?: readonly string[] }): void;
  /** Queues a fatal alert of the owner's choosing; nothing works afterwards. */
  abort(alert: AlertName | number): void;
  /** Changes our keys; asks the peer to change its own too. §4.6.3 */
  updateKeys(requestPeer: boolean): void;
  /** §7.5. An absent context is the same as an empty one. */
  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array;
  /** Set from just before the 'secure' event on. */
  readonly result: HandshakeResult | null;
}
