// Labs with browsers, preparation and worlds: what the runner does before, beside and after the processes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRunner, type RunnerEvent, treeOf } from '../../src/lab/index.ts';
import type { Lab, LabFiles } from '../../src/lesson/index.ts';
import { attackLab } from './attack-lab.ts';
import {
  FakeClock,
  type FakeProcess,
  FakeSandbox,
  type Page,
  type Program,
  settled,
} from './fake-sandbox.ts';

const files: LabFiles = {
  'package.json': JSON.stringify({ scripts: { pki: 'node pki.js', app: 'node app.js' } }),
  'pki.js': "import './keys.js';",
  'keys.js': '// makes keys',
  'app.js': "import './narrate.js';",
  'narrate.js': '// says',
  'attacker.js': '',
};

const listens: Program = (server) => server.listen(8443);
const ends: Program = (process) => process.exit(0);
const welcome: Page = (action, browser) => {
  if ('open' in action) browser.print(`page: 200 ${action.open}`);
  if ('open' in action && action.open.endsWith('/notes')) browser.print('title: Notes');
  if ('press' in action) browser.print('text: Welcome, Ana');
};

interface Wanted {
  programs?: Record<string, Program>;
  /** Programs in the second sandbox that is booted, the third, … */
  others?: Record<string, Program>[];
  page?: Page;
  lab?: Lab;
}

function scene({ programs = {}, others = [], page = welcome, lab = attackLab }: Wanted = {}) {
  const usual = { 'npm run pki': ends, 'npm run app': listens, 'npm run attacker': ends };
  const sandboxes: FakeSandbox[] = [];
  const clock = new FakeClock();
  const events: RunnerEvent[] = [];
  const own = { ...files };
  const runner = createRunner({
    lab,
    boot: async () => {
      sandboxes.push(new FakeSandbox({ ...usual, ...(others[sandboxes.length - 1] ?? programs) }, page));
      return sandboxes[sandboxes.length - 1];
    },
    files: () => treeOf(own),
    worldFiles: (variant) => treeOf({ ...files, 'variant.txt': variant }),
    onEvent: (event) => events.push(event),
    clock,
  });
  return { runner, sandboxes, clock, events, own };
}

const browserStates = (events: RunnerEvent[]) =>
  events.flatMap((event) => (event.type === 'browser' ? [event.state] : []));

test('what prepares the lab runs to its end before the servers, once', async () => {
  const { runner, sandboxes, events } = scene();
  await runner.runStep('log-in');
  assert.deepEqual(sandboxes[0].spawned, ['npm run pki', 'npm run app']);
  await runner.runStep('log-in');
  assert.deepEqual(sandboxes[0].spawned, ['npm run pki', 'npm run app', 'npm run app']);
  assert.deepEqual(
    events.flatMap((event) => (event.type === 'prepare' ? [`${event.name} ${event.state}`] : [])),
    ['pki running', 'pki passed'],
  );
});

test('a change of its own files, and a reset, let preparation run again; a change of others does not', async () => {
  const { runner, sandboxes, own } = scene();
  const prepared = () => sandboxes.flatMap(({ spawned }) => spawned.filter((line) => line === 'npm run pki'));
  await runner.runStep('log-in');
  own['attacker.js'] = 'attack();';
  own['narrate.js'] = '// says more';
  await runner.runStep('log-in');
  assert.equal(prepared().length, 1);
  own['keys.js'] = '// makes better keys';
  await runner.runStep('log-in');
  assert.equal(prepared().length, 2);
  await runner.reset();
  assert.equal(sandboxes[0].tornDown, true);
  await runner.runStep('log-in');
  assert.equal(prepared().length, 3);
  assert.equal(sandboxes.length, 2);
});

test('a preparation that fails is the fault of the step, with what it said; it is tried again', async () => {
  let isBroken = true;
  const pki: Program = (process) => {
    if (isBroken) process.complain('Error: no keys today');
    process.exit(isBroken ? 1 : 0);
  };
  const { runner, sandboxes } = scene({ programs: { 'npm run pki': pki } });
  const { state, fault } = await runner.runStep('log-in');
  assert.equal(state, 'failed');
  assert.equal(fault, 'pki, which prepares this lab, ended with exit code 1. It said:\nError: no keys today');
  assert.deepEqual(sandboxes[0].spawned, ['npm run pki']);
  const [check] = await runner.check();
  assert.match(check.message, /no keys today/);
  isBroken = false;
  assert.equal((await runner.runStep('log-in')).state, 'passed');
});

test('a step that comes during preparation waits for it; a stop ends it', async () => {
  let pki: FakeProcess | undefined;
  const { runner, sandboxes } = scene({
    programs: {
      'npm run pki': (process) => {
        pki = process;
      },
    },
  });
  const warming = runner.warm();
  await settled();
  const running = runner.runStep('log-in');
  await settled();
  assert.deepEqual(sandboxes[0].spawned, ['npm run pki']);
  pki?.exit(0);
  assert.equal((await running).state, 'passed');
  assert.deepEqual(sandboxes[0].spawned, ['npm run pki', 'npm run app']);

  const stopped = assert.rejects(warming, /Stopped/);
  await settled();
  await runner.stop();
  await stopped;
  assert.deepEqual(sandboxes[1].killed, ['npm run pki']);
});

test('a person acts at a browser; its lines are judged as output, and its page stays when the step is over', async () => {
  const { runner, sandboxes, events } = scene();
  const result = await runner.runStep('log-in');
  assert.equal(result.outcome, 'expected');
  const [browser] = sandboxes[0].browsers;
  assert.deepEqual(browser.options, {
    name: 'ana',
    host: 'ana.example',
    trusts: 'certificates/tally-ca.pem',
  });
  assert.deepEqual(result.processes.at(-1), {
    name: 'ana',
    stdout: 'page: 200 https://app.tally.example:8443/login\ntext: Welcome, Ana\n',
    stderr: '',
  });
  assert.ok(sandboxes[0].killed.includes('npm run app'));
  assert.deepEqual(browserStates(events), ['starting', 'open', 'acting', 'acting', 'resting']);
  const opened = events.find((event) => event.type === 'browser' && event.state === 'open');
  assert.ok(opened?.type === 'browser' && opened.state === 'open' && opened.browser === browser);
  assert.equal(browser.isClosed, false);

  browser.print('page: 200 https://app.tally.example:8443/later');
  await settled();
  const later = events.at(-1);
  assert.ok(later?.type === 'output' && later.text.includes('/later'), 'its console goes on');
  assert.ok(!result.processes.some(({ stdout }) => stdout.includes('/later')), 'its verdict does not');
});

for (const [title, act] of [
  ['the next run', (runner) => runner.check()],
  ['a reset', (runner) => runner.reset()],
  ['the close', (runner) => runner.close()],
] as [string, (runner: ReturnType<typeof createRunner>) => Promise<unknown>][]) {
  test(`${title} closes the browser that a step left open`, async () => {
    const { runner, sandboxes, events, clock } = scene({
      programs: { 'node --test-reporter=tap checks/attacker.test.js': ends },
    });
    await runner.runStep('log-in');
    const done = act(runner);
    await settled();
    await clock.advance(2000);
    await done;
    assert.equal(sandboxes[0].browsers[0].isClosed, true);
    assert.ok(browserStates(events).includes('closed'));
  });
}

test('a browser that does not close does not keep the next run from beginning', async () => {
  const { runner, sandboxes, clock } = scene();
  await runner.runStep('log-in');
  sandboxes[0].browsers[0].gate = new Promise(() => {});
  const running = runner.runStep('log-in');
  await settled();
  await clock.advance(5000);
  assert.equal((await running).state, 'passed');
});

test('an action that cannot be done ends the step and says why; the browser stays as it is until the next run', async () => {
  const { runner, sandboxes } = scene({
    page: (action) => {
      if ('fill' in action) throw new Error('No field "Password": it has Name.');
    },
  });
  const { state, fault, cause } = await runner.runStep('log-in');
  assert.deepEqual(
    { state, fault, cause },
    { state: 'failed', fault: 'ana: No field "Password": it has Name.', cause: 'browser' },
  );
  assert.equal(sandboxes[0].browsers[0].isClosed, false);
  await runner.runStep('log-in');
  assert.equal(sandboxes[0].browsers[0].isClosed, true);
});

test('a page that never loads is stopped at the time limit', async () => {
  const { runner, sandboxes, clock } = scene({ page: () => new Promise(() => {}) });
  const running = runner.runStep('log-in');
  await settled();
  await clock.advance(30_000);
  assert.equal((await running).fault, 'Not finished after 30 seconds: stopped.');
  assert.equal(sandboxes[0].browsers[0].isClosed, true);
});

test('a process that was started may end at once, or listen while somebody else acts', async () => {
  assert.equal((await scene().runner.runStep('attack')).outcome, 'expected');

  let mallory: FakeProcess | undefined;
  const { runner, sandboxes, clock } = scene({
    programs: {
      'npm run attacker': (process) => {
        mallory = process;
        process.listen(8443);
      },
    },
    page: (action, browser) => {
      assert.ok(mallory, 'Mallory is there before Ana comes');
      welcome(action, browser);
    },
  });
  const running = runner.runStep('attack');
  await settled();
  // Ana has her page; that Mallory has said nothing yet proves nothing while she listens.
  await clock.advance(200);
  mallory?.print('token');
  await settled();
  await clock.advance(800);
  await clock.advance(800);
  assert.equal((await running).outcome, 'solved');
  assert.ok(sandboxes[0].killed.includes('npm run attacker'));
});

test('what happens before the checks happens after the servers have started', async () => {
  const checks = 'node --test-reporter=tap checks/attacker.test.js';
  const { runner, sandboxes } = scene({
    programs: {
      [checks]: (process) => {
        process.print('ok 1 - Mallory has the token\n  ---\n  ...');
        process.exit(0);
      },
    },
    page: (_, browser) => browser.print(`after ${sandboxes[0].spawned.join(', ')}`),
  });
  const [{ state }] = await runner.check();
  assert.equal(state, 'passed');
  assert.deepEqual(sandboxes[0].spawned, ['npm run pki', 'npm run app', 'npm run attacker', checks]);
});

test('the checks begin when a person’s page has had its last word', async () => {
  const checks = 'node --test-reporter=tap checks/attacker.test.js';
  let begunBefore: boolean | undefined;
  const { runner, sandboxes } = scene({
    programs: { [checks]: ends },
    page: (_, browser) => {
      setImmediate(() => {
        begunBefore = sandboxes[0].spawned.includes(checks);
        browser.print('console: the token is sent');
      });
    },
  });
  await runner.check();
  assert.ok(sandboxes[0].spawned.includes(checks));
  assert.equal(begunBefore, false);
});

const replays =
  (status: number): Program =>
  (process) => {
    process.print(`status: ${status}`);
    process.exit(0);
  };

test('a step runs in its worlds at once, each with its own files, and is judged in each', async () => {
  const { runner, sandboxes, events } = scene({
    programs: { 'npm run replay': replays(200) },
    others: [{ 'npm run replay': replays(401) }],
  });
  const result = await runner.runStep('side-by-side');
  assert.equal(result.outcome, 'expected');
  assert.equal(sandboxes.length, 2);
  assert.deepEqual(
    sandboxes.map(({ mounted }) => mounted[0]['variant.txt']),
    ['lab', 'fixes/shut'],
  );
  assert.deepEqual(
    result.verdicts.map(({ world, met, came }) => ({ world, met, came })),
    [
      { world: 'open', met: true, came: 'status: 200' },
      { world: 'shut', met: true, came: 'status: 401' },
    ],
  );
  assert.deepEqual(
    result.processes
      .filter(({ name }) => name === 'replay')
      .map(({ world, stdout, exit }) => ({ world, stdout, exit })),
    [
      { world: 'open', stdout: 'status: 200\n', exit: 0 },
      { world: 'shut', stdout: 'status: 401\n', exit: 0 },
    ],
  );
  const starts = events.flatMap((event) =>
    event.type === 'process' && event.state === 'starting' ? [`${event.world} ${event.name}`] : [],
  );
  assert.deepEqual(starts.slice(0, 2), ['open pki', 'shut pki'], 'neither waits for the other');

  await runner.runStep('side-by-side');
  assert.equal(sandboxes.length, 2, 'they stay for the next run');
});

test('what is seen in one world proves nothing in the other; a fault names its world', async () => {
  const { runner, clock } = scene({
    programs: { 'npm run replay': replays(200) },
    others: [{ 'npm run replay': replays(200) }],
  });
  const running = runner.runStep('side-by-side');
  await settled();
  await clock.advance(5000);
  const { state, verdicts } = await running;
  assert.equal(state, 'failed');
  assert.deepEqual(
    verdicts.map(({ met }) => met),
    [true, false],
  );

  const broken = scene({
    programs: { 'npm run replay': replays(200) },
    others: [{ 'npm run replay': replays(401), 'npm run app': ends }],
  });
  assert.equal(
    (await broken.runner.runStep('side-by-side')).fault,
    'Shut: app ended with exit code 0 before it listened.',
  );
});

test('stop ends a step in all its worlds', async () => {
  const hangs: Program = () => {};
  const { runner, sandboxes } = scene({ programs: { 'npm run replay': hangs } });
  const running = runner.runStep('side-by-side');
  await settled();
  await runner.stop();
  assert.equal((await running).state, 'idle');
  for (const { killed } of sandboxes) assert.ok(killed.includes('npm run replay'));
});

test('an engine with one world runs them in turn', async () => {
  const order: string[] = [];
  const sandboxes: FakeSandbox[] = [];
  const inWorld = (index: number): Record<string, Program> => ({
    'npm run pki': ends,
    'npm run app': listens,
    'npm run replay': (process) => {
      order.push(`begins ${index}`);
      setImmediate(() => {
        order.push(`ends ${index}`);
        replays(index === 0 ? 200 : 401)(process);
      });
    },
  });
  const runner = createRunner({
    lab: attackLab,
    boot: async () => {
      const sandbox = new FakeSandbox(inWorld(sandboxes.length));
      sandboxes.push(sandbox);
      const worlds = { can: false, reason: 'There is one.' } as const;
      return Object.assign(sandbox, { capabilities: { ...sandbox.capabilities, worlds } });
    },
    files: () => treeOf(files),
    worldFiles: () => treeOf(files),
    clock: new FakeClock(),
  });
  assert.equal((await runner.runStep('side-by-side')).outcome, 'expected');
  assert.deepEqual(order, ['begins 0', 'ends 0', 'begins 1', 'ends 1']);
});

test('warm boots and prepares every sandbox, so that a run only runs', async () => {
  const { runner, sandboxes } = scene({ programs: { 'npm run replay': replays(200) } });
  await runner.warm();
  assert.deepEqual(
    sandboxes.map(({ spawned }) => spawned),
    [['npm run pki'], ['npm run pki'], ['npm run pki']],
  );
  await runner.runStep('log-in');
  assert.deepEqual(sandboxes[0].spawned, ['npm run pki', 'npm run app']);
});
