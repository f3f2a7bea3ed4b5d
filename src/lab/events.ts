import type { BrowserAction } from '../lesson/index.ts';
import type { Browser, Endpoint } from '../sandbox/index.ts';
import type { CheckResult } from './checks.ts';
import type { Interrupted } from './interrupted.ts';
import type { Verdict } from './judge.ts';

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
  /** What kind of fault that is. A person who does not find her button is the step's outcome, not its failure to run. */
  cause?: Interrupted['reason'];
}

/** What a process, or a browser, showed. */
export interface ProcessResult {
  name: string;
  /** The world it was in, where the step has worlds. */
  world?: string;
  stdout: string;
  stderr: string;
  /** Absent for a server, which is stopped when the step ends, and for a browser. */
  exit?: number;
}

/** What a process of the lab's `prepare` did. */
export interface PrepareResult extends ProcessResult {
  milliseconds: number;
}

/** `world` is given for what happens in a world of its own; absent, it is the sandbox with the reader's files. */
export type RunnerEvent = { world?: string } & (
  | { type: 'process'; name: string; state: 'starting' }
  /** `write` gives it a text on its standard input; once it has ended, that does nothing. */
  | { type: 'process'; name: string; state: 'running'; pid: number; write(text: string): Promise<void> }
  | { type: 'process'; name: string; state: 'listening'; at: Endpoint }
  | { type: 'process'; name: string; state: 'ended'; exit: number }
  /** Lines of a process, or of a browser (`process` is its name). */
  | { type: 'output'; process: string; stream: 'stdout' | 'stderr'; text: string }
  /** Preparation goes on; a step that waits for it runs already. */
  | { type: 'prepare'; name: string; state: 'running' }
  | { type: 'prepare'; name: string; state: 'passed' | 'failed'; result: PrepareResult }
  | { type: 'browser'; name: string; state: 'starting' }
  /** Whoever shows the run may show the browser's page (`attach`), until it is closed. */
  | { type: 'browser'; name: string; state: 'open'; browser: Browser }
  | { type: 'browser'; name: string; state: 'acting'; action: BrowserAction }
  /** The run is over and its servers have stopped; the page stays to be looked at. */
  | { type: 'browser'; name: string; state: 'resting' }
  | { type: 'browser'; name: string; state: 'closed' }
  | { type: 'step'; id: string; state: RunState; result?: StepResult }
  | { type: 'check'; name: string; state: RunState; result?: CheckResult }
);

export type Emit = (event: RunnerEvent) => void;
