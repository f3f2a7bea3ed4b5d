// `npm run lab`: what it answers, and with which exit code.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { lessons, root } from './runs.ts';

function lab(...args: string[]) {
  const main = path.join(root, 'scripts/lab/main.ts');
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', env });
}

test('--json prints steps, checks, outputs and durations, and nothing else', () => {
  const { stdout, stderr, status } = lab('mutual-tls', '--engine', 'node', '--variant', 'solution', '--json');
  assert.equal(status, 0, stderr);
  const report = JSON.parse(stdout);
  assert.equal(report.contract, 'held');
  const lesson = lessons.find(({ slug }) => slug === 'mutual-tls');
  assert.deepEqual(
    report.steps.map((step: { id: string }) => step.id),
    lesson?.lab.steps.map(({ id }) => id),
  );
  assert.deepEqual(
    report.checks.map(({ name, state }: { name: string; state: string }) => `${name} ${state}`),
    lesson?.lab.checks.map(({ name }) => `${name} passed`),
  );
  for (const { milliseconds } of [...report.steps, ...report.checks]) assert.ok(milliseconds > 0);
  assert.match(report.steps[0].processes[0].stdout, /listening on 8443/);
});

const mistakes: [title: string, args: string[], message: RegExp][] = [
  ['no lesson', [], /Name one lesson\. Usage: npm run --silent lab/],
  ['an unknown lesson', ['mutual-tsl'], /one of the lessons .*mutual-tls.*, found "mutual-tsl"/],
  [
    'an unknown variant',
    ['mutual-tls', '--variant', 'fixes/none'],
    /lab, solution, fixes\/.*found "fixes\/none"/,
  ],
  ['an unknown engine', ['mutual-tls', '--engine', 'deno'], /no engine "deno": there are embedded, node/],
  ['an unknown option', ['mutual-tls', '--verbose'], /'--verbose'/],
];
for (const [title, args, message] of mistakes) {
  test(`${title} is refused with what there is, before anything runs`, () => {
    const { stdout, stderr, status } = lab(...args);
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /^ {4}at /m, 'a person is told, not shown a stack');
  });
}
