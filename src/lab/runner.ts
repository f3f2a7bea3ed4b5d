/**
 * Runs a lab in any engine: its steps, and its checks. It knows no page; whoever shows the run listens to its events.
 * One thing runs at a time: what starts later stops what runs.
 *
 * A sandbox stays from run to run, and what prepares it (keys, certificates) is done once. A step's servers are stopped
 * when it ends. Its browsers stay, with their pages, for the reader to look at, until the next run, a reset, or the close.
 */
import type { Lab, LabStep, WorldFiles } from '../lesson/index.ts';
import type { FileTree, OnPath, Sandbox } from '../sandbox/index.ts';
import type { Seen } from '../wire/index.ts';
import { type CheckResult, runChecks } from './checks.ts';
import { type Clock, systemClock } from './clock.ts';
import type { RunnerEvent, StepResult } from './events.ts';
import { Stage } from './stage.ts';
import { playStep, type Setting } from './step.ts';

export interface RunnerOptions {
  lab: Lab;
  /** Gives a sandbox with the lab's hosts; called when one is first needed, and again after the engine has failed. */
  boot(): Promise<Sandbox>;
  /** The lab's files as they are now; put into the sandbox before each run. */
  files(): FileTree;
  /** The files of a world; needed by labs with worlds only, and called before each run in such a world. */
  worldFiles?(files: Exclude<WorldFiles, 'yours'>): FileTree | Promise<FileTree>;
  onEvent?(event: RunnerEvent): void;
  /** What the tap sees on the network, and the lines of the key log; `world` as in `RunnerEvent`. */
  onWire?(seen: Seen, world?: string): void;
  /** The place on the path of a sandbox's hosts, where the lab and the engine have one; once for each sandbox. */
  onPath?(path: OnPath, world?: string): void;
  clock?: Clock;
  /** How many times longer than for a reader a scene may take; for a machine that has much else to do. */
  patience?: number;
}

export interface Runner {
  /** Boots and prepares every sandbox ahead of the first run, which then waits only for what is left of that. */
  warm(): Promise<void>;
  /** Runs one step. The result's state is `idle` when the step was stopped. */
  runStep(id: string): Promise<StepResult>;
  /** Runs the steps in their order, all of them or those that are offered, until stopped. */
  runAll(isOffered?: (step: LabStep) => boolean): Promise<StepResult[]>;
  /** Runs all checks. */
  check(): Promise<CheckResult[]>;
  /** Ends what runs, at once. */
  stop(): Promise<void>;
  /** Stops, forgets every verdict, and frees the sandboxes: nothing that a program or a page has kept is left. */
  reset(): Promise<void>;
  /** Stops, and frees the sandboxes. */
  close(): Promise<void>;
}

/** The key of the sandbox with the reader's files. */
const YOURS = '';

export function createRunner(options: RunnerOptions): Runner {
  const { lab, onEvent: emit = () => {}, clock = systemClock, patience = 1 } = options;
  const stages = new Map<string, Stage>();
  let current: { abort: AbortController; done: Promise<unknown> } | undefined;

  function yours(): Stage {
    return staged(YOURS, { files: () => options.files(), emit });
  }

  function staged(key: string, of: { files(): FileTree | Promise<FileTree>; emit: typeof emit }): Stage {
    const world = key === YOURS ? undefined : key;
    const onWire = options.onWire && ((seen: Seen) => options.onWire?.(seen, world));
    const onPath = options.onPath && ((path: OnPath) => options.onPath?.(path, world));
    const stage =
      stages.get(key) ??
      new Stage({ lab, boot: () => options.boot(), clock, patience, onWire, onPath, ...of });
    stages.set(key, stage);
    return stage;
  }

  function settingOf(name: string): Setting {
    const world = lab.worlds?.find((each) => each.name === name);
    if (!world) throw new Error(`The lab has no world "${name}".`);
    const { files } = world;
    const stage = staged(name, {
      files: () => {
        if (files === 'yours') return options.files();
        if (options.worldFiles) return options.worldFiles(files);
        throw new Error(`Nobody gives the files of the world "${name}".`);
      },
      emit: (event) => emit({ ...event, world: name }),
    });
    return { stage, world: name };
  }

  const settingsOf = (step: LabStep): Setting[] => step.worlds?.map(settingOf) ?? [{ stage: yours() }];

  async function stop(): Promise<void> {
    current?.abort.abort();
    await Promise.all([current?.done.catch(() => {}), ...[...stages.values()].map((each) => each.stop())]);
  }

  async function close(): Promise<void> {
    await stop();
    const all = [...stages.values()];
    stages.clear();
    await Promise.all(all.map((each) => each.close()));
  }

  /** Gives the work the stages for itself. */
  async function alone<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const before = current;
    before?.abort.abort();
    const abort = new AbortController();
    const done = (async () => {
      await before?.done.catch(() => {});
      await Promise.all([...stages.values()].map((each) => each.closeBrowsers()));
      return work(abort.signal);
    })();
    current = { abort, done };
    return done;
  }

  async function step(wanted: LabStep, signal: AbortSignal): Promise<StepResult> {
    emit({ type: 'step', id: wanted.id, state: 'running' });
    const result = await playStep(lab, wanted, settingsOf(wanted), signal);
    emit({ type: 'step', id: wanted.id, state: result.state, result });
    return result;
  }

  function named(id: string): LabStep {
    const found = lab.steps.find((each) => each.id === id);
    if (found) return found;
    throw new Error(`The lab has no step "${id}": it has ${lab.steps.map((each) => each.id).join(', ')}.`);
  }

  return {
    async warm() {
      // One after the other: making keys in all of them at once would only make each slower.
      await yours().warm();
      for (const { name } of lab.worlds ?? []) await settingOf(name).stage.warm();
    },
    runStep: (id) => alone((signal) => step(named(id), signal)),
    runAll: (isOffered = () => true) =>
      alone(async (signal) => {
        const results: StepResult[] = [];
        for (const each of lab.steps) {
          if (!signal.aborted && isOffered(each)) results.push(await step(each, signal));
        }
        return results;
      }),
    check: () =>
      alone((signal) => runChecks(lab, emit, (limit, scene) => yours().play(limit, signal, scene))),
    stop,
    async reset() {
      await close();
      for (const { id } of lab.steps) emit({ type: 'step', id, state: 'idle' });
      for (const { name } of lab.checks) emit({ type: 'check', name, state: 'idle' });
    },
    close,
  };
}
