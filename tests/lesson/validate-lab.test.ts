// What an author reads when lab.ts is wrong: the file, the field, what was expected, what came, what to do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Lab, type LessonError, validateLab } from '../../src/lesson/index.ts';
import { attackLab } from '../lab/attack-lab.ts';
import { smallLab } from '../lab/small-lab.ts';

const file = 'lessons/99-small/lab.ts';

/** The lab with one field set to another value, or left out (`undefined`). */
function changed(field: string, value: unknown, from: Lab = smallLab): unknown {
  const lab: unknown = structuredClone(from);
  const keys = field.split(/[.[\]]+/).filter((key) => key !== '');
  const last = keys.pop() as string;
  const parent = keys.reduce((object, key) => (object as Record<string, unknown>)[key], lab);
  if (value === undefined) delete (parent as Record<string, unknown>)[last];
  else (parent as Record<string, unknown>)[last] = value;
  return lab;
}

test('a lab without fault comes out as it went in', () => {
  assert.deepEqual(validateLab(structuredClone(smallLab), file), smallLab satisfies Lab);
  assert.deepEqual(validateLab(structuredClone(attackLab), file), attackLab satisfies Lab);
});

interface Fault {
  title: string;
  field: string;
  value?: unknown;
  code: string;
  /** The field that the fault must name, where it is not the one that was changed. */
  at?: string;
}

const faults: Fault[] = [
  { title: 'a missing field', field: 'kind', code: 'missing-field' },
  { title: 'a missing field deep inside', field: 'steps[0].title', code: 'missing-field' },
  { title: 'a misspelt field', field: 'steps[0].exspect', value: [], code: 'unknown-field' },
  { title: 'a kind that there is not', field: 'kind', value: 'defence', code: 'wrong-value' },
  { title: 'an empty list', field: 'steps[0].run', value: [], code: 'wrong-value' },
  { title: 'a name that is not kebab-case', field: 'steps[0].id', value: 'Step One', code: 'wrong-value' },
  { title: 'a host outside .example', field: 'hosts[0].name', value: 'tally.com', code: 'wrong-value' },
  { title: 'a real address', field: 'hosts[0].address', value: '8.8.8.8', code: 'wrong-value' },
  { title: 'an address that is none', field: 'hosts[0].address', value: '10.0.0.256', code: 'wrong-value' },
  {
    title: 'a right that is not given by true',
    field: 'files',
    value: { create: 'yes' },
    code: 'wrong-value',
    at: 'files.create',
  },
  {
    title: 'a right that is taken by false',
    field: 'files',
    value: { delete: false },
    code: 'wrong-value',
    at: 'files.delete',
  },
  { title: 'rights that allow nothing', field: 'files', value: {}, code: 'wrong-value' },
  {
    title: 'a right that there is not',
    field: 'files',
    value: { rename: true },
    code: 'unknown-field',
    at: 'files.rename',
  },
  {
    title: 'a need that no engine meets',
    field: 'needs',
    value: ['docker'],
    at: 'needs[0]',
    code: 'wrong-value',
  },
  { title: 'a path that is nowhere', field: 'onPath', value: false, code: 'wrong-value' },
  {
    title: 'a path between hosts that are not there',
    field: 'onPath',
    value: { between: ['x.example', 'y.example'] },
    code: 'unknown-name',
    at: 'onPath.between[0]',
  },
  {
    title: 'a path with one end',
    field: 'onPath',
    value: { between: ['api.tally.example'] },
    code: 'wrong-value',
    at: 'onPath.between',
  },
  {
    title: 'a path with an option that there is not',
    field: 'onPath',
    value: { amid: [] },
    code: 'unknown-field',
    at: 'onPath.amid',
  },
  { title: 'a path out of the lab', field: 'open[0]', value: '../secret', code: 'wrong-value' },
  { title: 'an unknown host', field: 'processes[0].host', value: 'x.example', code: 'unknown-name' },
  { title: 'an unknown process in a step', field: 'steps[0].run[0]', value: 'x', code: 'unknown-name' },
  {
    title: 'an expectation of a process that takes no part',
    field: 'steps[0].servers',
    value: [],
    code: 'unknown-name',
    at: 'steps[0].expect[1].process',
  },
  {
    title: 'an expectation of two things',
    field: 'steps[0].expect[0].exit',
    value: 0,
    code: 'wrong-value',
    at: 'steps[0].expect[0]',
  },
  {
    title: 'an expectation of nothing',
    field: 'steps[0].expect[0].says',
    code: 'wrong-value',
    at: 'steps[0].expect[0]',
  },
  { title: 'two steps with one id', field: 'steps[1].id', value: 'ask', code: 'duplicate-name', at: 'steps' },
  {
    title: 'two hosts with one address',
    field: 'hosts[1].address',
    value: '10.0.0.1',
    code: 'duplicate-name',
    at: 'hosts',
  },
  { title: 'an attack that is no step', field: 'exercise.attack', value: 'x', code: 'unknown-name' },
  { title: 'a defence without an attack', field: 'exercise.attack', code: 'missing-field' },
  { title: 'an attack with one outcome only', field: 'steps[1].solved', code: 'missing-field' },
  { title: 'checks that all pass at first', field: 'checks[0].failsAtFirst', code: 'missing-field' },
  { title: 'a single hint', field: 'checks[0].hints', value: ['Look.'], code: 'wrong-value' },
];

/** In a lab with a browser, preparation, worlds, and Mallory as the learner. */
const attackFaults: Fault[] = [
  { title: 'a browser on no host', field: 'browsers[0].host', value: 'x.example', code: 'unknown-name' },
  {
    title: 'a browser with the name of a process',
    field: 'browsers[0].name',
    value: 'app',
    code: 'duplicate-name',
    at: 'browsers',
  },
  { title: 'a browser that trusts nothing', field: 'browsers[0].trusts', code: 'missing-field' },
  { title: 'an unknown process to prepare', field: 'prepare[0]', value: 'x', code: 'unknown-name' },
  { title: 'an unknown browser', field: 'steps[0].run[0].browser', value: 'x', code: 'unknown-name' },
  { title: 'a person who does nothing', field: 'steps[0].run[0].does', value: [], code: 'wrong-value' },
  {
    title: 'an action that is none',
    field: 'steps[0].run[0].does[0]',
    value: { click: 'Log in' },
    code: 'wrong-value',
  },
  {
    title: 'an action of two kinds',
    field: 'steps[0].run[0].does[1].open',
    value: 'https://app.tally.example/',
    code: 'unknown-field',
    at: 'steps[0].run[0].does[1].fill',
  },
  {
    title: 'an address out of the lab',
    field: 'steps[0].run[0].does[0].open',
    value: 'https://example.com/',
    code: 'unknown-name',
  },
  {
    title: 'an address that is none',
    field: 'steps[0].run[0].does[0].open',
    value: '/login',
    code: 'wrong-value',
  },
  { title: 'a form without a button', field: 'steps[0].run[0].does[1].press', code: 'missing-field' },
  { title: 'an unknown process to start', field: 'steps[1].run[0].start', value: 'x', code: 'unknown-name' },
  {
    title: 'an exit code of a browser',
    field: 'steps[0].expect[0]',
    value: { process: 'ana', exit: 0, words: 'Ana goes.' },
    code: 'wrong-value',
    at: 'steps[0].expect[0].exit',
  },
  { title: 'an unknown world', field: 'steps[2].worlds[1]', value: 'x', code: 'unknown-name' },
  {
    title: 'a world twice in a step',
    field: 'steps[2].worlds[1]',
    value: 'open',
    code: 'duplicate-name',
    at: 'steps[2].worlds',
  },
  { title: 'a sighting in no world', field: 'steps[2].expect[0].world', code: 'missing-field' },
  {
    title: 'a sighting in a world of another step',
    field: 'steps[2].expect[0].world',
    value: 'x',
    code: 'unknown-name',
  },
  {
    title: 'a sighting in a world where there are none',
    field: 'steps[0].expect[0].world',
    value: 'open',
    code: 'wrong-value',
  },
  { title: 'a world of other files', field: 'worlds[0].files', value: 'fix', code: 'wrong-value' },
  {
    title: 'what a step comes to in a world that it has not',
    field: 'steps[2].comesTo',
    value: [{ world: 'x', words: 'Refused.', ribbon: 'tied' }],
    at: 'steps[2].comesTo[0].world',
    code: 'unknown-name',
  },
  { title: 'a single world', field: 'worlds', value: [attackLab.worlds?.[0]], code: 'wrong-value' },
  {
    title: 'an unknown act before the checks',
    field: 'exercise.before[1].start',
    value: 'x',
    code: 'unknown-name',
  },
  {
    title: 'an attack that changes what the honest client sees',
    field: 'steps[0].solved',
    value: [{ process: 'ana', says: 'x', words: 'Ana sees x.' }],
    code: 'wrong-value',
  },
];

const all = [
  ...faults.map((fault) => ({ ...fault, from: smallLab })),
  ...attackFaults.map((fault) => ({ ...fault, from: attackLab })),
];
for (const { title, field, value, code, at = field, from } of all) {
  test(`${title} stops with the file, the field and what to do`, () => {
    assert.throws(
      () => validateLab(changed(field, value, from), file),
      (fault: LessonError) => {
        assert.equal(fault.name, 'LessonError', String(fault));
        assert.deepEqual(
          { code: fault.code, file: fault.file, field: fault.field },
          { code, file, field: at },
        );
        assert.ok(fault.expected !== '' && fault.actual !== '' && fault.remedy !== '');
        assert.ok(
          fault.message.startsWith(`${file}: ${at}: expected ${fault.expected}, found ${fault.actual}. `),
        );
        return true;
      },
    );
  });
}
