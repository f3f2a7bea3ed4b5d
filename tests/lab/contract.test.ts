// The lesson contract holds what it says for each kind of lab, and breaks where a variant does otherwise.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBreach, judgeContract, type LabRun, type StepResult } from '../../src/lab/index.ts';
import type { Lab, LabStep } from '../../src/lesson/index.ts';
import { attackLab } from './attack-lab.ts';
import { smallLab } from './small-lab.ts';

/** A step's result as it is when the given processes printed these texts. */
function result(step: LabStep, outcome: StepResult['outcome'], printed: Record<string, string>): StepResult {
  const processes = Object.entries(printed).map(([place, stdout]) => {
    const [name, world] = place.split(':').reverse();
    return { name, stdout, stderr: '', ...(world && { world }) };
  });
  const state = outcome === 'neither' ? 'failed' : 'passed';
  return { id: step.id, state, outcome, verdicts: [], processes, milliseconds: 1 };
}

/** All steps with the given outcomes (`expected` where none is given), and the checks' messages ('' has passed). */
function run(
  lab: Lab,
  outcomes: Record<string, StepResult['outcome']>,
  messages: Record<string, string> = {},
  printed: Record<string, string> = {},
): LabRun {
  return {
    steps: lab.steps.map((step) => result(step, outcomes[step.id] ?? 'expected', printed)),
    checks: lab.checks.map(({ name }) => {
      const message = messages[name] ?? '';
      return { name, state: message === '' ? 'passed' : 'failed', message, milliseconds: 1 };
    }),
    why: 'Because.',
  };
}

const broken = (lab: Lab, variant: Parameters<typeof judgeContract>[1], given: LabRun) =>
  judgeContract(lab, variant, given)
    .filter(({ held }) => !held)
    .map(({ claim }) => claim);

test('attack: at first it has not happened and the check says so; the solution is the attack', () => {
  const empty = run(attackLab, {}, { 'has-token': 'nothing was taken' });
  assert.deepEqual(broken(attackLab, 'lab', empty), []);
  const succeeds = run(attackLab, { attack: 'solved' });
  assert.deepEqual(broken(attackLab, 'solution', succeeds), []);

  assert.deepEqual(broken(attackLab, 'lab', succeeds), [
    'step attack shows what is expected',
    'check has-token fails: nothing was taken',
  ]);
  assert.deepEqual(broken(attackLab, 'lab', run(attackLab, {}, { 'has-token': 'a syntax error' })), [
    'check has-token fails: nothing was taken',
  ]);
  assert.deepEqual(broken(attackLab, 'solution', empty), [
    'step attack shows what is seen once it is solved',
    'check has-token passes',
  ]);
  assert.deepEqual(broken(attackLab, 'solution', run(attackLab, { attack: 'solved', 'log-in': 'neither' })), [
    'step log-in shows what is expected',
  ]);
});

test('attack: a fix is an attack that does not work', () => {
  const fails = run(attackLab, {}, { 'has-token': 'nothing was taken' });
  assert.deepEqual(broken(attackLab, 'fixes/almost', fails), []);
  assert.deepEqual(broken(attackLab, 'fixes/almost', run(attackLab, { attack: 'solved' })), [
    'the attack does not succeed, or the honest client breaks',
    'a check fails',
  ]);
});

const ask = { ...smallLab.steps[0], solved: [{ process: 'client', says: 'answer', words: 'It answers.' }] };
const repairLab: Lab = { ...smallLab, kind: 'repair', steps: [ask, smallLab.steps[1]] };

test('repair: the honest client fails at first, and works with the solution', () => {
  const fails = run(repairLab, { steal: 'expected' }, { 'shut-out': 'Mallory was served' });
  assert.deepEqual(broken(repairLab, 'lab', fails), []);
  const works = run(repairLab, { ask: 'solved', steal: 'solved' });
  assert.deepEqual(broken(repairLab, 'solution', works), []);
  assert.deepEqual(broken(repairLab, 'solution', run(repairLab, { steal: 'solved' })), [
    'step ask shows what is seen once it is solved',
  ]);
  assert.deepEqual(broken(repairLab, 'lab', works), [
    'step ask shows what is expected',
    'step steal shows what is expected',
    'check shut-out fails: was served',
  ]);
  assert.deepEqual(broken(repairLab, 'fixes/almost', works), [
    'the honest client still fails, or an attack succeeds',
    'a check fails',
  ]);
});

test('defend: a fix that breaks the honest client is caught too; one that cannot run is no fix', () => {
  const refusesAll = run(smallLab, { ask: 'neither', steal: 'solved' }, { served: 'Nobody was served.' });
  assert.deepEqual(broken(smallLab, 'fixes/refuses-all', refusesAll), []);
  const faulty = (cause: StepResult['cause']) => ({
    ...refusesAll,
    steps: refusesAll.steps.map((step) => ({ ...step, cause, fault: 'It says why.' })),
  });
  assert.deepEqual(broken(smallLab, 'fixes/crashes', faulty('server')), ['it runs: it is wrong, not broken']);
  assert.deepEqual(broken(smallLab, 'fixes/shows-no-button', faulty('browser')), []);
  assert.deepEqual(broken(smallLab, 'fixes/silent', { ...refusesAll, why: '' }), ['why.md says why']);
});

test('what is missing in one world is named with its world', () => {
  const printed = { 'open:replay': 'status: 200\n', 'shut:replay': 'status: 200\n' };
  const given = run(attackLab, { 'side-by-side': 'neither', attack: 'solved' }, {}, printed);
  const [clause] = judgeContract(attackLab, 'solution', given).filter(({ held }) => !held);
  assert.equal(clause.came, 'shut:replay: expected "status: 401" on stdout, came status: 200');
});

test('the solution shows the refusal besides, in the world where it is looked for', () => {
  const refusal = [{ process: 'replay', world: 'shut', says: 'status: 401', words: 'She is refused.' }];
  const lab: Lab = {
    ...attackLab,
    kind: 'defend',
    exercise: { ...attackLab.exercise, attack: 'side-by-side', refusal },
  };
  const claim = 'step side-by-side: She is refused.';
  const given = (status: number) =>
    run(
      lab,
      { attack: 'solved' },
      {},
      { 'open:replay': 'status: 401\n', 'shut:replay': `status: ${status}\n` },
    );
  assert.ok(broken(lab, 'solution', given(200)).includes(claim));
  assert.ok(!broken(lab, 'solution', given(401)).includes(claim));
});

test('a ribbon is cut where an attack succeeds: at first, or, where the learner attacks, once it is solved', () => {
  const [, attack] = attackLab.steps;
  const shown: LabStep = { ...smallLab.steps[1], shows: 'attack' };
  const breaches = (lab: Lab, step: LabStep) =>
    (['expected', 'solved', 'neither'] as const).filter((outcome) => isBreach(lab, step, outcome));
  assert.deepEqual(breaches(attackLab, attack), ['solved']);
  assert.deepEqual(breaches(attackLab, attackLab.steps[0]), []);
  assert.deepEqual(breaches(smallLab, shown), ['expected']);
  assert.deepEqual(breaches(attackLab, shown), ['expected']);
});
