import type { Lab } from '../lesson/index.ts';
import type { Browser, Capabilities, FileTree, OnPath, Sandbox } from '../sandbox/index.ts';
import type { Seen } from '../wire/index.ts';
import { Cast } from './cast.ts';
import type { Clock } from './clock.ts';
import type { Emit } from './events.ts';
import { HeldClock } from './held-clock.ts';
import { Interrupted, unlessStopped } from './interrupted.ts';
import { Mounted } from './mounted.ts';
import { PREPARE_MILLISECONDS, preparationSource, runPreparation } from './prepare.ts';

/** How long a browser may take to close before the next scene begins without waiting for it. */
const CLOSE_MILLISECONDS = 5000;

/** What came of a scene: who played, how long it took, and what ended it early. */
export interface Played {
  cast: Cast | undefined;
  interrupted: Interrupted | undefined;
  milliseconds: number;
}

export interface StageOptions {
  lab: Lab;
  boot(): Promise<Sandbox>;
  files(): FileTree | Promise<FileTree>;
  emit: Emit;
  clock: Clock;
  /** By how much every limit of a scene is multiplied. */
  patience: number;
  /** Put on the network, when given. */
  onWire: ((seen: Seen) => void) | undefined;
  /** Given the place on the path of each sandbox that is booted, where the lab allows somebody there. */
  onPath: ((path: OnPath) => void) | undefined;
}

/** A sandbox in which one scene is played after another: booted once, prepared when that is due. */
export class Stage {
  readonly #options: StageOptions;
  readonly #clock: HeldClock;
  /** Lets go what is held on the path. */
  #release = () => {};
  #sandbox: Promise<Sandbox> | undefined;
  #mounted: { sandbox: Sandbox; files: Mounted } | undefined;
  #preparation: Preparation | undefined;
  /** Browsers that the last scene left open. */
  #browsers: ReadonlyMap<string, Browser> = new Map();

  constructor(options: StageOptions) {
    this.#options = options;
    this.#clock = new HeldClock(options.clock);
  }

  /** Boots and prepares ahead of the first scene. */
  async warm(): Promise<void> {
    await this.#ready(new AbortController().signal);
  }

  /** What the engine behind it can do. */
  async capabilities(): Promise<Capabilities> {
    return (await this.#booted()).capabilities;
  }

  /** Plays one scene with a fresh cast. Never rejects. */
  async play(timeLimit: number, signal: AbortSignal, scene: (cast: Cast) => Promise<void>): Promise<Played> {
    const { lab, clock, emit, patience } = this.#options;
    const start = clock.now();
    let cast: Cast | undefined;
    let interrupted: Interrupted | undefined;
    try {
      await this.closeBrowsers();
      const sandbox = await this.#ready(signal);
      cast = new Cast(sandbox, lab, { clock: this.#clock, signal, timeLimit: timeLimit * patience, emit });
      await scene(cast);
    } catch (problem) {
      const words = problem instanceof Error ? problem.message : String(problem);
      interrupted = problem instanceof Interrupted ? problem : new Interrupted('engine', words);
    }
    this.#clock.hold(false);
    await cast?.end();
    this.#release();
    this.#browsers = cast?.browsers ?? new Map();
    for (const name of this.#browsers.keys()) emit({ type: 'browser', name, state: 'resting' });
    // What a person could not do is best seen in their browser: a page that was refused, a button that is not there.
    if (interrupted && interrupted.reason !== 'browser') await this.closeBrowsers();
    return { cast, interrupted, milliseconds: clock.now() - start };
  }

  /** Ends a preparation that is under way; it begins anew when it is next needed. */
  async stop(): Promise<void> {
    const preparation = this.#preparation;
    if (preparation === undefined || preparation.isDone) return;
    this.#preparation = undefined;
    preparation.abort.abort();
    await preparation.done.catch(() => {});
  }

  async closeBrowsers(): Promise<void> {
    const browsers = [...this.#browsers];
    this.#browsers = new Map();
    for (const [name, browser] of browsers) {
      await this.#atMost(CLOSE_MILLISECONDS, browser.close());
      this.#options.emit({ type: 'browser', name, state: 'closed' });
    }
  }

  /** Waits for the work, but not longer than this, and not for its success: its sandbox may be gone, and it with it. */
  #atMost(milliseconds: number, work: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(milliseconds, resolve);
      work
        .catch(() => {})
        .then(() => {
          cancel();
          resolve();
        });
    });
  }

  /** Frees the sandbox with everything in it. The next scene has a new one. */
  async close(): Promise<void> {
    await this.stop();
    await this.closeBrowsers();
    const sandbox = this.#sandbox;
    this.#sandbox = undefined;
    this.#preparation = undefined;
    await (await sandbox?.catch(() => undefined))?.teardown();
  }

  #booted(): Promise<Sandbox> {
    if (this.#sandbox) return this.#sandbox;
    const forget = () => {
      if (this.#sandbox === booting) this.#sandbox = undefined;
    };
    const booting = this.#options.boot().then((sandbox) => {
      sandbox.on('error', forget);
      this.#tap(sandbox);
      this.#standOnPath(sandbox);
      return sandbox;
    });
    booting.catch(forget);
    this.#sandbox = booting;
    return booting;
  }

  #tap(sandbox: Sandbox): void {
    const { onWire } = this.#options;
    if (!onWire) return;
    sandbox.on('connection', (seen) => onWire({ type: 'connection', ...seen }));
    sandbox.on('segment', (seen) => onWire({ type: 'segment', ...seen }));
    sandbox.on('keylog', ({ line }) => onWire({ type: 'keylog', line }));
  }

  /** While something is held there, the run's time stands still. */
  #standOnPath({ path }: Sandbox): void {
    const { lab, onPath, onWire } = this.#options;
    if (!path || !onPath || !lab.onPath) return;
    const held = new Set<number>();
    path.on((fact) => {
      if (fact.state === 'held') held.add(fact.id);
      else held.delete(fact.id);
      this.#clock.hold(held.size > 0);
      onWire?.({ type: 'path', ...fact });
    });
    this.#release = () => path.release();
    onPath(path);
  }

  /** The sandbox with the files as they are now, and prepared for them. */
  async #ready(signal: AbortSignal): Promise<Sandbox> {
    const sandbox = await unlessStopped(this.#booted(), signal);
    const files = await unlessStopped(Promise.resolve(this.#options.files()), signal);
    if (this.#mounted?.sandbox !== sandbox) this.#mounted = { sandbox, files: new Mounted(sandbox) };
    await unlessStopped(this.#mounted.files.mount(files), signal);
    if (this.#options.lab.prepare) await unlessStopped(this.#prepared(sandbox, files), signal);
    return sandbox;
  }

  /** Joins a preparation of the same files in the same sandbox, done or under way; otherwise starts one. */
  async #prepared(sandbox: Sandbox, files: FileTree): Promise<void> {
    const source = preparationSource(this.#options.lab, files);
    if (this.#preparation?.sandbox !== sandbox || this.#preparation.source !== source) {
      const before = this.stop();
      const abort = new AbortController();
      const done = before.then(() => this.#prepare(sandbox, abort.signal));
      const preparation: Preparation = { sandbox, source, abort, done, isDone: false };
      this.#preparation = preparation;
      done.then(
        () => {
          preparation.isDone = true;
        },
        () => {
          preparation.isDone = true;
          if (this.#preparation === preparation) this.#preparation = undefined;
        },
      );
    }
    await this.#preparation.done;
  }

  async #prepare(sandbox: Sandbox, signal: AbortSignal): Promise<void> {
    const { lab, clock, emit, patience } = this.#options;
    const timeLimit = PREPARE_MILLISECONDS * patience;
    const cast = new Cast(sandbox, lab, { clock, signal, timeLimit, emit });
    try {
      await runPreparation(lab, cast, clock, emit);
    } finally {
      await cast.end();
    }
  }
}

interface Preparation {
  sandbox: Sandbox;
  /** See `preparationSource`. */
  source: string;
  abort: AbortController;
  done: Promise<void>;
  isDone: boolean;
}
