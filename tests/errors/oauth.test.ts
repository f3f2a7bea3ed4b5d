// What the page says that servers answer, the servers of lesson 8 answer: its authorization server, and its API as solved.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { type Lab, variantFiles } from '../../src/lesson/index.ts';
import { errorKinds } from '../../src/text/index.ts';
import { closeEngines, engine, engineNames, LIMIT, lessons } from '../lessons/runs.ts';

after(closeEngines);

const lesson = lessons.find(({ slug }) => slug === 'oauth-in-one-sitting');
assert.ok(lesson);
const program = readFileSync(path.join(import.meta.dirname, 'in-the-lab/oauth.js'), 'utf8');
/** The lab with one step, in which the program takes the place of `open-token`, and the API listens too. */
const probing: Lab = {
  ...lesson.lab,
  steps: lesson.lab.steps
    .filter(({ id }) => id === 'open-token')
    .map((step) => ({ ...step, servers: ['auth', 'api'], timeLimit: 60_000 })),
  checks: [],
};
const answered = errorKinds
  .flatMap(({ entries }) => entries)
  .filter(({ by }) => by === 'auth' || by === 'api');

for (const name of engineNames)
  test(`${name}: OAuth’s refusals are worded as on the page`, { timeout: LIMIT }, async () => {
    const files = { ...variantFiles(lesson, 'solution'), 'open-token.js': program };
    const { steps } = await (await engine(name)).run(probing, files);
    const shown = steps[0]?.processes.find((each) => each.name === 'open-token');
    assert.deepEqual(
      shown?.stdout.trim().split('\n'),
      answered.map(({ message }) => message),
      shown?.stderr,
    );
  });
