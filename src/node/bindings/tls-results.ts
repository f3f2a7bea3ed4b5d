/**
 * The part of `TLSWrap` that tells what came of a handshake: the peer and what to think of it, what was agreed on, and the
 * sessions that another handshake can go on with.
 */
import { Buffer } from 'node:buffer';
import { type Session, TlsError } from '../../tls/index.ts';
import { readCertificate } from '../../x509/index.ts';
import { type ByteSource, bytesOf } from '../crypto/bytes.ts';
import { legacyObject, X509CertificateHandle } from '../crypto/certificate.ts';
import { now, randomBytes } from '../crypto/environment.ts';
import { notInThisEngine } from '../crypto/errors.ts';
import { opensslError } from './openssl-errors.ts';
import type { SecureContext } from './secure-context.ts';
import type { StreamHandle } from './stream.ts';
import { schemeText } from './tls-options.ts';
import { Peer } from './tls-peer.ts';
import { type Kept, packSession, unfinishedSession, type Verdict } from './tls-sessions.ts';
import { TlsStream } from './tls-stream.ts';
import { cipherNames, ephemeralKeyInfo, groupInfo } from './tls-values.ts';

export const TLS1_2 = 0x303;
export const TLS1_3 = 0x304;
/** Node tells nobody of longer sessions (`SecureContext::kMaxSessionSize`). */
const MAX_SESSION = 10 * 1024;

export abstract class TlsResults extends TlsStream {
  // Set by internal/tls/wrap.js
  onnewsession?: (id: Buffer, session: Buffer) => void;
  servername?: string | false;

  protected context: SecureContext;
  /** The name a client asks for. */
  protected requestedName: string | undefined;
  protected tellsSessions = false;
  /** A client's newest session; what it offered until the server gave another. */
  protected session: Kept | undefined;
  /** It came with the handshake, as in TLS 1.2: nobody is told before that is over. */
  protected untold: Session | undefined;
  /** What was thought of the peer when the resumed session began. */
  protected keptVerdict: Verdict = null;
  #peer: Peer | undefined;

  constructor(below: StreamHandle, context: SecureContext, isServer: boolean, previousOwnerWrites: boolean) {
    super(below, isServer, previousOwnerWrites);
    this.context = context;
  }

  // ---- Sessions

  protected onSession(session: Session): void {
    if (this.isServer) this.#tellServerSession(session);
    else if (this.established) this.tellClientSession(session);
    else this.untold = session;
  }
  protected tellClientSession(session: Session): void {
    this.session = { session, verdict: this.verifyError(), group: this.engine?.result?.group?.id };
    if (!this.tellsSessions || this.destroyed) return;
    const bytes = packSession(this.session);
    if (bytes.length <= MAX_SESSION) this.onnewsession?.(Buffer.from(session.sessionId), bytes);
  }
  #tellServerSession(session: Session): void {
    // TLS 1.2 gives tickets without a word: there 'newSession' tells only of sessions that the server has to keep.
    const isKeptByTicket = session.version !== TLS1_3 && session.ticket.length > 0;
    if (!this.tellsSessions || this.destroyed || isKeptByTicket) return;
    const bytes = packSession({ session, verdict: this.verdictOn(session) });
    if (bytes.length > MAX_SESSION) return;
    this.awaitsNewSession = true;
    // In TLS 1.3 the id is a name for the program's sake, and no client ever asks by it.
    const id = Buffer.from(session.sessionId.length > 0 ? session.sessionId : randomBytes(32));
    this.onnewsession?.(id, bytes);
  }
  /** A session may be there before the connection is (TLS 1.2): so the peer is judged by what stands in it. */
  protected verdictOn({ peerCertificates }: Session): Verdict {
    if (this.engine?.result) return this.verifyError();
    return new Peer(peerCertificates.map(readCertificate), this.isServer, this.context).verifyError();
  }
  newSessionDone(): void {
    this.awaitsNewSession = false;
    this.cycle(() => {});
  }
  isSessionReused(): boolean {
    return this.engine?.result?.resumed ?? false;
  }
  getSession(): Buffer | undefined {
    const { result } = this.engine ?? {};
    if (!result) return this.session && packSession(this.session);
    if (this.session) return packSession(this.session);
    const { serverName, cipherSuite } = result;
    const version = result.version === 'TLSv1.3' ? TLS1_3 : TLS1_2;
    const session = unfinishedSession({ serverName, cipherSuite: cipherSuite.id, version }, now());
    return packSession({ session, verdict: this.verifyError() });
  }
  /** A client's alone: a server has given its tickets away. */
  getTLSTicket(): Buffer | undefined {
    const ticket = this.session?.session.ticket;
    return this.isServer || !ticket?.length ? undefined : Buffer.from(ticket);
  }

  // ---- What came of it

  #peerView(): Peer | undefined {
    const { peerCertificates, resumed } = this.engine?.result ?? {};
    if (!peerCertificates) return undefined;
    if (!this.#peer) {
      // A session that Node's clients kept has no certificate in it; a server's ticket has the client's own.
      const shown = resumed ? (this.isServer ? peerCertificates.slice(0, 1) : []) : peerCertificates;
      const kept = resumed ? (this.isServer ? this.keptVerdict : (this.session?.verdict ?? null)) : undefined;
      this.#peer = new Peer(shown.map(readCertificate), this.isServer, this.context, kept);
    }
    return this.#peer;
  }

  verifyError(): Error | null {
    return (this.#peerView() ?? new Peer([], this.isServer, this.context)).verifyError();
  }
  getPeerCertificate(detailed?: boolean): object | undefined {
    return this.#peerView()?.legacy(detailed === true);
  }
  getPeerX509Certificate(): X509CertificateHandle | undefined {
    return this.#peerView()?.handle();
  }
  getCertificate(): object | undefined {
    const [own] = this.context.chain;
    return own && legacyObject(own);
  }
  getX509Certificate(): X509CertificateHandle | undefined {
    const [own] = this.context.chain;
    return own && new X509CertificateHandle(own);
  }

  /** Before anything is agreed on, the newest there is. */
  getProtocol(): string {
    return this.engine?.result?.version ?? 'TLSv1.3';
  }
  getCipher(): object | undefined {
    const { cipherSuite, version } = this.engine?.result ?? {};
    return cipherSuite && { ...cipherNames(cipherSuite.name), version };
  }
  getEphemeralKeyInfo(): object | null {
    if (this.isServer) return null;
    const { resumed, version, group } = this.engine?.result ?? {};
    if (resumed && version === 'TLSv1.2') return groupInfo(this.session?.group);
    return ephemeralKeyInfo(group?.id);
  }
  getSharedSigalgs(): string[] {
    return (this.engine?.result?.sharedSignatureSchemes ?? []).map(schemeText);
  }
  getFinished(): Buffer | undefined {
    const { own } = this.engine?.result?.finished ?? {};
    return own && Buffer.from(own);
  }
  getPeerFinished(): Buffer | undefined {
    const { peer } = this.engine?.result?.finished ?? {};
    return peer && Buffer.from(peer);
  }
  getALPNNegotiatedProtocol(): string | false {
    return this.engine?.result?.alpn ?? false;
  }
  getServername(): string | false {
    if (!this.isServer) return this.requestedName ?? false;
    const { resumed, version } = this.engine?.result ?? {};
    if (resumed && version === 'TLSv1.2') return false; // OpenSSL does not look at it then
    return this.engine?.result?.serverName ?? this.servername ?? false;
  }
  exportKeyingMaterial(length: number, label: string, context?: ByteSource): Buffer | undefined {
    if (!this.engine) return undefined;
    try {
      return Buffer.from(this.engine.exportKeyingMaterial(label, context && bytesOf(context), length));
    } catch (error) {
      // HKDF ends after 255 blocks (RFC 5869 §2.3); a label has one byte for its length (§7.1), and TLS 1.2 has its own.
      if (error instanceof TlsError && error.reason !== 'bad-options') throw error;
      if (context && context.byteLength > 0xffff)
        throw opensslError('SSL routines', 'passed invalid argument', '0A080106');
      if (error instanceof TlsError || error instanceof RangeError)
        throw opensslError('SSL routines', 'tls illegal exporter label', '0A00016F');
      throw opensslError('SSL routines', 'internal error', '0A0C0103');
    }
  }

  /** TLS 1.3 has no renegotiation, and the engine's TLS 1.2 refuses it. */
  renegotiate(): void {
    if (this.engine?.result?.version === 'TLSv1.2') throw notInThisEngine('Renegotiation');
    throw opensslError('SSL routines', 'wrong ssl version', '0A00010A');
  }
}
