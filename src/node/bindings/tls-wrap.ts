/**
 * `internalBinding('tls_wrap')`: takes the place of C++'s TLSWrap. It sits on a stream handle, speaks TLS 1.3 below
 * through the engine in src/tls, and is itself a stream handle to Node's own `internal/tls/wrap.js` above.
 * What is called when, and in which order, follows Node's crypto_tls.cc.
 */
import { Buffer } from 'node:buffer';
import {
  createTlsClient,
  createTlsServer,
  type TlsConnection,
  type TlsError,
  type TlsEvent,
} from '../../tls/index.ts';
import { readCertificate } from '../../x509/index.ts';
import { type ByteSource, bytesOf } from '../crypto/bytes.ts';
import { legacyObject, X509CertificateHandle } from '../crypto/certificate.ts';
import { fillRandom, keylog, later, now } from '../crypto/environment.ts';
import type { Any } from '../current.ts';
import { loopNow } from '../loop.ts';
import type { Request } from './async.ts';
import { opensslError } from './openssl-errors.ts';
import { SecureContext } from './secure-context.ts';
import { type Item, kLastWriteWasAsync, StreamHandle, streamBaseState, WriteWrap } from './stream.ts';
import { engineError, noApplicationProtocol } from './tls-errors.ts';
import { schemeText } from './tls-options.ts';
import { Peer } from './tls-peer.ts';
import {
  DEFAULT_GROUPS,
  ephemeralKeyInfo,
  fitsSchemes,
  joinProtocols,
  leafOf,
  splitProtocols,
} from './tls-values.ts';
import { UV } from './uv.ts';

const CERTIFICATE = 11;
const FINISHED = 20;

type ClientHello = Extract<TlsEvent, { type: 'client-hello' }>;

export class TLSWrap extends StreamHandle {
  // Set by internal/tls/wrap.js
  onerror?: (error: Error) => void;
  onkeylog?: (line: Buffer) => void;
  onhandshakestart?: (now: number) => void;
  onhandshakedone?: () => void;
  oncertcb?: (info: object) => void;
  ALPNCallback?: (protocols: Buffer) => number | undefined;
  sni_context?: unknown;
  servername?: string | false;

  readonly #below: StreamHandle;
  #context: SecureContext;
  readonly #isServer: boolean;
  #engine: TlsConnection | undefined;
  #started = false;
  #established = false;
  #destroyed = false;
  #ended = false;
  #shutDown = false;
  /** What the engine failed with, until it has been told. */
  #failure: TlsError | undefined;
  #failed = false;

  #requestsCertificate: boolean;
  #requiresCertificate = false;
  #requestedName: string | undefined;
  #protocols: readonly string[] | undefined;
  #asksForProtocol = false;
  #asksForContext = false;
  #logsKeys = false;
  #clientHello: ClientHello | undefined;
  #finished: { sent?: Uint8Array; received?: Uint8Array } = {};
  /** The peer's own certificate, known before its signature is checked. */
  #peerLeaf: Uint8Array | undefined;
  #peer: Peer | undefined;

  /** The write that Node's JavaScript waits for. There is never more than one. */
  #current: Request | undefined;
  /** Plaintext that came before the handshake was done. */
  #plaintext: Uint8Array | undefined;
  #mayFinishWrite = false;
  #writingBelow: boolean;
  #inWrite = false;
  #depth = 0;
  #maxFragment = 16384;

  constructor(below: StreamHandle, context: SecureContext, isServer: boolean, previousOwnerWrites: boolean) {
    super();
    this.#below = below;
    this.#context = context;
    this.#isServer = isServer;
    this.#requestsCertificate = !isServer;
    // Until the owner before us has written what it had, nothing of ours may follow.
    this.#writingBelow = previousOwnerWrites;
    below.consumer = this;
  }

  // ---- Configuration, before the first byte

  setVerifyMode(requestCertificate: boolean, rejectUnauthorized: boolean): void {
    this.#requestsCertificate = requestCertificate;
    this.#requiresCertificate = this.#isServer && requestCertificate && rejectUnauthorized;
  }
  setServername(name: string): void {
    this.#requestedName = name;
  }
  setALPNProtocols(wire: ByteSource): void {
    this.#protocols = splitProtocols(bytesOf(wire));
  }
  setKeyCert(context: SecureContext): void {
    this.#context = context;
  }
  enableALPNCb(): void {
    this.#asksForProtocol = true;
  }
  enableCertCb(): void {
    this.#asksForContext = true;
  }
  enableKeylogCallback(): void {
    this.#logsKeys = true;
  }
  writesIssuedByPrevListenerDone(): void {
    this.#writingBelow = false;
    this.#flush();
  }

  // ---- The handshake

  /** A client says hello. A server waits for the first bytes. */
  start(): void {
    if (this.#started || this.#isServer || this.#destroyed) return;
    this.#started = true;
    this.onhandshakestart?.(loopNow());
    this.#engine = createTlsClient({
      ...this.#commonOptions(),
      ...this.#identity(),
      ...(this.#requestedName ? { serverName: this.#requestedName } : {}),
    });
    this.#cycle(() => this.#engine?.start());
  }

  #startServer(): void {
    this.#started = true;
    // Node takes 0 for "never".
    this.onhandshakestart?.(Math.max(1, loopNow()));
    this.#engine = createTlsServer({
      ...this.#commonOptions(),
      ...this.#identity(),
      requestCertificate: this.#requestsCertificate,
      requireCertificate: this.#requiresCertificate,
      certificateAuthorities: this.#context.anchors.map((anchor) => anchor.subject.bytes),
      pauseAtClientHello: true,
    });
  }

  #commonOptions() {
    const { cipherSuites, groups = DEFAULT_GROUPS, signatureSchemes } = this.#context;
    return {
      now,
      random: fillRandom,
      groups,
      ...(cipherSuites ? { cipherSuites } : {}),
      ...(signatureSchemes ? { signatureSchemes } : {}),
      ...(this.#protocols ? { alpn: this.#protocols } : {}),
      onEvent: (event: TlsEvent) => this.#onEvent(event),
    };
  }

  #identity(schemes?: readonly number[]) {
    const found = this.#context.identity((key) => !schemes || fitsSchemes(key, schemes));
    if (!found) return {};
    return { identity: { certificates: found.chain.map(({ bytes }) => bytes), privateKey: found.key } };
  }

  #onEvent(event: TlsEvent): void {
    switch (event.type) {
      case 'client-hello':
        this.#onClientHello(event);
        return;
      case 'secure':
        this.#established = true;
        // At once, as OpenSSL's callback: a client that destroys itself here has not sent its last flight.
        this.onhandshakedone?.();
        return;
      case 'data':
        if (!this.#destroyed && !this.#ended) this.deliver(event.bytes);
        return;
      case 'close-notify':
        if (this.#established && !this.#ended && !this.#destroyed) {
          this.#ended = true;
          this.deliver(null);
        }
        return;
      case 'error':
        this.#failure = event.error;
        return;
      case 'keylog':
        keylog(event.line);
        if (this.#logsKeys && !this.#destroyed) this.onkeylog?.(Buffer.from(`${event.line}\n`));
        return;
      case 'handshake':
        if (event.message[0] === CERTIFICATE && !event.sent) this.#peerLeaf = leafOf(event.message);
        if (event.message[0] === FINISHED) {
          this.#finished = { ...this.#finished, [event.sent ? 'sent' : 'received']: event.message.slice(4) };
        }
        return;
    }
  }

  #onClientHello(event: ClientHello): void {
    this.#clientHello = event;
    this.servername = event.serverName;
    if (!this.#asksForContext) this.certCbDone();
    else this.oncertcb?.({ servername: event.serverName || '', tlsTicket: false, OCSPRequest: false });
  }

  /** Node's JavaScript has chosen `sni_context`, or had nothing to choose. */
  certCbDone(): void {
    const hello = this.#clientHello;
    if (!hello || !this.#engine || this.#destroyed) return;
    this.#clientHello = undefined;
    const chosen = this.sni_context;
    if (chosen instanceof SecureContext) this.#context = chosen;
    else if (typeof chosen === 'object' && chosen !== null) {
      this.onerror?.(new TypeError('Invalid SNI context'));
      return;
    }
    let choices = {};
    if (this.#asksForProtocol && hello.alpn.length > 0) {
      const protocol = this.#askForProtocol(hello.alpn);
      if (protocol === undefined) {
        this.#cycle(() => this.#engine?.abort('no_application_protocol'));
        if (!this.#destroyed) this.onerror?.(noApplicationProtocol());
        return;
      }
      choices = { alpn: [protocol] };
    }
    const { identity } = this.#identity(hello.signatureSchemes);
    this.#cycle(() => this.#engine?.resume(identity, choices));
  }

  #askForProtocol(offered: readonly string[]): string | undefined {
    const wire = joinProtocols(offered);
    const offset = this.ALPNCallback?.(Buffer.from(wire));
    if (offset === undefined) return undefined;
    return Buffer.from(wire.subarray(offset + 1, offset + 1 + wire[offset])).toString('latin1');
  }

  // ---- Bytes from below

  onStreamRead(item: Item): void {
    if (!(item instanceof Uint8Array)) {
      if (item === null) this.#ended = true;
      this.deliver(item);
      return;
    }
    if (this.#destroyed) {
      this.deliver(UV.UV_EPROTO);
      return;
    }
    if (this.#isServer && !this.#started) this.#startServer();
    this.#cycle(() => this.#engine?.receive(item));
  }

  /** Bytes that a socket had read before TLS was put on top of it. */
  receive(bytes: ByteSource): void {
    this.onStreamRead(bytesOf(bytes).slice());
  }

  /**
   * Lets the engine work, then sends what came of it. What Node's JavaScript does from inside (writing, say) joins in;
   * the failure of the engine is told at the very end, after the alert is on its way.
   */
  #cycle(work: () => void): void {
    this.#depth++;
    try {
      work();
    } finally {
      this.#depth--;
    }
    if (this.#depth > 0 || this.#destroyed) return;
    this.#writePlaintext();
    this.#flush();
    const failure = this.#failure;
    if (!failure || this.#destroyed) return;
    this.#failure = undefined;
    this.#failed = true;
    const kind = this.#peerLeaf && readCertificate(this.#peerLeaf).publicKey?.kind;
    this.onerror?.(engineError(failure, kind));
  }

  // ---- Bytes from above

  override doWrite(req: Request, bytes: Uint8Array): number {
    streamBaseState[kLastWriteWasAsync] = 1;
    if (this.#destroyed) {
      (req as Any).error = 'Write after DestroySSL';
      return UV.UV_EPROTO;
    }
    if (this.#failed) return UV.UV_EPROTO;
    this.bytesWritten += bytes.length;
    this.#current = req;
    if (bytes.length === 0) {
      // Nothing to encrypt: only the order of callbacks is asked for.
      later(() => this.#finishWrite(0));
      this.#mayFinishWrite = true;
      return 0;
    }
    this.#plaintext = bytes;
    this.#inWrite = true;
    this.#writePlaintext();
    this.#flush();
    this.#inWrite = false;
    return 0;
  }

  #writePlaintext(): void {
    const bytes = this.#plaintext;
    if (!bytes || !this.#established || this.#failed || !this.#engine) return;
    this.#plaintext = undefined;
    for (let at = 0; at < bytes.length; at += this.#maxFragment) {
      this.#engine.write(bytes.subarray(at, at + this.#maxFragment));
    }
  }

  /** Hands ciphertext to the stream below, one write at a time: its pace is everybody's. */
  #flush(): void {
    if (this.#writingBelow || this.#destroyed) return;
    if (this.#established && this.#current) this.#mayFinishWrite = true;
    const bytes = this.#engine?.takeOutput();
    if (!bytes || bytes.length === 0) {
      if (this.#plaintext) return;
      if (this.#inWrite) later(() => this.#finishWrite(0));
      else this.#finishWrite(0);
      return;
    }
    const req = new WriteWrap();
    req.oncomplete = (status: number) => this.#afterWrite(status);
    this.#writingBelow = true;
    streamBaseState[kLastWriteWasAsync] = 1;
    const status = this.#below.doWrite(req, bytes);
    const isPending = streamBaseState[kLastWriteWasAsync] === 1;
    streamBaseState[kLastWriteWasAsync] = 1;
    if (status !== 0) this.#finishWrite(status);
    else if (!isPending) later(() => this.#afterWrite(0));
  }

  #afterWrite(result: number): void {
    const status = this.#destroyed ? UV.UV_ECANCELED : result;
    this.#writingBelow = false;
    if (status !== 0) {
      if (!this.#shutDown) this.#finishWrite(status);
      return;
    }
    this.#writePlaintext();
    this.#flush();
  }

  #finishWrite(status: number, why?: string): void {
    const req = this.#current;
    if (!this.#mayFinishWrite || !req) return;
    this.#mayFinishWrite = false;
    this.#current = undefined;
    if (why !== undefined) (req as Any).error = why;
    req.oncomplete?.(status, this, undefined);
  }

  override shutdown(req: Request): number {
    // Before the handshake is done OpenSSL's SSL_shutdown fails, and nobody looks.
    if (this.#established && !this.#failed && !this.#destroyed) this.#engine?.close();
    this.#shutDown = true;
    this.#flush();
    return this.#below.shutdown(req);
  }

  override readStart(): number {
    return this.#ended ? 0 : this.#below.readStart();
  }
  override readStop(): number {
    return this.#below.readStop();
  }
  override isActive(): boolean {
    return false; // the handle below is the one that keeps the process alive
  }

  destroySSL(): void {
    if (this.#destroyed) return;
    this.#mayFinishWrite = true;
    this.#finishWrite(UV.UV_ECANCELED, 'Canceled because of SSL destruction');
    this.#destroyed = true;
    this.#plaintext = undefined;
    this.#below.consumer = null;
  }

  setMaxSendFragment(size: number): 0 | 1 {
    if (size < 512 || size > 16384) return 0;
    this.#maxFragment = size;
    return 1;
  }

  /** TLS 1.3 has no renegotiation. */
  renegotiate(): void {
    throw opensslError('SSL routines', 'wrong ssl version', '0A00010A');
  }

  // ---- What came of it

  #peerView(): Peer | undefined {
    const sent = this.#engine?.result?.peerCertificates;
    if (sent) this.#peer ??= new Peer(sent.map(readCertificate), this.#isServer, this.#context);
    return this.#peer;
  }

  verifyError(): Error | null {
    return (this.#peerView() ?? new Peer([], this.#isServer, this.#context)).verifyError();
  }
  getPeerCertificate(detailed?: boolean): object | undefined {
    return this.#peerView()?.legacy(detailed === true);
  }
  getPeerX509Certificate(): X509CertificateHandle | undefined {
    return this.#peerView()?.handle();
  }
  getCertificate(): object | undefined {
    const [own] = this.#context.chain;
    return own && legacyObject(own);
  }
  getX509Certificate(): X509CertificateHandle | undefined {
    const [own] = this.#context.chain;
    return own && new X509CertificateHandle(own);
  }

  getProtocol(): string {
    return 'TLSv1.3';
  }
  getCipher(): object | undefined {
    const name = this.#engine?.result?.cipherSuite.name;
    return name === undefined ? undefined : { name, standardName: name, version: 'TLSv1.3' };
  }
  getEphemeralKeyInfo(): object | null {
    if (this.#isServer) return null;
    return ephemeralKeyInfo(this.#engine?.result?.group?.id);
  }
  getSharedSigalgs(): string[] {
    return (this.#engine?.result?.sharedSignatureSchemes ?? []).map(schemeText);
  }
  getFinished(): Buffer | undefined {
    return this.#finished.sent && Buffer.from(this.#finished.sent);
  }
  getPeerFinished(): Buffer | undefined {
    return this.#finished.received && Buffer.from(this.#finished.received);
  }
  getALPNNegotiatedProtocol(): string | false {
    return this.#engine?.result?.alpn ?? false;
  }
  getServername(): string | false {
    if (!this.#isServer) return this.#requestedName ?? false;
    return this.#engine?.result?.serverName ?? this.servername ?? false;
  }
  exportKeyingMaterial(length: number, label: string, context?: ByteSource): Buffer | undefined {
    if (!this.#engine) return undefined;
    return Buffer.from(this.#engine.exportKeyingMaterial(label, context && bytesOf(context), length));
  }

  // ---- Sessions are not resumed yet: the methods are there and have nothing to tell

  isSessionReused(): boolean {
    return false;
  }
  getSession(): undefined {}
  setSession(_session: ByteSource): void {}
  getTLSTicket(): undefined {}
  enableSessionCallbacks(): void {}
  loadSession(_session: ByteSource): void {}
  newSessionDone(): void {}
  endParser(): void {}
  requestOCSP(): void {}
  setOCSPResponse(_response: ByteSource): void {}
  enableTrace(): void {}
}

export const tlsWrap: Any = {
  TLSWrap,
  wrap: (below: StreamHandle, context: SecureContext, isServer: boolean, previousOwnerWrites: boolean) =>
    new TLSWrap(below, context, isServer, previousOwnerWrites),
  HAVE_SSL_TRACE: false,
};
