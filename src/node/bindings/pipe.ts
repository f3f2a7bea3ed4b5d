/** `internalBinding('pipe_wrap')`: standard streams, and pipes between a process and its children. There are no named ones. */
import { type Any, host } from '../current.ts';
import { addHandle, handleChanged } from '../loop.ts';
import { enterWith, Request } from './async.ts';
import { type Item, kLastWriteWasAsync, StreamHandle, streamBaseState } from './stream.ts';
import { UV } from './uv.ts';

export class PipeConnectWrap extends Request {}

export class Pipe extends StreamHandle {
  readonly #inbox: Item[] = [];
  #listens = false;
  #deliveryQueued = false;
  /** Sends to whoever is at the pipe's other end; `null` is the end of what is sent. */
  #send: ((bytes: Uint8Array | null) => void) | undefined;
  #taken: ((count: number) => void) | undefined;

  constructor(_type?: number) {
    super();
    addHandle(this);
  }
  override isActive(): boolean {
    return !this.closed && this.reading;
  }
  open(fd: number): number {
    const { channel } = host();
    if (fd === channel?.fd) {
      this.join(channel.write);
      channel.onData((bytes) => this.receive(bytes));
    } else if (fd < 0 || fd > 2) return UV.UV_EBADF;
    this.fd = fd;
    return 0;
  }
  /** Makes this the near end of a pipe. `taken` hears how many received bytes the program has read. */
  join(send: (bytes: Uint8Array | null) => void, taken?: (count: number) => void): void {
    this.#send = send;
    this.#taken = taken;
  }
  /** What came through the pipe, `null` for its end. */
  receive(bytes: Uint8Array | null): void {
    if (this.closed) {
      if (bytes) this.#taken?.(bytes.length);
      return;
    }
    this.#inbox.push(bytes);
    this.#scheduleDelivery();
  }

  // Node makes the standard pipes blocking: a write is done when `write` returns.
  override doWrite(_req: Request, bytes: Uint8Array): number {
    if (this.fd !== 1 && this.fd !== 2 && !this.#send) return UV.UV_EBADF;
    streamBaseState[kLastWriteWasAsync] = 0;
    this.bytesWritten += bytes.length;
    if (this.#send) this.#send(bytes);
    else host().write(this.fd as 1 | 2, bytes);
    return 0;
  }
  override shutdown(req: Request): number {
    this.#end();
    enterWith(req, () => req.oncomplete?.(0));
    return 0;
  }

  #end(): void {
    this.#send?.(null);
    this.#send = undefined;
  }
  protected override onClose(): void {
    this.#end();
    for (const item of this.#inbox.splice(0)) if (item instanceof Uint8Array) this.#taken?.(item.length);
  }

  override readStart(): number {
    this.reading = true;
    if (!this.#listens && this.fd === 0) {
      this.#listens = true;
      host().onInput((bytes) => this.receive(bytes));
    }
    this.#scheduleDelivery();
    handleChanged();
    return 0;
  }
  override readStop(): number {
    this.reading = false;
    handleChanged();
    return 0;
  }
  #scheduleDelivery(): void {
    if (this.#deliveryQueued || !this.reading || this.#inbox.length === 0) return;
    this.#deliveryQueued = true;
    enterWith(this, () => {
      this.#deliveryQueued = false;
      if (!this.reading || this.closed) return;
      const item = this.#inbox.shift() as Item;
      if (item instanceof Uint8Array) this.#taken?.(item.length);
      this.deliver(item);
      this.#scheduleDelivery();
    });
  }

  isDelivering(): boolean {
    return this.#deliveryQueued && this.reading && !this.closed;
  }

  bind(): number {
    return UV.UV_ENOTSUP;
  }
  listen(): number {
    return UV.UV_ENOTSUP;
  }
  /** Nobody listens on a path here: what Node reports of one that does not exist. */
  connect(req: Request): number {
    enterWith(req, () => req.oncomplete?.(UV.UV_ENOENT, this, req, true, true));
    return 0;
  }
  fchmod(): number {
    return UV.UV_ENOTSUP;
  }
}

export const pipeWrap: Any = {
  Pipe,
  PipeConnectWrap,
  constants: { SOCKET: 0, SERVER: 1, IPC: 2, UV_READABLE: 1, UV_WRITABLE: 2 },
};
