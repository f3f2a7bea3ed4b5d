import type { Clock } from '../../src/lab/index.ts';
import type {
  Browser,
  BrowserAction,
  BrowserOptions,
  Capabilities,
  FileTree,
  Sandbox,
  SandboxEvents,
  SandboxProcess,
} from '../../src/sandbox/index.ts';

/** What a program of the fake sandbox may do. */
export interface FakeProcess {
  readonly pid: number;
  print(text: string): void;
  complain(text: string): void;
  listen(port: number): void;
  exit(code: number): void;
}

/** A program runs when its process has been spawned; it may keep the handle and act later. */
export type Program = (process: FakeProcess) => void;

/** What a page of the fake browser does when the person acts; it may keep the handle and print later. */
export type Page = (action: BrowserAction, browser: FakeBrowser) => void | Promise<void>;

/** A browser with no web in it: a test says what each action leads to. */
export class FakeBrowser implements Browser {
  readonly options: BrowserOptions;
  readonly output: ReadableStream<string>;
  isClosed = false;
  /** Delays the close until this settles. */
  gate: Promise<void> = Promise.resolve();
  readonly #page: Page;
  readonly #lines = textStream();

  constructor(options: BrowserOptions, page: Page) {
    this.options = options;
    this.output = this.#lines.stream;
    this.#page = page;
  }

  print(line: string): void {
    this.#lines.push(`${line}\n`);
  }

  async perform(action: BrowserAction): Promise<void> {
    await this.#page(action, this);
  }

  on(): () => void {
    return () => {};
  }

  async reload(): Promise<void> {}
  async back(): Promise<void> {}

  async close(): Promise<void> {
    this.isClosed = true;
    await this.gate;
    this.#lines.close();
  }
}

/** An engine with no engine in it: a test says what each command does. */
export class FakeSandbox implements Sandbox {
  readonly engine = 'embedded';
  readonly workdir = '/lab';
  readonly capabilities: Capabilities = {
    wireTap: { can: true },
    worlds: { can: true },
    onPath: { can: true },
    deterministic: { can: true },
    npmInstall: { can: true },
    separateStderr: { can: true },
    offline: { can: true },
    browsers: { can: true },
    ownAddresses: { can: true },
  };
  readonly spawned: string[] = [];
  readonly killed: string[] = [];
  readonly mounted: FileTree[] = [];
  readonly browsers: FakeBrowser[] = [];
  tornDown = false;
  /** Delays every spawn until this settles. */
  gate: Promise<void> = Promise.resolve();
  readonly #programs: Record<string, Program>;
  readonly #page: Page | undefined;
  readonly #listeners: { event: string; listener: (detail: never) => void }[] = [];

  constructor(programs: Record<string, Program>, page?: Page) {
    this.#programs = programs;
    this.#page = page;
  }

  async mount(tree: FileTree): Promise<void> {
    this.mounted.push(tree);
  }

  async spawn(command: string, args: string[] = []): Promise<SandboxProcess> {
    const line = [command, ...args].join(' ');
    this.spawned.push(line);
    const pid = this.spawned.length;
    await this.gate;
    const program = this.#programs[line];
    if (!program) throw new Error(`No program for "${line}".`);

    const exit = Promise.withResolvers<number>();
    const stdout = textStream();
    const stderr = textStream();
    const finish = (code: number) => {
      stdout.close();
      stderr.close();
      exit.resolve(code);
    };
    const handle: FakeProcess = {
      pid,
      print: (text) => stdout.push(`${text}\n`),
      complain: (text) => stderr.push(`${text}\n`),
      listen: (port) =>
        this.emit('listen', { pid, at: { host: 'api.tally.example', address: '10.0.0.1', port } }),
      exit: finish,
    };
    queueMicrotask(() => program(handle));
    return {
      pid,
      stdout: stdout.stream,
      stderr: stderr.stream,
      input: new WritableStream(),
      exit: exit.promise,
      kill: () => {
        this.killed.push(line);
        finish(137);
      },
    };
  }

  /** What was removed, in order. Folders count as full: nothing more is removed with them. */
  readonly removed: string[] = [];
  readonly fs = {
    rm: async (path: string) => void this.removed.push(path),
    readdir: async () => ['something'],
  } as unknown as Sandbox['fs'];

  async browse(options: BrowserOptions): Promise<Browser> {
    if (!this.#page) throw new Error('No page was given.');
    const browser = new FakeBrowser(options, this.#page);
    this.browsers.push(browser);
    return browser;
  }

  on<Name extends keyof SandboxEvents>(event: Name, listener: (detail: SandboxEvents[Name]) => void) {
    const entry = { event, listener };
    this.#listeners.push(entry);
    return () => void this.#listeners.splice(this.#listeners.indexOf(entry), 1);
  }

  emit<Name extends keyof SandboxEvents>(event: Name, detail: SandboxEvents[Name]): void {
    for (const each of [...this.#listeners]) if (each.event === event) each.listener(detail as never);
  }

  /** How many listeners are left: a run must not leave any behind. */
  listenerCount(event: keyof SandboxEvents): number {
    return this.#listeners.filter((each) => each.event === event).length;
  }

  async teardown(): Promise<void> {
    this.tornDown = true;
  }
}

function textStream() {
  let controller: ReadableStreamDefaultController<string>;
  let open = true;
  const stream = new ReadableStream<string>({
    start(given) {
      controller = given;
    },
  });
  return {
    stream,
    push: (text: string) => {
      if (open) controller.enqueue(text);
    },
    close: () => {
      if (open) controller.close();
      open = false;
    },
  };
}

/** Shorter waits than this pass by themselves: a runner waits so for silence at the end of each step. */
const SHORT_MILLISECONDS = 100;

/** Time that passes when the test says so. */
export class FakeClock implements Clock {
  #time = 0;
  readonly #timers = new Set<{ at: number; callback: () => void }>();

  now(): number {
    return this.#time;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.#time + milliseconds, callback };
    this.#timers.add(timer);
    if (milliseconds < SHORT_MILLISECONDS) {
      settled().then(() => {
        if (this.#timers.delete(timer)) callback();
      });
    }
    return () => void this.#timers.delete(timer);
  }

  async advance(milliseconds: number): Promise<void> {
    this.#time += milliseconds;
    for (const timer of [...this.#timers]) {
      if (timer.at > this.#time) continue;
      this.#timers.delete(timer);
      timer.callback();
    }
    await settled();
  }
}

/** Resolves when everything that can happen without time passing has happened. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
