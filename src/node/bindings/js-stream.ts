/** `internalBinding('js_stream')`: a handle whose bytes come from and go to a JavaScript stream, for TLS over any Duplex. */
import { Buffer } from 'node:buffer';
import { type ByteSource, bytesOf } from '../crypto/bytes.ts';
import type { Request } from './async.ts';
import { kLastWriteWasAsync, StreamHandle, streamBaseState } from './stream.ts';
import { UV } from './uv.ts';

/** The stream behind it keeps the process alive, or does not; this handle never does. */
export class JSStream extends StreamHandle {
  /** Set by internal/js_stream_socket. */
  onreadstart?: () => number;
  onreadstop?: () => number;
  onwrite?: (req: Request, buffers: Buffer[]) => number;
  onshutdown?: (req: Request) => number;
  isClosing?: () => boolean;

  override isActive(): boolean {
    return false;
  }
  override readStart(): number {
    return this.onreadstart?.() ?? UV.UV_EPROTO;
  }
  override readStop(): number {
    return this.onreadstop?.() ?? UV.UV_EPROTO;
  }
  override doWrite(req: Request, bytes: Uint8Array): number {
    this.bytesWritten += bytes.length;
    const status = this.onwrite?.(req, [Buffer.from(bytes)]) ?? UV.UV_EPROTO;
    // Last, since the stream may have run any JavaScript by now, other writes included.
    streamBaseState[kLastWriteWasAsync] = 1;
    return status;
  }
  override shutdown(req: Request): number {
    return this.onshutdown?.(req) ?? UV.UV_EPROTO;
  }
  finishWrite(req: Request, status: number): void {
    req.oncomplete?.(status, this, undefined);
  }
  finishShutdown(req: Request, status: number): void {
    req.oncomplete?.(status);
  }
  readBuffer(chunk: ByteSource): void {
    this.deliver(bytesOf(chunk).slice());
  }
  emitEOF(): void {
    this.deliver(null);
  }
}
