import type { WebContainerProcess } from '@webcontainer/api';
import type { SandboxProcess } from '../index.ts';

const SIGNALS = { SIGINT: 130, SIGKILL: 137, SIGTERM: 143 } as const;
/** How long the output may come after the end of its process, and the end after a kill. */
const LAST_WORDS_MS = 1000;
const KILL_MS = 3000;

export interface Running extends SandboxProcess {
  /** The container is gone, and the process with it. */
  die(code: number): void;
}

/** One run of `node` after another, each if the one before ended with 0, as one process. */
export function runInTurn(
  pid: number,
  starts: readonly (() => Promise<WebContainerProcess>)[],
  first: WebContainerProcess,
  filter: (text: string) => string,
): Running {
  const { promise: exit, resolve: ended } = Promise.withResolvers<number>();
  let current = first;
  let killed: number | undefined;
  let isOver = false;
  let output: ReadableStreamDefaultController<string>;
  const stdout = new ReadableStream<string>({
    start(controller) {
      output = controller;
    },
  });
  // Everything comes on one stream here, and which of the two a line was written to cannot be known.
  const stderr = new ReadableStream<string>({ start: (controller) => controller.close() });

  function finish(code: number): void {
    if (isOver) return;
    isOver = true;
    output.close();
    ended(killed ?? code);
  }

  async function read(from: WebContainerProcess): Promise<void> {
    const reader = from.output.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || isOver) return;
      const text = filter(value);
      if (text !== '') output.enqueue(text);
    }
  }

  async function follow(): Promise<void> {
    for (let index = 0; ; ) {
      const reading = read(current);
      const code = await current.exit;
      await within(LAST_WORDS_MS, reading);
      index += 1;
      if (code !== 0 || killed !== undefined || index === starts.length) return finish(code);
      current = await starts[index]();
    }
  }
  follow().catch(() => finish(1));

  return {
    pid,
    stdout,
    stderr,
    exit,
    input: new WritableStream<string>({
      async write(text) {
        const writer = current.input.getWriter();
        await writer.write(text);
        writer.releaseLock();
      },
    }),
    kill(signal = 'SIGTERM') {
      if (isOver || killed !== undefined) return;
      killed = SIGNALS[signal];
      current.kill();
      within(KILL_MS, exit).then(() => finish(SIGNALS[signal]));
    },
    die: finish,
  };
}

/** Waits for the work, but no longer than this. */
function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    work.then(done, done);
  });
}
