// What a reader has done, as the browser stores it: nothing that is found there can break a page.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import {
  canKeep,
  editsOf,
  forgetResults,
  forgetSettings,
  keepEdits,
  keepResult,
  keepSetting,
  resultsOf,
  settingOf,
} from '../../src/progress/index.ts';

const stored = new Map<string, string>();
beforeEach(() => {
  stored.clear();
  Object.assign(globalThis, {
    localStorage: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => stored.set(key, value),
      removeItem: (key: string) => stored.delete(key),
    },
  });
});

test('results are kept for each lesson, and forgotten for one', () => {
  keepResult('one', 'steps', 'a', 'passed');
  keepResult('one', 'checks', 'b', 'failed');
  keepResult('two', 'steps', 'a', 'passed');
  assert.deepEqual(resultsOf('one'), { steps: { a: 'passed' }, checks: { b: 'failed' } });
  forgetResults('one');
  assert.deepEqual(resultsOf('one'), { steps: {}, checks: {} });
  assert.deepEqual(resultsOf('two'), { steps: { a: 'passed' }, checks: {} });
});

test('edits are kept with the state they were made to, and end when no file differs', () => {
  keepEdits('one', { base: 'v1', files: { 'a.js': 'mine' } });
  assert.deepEqual(editsOf('one'), { base: 'v1', files: { 'a.js': 'mine' } });
  assert.equal(editsOf('two'), undefined);
  keepEdits('one', { base: 'v1', files: {} });
  assert.equal(editsOf('one'), undefined);
  assert.equal(stored.size, 0);
});

test('what is stored may be anything at all', () => {
  const nonsense = ['', '{', 'null', '[]', '7', '{"version":99,"lessons":{"one":{"steps":{"a":"passed"}}}}'];
  for (const value of [...nonsense, '{"version":1,"lessons":7}', '{"version":1,"base":1,"files":{"a":1}}']) {
    stored.set('handfast:results', value);
    stored.set('handfast:edits:one', value);
    assert.deepEqual(resultsOf('one'), { steps: {}, checks: {} }, value);
    assert.equal(editsOf('one'), undefined, value);
  }
  stored.set(
    'handfast:results',
    '{"version":1,"lessons":{"one":{"steps":{"a":"passed","b":"won"},"checks":[]}}}',
  );
  assert.deepEqual(resultsOf('one'), { steps: { a: 'passed' }, checks: {} });
});

test('a setting is as the reader chose, and otherwise as it is for everybody', () => {
  assert.equal(settingOf('theme'), 'system');
  assert.equal(settingOf('split'), undefined);
  keepSetting('theme', 'dark');
  keepSetting('split', 42);
  keepSetting('timestamps', true);
  assert.deepEqual(
    [settingOf('theme'), settingOf('split'), settingOf('timestamps'), settingOf('engine')],
    ['dark', 42, true, 'embedded'],
  );
  assert.equal(stored.get('handfast:theme'), 'dark', 'a bare word, for the script in the head');
  keepSetting('split', undefined);
  assert.equal(settingOf('split'), undefined);
  assert.equal(settingOf('timestamps'), true);
  forgetSettings();
  assert.equal(stored.size, 0);
});

test('a setting that is unknown or broken counts as not set, and stays out of the way of the others', () => {
  stored.set('handfast:theme', 'blinking');
  stored.set(
    'handfast:settings',
    '{"version":1,"settings":{"engine":"steam","split":"wide","timestamps":true,"smell":"roses"}}',
  );
  assert.equal(settingOf('theme'), 'system');
  assert.equal(settingOf('engine'), 'embedded');
  assert.equal(settingOf('split'), undefined);
  assert.equal(settingOf('timestamps'), true);
  for (const split of [9, 91, -1]) {
    stored.set('handfast:settings', JSON.stringify({ version: 1, settings: { split } }));
    assert.equal(settingOf('split'), undefined, `${split} per cent leave one side no room`);
  }
  for (const nonsense of ['{', 'null', '[]', '7', '{"version":99,"settings":{"timestamps":true}}']) {
    stored.set('handfast:settings', nonsense);
    assert.equal(settingOf('timestamps'), false, nonsense);
  }
});

test('where storage is refused, everything is as it is for everybody, and keeping is no error', () => {
  const refuse = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  };
  Object.assign(globalThis, { localStorage: { getItem: refuse, setItem: refuse, removeItem: refuse } });
  keepSetting('theme', 'dark');
  keepResult('one', 'steps', 'a', 'passed');
  assert.equal(settingOf('theme'), 'system');
  assert.deepEqual(resultsOf('one'), { steps: {}, checks: {} });
  assert.equal(keepEdits('one', { base: 'v1', files: { 'a.js': 'mine' } }), false);
  assert.equal(canKeep(), false);
});
