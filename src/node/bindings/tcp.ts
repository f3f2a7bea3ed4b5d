/**
 * `internalBinding('tcp_wrap')` over `Host.network`. The network may answer `bind` at once, as the embedded engine's does,
 * or later: then `server.address()` has its answer already (a free port is picked here), and 'listening' waits.
 */
import { type Any, host } from '../current.ts';
import type { Connection, SocketAddress } from '../host.ts';
import { addHandle, handleChanged, hold } from '../loop.ts';
import { enterWith, Request } from './async.ts';
import { concat, type Item, kLastWriteWasAsync, StreamHandle, streamBaseState } from './stream.ts';
import { UV } from './uv.ts';

const SOCKET = 0;
const SERVER = 1;
const UV_TCP_IPV6ONLY = 1;

/** Bytes in flight up to which a write counts as done at once, as one that fits into the kernel's send buffer does. */
const SEND_BUFFER = 256 * 1024;

export class TCPConnectWrap extends Request {}

/** `listen` calls that the network has not answered; connecting waits for them, as they were made first. */
const claims = new Set<Promise<void>>();

let lastPick = 0;
/** Ports picked here whose listeners are still open: when the stretch has been used up, picking begins again. */
const picked = new Set<number>();
/** A port of this process's own stretch of Linux's ephemeral range, so that processes do not pick the same one. */
function pickPort(): number {
  const stretches = 450;
  const size = 60;
  const first = 32768 + (host().self.pid % stretches) * size;
  let port = first + (lastPick++ % size);
  for (let tries = 1; tries < size && picked.has(port); tries++) port = first + (lastPick++ % size);
  picked.add(port);
  return port;
}

export class TCP extends StreamHandle {
  #local: SocketAddress | undefined;
  #ipv6Only = false;
  #remote: SocketAddress | undefined;
  #connection: Connection | undefined;
  #listener: { close(): void } | undefined;
  #claimed: 'pending' | number | undefined;
  #picked = false;
  #onClaimed: ((status: number) => void) | undefined;
  readonly #inbox: Item[] = [];
  #deliveryQueued = false;
  /** Reads are wanted. Not `reading`: under TLS that property is a view of the TLSWrap's, and gone when it is. */
  #flowing = false;
  /** The peer's end has been told; libuv reads no further, so no error can follow it. */
  #ended = false;
  #inFlight = 0;
  /** The status of a write that was already reported as done: the next one learns it. And that no more may be written. */
  #broken = 0;
  onconnection?: (status: number, client: TCP | undefined) => void;
  readonly type: number;

  constructor(type: number = SOCKET) {
    super();
    this.type = type;
    addHandle(this);
  }

  override isActive(): boolean {
    return !this.closed && (this.#flowing || this.#claimed !== undefined);
  }

  // --- Addresses

  bind(address: string, port: number): number {
    this.#local = { address, port, family: 'IPv4' };
    return 0;
  }
  bind6(address: string, port: number, flags = 0): number {
    this.#local = { address, port, family: 'IPv6' };
    this.#ipv6Only = (flags & UV_TCP_IPV6ONLY) !== 0;
    return 0;
  }
  getsockname(out: object): number {
    if (!this.#local) return UV.UV_EBADF;
    Object.assign(out, this.#local);
    return 0;
  }
  getpeername(out: object): number {
    if (!this.#remote) return UV.UV_ENOTCONN;
    Object.assign(out, this.#remote);
    return 0;
  }

  // --- Listening

  listen(_backlog: number): number {
    const asked = this.#local ?? { address: '0.0.0.0', port: 0, family: 'IPv4' };
    this.#claimed = 'pending';
    this.#picked = asked.port === 0;
    this.#claim(asked.port === 0 ? { ...asked, port: pickPort() } : asked, asked.port === 0 ? 20 : 0);
    return typeof this.#claimed === 'number' ? this.#claimed : 0;
  }

  #claim(address: SocketAddress, retries: number): void {
    this.#local = address;
    const release = hold();
    const { promise: claim, resolve: settled } = Promise.withResolvers<void>();
    claims.add(claim);
    host().network.bind({ ...address, ipv6Only: this.#ipv6Only }, (status, bound) => {
      if (status === UV.UV_EADDRINUSE && retries > 0 && !this.closed) {
        this.#claim({ ...address, port: pickPort() }, retries - 1);
      } else this.#granted(status, bound);
      claims.delete(claim);
      settled();
      release();
    });
  }

  #granted(status: number, bound: SocketAddress): void {
    if (status === 0) {
      this.#local = bound;
      this.#listener = host().network.listen(
        bound,
        (connection) => this.#accept(connection),
        (lost) => enterWith(this, () => this.onconnection?.(lost, undefined)),
      );
      if (this.closed) this.#listener.close();
    }
    this.#claimed = status;
    const listening = this.#onClaimed;
    this.#onClaimed = undefined;
    enterWith(this, () => listening?.(status));
  }

  #accept(connection: Connection): void {
    if (this.closed) {
      connection.reset();
      return;
    }
    const client = new TCP(SOCKET);
    client.attach(connection); // at once: bytes may come before the callback below runs
    enterWith(this, () => {
      if (this.closed) client.close();
      else this.onconnection?.(0, client);
    });
  }

  /** Asked by net.js (see build/patches.ts): true when the answer to `listen` comes later, through `listening`. */
  whenListening(listening: (status: number) => void): boolean {
    // A free port that was picked here waits too: until the host has answered, it refuses other processes' calls.
    if (this.#claimed !== 'pending') return false;
    this.#onClaimed = listening;
    return true;
  }

  // --- Connecting

  connect(req: Request, address: string, port: number): number {
    return this.#connect(req, { address, port, family: 'IPv4' });
  }
  connect6(req: Request, address: string, port: number): number {
    return this.#connect(req, { address, port, family: 'IPv6' });
  }
  #connect(req: Request, to: SocketAddress): number {
    const release = hold();
    const go = () =>
      host().network.connect(to, this.#local, (status, connection) => {
        if (this.closed) connection?.reset();
        else if (connection) this.attach(connection);
        enterWith(req, () => {
          release();
          const result = this.closed ? UV.UV_ECANCELED : status;
          req.oncomplete?.(result, this, req, result === 0, result === 0);
        });
      });
    if (claims.size === 0) go();
    else void Promise.allSettled([...claims]).then(go);
    return 0;
  }

  attach(connection: Connection): void {
    this.#connection = connection;
    this.#local = connection.local;
    this.#remote = connection.remote;
    connection.ondata = (bytes) => this.#enqueue(bytes);
    connection.onend = () => this.#enqueue(null);
    connection.onerror = (status) => this.#enqueue(status);
  }

  // --- Reading

  #enqueue(item: Item): void {
    if (this.closed) return;
    this.#inbox.push(item);
    this.#scheduleDelivery();
  }
  #scheduleDelivery(): void {
    if (this.#deliveryQueued || !this.#flowing || this.#ended || this.#inbox.length === 0) return;
    this.#deliveryQueued = true;
    enterWith(this, () => {
      this.#deliveryQueued = false;
      if (!this.#flowing || this.closed) return;
      const item = this.#read();
      if (item instanceof Uint8Array) this.#connection?.consumed(item.length);
      // libuv reads no further after the end or an error: a socket that nobody closes then keeps no process alive.
      if (!(item instanceof Uint8Array)) this.#flowing = false;
      if (item === null) this.#ended = true;
      this.deliver(item);
      this.#scheduleDelivery();
    });
  }
  /** One `read`: as much as has come and fits, in however many pieces it was written. */
  #read(): Item {
    const inbox = this.#inbox;
    const first = inbox.shift() as Item;
    if (!(first instanceof Uint8Array)) return first;
    const { readSize } = this;
    const parts = [first];
    let size = first.length;
    while (size < readSize && inbox[0] instanceof Uint8Array) {
      const part = inbox.shift() as Uint8Array;
      parts.push(part);
      size += part.length;
    }
    const bytes = concat(parts);
    if (size <= readSize) return bytes;
    inbox.unshift(bytes.subarray(readSize));
    return bytes.slice(0, readSize);
  }
  override readStart(): number {
    this.#flowing = true;
    this.#scheduleDelivery();
    handleChanged();
    return 0;
  }
  override readStop(): number {
    this.#flowing = false;
    handleChanged();
    return 0;
  }

  // --- Writing

  override doWrite(req: Request, bytes: Uint8Array): number {
    const connection = this.#connection;
    if (this.closed) return UV.UV_EBADF;
    if (!connection) return UV.UV_EPIPE;
    if (this.#broken !== 0) return this.#broken;
    this.bytesWritten += bytes.length;
    if (bytes.length === 0) {
      streamBaseState[kLastWriteWasAsync] = 0;
      return 0;
    }
    const size = bytes.length;
    const fits = this.#inFlight + size <= SEND_BUFFER;
    this.#inFlight += size;
    streamBaseState[kLastWriteWasAsync] = fits ? 0 : 1;
    const release = fits ? undefined : hold();
    if (!fits) this.writeQueueSize += size;
    connection.write(bytes, (status) => {
      this.#inFlight -= size;
      if (fits) {
        if (status !== 0) this.#broken = status;
        return;
      }
      this.writeQueueSize -= size;
      enterWith(req, () => {
        release?.();
        req.oncomplete?.(this.closed ? UV.UV_ECANCELED : status, this, undefined);
      });
    });
    return 0;
  }

  override shutdown(req: Request): number {
    if (!this.#connection) return UV.UV_ENOTCONN;
    // libuv says so in the next turn, before it polls: the FIN is then on its way, not at the peer.
    const release = hold();
    this.#connection.shutdown(() => {});
    this.#broken = UV.UV_EPIPE; // what is written after the FIN
    enterWith(req, () => {
      release();
      req.oncomplete?.(this.closed ? UV.UV_ECANCELED : 0);
    });
    return 0;
  }

  // --- Closing

  protected override onClose(): void {
    this.#listener?.close();
    if (this.#picked && this.#local) picked.delete(this.#local.port);
    this.#connection?.close();
    this.#inbox.length = 0;
  }
  reset(callback?: () => void): number {
    if (this.closed) return 0;
    this.#connection?.reset();
    this.#connection = undefined;
    this.close(callback);
    return 0;
  }

  // --- Options of a socket that a virtual network has no use for

  setNoDelay(): number {
    return 0;
  }
  setKeepAlive(): number {
    return 0;
  }
  setSimultaneousAccepts(): number {
    return 0;
  }
  setBlocking(): number {
    return 0;
  }
  getTypeOfService(): number {
    return 0;
  }
  setTypeOfService(): number {
    return 0;
  }
  open(): number {
    return UV.UV_EINVAL;
  }
}

export const tcpWrap: Any = {
  TCP,
  TCPConnectWrap,
  constants: { SOCKET, SERVER, UV_TCP_IPV6ONLY, UV_TCP_REUSEPORT: 2 },
};
