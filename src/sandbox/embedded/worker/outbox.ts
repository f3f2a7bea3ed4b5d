import { createBatch } from '../batch.ts';
import type { FromProcess } from '../protocol.ts';

/** A process's only way out: everything it says to the kernel, in the order it was said. */
export interface Outbox {
  send(message: FromProcess): void;
  write(fd: number, bytes: Uint8Array): void;
  /** Sends at once what has gathered. */
  flush(): void;
}

const OUTPUT_PIECE = 64 * 1024;

/**
 * A program may print and then never return to its event loop, so a write leaves at once, as Node's does. Only a job
 * that prints more often than this has its lines gathered, for as long as `LONGEST_WAIT_MS`.
 */
const PROMPT_WRITES = 200;
const LONGEST_WAIT_MS = 4;

/**
 * Gathers messages until the current job is done, so that a burst of segments costs one crossing. Output is copied into
 * pieces of its own. `soon` runs a callback when the JavaScript stack is empty.
 */
export function createOutbox(
  post: (messages: FromProcess[], transfer: Transferable[]) => void,
  soon: (callback: () => void) => void,
  clock: () => number,
): Outbox {
  const batch = createBatch<FromProcess>(post);
  const pieceBytes = new Uint8Array(OUTPUT_PIECE);
  let piece: { fd: number; length: number } | undefined;
  let isScheduled = false;
  let writesInJob = 0;
  let lastFlush = 0;

  function closePiece(): void {
    if (!piece) return;
    batch.add({ type: 'output', fd: piece.fd, bytes: pieceBytes.slice(0, piece.length) });
    piece = undefined;
  }

  function flush(): void {
    closePiece();
    batch.flush();
  }

  /** Has `flush` run at the end of the current job. */
  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    soon(() => {
      isScheduled = false;
      writesInJob = 0;
      flush();
    });
  }

  return {
    send(message) {
      closePiece();
      batch.add(message);
      schedule();
    },
    write(fd, bytes) {
      if (piece && piece.fd !== fd) closePiece();
      for (let rest = bytes; rest.length > 0; ) {
        piece ??= { fd, length: 0 };
        const part = rest.subarray(0, OUTPUT_PIECE - piece.length);
        pieceBytes.set(part, piece.length);
        piece.length += part.length;
        rest = rest.subarray(part.length);
        if (piece.length === OUTPUT_PIECE) flush();
      }
      schedule();
      if (++writesInJob <= PROMPT_WRITES) flush();
      else if (clock() - lastFlush > LONGEST_WAIT_MS) {
        lastFlush = clock();
        flush();
      }
    },
    flush,
  };
}
