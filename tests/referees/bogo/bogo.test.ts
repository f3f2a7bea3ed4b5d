/**
 * BoGo, the protocol tests of BoringSSL: some 4,800 handshakes, most of them spoilt in one way each, by a TLS stack that was
 * made for spoiling.
 *
 * `config.json` has the cases that are not run, by pattern, and why. `differences.json` has those that are run and end
 * otherwise than in BoringSSL, and why; each must end exactly as is written there, so a refusal that becomes an acceptance
 * is seen.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { tell } from '../support/tally.ts';
import { bogoRunner } from './build-runner.ts';
import { matches } from './patterns.ts';
import { allCases, disabledTests, type Outcome, runBogo } from './run.ts';

const ENOUGH_TIME = 15 * 60_000;

/** How a case ends that BoringSSL would end otherwise. */
interface Difference {
  readonly why: string;
  /** What must stand in the runner's report. */
  readonly report: string;
}
const differences: Readonly<Record<string, Difference>> = JSON.parse(
  readFileSync(new URL('differences.json', import.meta.url), 'utf8'),
);

const patternFor = (table: object, name: string) =>
  Object.keys(table).find((pattern) => matches(pattern, name));

/** What is wrong with how a case ended, if anything is. */
function fault(name: string, { status, report }: Outcome): string | undefined {
  const pattern = patternFor(differences, name);
  if (!pattern) return status === 'PASSED' ? undefined : `${name}: ${status} ${report}`;
  if (status === 'PASSED') return `${name} passes, and is said to differ`;
  const isAsSaid = report.includes(differences[pattern].report) && !report.includes('unexpected success');
  return isAsSaid ? undefined : `${name} differs otherwise than is said: ${report}`;
}

test('BoGo finds our engine to be as it should', { timeout: ENOUGH_TIME }, async (context) => {
  const runner = bogoRunner();
  if ('missing' in runner) {
    tell(context, 'BoGo', { run: 0, passed: 0, skipped: 1, why: runner.missing });
    return context.skip(`BoGo’s runner cannot be built here: ${runner.missing}`);
  }
  const cases = await allCases(runner);
  const idle = [...Object.keys(disabledTests), ...Object.keys(differences)].filter(
    (pattern) => !cases.some((name) => matches(pattern, name)),
  );
  assert.deepEqual(idle, [], 'patterns that fit no case');
  const reasons = new Map<string, number>();
  for (const name of cases) {
    const pattern = patternFor(disabledTests, name);
    if (pattern) reasons.set(disabledTests[pattern], (reasons.get(disabledTests[pattern]) ?? 0) + 1);
  }
  const disabled = [...reasons.values()].reduce((sum, count) => sum + count, 0);

  const outcomes = await runBogo(runner);
  assert.equal(outcomes.size, cases.length - disabled, 'every case that is not disabled has an outcome');
  const faults = [...outcomes].flatMap(([name, outcome]) => fault(name, outcome) ?? []);
  const passed = [...outcomes.values()].filter(({ status }) => status === 'PASSED').length;
  const different = [...outcomes].filter(
    ([name, outcome]) => patternFor(differences, name) && !fault(name, outcome),
  ).length;
  for (const [reason, count] of reasons) context.diagnostic(`disabled: ${count}, ${reason}`);
  context.diagnostic(`${different} end otherwise than in BoringSSL, each as differences.json says`);
  tell(context, 'BoGo', { run: outcomes.size, passed: passed + different, disabled });
  assert.deepEqual(faults, []);
});
