/**
 * `internalBinding('tls_wrap')`: takes the place of C++'s TLSWrap. It sits on a stream handle, speaks TLS below through the
 * engine in src/tls, and is itself a stream handle to Node's own `internal/tls/wrap.js` above. What is called when, and in
 * which order, follows Node's crypto_tls.cc. How bytes are carried is in
 * tls-stream.ts, what is told afterwards in tls-results.ts.
 */
import { Buffer } from 'node:buffer';
import {
  chooseScheme,
  createTlsClient,
  createTlsServer,
  defaultSignatureSchemes,
  inCommon,
  isReadable,
  type TlsConnection,
  TlsError,
  type TlsEvent,
} from '../../tls/index.ts';
import { type PublicKey, readCertificate } from '../../x509/index.ts';
import { type ByteSource, bytesOf, isByteSource } from '../crypto/bytes.ts';
import { fillRandom, keylog, now } from '../crypto/environment.ts';
import { notInThisEngine } from '../crypto/errors.ts';
import { type Any, host } from '../current.ts';
import { loopNow } from '../loop.ts';
import { SecureContext } from './secure-context.ts';
import type { StreamHandle } from './stream.ts';
import {
  engineError,
  noApplicationProtocol,
  noCiphersAvailable,
  noProtocolsAvailable,
  noSharedCipher,
  type PeerKeyKind,
} from './tls-errors.ts';
import { TLS1_2, TLS1_3, TlsResults } from './tls-results.ts';
import { canResume, type Kept, sealerWithVerdict, unpackSession } from './tls-sessions.ts';
import { traceAlert, traceMessage, traceRecord } from './tls-trace.ts';
import {
  choosesTls12,
  fitsSuite,
  joinProtocols,
  leafOf,
  offersSessionTicket,
  splitProtocols,
} from './tls-values.ts';
import { symbols } from './util.ts';

const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const CERTIFICATE = 11;

type ClientHello = Extract<TlsEvent, { type: 'client-hello' }>;

export class TLSWrap extends TlsResults {
  // Set by internal/tls/wrap.js
  onerror?: (error: Error) => void;
  onkeylog?: (line: Buffer) => void;
  onhandshakestart?: (now: number) => void;
  onhandshakedone?: () => void;
  onclienthello?: (hello: object) => void;
  oncertcb?: (info: object) => void;
  ALPNCallback?: (protocols: Buffer) => number | undefined;
  sni_context?: unknown;

  #requestsCertificate: boolean;
  #requiresCertificate = false;
  #protocols: readonly string[] | undefined;
  #asksForProtocol = false;
  #asksForContext = false;
  #logsKeys = false;
  #traces = false;
  #maxFragment: number | undefined;

  #clientHello: ClientHello | undefined;
  /** The client's hello as it was sent. */
  #hello: Uint8Array | undefined;
  #isTls12 = false;
  /** The peer's own certificate, known before its signature is checked. */
  #peerLeaf: Uint8Array | undefined;
  /** What a server's program has found for the client's session id. */
  #loaded: Kept | undefined;

  constructor(below: StreamHandle, context: SecureContext, isServer: boolean, previousOwnerWrites: boolean) {
    super(below, context, isServer, previousOwnerWrites);
    this.#requestsCertificate = !isServer;
  }

  // ---- Configuration, before the first byte

  setVerifyMode(requestCertificate: boolean, rejectUnauthorized: boolean): void {
    this.#requestsCertificate = requestCertificate;
    this.#requiresCertificate = this.isServer && requestCertificate && rejectUnauthorized;
  }
  /** It goes as UTF-8, here one character a byte. One of more than 255 OpenSSL leaves out, and Node says nothing of it. */
  setServername(name: string): void {
    const bytes = Buffer.from(name);
    if (bytes.length <= 255) this.requestedName = bytes.toString('latin1');
  }
  setALPNProtocols(wire: ByteSource): void {
    if (!isByteSource(wire)) throw new TypeError('Must give a Buffer as first argument');
    this.#protocols = splitProtocols(bytesOf(wire));
  }
  setKeyCert(context: SecureContext): void {
    this.context = context;
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
  enableSessionCallbacks(): void {
    this.tellsSessions = true;
  }
  /** What is no session is passed over, as Node does. */
  setSession(bytes: ByteSource): void {
    if (!isByteSource(bytes))
      throw Object.assign(new TypeError('Session must be a buffer'), { code: 'ERR_INVALID_ARG_TYPE' });
    const kept = unpackSession(bytesOf(bytes));
    if (kept) this.session = kept;
  }
  /** The engine has its pre-shared keys from tickets alone. A server that would also take others goes on with its certificate. */
  enablePskCallback(): void {
    if (!this.isServer) throw notInThisEngine('A pre-shared key from outside');
  }
  setPskIdentityHint(_hint: string): void {}
  setMaxSendFragment(size: number): 0 | 1 {
    if (size < 512 || size > 16384) return 0;
    this.#maxFragment = size;
    this.engine?.setMaxSendFragment(size);
    return 1;
  }

  // ---- The handshake

  /** A client says hello, once. A server waits for the first bytes. */
  override start(): void {
    if (this.started || this.isServer || this.destroyed) return;
    this.started = true;
    this.onhandshakestart?.(loopNow());
    const session = this.session?.session;
    const isReady = this.#make(() =>
      createTlsClient({
        ...this.#commonOptions(),
        ...this.#identity(),
        ...(this.requestedName ? { serverName: this.requestedName } : {}),
        ...(session && canResume(session) ? { session } : {}),
      }),
    );
    if (!isReady) return;
    if (this.context.versions) this.cycle(() => this.engine?.start());
    else this.#refuseVersions();
  }
  /** The context may leave nothing to agree on, such as a group of TLS 1.3 alone for TLS 1.2: says so as OpenSSL does. */
  #make(create: () => TlsConnection): boolean {
    try {
      this.engine = create();
      return true;
    } catch (error) {
      if (!(error instanceof TlsError) || error.reason !== 'bad-options') throw error;
    }
    const bare = { now, random: fillRandom, onEvent: () => {} };
    this.engine = this.isServer ? createTlsServer(bare) : createTlsClient(bare);
    this.cycle(() => this.engine?.abort('handshake_failure'));
    const isShort = !this.isServer || !this.context.hasCipherSuites;
    if (!this.destroyed) this.onerror?.(isShort ? noCiphersAvailable(this.isServer) : noSharedCipher());
    return false;
  }
  /** All that may be spoken is too old: OpenSSL finds out when it is to speak. */
  #refuseVersions(): void {
    this.cycle(() => this.engine?.abort('protocol_version'));
    if (!this.destroyed) this.onerror?.(noProtocolsAvailable());
  }

  protected override startServer(): void {
    this.started = true;
    // Node takes 0 for "never".
    this.onhandshakestart?.(Math.max(1, loopNow()));
    const context = this.context;
    this.#make(() =>
      createTlsServer({
        ...this.#commonOptions(),
        ...this.#identity(),
        requestCertificate: this.#requestsCertificate,
        requireCertificate: this.#requiresCertificate,
        certificateAuthorities: context.anchors.map((anchor) => anchor.subject.bytes),
        pauseAtClientHello: true,
        tickets: context.sealer((keys) =>
          sealerWithVerdict(
            keys,
            (session) => this.verdictOn(session),
            (verdict) => {
              this.keptVerdict = verdict;
            },
          ),
        ),
        ticketsAfterResumption: 0,
        ticketLifetime: context.sessionTimeout,
        sessionIdContext: context.sessionIdContext,
      }),
    );
  }

  #commonOptions() {
    const { cipherSuites, groups, prefersPeersOrder, signatureSchemes, versions } = this.context;
    return {
      now,
      random: fillRandom,
      cipherSuites,
      prefersPeersOrder,
      ...(versions ? { versions } : {}),
      ...(groups ? { groups } : {}),
      ...(signatureSchemes ? { signatureSchemes } : {}),
      ...(this.#protocols ? { alpn: this.#protocols } : {}),
      ...(this.#maxFragment ? { maxSendFragment: this.#maxFragment } : {}),
      onEvent: (event: TlsEvent) => this.#onEvent(event),
    };
  }

  /** `hello`: a client's, which says what it can verify. */
  #identity(hello?: ClientHello) {
    const found = this.context.identity(...(hello ? this.#wishes(hello) : []));
    if (!found) return {};
    return { identity: { certificates: found.chain.map(({ bytes }) => bytes), privateKey: found.key } };
  }

  /** What both sides want, most wanted first: signatures in TLS 1.3, suites in TLS 1.2. The first that a key of ours can do decides. */
  #wishes(hello: ClientHello): ((key: PublicKey) => boolean)[] {
    const { cipherSuites, prefersPeersOrder, signatureSchemes = defaultSignatureSchemes } = this.context;
    const schemes = inCommon(signatureSchemes, hello.signatureSchemes, prefersPeersOrder);
    const signs = (key: PublicKey, among = schemes) => chooseScheme(among, key, hello.version) !== undefined;
    if (hello.version === TLS1_3) return schemes.map((scheme) => (key) => signs(key, [scheme]));
    return inCommon(cipherSuites, hello.cipherSuites, prefersPeersOrder).map(
      (suite) => (key) => signs(key) && fitsSuite(key, suite) && isReadable(key, hello.groups),
    );
  }

  #onEvent(event: TlsEvent): void {
    if (this.#traces) this.#trace(event);
    switch (event.type) {
      case 'client-hello':
        this.#onClientHello(event);
        return;
      case 'secure':
        this.established = true;
        if (!this.engine?.result?.resumed) this.session = undefined;
        if (this.untold) this.tellClientSession(this.untold);
        // At once, as OpenSSL's callback: a client that destroys itself here has not sent its last flight.
        this.onhandshakedone?.();
        return;
      case 'session':
        this.onSession(event.session);
        return;
      case 'data':
        if (!this.destroyed && !this.ended) this.deliver(event.bytes);
        return;
      case 'close-notify':
        // Inside the handshake as well: OpenSSL counts it as the end of the stream, whenever it comes.
        if (!this.ended && !this.destroyed) {
          this.ended = true;
          this.deliver(null);
        }
        return;
      case 'error':
        this.failure = event.error;
        return;
      case 'keylog':
        keylog(event.line);
        if (this.#logsKeys && !this.destroyed) this.onkeylog?.(Buffer.from(`${event.line}\n`));
        return;
      case 'handshake':
        this.#onMessage(event.message, event.sent);
        return;
    }
  }

  #onMessage(message: Uint8Array, sent: boolean): void {
    const [type] = message;
    if (type === CLIENT_HELLO) this.#hello = message;
    if (type === SERVER_HELLO) this.#isTls12 = choosesTls12(message);
    if (type === CERTIFICATE && !sent) this.#peerLeaf = leafOf(message, this.#isTls12);
  }

  #onClientHello(event: ClientHello): void {
    if (!this.context.versions) {
      this.#refuseVersions();
      return;
    }
    this.#clientHello = event;
    this.#isTls12 = event.version === TLS1_2;
    this.servername = event.serverName;
    const mayResume12 = this.#isTls12 && (event.sessionId.length > 0 || this.#offersTicket());
    const owner = (this as Any)[symbols.owner_symbol];
    // At once: a program that then refuses the client may ask whom it was after.
    if (event.serverName && owner && !mayResume12) owner.servername = event.serverName;
    if (!this.tellsSessions) this.endParser();
    else {
      const sessionId = Buffer.from(event.sessionId);
      const tlsTicket = this.#offersTicket();
      this.onclienthello?.({ sessionId, servername: event.serverName, tlsTicket });
    }
  }

  #offersTicket(): boolean {
    return this.#hello !== undefined && offersSessionTicket(this.#hello);
  }

  /** A server's program has found its session for the client's id, or has nothing (null). */
  loadSession(bytes: ByteSource | null | undefined): void {
    this.#loaded = bytes ? unpackSession(bytesOf(bytes)) : undefined;
  }
  /** Node's JavaScript has seen the ClientHello. */
  endParser(): void {
    if (!this.#clientHello) return;
    const { serverName } = this.#clientHello;
    if (!this.#asksForContext) this.certCbDone();
    else this.oncertcb?.({ servername: serverName || '', tlsTicket: false, OCSPRequest: false });
  }

  /** Node's JavaScript has chosen `sni_context`, or had nothing to choose. */
  certCbDone(): void {
    const hello = this.#clientHello;
    if (!hello || !this.engine || this.destroyed) return;
    this.#clientHello = undefined;
    const chosen = this.sni_context;
    if (chosen instanceof SecureContext) this.context = chosen;
    else if (typeof chosen === 'object' && chosen !== null) {
      this.onerror?.(new TypeError('Invalid SNI context'));
      return;
    }
    let alpn: string[] | undefined;
    if (this.#asksForProtocol && hello.alpn.length > 0) {
      const protocol = this.#askForProtocol(hello.alpn);
      if (protocol === undefined) {
        this.cycle(() => this.engine?.abort('no_application_protocol'));
        if (!this.destroyed) this.onerror?.(noApplicationProtocol());
        return;
      }
      alpn = [protocol];
    }
    const { identity } = this.#identity(hello);
    const { session, verdict = null } = this.#loaded ?? {};
    if (session) this.keptVerdict = verdict;
    const nameUsed = chosen instanceof SecureContext;
    this.cycle(() =>
      this.engine?.resume(identity, { nameUsed, ...(alpn && { alpn }), ...(session && { session }) }),
    );
  }

  #askForProtocol(offered: readonly string[]): string | undefined {
    const wire = joinProtocols(offered);
    const offset = this.ALPNCallback?.(Buffer.from(wire));
    if (offset === undefined) return undefined;
    return Buffer.from(wire.subarray(offset + 1, offset + 1 + wire[offset])).toString('latin1');
  }

  protected override tellFailure(failure: TlsError): void {
    this.onerror?.(this.#errorOf(failure));
  }
  protected override textOf(failure: TlsError): string {
    return this.#errorOf(failure).message;
  }
  #errorOf(failure: TlsError): Error {
    const role = this.isServer ? 'server' : 'client';
    const isTls12 = this.#isTls12 || this.context.versions?.max === TLS1_2;
    const when = {
      role,
      established: this.established,
      isTls12,
      greeted: this.#hello !== undefined,
    } as const;
    return engineError(failure, when, this.#peerKeyKind());
  }
  #peerKeyKind(): PeerKeyKind {
    try {
      return this.#peerLeaf && readCertificate(this.#peerLeaf).publicKey?.kind;
    } catch {
      return undefined; // that it is no certificate is what the failure is about
    }
  }

  // ---- What passes, in words

  enableTrace(): void {
    this.#traces = true;
  }
  #trace(event: TlsEvent): void {
    const { type } = event;
    const version = this.#isTls12 ? TLS1_2 : TLS1_3;
    let text = '';
    if (type === 'record') text = traceRecord(event.sent, event.header, event.contentType, !this.#isTls12);
    else if (type === 'handshake') text = traceMessage(event.message, version);
    else if (type === 'alert') text = traceAlert(event.level === 'fatal' ? 2 : 1, event.description);
    if (text) host().write(2, new TextEncoder().encode(text));
  }

  // ---- Here for Node's JavaScript to call, and without effect

  requestOCSP(): void {}
  setOCSPResponse(_response: ByteSource): void {}
}

export const tlsWrap: Any = {
  TLSWrap,
  wrap: (below: StreamHandle, context: SecureContext, isServer: boolean, previousOwnerWrites: boolean) =>
    new TLSWrap(below, context, isServer, previousOwnerWrites),
  HAVE_SSL_TRACE: true,
};
