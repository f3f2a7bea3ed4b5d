// Other ways to solve lesson 9 than ours, and one that is none. On real Node.js: the contract compares the two engines.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeEngines, engine, LIMIT, lessons } from './runs.ts';

after(closeEngines);

const lesson = lessons.find(({ slug }) => slug === 'session-hijack');
assert.ok(lesson);
const { lab, files } = lesson;

test('no script reads the app’s cookies, and no other site’s form brings them', {
  timeout: LIMIT,
}, async () => {
  const program = `
    import { send } from '../http.js';
    import { cookies, logInAsAna } from '../log-in-as-ana.js';
    const begun = await send('https://app.tally.example:8443/login');
    const back = await logInAsAna(new URL(begun.headers.location));
    const done = await send(back, { headers: cookies(begun) });
    for (const { headers } of [begun, done]) {
      console.log(headers['set-cookie'].join().replace(/=[\\w-]{43};/, '=…;'));
    }
  `;
  const steps = lab.steps.filter(({ id }) => id === 'empty-handed');
  const probed = { ...files, 'mallory/empty-handed.js': program };
  const run = await (await engine('node')).run({ ...lab, steps, checks: [] }, probed);
  const shown = run.steps[0]?.processes.find(({ name }) => name === 'empty-handed');
  assert.deepEqual(
    shown?.stdout.trim().split('\n'),
    ['login', 'session'].map((name) => `${name}=…; HttpOnly; Secure; SameSite=Lax; Path=/`),
    shown?.stderr,
  );
});

/** The exercise's own step, and the checks, with this program of the learner's. */
async function attackWith(program: string) {
  const steps = lab.steps.filter(({ id }) => id === lab.exercise.attack || id === lab.exercise.honest);
  const run = await (await engine('node')).run({ ...lab, steps }, { ...files, 'attacker.js': program }, {});
  return {
    outcome: run.steps.find(({ id }) => id === lab.exercise.attack)?.outcome,
    failed: run.checks.filter(({ state }) => state !== 'passed').map(({ name }) => name),
  };
}

test('through the note that Ana reads while the program waits', { timeout: LIMIT }, async () => {
  const result = await attackWith(`
    import './mallory/leave-note.js';
    import './mallory/server.js';
    import { nextLoot, readLedger } from './mallory/tools.js';
    await readLedger(await nextLoot());
    process.exit();
  `);
  assert.deepEqual(result, { outcome: 'solved', failed: [] });
});

test('not with Ana’s password', { timeout: LIMIT }, async () => {
  const { failed } = await attackWith(`
    import { logIn, open } from './checks/ana.js';
    import { readLedger } from './mallory/tools.js';
    const session = await logIn();
    await open(session, '/ledger');
    await readLedger(JSON.parse((await open(session, '/session/token')).text).access_token);
  `);
  assert.deepEqual(failed, ['without-password']);
});
