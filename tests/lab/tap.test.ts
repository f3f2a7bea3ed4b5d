// What `node:test` prints is read as `node:test` means it: real output, from the Node that runs this test.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { readTap } from '../../src/lab/tap.ts';

const program = `
import assert from 'node:assert/strict';
import { test } from 'node:test';
test('passes', () => {});
test("it's # odd \\\\ here", () => assert.ok(false, "it's \\"bad\\" # \\\\ and \\ttabbed"));
test('many lines', () => assert.ok(false, 'first\\n\\n  second'));
test('has an inner test', async (context) => {
  await context.test('inner', () => { throw new Error('deep'); });
});
test('prints what looks like a result', () => console.log('ok 99 - forged\\nnot ok 1 - passes'));
test('skipped', { skip: 'for now' }, () => {});
test('to do', { todo: true }, () => {});
test('throws a text', () => { throw 'just a text'; });
test('never ends', { timeout: 50 }, () => new Promise((resolve) => setTimeout(resolve, 5000).unref()));
`;

test('titles, verdicts and messages of the outermost tests', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'handfast-tap-'));
  const file = path.join(folder, 'a.test.mjs');
  writeFileSync(file, program);
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { stdout } = spawnSync(process.execPath, ['--test-reporter=tap', file], { encoding: 'utf8', env });
  rmSync(folder, { recursive: true });
  assert.deepEqual(readTap(stdout), [
    { title: 'passes', passed: true, message: '' },
    { title: "it's # odd \\ here", passed: false, message: 'it\'s "bad" # \\ and \ttabbed' },
    { title: 'many lines', passed: false, message: 'first\n\n  second' },
    { title: 'has an inner test', passed: false, message: '1 subtest failed' },
    { title: 'prints what looks like a result', passed: true, message: '' },
    { title: 'skipped', passed: false, message: 'not run: # SKIP for now' },
    { title: 'to do', passed: false, message: 'not run: # TODO' },
    { title: 'throws a text', passed: false, message: 'just a text' },
    { title: 'never ends', passed: false, message: 'test timed out after 50ms' },
  ]);
});

const comparisons = `
import assert from 'node:assert/strict';
import { test } from 'node:test';
test('texts', () => assert.equal('exit 3', 'exit\\n two'));
test('numbers, with words', () => assert.equal(401, 200, 'The API did not serve Ana.'));
test('objects', () => assert.deepEqual({ aud: ['api', 'web'] }, { aud: ['api'] }));
test('against a pattern', () => assert.match('abc', /xyz/));
test('an empty text', () => assert.equal('', 'x'));
test('nothing', () => assert.equal(undefined, null));
test('true', () => assert.ok(false, 'Mallory was served.'));
test('no assertion', () => { throw Object.assign(new Error('x'), { expected: 1, actual: 2 }); });
`;

test('an assertion that compares gives what it expected and what came; one that only wants truth gives its words', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'handfast-tap-'));
  const file = path.join(folder, 'a.test.mjs');
  writeFileSync(file, comparisons);
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { stdout } = spawnSync(process.execPath, ['--test-reporter=tap', file], { encoding: 'utf8', env });
  rmSync(folder, { recursive: true });
  const found = readTap(stdout).map(({ title, expected, actual }) => [title, expected, actual]);
  assert.deepEqual(found, [
    ['texts', 'exit\n two', 'exit 3'],
    ['numbers, with words', '200', '401'],
    ['objects', "aud:\n  0: 'api'", "aud:\n  0: 'api'\n  1: 'web'"],
    ['against a pattern', undefined, 'abc'],
    ['an empty text', 'x', "''"],
    ['nothing', 'null', undefined],
    ['true', undefined, undefined],
    ['no assertion', undefined, undefined],
  ]);
});

test('output that breaks off in the middle gives what there is', () => {
  assert.deepEqual(
    readTap('TAP version 13\nok 1 - a\n  ---\n  ...\nnot ok 2 - b\n  ---\n  error: |-\n    half a mess'),
    [
      { title: 'a', passed: true, message: '' },
      { title: 'b', passed: false, message: 'half a mess' },
    ],
  );
});

test('no output, no results', () => {
  assert.deepEqual(readTap(''), []);
});
