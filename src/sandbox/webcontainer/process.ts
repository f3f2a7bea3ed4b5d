import type { WebContainerProcess } from '@webcontainer/api';
import type { SandboxProcess } from '../index.ts';

const SIGNALS = { SIGINT: 130, SIGKILL: 137, SIGTERM: 143 } as const;
/** How long the output may pause after the end of its process, and how long the end may take after a kill. */
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
  filter: (text?: string) => string,
): Running {
  const { promise: exit, resolve: ended } = Promise.withResolvers<number>();
  let current = first;
  let killed: number | undefined;
  let isOver = false;
  let output: ReadableStreamDefaultController<string> | undefined;
  const stdout = new ReadableStream<string>({
    start(controller) {
      output = controller;
    },
    // Nobody wants to read it: the process goes on.
    cancel() {
      output = undefined;
    },
  });
  // Everything comes on one stream here, and which of the two a line was written to cannot be known.
  const stderr = new ReadableStream<string>({ start: (controller) => controller.close() });

  function finish(code: number): void {
    if (isOver) return;
    isOver = true;
    show(filter());
    output?.close();
    ended(killed ?? code);
  }

  function show(text: string): void {
    if (text !== '') output?.enqueue(text);
  }

  /** Settles with the end of the output. `onMore`: some has come. */
  async function read(from: WebContainerProcess, onMore: () => void): Promise<void> {
    const reader = from.output.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || isOver) return;
      onMore();
      show(filter(value));
    }
  }

  async function follow(): Promise<void> {
    for (let index = 0; ; ) {
      const pause = createPause(LAST_WORDS_MS);
      const reading = read(current, pause.renew);
      const code = await current.exit;
      pause.begin();
      await Promise.race([reading, pause.isOver]);
      index += 1;
      if (code !== 0 || killed !== undefined || index === starts.length) return finish(code);
      current = await starts[index]();
      // Killed while it was on its way.
      if (killed !== undefined) current.kill();
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

/** A pause of so many milliseconds since it began, or since it was last renewed. */
function createPause(milliseconds: number) {
  const { promise: isOver, resolve } = Promise.withResolvers<void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  function begin(): void {
    clearTimeout(timer);
    timer = setTimeout(resolve, milliseconds);
  }
  return {
    isOver,
    begin,
    renew() {
      if (timer !== undefined) begin();
    },
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
