/**
 * The half of `TLSWrap` that carries bytes: what comes from the stream below goes to the engine, what the engine makes goes
 * down, one write at a time, and what Node's JavaScript writes waits until it may. The order follows Node's crypto_tls.cc.
 */
import type { TlsConnection, TlsError } from '../../tls/index.ts';
import { type ByteSource, bytesOf } from '../crypto/bytes.ts';
import { later } from '../crypto/environment.ts';
import type { Any } from '../current.ts';
import type { Request } from './async.ts';
import { type Item, kLastWriteWasAsync, StreamHandle, streamBaseState, WriteWrap } from './stream.ts';
import { UV } from './uv.ts';

export abstract class TlsStream extends StreamHandle {
  protected readonly isServer: boolean;
  protected engine: TlsConnection | undefined;
  protected started = false;
  protected established = false;
  protected destroyed = false;
  /** Nothing more will be delivered upwards. */
  protected ended = false;
  /** What the engine failed with, until it has been told. */
  protected failure: TlsError | undefined;
  /** A server's program has been shown a session and has not answered: until then nothing is sent. */
  protected awaitsNewSession = false;

  readonly #below: StreamHandle;
  #failed = false;
  #shutDown = false;
  /** The write that Node's JavaScript waits for. There is never more than one. */
  #current: Request | undefined;
  /** Plaintext that came before the handshake was done. */
  #plaintext: Uint8Array | undefined;
  #mayFinishWrite = false;
  #writingBelow: boolean;
  #inWrite = false;
  #depth = 0;

  constructor(below: StreamHandle, isServer: boolean, previousOwnerWrites: boolean) {
    super();
    this.#below = below;
    this.isServer = isServer;
    // Until the owner before us has written what it had, nothing of ours may follow.
    this.#writingBelow = previousOwnerWrites;
    below.consumer = this;
  }

  /** A client says hello, if it has not yet. */
  abstract start(): void;
  /** A server's first bytes are here. */
  protected abstract startServer(): void;
  protected abstract tellFailure(failure: TlsError): void;
  /** What OpenSSL would print of it. */
  protected abstract textOf(failure: TlsError): string;

  writesIssuedByPrevListenerDone(): void {
    this.#writingBelow = false;
    this.flush();
  }

  // ---- Bytes from below

  onStreamRead(item: Item): void {
    if (!(item instanceof Uint8Array)) {
      if (item === null) this.ended = true;
      this.deliver(item);
      return;
    }
    if (this.destroyed) {
      this.deliver(UV.UV_EPROTO);
      return;
    }
    if (this.isServer && !this.started) this.startServer();
    this.cycle(() => this.engine?.receive(item));
  }

  /** Bytes that a socket had read before TLS was put on top of it. */
  receive(bytes: ByteSource): void {
    this.onStreamRead(bytesOf(bytes).slice());
  }

  /**
   * Lets the engine work, then sends what came of it. What Node's JavaScript does from inside (writing, say) joins in;
   * the failure of the engine is told at the very end, after the alert is on its way.
   */
  protected cycle(work: () => void): void {
    this.#depth++;
    try {
      work();
    } finally {
      this.#depth--;
    }
    if (this.#depth > 0 || this.destroyed) return;
    this.#writePlaintext();
    this.flush();
    const { failure } = this;
    if (!failure || this.destroyed) return;
    this.failure = undefined;
    this.#failed = true;
    if (!this.#plaintext) {
      this.tellFailure(failure);
      return;
    }
    // Node drives the handshake by the write that waits for it, and it is the write that fails.
    this.#plaintext = undefined;
    this.#mayFinishWrite = true;
    this.#finishWrite(UV.UV_EPROTO, this.textOf(failure));
  }

  // ---- Bytes from above

  override doWrite(req: Request, bytes: Uint8Array): number {
    streamBaseState[kLastWriteWasAsync] = 1;
    if (this.destroyed) {
      (req as Any).error = 'Write after DestroySSL';
      return UV.UV_EPROTO;
    }
    if (this.#failed) return UV.UV_EPROTO;
    this.bytesWritten += bytes.length;
    this.#current = req;
    this.start(); // OpenSSL begins the handshake with whatever is first asked of it
    if (bytes.length === 0) {
      // Nothing to encrypt: only the order of callbacks is asked for. What is on its way comes first, the handshake too.
      if (this.#writingBelow) return 0;
      later(() => this.#finishWrite(0));
      this.#mayFinishWrite = true;
      return 0;
    }
    this.#plaintext = bytes;
    this.#inWrite = true;
    this.#writePlaintext();
    this.flush();
    this.#inWrite = false;
    return 0;
  }

  #writePlaintext(): void {
    const bytes = this.#plaintext;
    if (!bytes || !this.established || this.#failed || !this.engine) return;
    this.#plaintext = undefined;
    this.engine.write(bytes);
  }

  /** Hands ciphertext to the stream below, one write at a time: its pace is everybody's. */
  protected flush(): void {
    if (this.#writingBelow || this.destroyed || this.awaitsNewSession) return;
    if (this.established && this.#current) this.#mayFinishWrite = true;
    const bytes = this.engine?.takeOutput();
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
    const status = this.destroyed ? UV.UV_ECANCELED : result;
    this.#writingBelow = false;
    if (status !== 0) {
      if (!this.#shutDown) this.#finishWrite(status);
      return;
    }
    this.#writePlaintext();
    this.flush();
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
    if (this.established && !this.#failed && !this.destroyed) this.engine?.close();
    this.#shutDown = true;
    this.flush();
    return this.#below.shutdown(req);
  }

  override readStart(): number {
    return this.ended ? 0 : this.#below.readStart();
  }
  override readStop(): number {
    return this.#below.readStop();
  }
  override isActive(): boolean {
    return false; // the handle below is the one that keeps the process alive
  }

  destroySSL(): void {
    if (this.destroyed) return;
    this.#mayFinishWrite = true;
    this.#finishWrite(UV.UV_ECANCELED, 'Canceled because of SSL destruction');
    this.destroyed = true;
    this.#plaintext = undefined;
    this.#below.consumer = null;
  }
}
