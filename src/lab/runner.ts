/**
 * Runs a lab in any engine: its steps, and its checks. It knows no page; whoever shows the run listens to its events.
 * One thing runs at a time: what starts later stops what runs.
 */
import type { Expectation, Lab, LabStep } from '../lesson/index.ts';
import type { Endpoint, FileTree, Sandbox } from '../sandbox/index.ts';
import { Cast, Interrupted } from './cast.ts';
import { type CheckResult, runChecks } from './checks.ts';
import { type Clock, systemClock } from './clock.ts';
import { judge, type Verdict } from './judge.ts';

/** `idle` also after a stop: nothing is known. */
export type RunState = 'idle' | 'running' | 'passed' | 'failed';

export interface StepResult {
  id: string;
  state: 'passed' | 'failed' | 'idle';
  /** Which of the step's two lists was met: `expect`, or `solved`. */
  outcome: 'expected' | 'solved' | 'neither';
  /** One verdict for each expectation of the list that was met; of `expect` when neither was. */
  verdicts: Verdict[];
  processes: ProcessResult[];
  milliseconds: number;
  /** Why the step ended before its time, in words for the reader. */
  fault?: string;
}

export interface ProcessResult {
  name: string;
  stdout: string;
  stderr: string;
  /** Absent for a server: it is stopped when the step ends. */
  exit?: number;
}

export type RunnerEvent =
  | { type: 'process'; name: string; state: 'starting' }
  | { type: 'process'; name: string; state: 'running'; pid: number }
  | { type: 'process'; name: string; state: 'listening'; at: Endpoint }
  | { type: 'process'; name: string; state: 'ended'; exit: number }
  | { type: 'output'; process: string; stream: 'stdout' | 'stderr'; text: string }
  | { type: 'step'; id: string; state: RunState; result?: StepResult }
  | { type: 'check'; name: string; state: RunState; result?: CheckResult };

export interface RunnerOptions {
  lab: Lab;
  /** Gives a sandbox with the lab's hosts; called at the first run, and again after the engine has failed. */
  boot(): Promise<Sandbox>;
  /** The lab's files as they are now; put into the sandbox before each run. */
  files(): FileTree;
  onEvent?(event: RunnerEvent): void;
  clock?: Clock;
}

export interface Runner {
  /** Runs one step. The result's state is `idle` when the step was stopped. */
  runStep(id: string): Promise<StepResult>;
  /** Runs the steps in their order, all of them, until stopped. */
  runAll(): Promise<StepResult[]>;
  /** Runs all checks. */
  check(): Promise<CheckResult[]>;
  /** Ends what runs, at once. */
  stop(): Promise<void>;
  /** Stops, and forgets every verdict. */
  reset(): Promise<void>;
  /** Stops, and frees the sandbox. */
  close(): Promise<void>;
}

const STEP_MILLISECONDS = 10_000;
/** How long a server may take to say what it has to say after its last caller has ended. */
const AFTERWORD_MILLISECONDS = 1500;
/** How long nobody may have printed before the servers are stopped. */
const SILENCE_MILLISECONDS = 80;

export function createRunner(options: RunnerOptions): Runner {
  const { lab, onEvent: emit = () => {}, clock = systemClock } = options;
  let sandbox: Promise<Sandbox> | undefined;
  let current: { abort: AbortController; done: Promise<unknown> } | undefined;

  function booted(): Promise<Sandbox> {
    sandbox ??= options.boot().then(
      (ready) => {
        ready.on('error', () => {
          sandbox = undefined;
        });
        return ready;
      },
      (problem) => {
        sandbox = undefined;
        throw problem;
      },
    );
    return sandbox;
  }

  async function stop(): Promise<void> {
    current?.abort.abort();
    await current?.done.catch(() => {});
  }

  /** Gives the work the stage for itself. */
  async function alone<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const before = current;
    before?.abort.abort();
    const abort = new AbortController();
    const done = (async () => {
      await before?.done.catch(() => {});
      return work(abort.signal);
    })();
    current = { abort, done };
    return done;
  }

  /** Runs one scene in a fresh cast and tells how long it took and what ended it early. */
  async function stage(
    timeLimit: number,
    signal: AbortSignal,
    scene: (cast: Cast) => Promise<void>,
  ): Promise<{ cast: Cast | undefined; interrupted: Interrupted | undefined; milliseconds: number }> {
    const start = clock.now();
    let cast: Cast | undefined;
    let interrupted: Interrupted | undefined;
    try {
      const ready = await unlessStopped(booted(), signal);
      await unlessStopped(ready.mount(options.files()), signal);
      cast = new Cast(ready, lab, { clock, signal, timeLimit, emit });
      await scene(cast);
    } catch (problem) {
      const words = problem instanceof Error ? problem.message : String(problem);
      interrupted = problem instanceof Interrupted ? problem : new Interrupted('engine', words);
    }
    await cast?.end();
    return { cast, interrupted, milliseconds: clock.now() - start };
  }

  async function step(wanted: LabStep, signal: AbortSignal): Promise<StepResult> {
    emit({ type: 'step', id: wanted.id, state: 'running' });
    const { cast, interrupted, milliseconds } = await stage(
      wanted.timeLimit ?? STEP_MILLISECONDS,
      signal,
      async (cast) => {
        for (const name of wanted.servers) await cast.serve(name);
        for (const act of wanted.run) {
          if (typeof act !== 'string') throw new Error('The runner has no browsers yet.');
          await cast.run(act);
        }
        const met = (each: Expectation) => judge(each, cast.shown).met;
        const refusal = wanted.id === lab.exercise.attack ? (lab.exercise.refusal ?? []) : [];
        const satisfied = () => {
          const outcome = outcomeOf(wanted, met);
          return outcome === 'expected' || (outcome === 'solved' && refusal.every(met));
        };
        await cast.until(satisfied, AFTERWORD_MILLISECONDS);
        await cast.quiet(SILENCE_MILLISECONDS);
      },
    );
    const shown = cast?.shown ?? new Map();
    const stopped = interrupted?.reason === 'stopped';
    const outcome = interrupted ? 'neither' : outcomeOf(wanted, (each) => judge(each, shown).met);
    const list = outcome === 'solved' ? wanted.solved : wanted.expect;
    const result: StepResult = {
      id: wanted.id,
      state: stopped ? 'idle' : outcome === 'neither' ? 'failed' : 'passed',
      outcome,
      verdicts: (list ?? []).map((each) => judge(each, shown)),
      processes: [...shown].map(([name, { stdout, stderr, exit }]) =>
        wanted.run.includes(name) ? { name, stdout, stderr, exit } : { name, stdout, stderr },
      ),
      milliseconds,
      ...(interrupted && { fault: interrupted.message }),
    };
    emit({ type: 'step', id: wanted.id, state: result.state, result });
    return result;
  }

  function named(id: string): LabStep {
    const found = lab.steps.find((each) => each.id === id);
    if (found) return found;
    throw new Error(`The lab has no step "${id}": it has ${lab.steps.map((each) => each.id).join(', ')}.`);
  }

  return {
    runStep: (id) => alone((signal) => step(named(id), signal)),
    runAll: () =>
      alone(async (signal) => {
        const results: StepResult[] = [];
        for (const each of lab.steps) {
          if (!signal.aborted) results.push(await step(each, signal));
        }
        return results;
      }),
    check: () => alone((signal) => runChecks(lab, emit, (limit, scene) => stage(limit, signal, scene))),
    stop,
    async reset() {
      await stop();
      for (const { id } of lab.steps) emit({ type: 'step', id, state: 'idle' });
      for (const { name } of lab.checks) emit({ type: 'check', name, state: 'idle' });
    },
    async close() {
      await stop();
      const ready = await sandbox?.catch(() => undefined);
      sandbox = undefined;
      await ready?.teardown();
    },
  };
}

function outcomeOf(step: LabStep, met: (expectation: Expectation) => boolean): StepResult['outcome'] {
  if (step.expect.every(met)) return 'expected';
  return step.solved?.every(met) ? 'solved' : 'neither';
}

/** An engine that never answers must not keep the reader from stopping. */
function unlessStopped<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Interrupted('stopped', 'Stopped.'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
