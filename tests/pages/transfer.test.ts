// Results, edits and settings as a file: what is ours comes back whole, what is not is told apart and changes nothing.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import {
  editsOf,
  exportProgress,
  forgetEverything,
  importProgress,
  keepEdits,
  keepResult,
  keepSetting,
  planImport,
  readProgress,
  resultsOf,
  settingOf,
} from '../../src/progress/index.ts';

const course = [
  { slug: 'one', title: 'Lesson One', steps: ['a', 'b'], checks: ['c'] },
  { slug: 'two', title: 'Lesson Two', steps: ['a'], checks: [] },
];

let room = Number.POSITIVE_INFINITY;
/** As a browser has it: its keys are its properties, and it may be full. */
function storage(): Storage {
  const held = new Map<string, string>();
  const methods = {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, text: string) => {
      if (text.length > room) throw new DOMException('Full.', 'QuotaExceededError');
      held.set(key, text);
    },
    removeItem: (key: string) => held.delete(key),
  };
  return new Proxy(methods, {
    ownKeys: () => [...held.keys()],
    getOwnPropertyDescriptor: (_, key) =>
      held.has(String(key))
        ? { enumerable: true, configurable: true, value: held.get(String(key)) }
        : undefined,
  }) as unknown as Storage;
}

beforeEach(() => {
  room = Number.POSITIVE_INFINITY;
  Object.assign(globalThis, { localStorage: storage() });
});

const NOW = new Date('2026-01-02T03:04:05Z');
const read = (text: string) => {
  const reading = readProgress(text, course);
  return 'progress' in reading ? reading.progress : assert.fail(JSON.stringify(reading.problem));
};
const fileWith = (parts: object) => JSON.stringify({ format: 'handfast-progress', version: 1, ...parts });

test('what is saved comes back whole in another browser', () => {
  keepResult('one', 'steps', 'a', 'passed');
  keepResult('one', 'steps', 'b', 'breached');
  keepResult('one', 'checks', 'c', 'failed');
  keepResult('two', 'steps', 'a', 'passed');
  keepEdits('two', { base: 'v1', files: { 'x.js': '“mine”\n' }, removed: ['y.js'] });
  keepSetting('theme', 'dark');
  keepSetting('timestamps', true);
  const text = exportProgress(NOW);
  assert.equal(JSON.parse(text).saved, '2026-01-02T03:04:05.000Z');

  const before = { one: resultsOf('one'), two: resultsOf('two'), edits: editsOf('two') };
  forgetEverything();
  assert.deepEqual(resultsOf('one'), { steps: {}, checks: {} });
  const progress = read(text);
  assert.deepEqual(planImport(progress, course), {
    results: { added: 4, replaced: 0, lessons: ['Lesson One', 'Lesson Two'] },
    edits: { added: ['Lesson Two'], replaced: [] },
    settings: ['timestamps', 'theme'],
  });
  assert.equal(importProgress(progress), true);
  assert.deepEqual({ one: resultsOf('one'), two: resultsOf('two'), edits: editsOf('two') }, before);
  assert.equal(settingOf('theme'), 'dark');
  const plan = planImport(progress, course);
  assert.deepEqual(
    [plan.results.lessons, plan.edits.added, plan.settings],
    [[], [], []],
    'all is here already',
  );
});

test('what a file names replaces what is kept, and the rest stays', () => {
  keepResult('one', 'steps', 'a', 'passed');
  const text = exportProgress(NOW);
  keepResult('one', 'steps', 'a', 'failed');
  keepResult('one', 'steps', 'b', 'passed');
  keepEdits('one', { base: 'v1', files: { 'x.js': 'mine' } });
  keepSetting('theme', 'light');
  const progress = read(text);
  assert.deepEqual(planImport(progress, course).results, { added: 0, replaced: 1, lessons: ['Lesson One'] });
  importProgress(progress);
  assert.deepEqual(resultsOf('one').steps, { a: 'passed', b: 'passed' });
  assert.deepEqual(editsOf('one')?.files, { 'x.js': 'mine' });
  assert.equal(settingOf('theme'), 'light');
});

test('the file of one lesson has that lesson alone', () => {
  keepResult('one', 'steps', 'a', 'passed');
  keepResult('two', 'steps', 'a', 'passed');
  keepSetting('theme', 'dark');
  assert.deepEqual(read(exportProgress(NOW, 'two')), {
    lessons: { two: { results: { steps: { a: 'passed' }, checks: {} } } },
    settings: {},
  });
});

test('what is kept of a lesson and cannot be read is not saved', () => {
  localStorage.setItem('handfast:edits:one', '{');
  keepResult('two', 'steps', 'a', 'passed');
  assert.deepEqual(Object.keys(JSON.parse(exportProgress(NOW)).lessons), ['two']);
});

test('edits that would replace others are told', () => {
  keepEdits('one', { base: 'v1', files: { 'x.js': 'theirs' } });
  const text = exportProgress(NOW);
  keepEdits('one', { base: 'v1', files: { 'x.js': 'mine' } });
  assert.deepEqual(planImport(read(text), course).edits, { added: [], replaced: ['Lesson One'] });
});

for (const [text, code, came] of [
  ['', 'not-json', ''],
  ['{"format": "handfast-pro', 'not-json', '{"format": "handfast-pro'],
  ['[1]', 'not-ours', '[1]'],
  ['null', 'not-ours', 'null'],
  ['{"format":"shopping"}', 'not-ours', 'shopping'],
  ['{"format":"handfast-progress"}', 'not-ours', 'version undefined'],
  ['{"format":"handfast-progress","version":2,"lessons":{}}', 'newer', '2'],
  ['{"format":"handfast-progress","version":1}', 'nothing', ''],
  ['x'.repeat(5_000_001), 'too-large', '5000001'],
] as const) {
  test(`a file of ${text.length} characters is refused: ${code} ${came}`, () => {
    keepResult('one', 'steps', 'a', 'passed');
    const reading = readProgress(text, course);
    assert.deepEqual('problem' in reading && reading.problem, { code, came });
    assert.deepEqual(resultsOf('one').steps, { a: 'passed' });
  });
}

test('what this course does not have, or cannot read, is left out by name', () => {
  const text = fileWith({
    lessons: {
      one: {
        results: { steps: { a: 'passed', gone: 'passed', b: 'won' }, checks: { no: 'passed' } },
        edits: { base: 7, files: {} },
      },
      zero: { results: { steps: { a: 'passed' }, checks: {} } },
      __proto__: 1,
    },
    settings: { theme: 'dark', smell: 'roses', engine: 'steam' },
  });
  const reading = readProgress(text, course);
  assert.ok('progress' in reading);
  assert.deepEqual(reading.progress, {
    lessons: { one: { results: { steps: { a: 'passed' }, checks: {} } } },
    settings: { theme: 'dark' },
  });
  assert.deepEqual(reading.leftOut, [
    { kind: 'step', name: 'gone', lesson: 'Lesson One' },
    { kind: 'step', name: 'b', lesson: 'Lesson One' },
    { kind: 'check', name: 'no', lesson: 'Lesson One' },
    { kind: 'edits', name: 'one', lesson: 'Lesson One' },
    { kind: 'lesson', name: 'zero' },
    { kind: 'setting', name: 'smell' },
    { kind: 'setting', name: 'engine' },
  ]);
});

test('where there is no room for all of it, what was kept stays as it was', () => {
  keepResult('one', 'steps', 'a', 'failed');
  keepEdits('one', { base: 'v1', files: { 'x.js': 'mine' } });
  const text = fileWith({
    lessons: {
      one: { results: { steps: { a: 'passed' }, checks: {} } },
      two: {
        results: { steps: { a: 'passed' }, checks: {} },
        edits: { base: 'v1', files: { 'y.js': 'x'.repeat(900) } },
      },
    },
    settings: { theme: 'dark' },
  });
  room = 500;
  assert.equal(importProgress(read(text)), false);
  assert.deepEqual(resultsOf('one').steps, { a: 'failed' });
  assert.deepEqual(resultsOf('two').steps, {});
  assert.deepEqual(editsOf('one')?.files, { 'x.js': 'mine' });
  assert.equal(settingOf('theme'), 'system');
});

test('of an import for which there is no room nothing is left, not even what was new', () => {
  const text = fileWith({
    lessons: {
      one: {
        results: { steps: { a: 'passed' }, checks: {} },
        edits: { base: 'v1', files: { 'x.js': 'new' } },
      },
      two: {
        results: { steps: {}, checks: {} },
        edits: { base: 'v1', files: { 'y.js': 'x'.repeat(900) } },
      },
    },
  });
  room = 500;
  assert.equal(importProgress(read(text)), false);
  assert.deepEqual(Object.keys(localStorage), []);
});
