import { createBatch } from '../batch.ts';
import type { FromProcess } from '../protocol.ts';

/** A process's only way out: everything it says to the kernel, in the order it was said. */
export interface Outbox {
  send(message: FromProcess): void;
  write(fd: 1 | 2, bytes: Uint8Array): void;
  /** Sends at once what has gathered. */
  flush(): void;
}

const OUTPUT_PIECE = 64 * 1024;
/** A program that never returns to its event loop must still be heard. */
const LONGEST_WAIT_MS = 8;

/**
 * Gathers messages until the current job is done, so that a burst of writes costs one crossing. Output is copied into
 * pieces of its own. `soon` runs a callback when the JavaScript stack is empty.
 */
export function createOutbox(
  post: (messages: FromProcess[], transfer: Transferable[]) => void,
  soon: (callback: () => void) => void,
  clock: () => number,
): Outbox {
  const batch = createBatch<FromProcess>(post);
  let isScheduled = false;
  let since = 0;
  const pieceBytes = new Uint8Array(OUTPUT_PIECE);
  let piece: { fd: 1 | 2; length: number } | undefined;

  function closePiece(): void {
    if (!piece) return;
    batch.add({ type: 'output', fd: piece.fd, bytes: pieceBytes.slice(0, piece.length) });
    piece = undefined;
  }

  function flush(): void {
    isScheduled = false;
    closePiece();
    batch.flush();
  }

  function schedule(): void {
    if (isScheduled) {
      if (clock() - since > LONGEST_WAIT_MS) flush();
      return;
    }
    isScheduled = true;
    since = clock();
    soon(() => {
      if (isScheduled) flush();
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
      let rest = bytes;
      while (rest.length > 0) {
        piece ??= { fd, length: 0 };
        const part = rest.subarray(0, OUTPUT_PIECE - piece.length);
        pieceBytes.set(part, piece.length);
        piece.length += part.length;
        rest = rest.subarray(part.length);
        if (piece.length === OUTPUT_PIECE) flush();
      }
      schedule();
    },
    flush,
  };
}
