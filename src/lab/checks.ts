import type { Lab, LabCheck } from '../lesson/index.ts';
import type { Cast } from './cast.ts';
import type { Emit } from './events.ts';
import type { Interrupted } from './interrupted.ts';
import { excerpt, type Shown } from './judge.ts';
import type { Played } from './stage.ts';
import { readTap } from './tap.ts';

export interface CheckResult {
  name: string;
  state: 'passed' | 'failed' | 'idle';
  /** Of a failed check: what the test said, or why it could not say anything. */
  message: string;
  /** Of a failed check whose test compared two values. */
  expected?: string;
  came?: string;
  /** For its whole file of checks. */
  milliseconds: number;
}

/** Runs a scene with a cast of its own. */
type Play = (timeLimit: number, scene: (cast: Cast) => Promise<void>) => Promise<Played>;

const CHECKS_MILLISECONDS = 30_000;
/** The name under which the checks' own output is shown. */
export const CHECKS_PROCESS = 'checks';

/** How long nobody may have printed before what happens before the checks counts as done. */
const SILENCE_MILLISECONDS = 80;

/** Runs the checks, each file as a process of its own against freshly started servers. */
export async function runChecks(lab: Lab, emit: Emit, play: Play): Promise<CheckResult[]> {
  const { servers, before = [], host, timeLimit = CHECKS_MILLISECONDS } = lab.exercise;
  for (const { name } of lab.checks) emit({ type: 'check', name, state: 'running' });
  const results: CheckResult[] = [];
  for (const file of new Set(lab.checks.map((each) => each.file))) {
    const run = await play(timeLimit, async (cast) => {
      await cast.serve(servers);
      await cast.perform(before);
      if (before.length > 0) await cast.quiet(SILENCE_MILLISECONDS);
      await cast.runCommand(CHECKS_PROCESS, 'node', ['--test-reporter=tap', file], host);
    });
    for (const check of lab.checks.filter((each) => each.file === file)) {
      const verdict = verdictOf(check, run.cast?.shown, run.interrupted);
      const result = { name: check.name, ...verdict, milliseconds: run.milliseconds };
      results.push(result);
      emit({ type: 'check', name: check.name, state: result.state, result });
    }
  }
  return results;
}

function verdictOf(
  check: LabCheck,
  shown: ReadonlyMap<string, Shown> | undefined,
  interrupted: Interrupted | undefined,
): Pick<CheckResult, 'state' | 'message' | 'expected' | 'came'> {
  if (interrupted?.reason === 'stopped') return { state: 'idle', message: interrupted.message };
  const checks = shown?.get(CHECKS_PROCESS);
  const test = readTap(checks?.stdout ?? '').find(({ title }) => title === check.test);
  if (test?.passed) return { state: 'passed', message: test.message };
  if (test) {
    const { message, expected, actual: came } = test;
    return { state: 'failed', message, ...(expected && { expected }), ...(came && { came }) };
  }
  const faults = [interrupted?.message ?? `The test "${check.test}" did not run.`];
  const broken = [...(shown ?? [])].filter(([, { stderr }]) => stderr.trim() !== '');
  for (const [name, { stderr }] of broken) faults.push(`${name} said:\n${excerpt('', stderr)}`);
  return { state: 'failed', message: faults.join('\n') };
}
