/** `internalBinding('pipe_wrap')`: standard input, output and error. There are no named pipes in the sandbox. */
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

  constructor(_type?: number) {
    super();
    addHandle(this);
  }
  override isActive(): boolean {
    return !this.closed && this.reading;
  }
  open(fd: number): number {
    if (fd < 0 || fd > 2) return UV.UV_EBADF;
    this.fd = fd;
    return 0;
  }

  // Node makes the standard pipes blocking: a write is done when `write` returns.
  override doWrite(_req: Request, bytes: Uint8Array): number {
    if (this.fd !== 1 && this.fd !== 2) return UV.UV_EBADF;
    streamBaseState[kLastWriteWasAsync] = 0;
    this.bytesWritten += bytes.length;
    host().write(this.fd, bytes);
    return 0;
  }
  override shutdown(req: Request): number {
    enterWith(req, () => req.oncomplete?.(0));
    return 0;
  }

  override readStart(): number {
    this.reading = true;
    if (!this.#listens && this.fd === 0) {
      this.#listens = true;
      host().onInput((bytes) => {
        this.#inbox.push(bytes);
        this.#scheduleDelivery();
      });
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
      this.deliver(this.#inbox.shift() as Item);
      this.#scheduleDelivery();
    });
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
