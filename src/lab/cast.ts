import type { Act, BrowserScene, Lab } from '../lesson/index.ts';
import type { Browser, Endpoint, Sandbox, SandboxProcess } from '../sandbox/index.ts';
import type { Clock } from './clock.ts';
import type { Emit } from './events.ts';
import { Interrupted } from './interrupted.ts';
import type { Shown } from './judge.ts';

/** What is kept of one stream, to be judged. A program that prints without end must not fill the memory. */
const KEPT_CHARACTERS = 200_000;
/** How long to wait for the rest of a program's output once it has ended. */
const LAST_WORDS_MILLISECONDS = 500;

interface Actor {
  process: SandboxProcess;
  /** Resolves when the process has ended and its output has been read. */
  ended: Promise<number>;
}

/**
 * The processes and browsers of one run: starts them, collects what they show, and ends them all. It has one deadline, so
 * that no program, however wrong, can hold a run up.
 */
export class Cast {
  /** What each process and browser has shown, by its name. */
  readonly shown = new Map<string, Shown>();
  /** Open browsers, by their names. They outlive the run, for the reader to look at, unless something else interrupted it. */
  readonly browsers = new Map<string, Browser>();
  readonly #opening = new Map<string, Promise<Browser>>();
  readonly #actors: Actor[] = [];
  readonly #sandbox: Sandbox;
  readonly #lab: Lab;
  readonly #clock: Clock;
  readonly #emit: Emit;
  readonly #interruption: Promise<never>;
  readonly #release: (() => void)[] = [];
  #onShown: (() => void) | undefined;
  #over = false;

  constructor(
    sandbox: Sandbox,
    lab: Lab,
    run: { clock: Clock; signal: AbortSignal; timeLimit: number; emit: Emit },
  ) {
    this.#sandbox = sandbox;
    this.#lab = lab;
    this.#clock = run.clock;
    this.#emit = run.emit;
    this.#interruption = new Promise((_, reject) => {
      const stop = () => reject(new Interrupted('stopped', 'Stopped.'));
      if (run.signal.aborted) stop();
      run.signal.addEventListener('abort', stop);
      const seconds = run.timeLimit / 1000;
      this.#release.push(
        () => run.signal.removeEventListener('abort', stop),
        run.clock.after(run.timeLimit, () =>
          reject(new Interrupted('time-limit', `Not finished after ${seconds} seconds: stopped.`)),
        ),
        sandbox.on('error', ({ message }) =>
          reject(new Interrupted('engine', `The sandbox failed: ${message}`)),
        ),
      );
    });
    this.#interruption.catch(() => {}); // whoever waits hears of it; nobody may be waiting
  }

  /** Starts processes of the lab as servers, all at once: resolves when each listens, rejects when one ends before. */
  async serve(names: readonly string[]): Promise<void> {
    const listens = async (name: string) => {
      const code = await this.start(name);
      if (code === undefined) return;
      throw new Interrupted('server', `${name} ended with exit code ${code} before it listened.`);
    };
    await Promise.all(names.map(listens));
  }

  /** Starts a process of the lab: resolves when it listens, or with its exit code when it ends before. */
  async start(name: string): Promise<number | undefined> {
    const listening = new Map<number, Endpoint>();
    let heard: (() => void) | undefined;
    this.#release.push(
      this.#sandbox.on('listen', ({ pid, at }) => {
        listening.set(pid, at);
        heard?.();
      }),
    );
    const { process, ended } = await this.#start(name);
    const listens = new Promise<undefined>((resolve) => {
      heard = () => {
        const at = listening.get(process.pid);
        if (at === undefined) return;
        this.#emit({ type: 'process', name, state: 'listening', at });
        heard = undefined;
        resolve(undefined);
      };
      heard();
    });
    return this.#whileAllowed(Promise.race([listens, ended]));
  }

  /** Does one thing after another. */
  async perform(acts: readonly Act[]): Promise<void> {
    for (const act of acts) {
      if (typeof act === 'string') await this.run(act);
      else if ('start' in act) await this.start(act.start);
      else await this.#visit(act);
    }
  }

  /** Runs a process of the lab to its end. */
  async run(name: string): Promise<number> {
    return this.#whileAllowed((await this.#start(name)).ended);
  }

  /** Runs a command that the lab does not name, such as its checks. */
  async runCommand(name: string, command: string, args: string[], host: string): Promise<number> {
    return this.#whileAllowed((await this.#spawn(name, command, args, host)).ended);
  }

  /** Waits until what is shown satisfies, or so many milliseconds have passed. */
  async until(satisfied: () => boolean, milliseconds: number): Promise<void> {
    const settled = new Promise<void>((resolve) => {
      const look = () => {
        if (satisfied()) resolve();
      };
      this.#onShown = look;
      this.#release.push(this.#clock.after(milliseconds, resolve));
      look();
    });
    await this.#whileAllowed(settled);
    this.#onShown = undefined;
  }

  /**
   * Waits until nobody has printed for so many milliseconds, or for five times as long when somebody never stops. A
   * server hears of its caller's end after the caller's own end, and no event says that it has had its last word.
   */
  async quiet(milliseconds: number): Promise<void> {
    const silence = new Promise<void>((resolve) => {
      let cancel = this.#clock.after(milliseconds, resolve);
      this.#onShown = () => {
        cancel();
        cancel = this.#clock.after(milliseconds, resolve);
      };
      this.#release.push(() => cancel(), this.#clock.after(5 * milliseconds, resolve));
    });
    await this.#whileAllowed(silence);
    this.#onShown = undefined;
  }

  /** Ends every process and waits, for a moment, until they are gone. Nothing that comes later counts as shown. */
  async end(): Promise<void> {
    this.#over = true;
    for (const { process } of this.#actors) process.kill('SIGKILL');
    await this.#atMost(2 * LAST_WORDS_MILLISECONDS, Promise.all(this.#actors.map(({ ended }) => ended)));
    for (const release of this.#release) release();
  }

  async #visit({ browser: name, does }: BrowserScene): Promise<void> {
    const browser = await this.#browser(name);
    for (const action of does) {
      this.#emit({ type: 'browser', name, state: 'acting', action });
      const done = browser.perform(action).catch((problem: unknown) => {
        const words = problem instanceof Error ? problem.message : String(problem);
        throw new Interrupted('browser', `${name}: ${words}`);
      });
      await this.#whileAllowed(done);
    }
  }

  /** The browser of this name; opened when it is first needed. */
  #browser(name: string): Promise<Browser> {
    const listed = this.#lab.browsers?.find((each) => each.name === name);
    if (listed === undefined) throw new Error(`The lab has no browser "${name}".`);
    let opening = this.#opening.get(name);
    if (opening === undefined) {
      const { host, trusts } = listed;
      this.#emit({ type: 'browser', name, state: 'starting' });
      opening = this.#sandbox.browse({ name, host, trusts }).then((browser) => {
        // One that opens after the run has ended must not outlive it.
        if (this.#over) browser.close().catch(() => {});
        else {
          const shown: Shown = { stdout: '', stderr: '', exit: undefined };
          this.shown.set(name, shown);
          this.browsers.set(name, browser);
          this.#collect(name, shown, 'stdout', browser.output).catch(() => {}); // it broke off: that is all it says
          this.#emit({ type: 'browser', name, state: 'open', browser });
        }
        return browser;
      });
      this.#opening.set(name, opening);
    }
    return this.#whileAllowed(opening);
  }

  #start(name: string): Promise<Actor> {
    const listed = this.#lab.processes.find((each) => each.name === name);
    if (listed === undefined) throw new Error(`The lab has no process "${name}".`);
    return this.#spawn(name, 'npm', ['run', listed.script], listed.host);
  }

  async #spawn(name: string, command: string, args: string[], host: string): Promise<Actor> {
    // One that runs twice in a step goes on where it left off.
    const shown: Shown = this.shown.get(name) ?? { stdout: '', stderr: '', exit: undefined };
    shown.exit = undefined;
    this.shown.set(name, shown);
    this.#emit({ type: 'process', name, state: 'starting' });
    const spawning = this.#sandbox.spawn(command, args, { host });
    const admitted = spawning.then((process) => {
      // One that comes to life after the run has ended must not outlive it.
      if (this.#over) process.kill('SIGKILL');
      const read = Promise.all([
        this.#collect(name, shown, 'stdout', process.stdout),
        this.#collect(name, shown, 'stderr', process.stderr),
      ]);
      const ended = process.exit.then(async (code) => {
        await this.#atMost(LAST_WORDS_MILLISECONDS, read);
        shown.exit = code;
        this.#emit({ type: 'process', name, state: 'ended', exit: code });
        this.#onShown?.();
        return code;
      });
      const actor: Actor = { process, ended };
      this.#actors.push(actor);
      this.#emit({ type: 'process', name, state: 'running', pid: process.pid, write: writerTo(process) });
      return actor;
    });
    return this.#whileAllowed(admitted);
  }

  async #collect(
    process: string,
    shown: Shown,
    stream: 'stdout' | 'stderr',
    texts: ReadableStream<string>,
  ): Promise<void> {
    const reader = texts.getReader();
    let room = KEPT_CHARACTERS;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      if (room > 0) {
        const text = value.length <= room ? value : `${value.slice(0, room)}\n… the rest is not judged\n`;
        room -= value.length;
        // A browser outlives its run: what the reader then does in it is printed, and proves nothing.
        if (!this.#over || !this.browsers.has(process)) {
          shown[stream] += text;
          // Which of the two it was written to cannot be known there: what is looked for may be in either.
          if (!this.#sandbox.capabilities.separateStderr.can) shown.stderr += text;
        }
      }
      // Whoever shows it keeps the end of it, and sees to it that it does not fill the page.
      this.#emit({ type: 'output', process, stream, text: value });
      this.#onShown?.();
    }
  }

  #whileAllowed<Value>(work: Promise<Value>): Promise<Value> {
    return Promise.race([work, this.#interruption]);
  }

  /** Waits for the work, but not longer than this. */
  #atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(milliseconds, resolve);
      work.then(
        () => {
          cancel();
          resolve();
        },
        () => {}, // a stream that breaks off has said all it will
      );
    });
  }
}

/** Its standard input may be closed at any time, by its end or by ours: what comes too late is dropped. */
function writerTo(process: SandboxProcess): (text: string) => Promise<void> {
  let writer: WritableStreamDefaultWriter<string> | undefined;
  return async (text) => {
    try {
      writer ??= process.input.getWriter();
      await writer.write(text);
    } catch {}
  };
}
