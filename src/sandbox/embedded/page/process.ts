import type { SandboxProcess } from '../../index.ts';
import { OUTPUT_CREDIT } from '../protocol.ts';

/** A process of the embedded engine: besides text, its output can be had as the bytes it is. */
export interface EmbeddedProcess extends SandboxProcess {
  /** Reading these instead of `stdout` and `stderr` keeps what is no UTF-8. One or the other, not both. */
  readonly bytes: {
    readonly stdout: ReadableStream<Uint8Array>;
    readonly stderr: ReadableStream<Uint8Array>;
    readonly input: WritableStream<Uint8Array>;
  };
}

export interface ProcessHandle {
  readonly process: EmbeddedProcess;
  /** `false` when more came than had been allowed for. */
  output(fd: 1 | 2, bytes: Uint8Array): boolean;
  outputEnd(): void;
  exited(code: number): void;
}

const EXIT_CODES = { SIGINT: 130, SIGKILL: 137, SIGTERM: 143 } as const;

export function createProcess(
  pid: number,
  kernel: { kill(code: number): void; input(bytes: Uint8Array | null): void; taken(count: number): void },
): ProcessHandle {
  let untaken = 0;
  const take = (count: number) => {
    untaken -= count;
    kernel.taken(count);
  };
  const pipes = { 1: createPipe(take), 2: createPipe(take) };
  const { promise: exit, resolve: exited } = Promise.withResolvers<number>();
  const input = new WritableStream<Uint8Array>({
    write: (chunk) => kernel.input(chunk),
    close: () => kernel.input(null),
  });
  let textInput: WritableStream<string> | undefined;
  const text: Partial<Record<1 | 2, ReadableStream<string>>> = {};
  const asText = (fd: 1 | 2) => {
    text[fd] ??= pipes[fd].readable.pipeThrough(
      new TextDecoderStream('utf-8', { ignoreBOM: true }) as ReadableWritablePair<string, Uint8Array>,
    );
    return text[fd];
  };

  return {
    process: {
      pid,
      get stdout() {
        return asText(1);
      },
      get stderr() {
        return asText(2);
      },
      get input() {
        textInput ??= encodeInto(input);
        return textInput;
      },
      bytes: { stdout: pipes[1].readable, stderr: pipes[2].readable, input },
      exit,
      kill: (signal = 'SIGTERM') => kernel.kill(EXIT_CODES[signal]),
    },
    output(fd, bytes) {
      untaken += bytes.length;
      if (untaken > OUTPUT_CREDIT) return false;
      pipes[fd].push(bytes);
      return true;
    },
    outputEnd() {
      pipes[1].end();
      pipes[2].end();
    },
    exited,
  };
}

/** Text in, UTF-8 out. */
function encodeInto(input: WritableStream<Uint8Array>): WritableStream<string> {
  const encoder = new TextEncoder();
  const writer = input.getWriter();
  return new WritableStream<string>({
    write: (chunk) => writer.write(encoder.encode(chunk)),
    close: () => writer.close(),
    abort: (reason) => writer.abort(reason),
  });
}

/** A stream that says when its reader has taken a piece, which is what lets the next one come. */
function createPipe(taken: (count: number) => void) {
  const waiting: Uint8Array[] = [];
  let isEnded = false;
  let isCancelled = false;
  let controller: ReadableStreamDefaultController<Uint8Array>;
  let wanted = false;

  function give(): void {
    while (wanted && waiting.length > 0) {
      const bytes = waiting.shift() as Uint8Array;
      wanted = false;
      taken(bytes.length);
      controller.enqueue(bytes);
    }
    if (isEnded && waiting.length === 0 && !isCancelled) {
      isCancelled = true;
      controller.close();
    }
  }

  return {
    readable: new ReadableStream<Uint8Array>(
      {
        start(it) {
          controller = it;
        },
        pull() {
          wanted = true;
          give();
        },
        cancel() {
          isCancelled = true;
          for (const bytes of waiting.splice(0)) taken(bytes.length);
        },
      },
      { highWaterMark: 1 },
    ),
    push(bytes: Uint8Array): void {
      if (isCancelled) taken(bytes.length);
      else {
        waiting.push(bytes);
        give();
      }
    },
    end(): void {
      isEnded = true;
      give();
    },
  };
}
