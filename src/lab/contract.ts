import type { Lab, LabStep, Variant } from '../lesson/index.ts';
import type { CheckResult } from './checks.ts';
import type { PrepareResult, StepResult } from './events.ts';
import { judge, placeOf, type Shown } from './judge.ts';

/** One thing that a variant of a lab owes, and whether it holds. */
export interface Clause {
  claim: string;
  held: boolean;
  /** What came instead, when it does not hold. */
  came: string;
}

/** What a variant did. */
export interface LabRun {
  steps: readonly StepResult[];
  checks: readonly CheckResult[];
  /** What prepared the lab, each time it ran; empty when it needs no preparation. */
  prepare?: readonly PrepareResult[];
  /** The text of `why.md`, for a fix. */
  why?: string;
}

/**
 * The lesson contract. Of kind `defend`: the starting files let the attack in, for the named reason, the solution shuts it
 * out, and the honest client works with both. Of kind `attack`: with the starting files the attack has not happened, with
 * the solution it succeeds, and the honest client never notices. Of kind `repair`: with the starting files the honest
 * client fails or leaks, with the solution it works. `expect` and `solved` of the step that the lab turns on say so; at
 * least one check fails at first, with the named words; and each wrong fix is caught.
 */
export function judgeContract(lab: Lab, variant: Variant, run: LabRun): Clause[] {
  if (variant === 'lab') return startingFiles(lab, run);
  if (variant === 'solution') return solution(lab, run);
  return wrongFix(lab, run);
}

function startingFiles(lab: Lab, run: LabRun): Clause[] {
  return [
    ...lab.steps.map((step) => shows(step, 'expected', run)),
    ...lab.checks.map((check) => {
      const result = resultOf(check.name, run);
      if (check.failsAtFirst === undefined) return passes(check.name, result);
      const held = result?.state === 'failed' && result.message.includes(check.failsAtFirst);
      const claim = `check ${check.name} fails: ${check.failsAtFirst}`;
      return { claim, held, came: `${result?.state}: ${result?.message}` };
    }),
  ];
}

function solution(lab: Lab, run: LabRun): Clause[] {
  const attack = run.steps.find(({ id }) => id === lab.exercise.attack);
  const refusal = (lab.exercise.refusal ?? []).map((expectation) => {
    const verdict = judge(expectation, shownIn(attack));
    return { claim: `step ${attack?.id}: ${verdict.words}`, held: verdict.met, came: verdict.came };
  });
  return [
    ...lab.steps.map((step) => shows(step, step.solved ? 'solved' : 'expected', run)),
    ...refusal,
    ...lab.checks.map((check) => passes(check.name, resultOf(check.name, run))),
  ];
}

function wrongFix(lab: Lab, run: LabRun): Clause[] {
  const { attack, honest } = lab.exercise;
  const solvedAs = (id: string | undefined) => {
    const step = lab.steps.find((each) => each.id === id);
    const outcome = run.steps.find((each) => each.id === id)?.outcome;
    return step === undefined || outcome === (step.solved ? 'solved' : 'expected');
  };
  const unsolved = {
    defend: 'the attack is not refused, or the honest client breaks',
    attack: 'the attack does not succeed, or the honest client breaks',
    repair: 'the honest client still fails, or an attack succeeds',
  };
  const failing = run.checks.filter(({ state }) => state === 'failed');
  const faults = run.steps.filter(
    ({ id, cause }) => cause !== undefined && cause !== 'browser' && (id === attack || id === honest),
  );
  return [
    {
      claim: unsolved[lab.kind],
      held: !(solvedAs(attack) && solvedAs(honest)),
      came: 'both as in the solution',
    },
    {
      claim: 'it runs: it is wrong, not broken',
      held: faults.length === 0,
      came: faults.map(({ id, fault }) => `${id}: ${fault}`).join('; '),
    },
    { claim: 'a check fails', held: failing.length > 0, came: 'all pass' },
    { claim: 'why.md says why', held: (run.why ?? '').trim() !== '', came: 'nothing' },
  ];
}

function shows(step: LabStep, wanted: 'expected' | 'solved', run: LabRun): Clause {
  const result = run.steps.find(({ id }) => id === step.id);
  const claim = `step ${step.id} shows what is ${wanted === 'solved' ? 'seen once it is solved' : 'expected'}`;
  return { claim, held: result?.outcome === wanted, came: result?.fault ?? unmet(step, wanted, result) };
}

/** Judges afresh: the result's own verdicts may be those of the step's other list. */
function unmet(step: LabStep, wanted: 'expected' | 'solved', result: StepResult | undefined): string {
  const list = (wanted === 'solved' ? step.solved : step.expect) ?? [];
  return list
    .map((expectation) => judge(expectation, shownIn(result)))
    .filter(({ met }) => !met)
    .map(
      ({ process, world, expected, came }) =>
        `${placeOf(process, world)}: expected ${expected}, came ${came}`,
    )
    .join('; ');
}

function passes(name: string, result: CheckResult | undefined): Clause {
  const came = result ? `${result.state}: ${result.message}` : 'no result';
  return { claim: `check ${name} passes`, held: result?.state === 'passed', came };
}

const resultOf = (name: string, run: LabRun) => run.checks.find((each) => each.name === name);

function shownIn(step: StepResult | undefined): Map<string, Shown> {
  return new Map(
    (step?.processes ?? []).map(({ name, world, stdout, stderr, exit }) => [
      placeOf(name, world),
      { stdout, stderr, exit },
    ]),
  );
}
