import type { Connection, SocketAddress } from '../../../node/host.ts';
import { type NetworkNotice, type NetworkRequest, WINDOW_BYTES } from '../protocol.ts';
import { status } from './status.ts';

type WithoutNumber<Message> = Message extends { connection: number } ? Omit<Message, 'connection'> : never;
export type ConnectionRequest = WithoutNumber<NetworkRequest>;
export type ConnectionNotice = Extract<NetworkNotice, { type: 'data' | 'consumed' | 'end' | 'reset' }>;

export interface ConnectionEnd extends Connection {
  receive(notice: ConnectionNotice): void;
}

interface PendingWrite {
  bytes: Uint8Array;
  done: (status: number) => void;
}

/**
 * One process's end of a TCP connection: the send window, the half-closes, and what an abrupt end does to each.
 * What arrives before the owner has set its callbacks waits for it.
 */
export function createConnection(options: {
  local: SocketAddress;
  remote: SocketAddress;
  send(request: ConnectionRequest): void;
  /** Nothing more will be sent or received. */
  closed(): void;
}): ConnectionEnd {
  const { local, remote, send } = options;
  /** How many bytes the peer's window still takes. */
  let room = WINDOW_BYTES;
  const waiting: PendingWrite[] = [];
  let shutdownDone: ((status: number) => void) | undefined;
  let finished = false;
  let peerFinished = false;
  /** The status that writing gives once the connection is gone; 0 while it lives. */
  let gone = 0;

  const arrived: (() => void)[] = [];
  const callbacks: Pick<Connection, 'ondata' | 'onend' | 'onerror'> = {
    ondata: null,
    onend: null,
    onerror: null,
  };

  /** Hands over what arrived, in order, as far as the owner has set the callbacks for it. */
  let handingOver = false;
  function handOver(): void {
    if (handingOver) return;
    handingOver = true;
    while (arrived.length > 0 && callbacks.ondata && callbacks.onend && callbacks.onerror)
      arrived.shift()?.();
    handingOver = false;
  }

  function push(): void {
    while (waiting.length > 0 && room > 0) {
      const first = waiting[0];
      if (first.bytes.length > room) {
        send({ type: 'data', bytes: first.bytes.slice(0, room) });
        first.bytes = first.bytes.subarray(room);
        room = 0;
        return;
      }
      room -= first.bytes.length;
      if (first.bytes.length > 0) send({ type: 'data', bytes: first.bytes });
      waiting.shift();
      first.done(status.ok);
    }
    if (waiting.length === 0 && shutdownDone) {
      const done = shutdownDone;
      shutdownDone = undefined;
      send({ type: 'shutdown' });
      done(status.ok);
    }
  }

  function fail(code: number): void {
    const writes = waiting.splice(0);
    const shut = shutdownDone;
    shutdownDone = undefined;
    for (const { done } of writes) done(code);
    shut?.(code);
  }

  return {
    local,
    remote,
    get ondata() {
      return callbacks.ondata;
    },
    set ondata(callback) {
      callbacks.ondata = callback;
      handOver();
    },
    get onend() {
      return callbacks.onend;
    },
    set onend(callback) {
      callbacks.onend = callback;
      handOver();
    },
    get onerror() {
      return callbacks.onerror;
    },
    set onerror(callback) {
      callbacks.onerror = callback;
      handOver();
    },

    write(bytes, done) {
      if (gone || finished) return done(gone || status.brokenPipe);
      waiting.push({ bytes, done });
      push();
    },
    shutdown(done) {
      if (gone || finished) return done(gone);
      finished = true;
      shutdownDone = done;
      push();
    },
    close() {
      if (!gone) {
        gone = status.canceled;
        // Bytes that wait for the window still belong to the stream; TCP would go on sending them after close().
        for (const { bytes } of waiting) if (bytes.length > 0) send({ type: 'data', bytes });
        send({ type: 'close' });
      }
      arrived.length = 0;
      options.closed();
      fail(status.canceled);
    },
    reset() {
      if (!gone) {
        gone = status.canceled;
        send({ type: 'reset' });
      }
      arrived.length = 0;
      options.closed();
      fail(status.canceled);
    },
    consumed(count) {
      if (!gone && count > 0) send({ type: 'consumed', count });
    },

    receive(notice) {
      switch (notice.type) {
        case 'data':
          arrived.push(() => callbacks.ondata?.(notice.bytes));
          return handOver();
        case 'end':
          peerFinished = true;
          arrived.push(() => callbacks.onend?.());
          return handOver();
        case 'consumed':
          room += notice.count;
          return push();
        case 'reset': {
          // After the peer's FIN a reset shows only to who writes (EPIPE): Linux, tcp_reset() in CLOSE_WAIT.
          const code = peerFinished ? status.brokenPipe : status.reset;
          gone = status.brokenPipe;
          options.closed();
          arrived.push(() => {
            fail(code);
            if (!peerFinished) callbacks.onerror?.(code);
          });
          return handOver();
        }
      }
    },
  };
}
