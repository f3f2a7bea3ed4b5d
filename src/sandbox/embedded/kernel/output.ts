import { OUTPUT_BACKLOG, OUTPUT_CREDIT } from '../protocol.ts';

export interface OutputQueue {
  push(fd: number, bytes: Uint8Array): void;
  /** The page's reader took that many bytes. */
  taken(count: number): void;
  /** The process has ended: `ended` is called when all of its output has been sent. */
  end(): void;
}

/**
 * One process's output on its way to the page. Only so much travels unacknowledged; more waits here, and past a limit
 * it is dropped with a notice, so that `while (true) console.log()` can fill neither the page nor the frame.
 */
export function createOutputQueue(
  send: (fd: number, bytes: Uint8Array) => void,
  ended: () => void,
  limits = { credit: OUTPUT_CREDIT, backlog: OUTPUT_BACKLOG },
): OutputQueue {
  const waiting: { fd: number; bytes: Uint8Array }[] = [];
  let waitingBytes = 0;
  let travelling = 0;
  let dropped = 0;
  let isEnding = false;
  let isEnded = false;

  function noteDropped(): void {
    if (dropped === 0) return;
    const text = `\n[handfast] ${dropped} bytes of output were dropped here: they came faster than they could be shown.\n`;
    dropped = 0;
    const bytes = new TextEncoder().encode(text);
    waiting.push({ fd: 2, bytes });
    waitingBytes += bytes.length;
  }

  function pump(): void {
    while (waiting.length > 0 && travelling < limits.credit) {
      const first = waiting[0];
      const room = limits.credit - travelling;
      const part = first.bytes.length <= room ? first.bytes : first.bytes.slice(0, room);
      if (part === first.bytes) waiting.shift();
      else first.bytes = first.bytes.subarray(room);
      // Sending gives the bytes away, so their length is counted before.
      travelling += part.length;
      waitingBytes -= part.length;
      send(first.fd, part);
    }
    if (isEnding && !isEnded && waiting.length === 0) {
      isEnded = true;
      ended();
    }
  }

  return {
    push(fd, bytes) {
      if (bytes.length === 0) return;
      if (waitingBytes + bytes.length > limits.backlog) {
        dropped += bytes.length;
        return;
      }
      noteDropped();
      waiting.push({ fd, bytes });
      waitingBytes += bytes.length;
      pump();
    },
    taken(count) {
      travelling = Math.max(0, travelling - count);
      pump();
    },
    end() {
      noteDropped();
      isEnding = true;
      pump();
    },
  };
}
