/**
 * `internalBinding('stream_wrap')`: the JS face of C++'s StreamBase. A handle delivers what it reads either to Node's
 * JavaScript (`onread`) or, when a TLSWrap sits on top, to that consumer.
 */
import type { Any } from '../current.ts';
import { enterClosing, handleChanged, removeHandle } from '../loop.ts';
import { AsyncResource, Request } from './async.ts';
import { encodeText, encodingNumber, LATIN1, UCS2, UTF8 } from './encodings.ts';
import { UV } from './uv.ts';

/** Numbers that C++ and JavaScript share about the last read and write. */
export const streamBaseState = new Int32Array(5);
export const kReadBytesOrError = 0;
export const kArrayBufferOffset = 1;
export const kBytesWritten = 2;
export const kLastWriteWasAsync = 3;

/** The most that libuv reads at once. */
const READ_SIZE = 64 * 1024;

/** What a stream reads: bytes, `null` at the end, or a negative error number. */
export type Item = Uint8Array | null | number;

/** Sits on a stream in place of Node's JavaScript: TLSWrap, or a server's HTTP parser. */
export interface StreamConsumer {
  onStreamRead(item: Item): void;
}

export class WriteWrap extends Request {}
export class ShutdownWrap extends Request {}

/** A libuv handle: referenced until told otherwise, closed once. */
export class HandleWrap extends AsyncResource {
  closed = false;
  #refed = true;
  ref(): void {
    this.#refed = true;
    handleChanged();
  }
  unref(): void {
    this.#refed = false;
    handleChanged();
  }
  hasRef(): boolean {
    return this.#refed && !this.closed;
  }
  /** Active handles that are referenced keep the process alive. */
  isActive(): boolean {
    return !this.closed;
  }
  isAlive(): boolean {
    return this.hasRef() && this.isActive();
  }
  /** Frees what is behind the handle. */
  protected onClose(): void {}
  close(callback?: () => void): void {
    if (this.closed) return;
    this.closed = true;
    this.onClose();
    removeHandle(this);
    enterClosing(() => callback?.call(this));
  }
}

export function concat(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0];
  const out = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

/** Subclasses supply `doWrite`, `shutdown`, `readStart` and `readStop`. */
export abstract class StreamHandle extends HandleWrap {
  readonly isStreamBase = true;
  reading = false;
  bytesRead = 0;
  bytesWritten = 0;
  writeQueueSize = 0;
  fd = -1;
  consumer: StreamConsumer | null = null;
  onread?: (buffer: ArrayBuffer | undefined) => unknown;
  #userBuffer: Uint8Array | undefined;

  /**
   * Sends bytes that now belong to the handle. Returns 0 or a negative error number, and says through
   * `streamBaseState[kLastWriteWasAsync]` whether `req.oncomplete` will be called later.
   */
  abstract doWrite(req: Request, bytes: Uint8Array): number;
  abstract shutdown(req: Request): number;
  abstract readStart(): number;
  abstract readStop(): number;

  useUserBuffer(buffer: Uint8Array): number {
    this.#userBuffer = buffer;
    return 0;
  }

  /** The most that is read at once: what a program's own buffer takes, if it gave one. */
  protected get readSize(): number {
    return this.#userBuffer?.length || READ_SIZE;
  }

  deliver(item: Item): void {
    if (item instanceof Uint8Array) this.bytesRead += item.length;
    if (this.consumer) this.consumer.onStreamRead(item);
    else this.handUp(item);
  }

  /** To Node's JavaScript. */
  handUp(item: Item): void {
    if (item instanceof Uint8Array) this.#deliverBytes(item);
    else {
      streamBaseState[kReadBytesOrError] = item === null ? UV.UV_EOF : item;
      streamBaseState[kArrayBufferOffset] = 0;
      this.onread?.(undefined);
    }
  }

  #deliverBytes(bytes: Uint8Array): void {
    if (this.#userBuffer === undefined) {
      streamBaseState[kReadBytesOrError] = bytes.length;
      streamBaseState[kArrayBufferOffset] = bytes.byteOffset;
      this.onread?.(bytes.buffer as ArrayBuffer);
      return;
    }
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + this.#userBuffer.length);
      at += part.length;
      this.#userBuffer.set(part);
      streamBaseState[kReadBytesOrError] = part.length;
      streamBaseState[kArrayBufferOffset] = 0;
      const next = this.onread?.(undefined);
      if (next instanceof Uint8Array) this.#userBuffer = next;
    }
  }

  #write(req: Request, bytes: Uint8Array): number {
    streamBaseState[kLastWriteWasAsync] = 1;
    const status = this.doWrite(req, bytes);
    streamBaseState[kBytesWritten] = bytes.length;
    return status;
  }
  writeBuffer(req: Request, buffer: Uint8Array): number {
    return this.#write(req, new Uint8Array(buffer)); // a copy: the caller may use its buffer again
  }
  writeUtf8String(req: Request, text: string): number {
    return this.#write(req, encodeText(text, UTF8));
  }
  writeAsciiString(req: Request, text: string): number {
    return this.#write(req, encodeText(text, LATIN1));
  }
  writeLatin1String(req: Request, text: string): number {
    return this.#write(req, encodeText(text, LATIN1));
  }
  writeUcs2String(req: Request, text: string): number {
    return this.#write(req, encodeText(text, UCS2));
  }
  writev(req: Request, chunks: Any[], allBuffers: boolean): number {
    if (allBuffers) return this.#write(req, concat(chunks.map((chunk) => new Uint8Array(chunk))));
    const parts: Uint8Array[] = [];
    for (let i = 0; i < chunks.length; i += 2) {
      const [chunk, encoding] = [chunks[i], chunks[i + 1]];
      parts.push(
        typeof chunk === 'string' ? encodeText(chunk, encodingNumber(encoding)) : new Uint8Array(chunk),
      );
    }
    return this.#write(req, concat(parts));
  }
}

export class LibuvStreamWrap {}

export const streamWrap: Any = {
  streamBaseState,
  kReadBytesOrError,
  kArrayBufferOffset,
  kBytesWritten,
  kLastWriteWasAsync,
  WriteWrap,
  ShutdownWrap,
  LibuvStreamWrap,
};
