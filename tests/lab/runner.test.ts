// The runner judges by what is seen, ends what it started, and is held up by nothing that a program does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRunner, type Runner, type RunnerEvent } from '../../src/lab/index.ts';
import type { FileTree } from '../../src/sandbox/index.ts';
import { FakeClock, type FakeProcess, FakeSandbox, type Program, settled } from './fake-sandbox.ts';
import { smallLab } from './small-lab.ts';

const serves: Program = (server) => {
  server.listen(8443);
  server.print('served');
};
const refuses: Program = (server) => {
  server.listen(8443);
  server.print('refused');
};
const gets: Program = (caller) => {
  caller.print('hello\nanswer: 42');
  caller.exit(0);
};
const getsNothing: Program = (caller) => caller.exit(1);
const hangs: Program = () => {};

interface Scene {
  runner: Runner;
  sandbox: FakeSandbox;
  clock: FakeClock;
  events: RunnerEvent[];
}

function scene(programs: Record<string, Program> = {}, boots?: () => Promise<FakeSandbox>): Scene {
  const sandbox = new FakeSandbox({
    'npm run server': serves,
    'npm run client': gets,
    'npm run mallory': gets,
    ...programs,
  });
  const clock = new FakeClock();
  const events: RunnerEvent[] = [];
  const runner = createRunner({
    lab: smallLab,
    boot: boots ?? (async () => sandbox),
    files: () => ({}),
    onEvent: (event) => events.push(event),
    clock,
  });
  return { runner, sandbox, clock, events };
}

const stepStates = (events: RunnerEvent[]) =>
  events.flatMap((event) => (event.type === 'step' ? [`${event.id} ${event.state}`] : []));

test('a step starts its servers, runs its callers, judges, and stops the servers', async () => {
  const { runner, sandbox, events } = scene();
  const result = await runner.runStep('ask');
  assert.equal(result.state, 'passed');
  assert.equal(result.outcome, 'expected');
  assert.deepEqual(
    result.verdicts.map(({ met, words }) => ({ met, words })),
    smallLab.steps[0].expect.map(({ words }) => ({ met: true, words })),
  );
  assert.deepEqual(sandbox.spawned, ['npm run server', 'npm run client']);
  assert.ok(sandbox.killed.includes('npm run server'));
  assert.deepEqual(stepStates(events), ['ask running', 'ask passed']);
  const states = events.flatMap((event) =>
    event.type === 'process' ? [`${event.name} ${event.state}`] : [],
  );
  assert.deepEqual(states.slice(0, 5), [
    'server starting',
    'server running',
    'server listening',
    'client starting',
    'client running',
  ]);
});

test('a file that the reader has deleted is no longer in the sandbox, in the next run and after', async () => {
  const trees: FileTree[] = [
    { 'a.js': '1', own: { 'b.js': '2' } },
    { 'a.js': '1' },
    { 'a.js': '1', own: { 'b.js': '3' } },
  ];
  const sandbox = new FakeSandbox({ 'npm run server': serves, 'npm run client': gets });
  const runner = createRunner({
    lab: smallLab,
    boot: async () => sandbox,
    files: () => trees[sandbox.mounted.length],
    clock: new FakeClock(),
  });
  await runner.runStep('ask');
  assert.deepEqual(sandbox.removed, []);
  await runner.runStep('ask');
  assert.deepEqual(sandbox.removed, ['own/b.js']);
  await runner.runStep('ask');
  assert.deepEqual(sandbox.removed, ['own/b.js']);
  assert.deepEqual(sandbox.mounted, trees);
});

test('a folder that is empty by then goes too, and one that is not stays', async () => {
  const trees: FileTree[] = [{ deep: { own: { 'b.js': '' } }, full: { 'c.js': '' } }, {}];
  const sandbox = new FakeSandbox({ 'npm run server': serves, 'npm run client': gets });
  Object.assign(sandbox.fs, { readdir: async (path: string) => (path === 'full' ? ['written.txt'] : []) });
  const runner = createRunner({
    lab: smallLab,
    boot: async () => sandbox,
    files: () => trees[sandbox.mounted.length],
    clock: new FakeClock(),
  });
  await runner.runStep('ask');
  await runner.runStep('ask');
  assert.deepEqual(sandbox.removed, ['deep/own/b.js', 'full/c.js', 'deep/own', 'deep']);
});

test('a caller is not started before its server listens', async () => {
  let server: FakeProcess | undefined;
  const { runner, sandbox } = scene({
    'npm run server': (process) => {
      server = process;
    },
  });
  const running = runner.runStep('ask');
  await settled();
  assert.deepEqual(sandbox.spawned, ['npm run server']);
  server?.print('served');
  server?.listen(8443);
  assert.equal((await running).state, 'passed');
});

test('texts must come in their order, each on a line of its own', async () => {
  const { runner, clock } = scene({
    'npm run client': (client) => {
      client.print('answer: 42\nhello');
      client.exit(0);
    },
  });
  const running = runner.runStep('ask');
  await settled();
  await clock.advance(1500);
  const { state, verdicts } = await running;
  assert.equal(state, 'failed');
  assert.deepEqual(verdicts[0], {
    words: 'The client gets its answer.',
    process: 'client',
    met: false,
    expected: '"hello", then "answer: 42" on stdout',
    came: 'answer: 42\nhello',
  });
  assert.equal(verdicts[1].met, true);
});

test('what the server says after its caller has ended still counts', async () => {
  let server: FakeProcess | undefined;
  const { runner } = scene({
    'npm run server': (process) => {
      server = process;
      process.listen(8443);
    },
  });
  const running = runner.runStep('ask');
  await settled();
  server?.print('served');
  assert.equal((await running).state, 'passed');
});

test('a server may finish what it is saying before it is stopped', async () => {
  let server: FakeProcess | undefined;
  const { runner } = scene({
    'npm run server': (process) => {
      server = process;
      process.listen(8443);
      process.print('served');
    },
    'npm run client': (client) => {
      gets(client);
      setImmediate(() => setImmediate(() => server?.print('goodbye')));
    },
  });
  const { processes } = await runner.runStep('ask');
  assert.equal(processes[0].stdout, 'served\ngoodbye\n');
});

test('a server that never stops printing does not keep its step from ending', async () => {
  let isOver = false;
  const { runner, clock } = scene({
    'npm run server': (server) => {
      server.listen(8443);
      server.print('served');
      const chatter = () => {
        server.print('tick');
        if (!isOver) setImmediate(chatter);
      };
      chatter();
    },
  });
  const running = runner.runStep('ask').finally(() => {
    isOver = true;
  });
  // Less at a time than the silence that is waited for.
  while (!isOver) await clock.advance(50);
  const { state, fault } = await running;
  assert.deepEqual({ state, fault }, { state: 'passed', fault: undefined });
});

test('a step that the exercise changes passes with either outcome, and says which', async () => {
  assert.equal((await scene().runner.runStep('steal')).outcome, 'expected');
  const mended = scene({ 'npm run server': refuses, 'npm run mallory': getsNothing });
  const result = await mended.runner.runStep('steal');
  assert.equal(result.state, 'passed');
  assert.equal(result.outcome, 'solved');
  assert.deepEqual(
    result.verdicts.map(({ words }) => words),
    smallLab.steps[1].solved?.map(({ words }) => words),
  );
});

test('a server that ends before it listens fails the step, with its exit code', async () => {
  const { runner } = scene({
    'npm run server': (server) => {
      server.complain('SyntaxError: Unexpected token');
      server.exit(1);
    },
  });
  const result = await runner.runStep('ask');
  assert.equal(result.state, 'failed');
  assert.equal(result.fault, 'server ended with exit code 1 before it listened.');
  assert.equal(result.processes[0].stderr, 'SyntaxError: Unexpected token\n');
  assert.match(result.verdicts[1].came, /Unexpected token/);
});

for (const [title, programs] of [
  ['a caller that never ends', { 'npm run client': hangs }],
  ['a server that never listens', { 'npm run server': hangs }],
] as const) {
  test(`${title} is stopped at the time limit`, async () => {
    const { runner, sandbox, clock } = scene(programs);
    const running = runner.runStep('ask');
    await settled();
    await clock.advance(10_000);
    const result = await running;
    assert.equal(result.state, 'failed');
    assert.equal(result.fault, 'Not finished after 10 seconds: stopped.');
    assert.equal(sandbox.killed.length, sandbox.spawned.length);
  });
}

test('a runner that is told to be patient waits so many times as long', async () => {
  const sandbox = new FakeSandbox({ 'npm run server': serves, 'npm run client': hangs });
  const clock = new FakeClock();
  const runner = createRunner({
    lab: smallLab,
    boot: async () => sandbox,
    files: () => ({}),
    clock,
    patience: 3,
  });
  const running = runner.runStep('ask');
  await settled();
  await clock.advance(29_000);
  assert.deepEqual(sandbox.killed, []);
  await clock.advance(1000);
  assert.equal((await running).state, 'failed');
});

test('a program that prints without end is cut short and its step is judged', async () => {
  const { runner, sandbox } = scene({
    'npm run client': (client) => {
      client.print('hello\nanswer: 42');
      for (let line = 0; line < 1000; line += 1) client.print('x'.repeat(1000));
      client.exit(0);
    },
  });
  const result = await runner.runStep('ask');
  assert.equal(result.state, 'passed');
  const [, client] = result.processes;
  assert.ok(client.stdout.length < 201_000, `kept ${client.stdout.length} characters`);
  assert.match(client.stdout, /the rest is not judged/);
  assert.ok(sandbox.killed.includes('npm run server'));
});

test('stop ends a step at once: idle, no verdict, no process left', async () => {
  const { runner, sandbox, events } = scene({ 'npm run client': hangs });
  const running = runner.runStep('ask');
  await settled();
  await runner.stop();
  assert.equal((await running).state, 'idle');
  assert.deepEqual(sandbox.killed.sort(), ['npm run client', 'npm run server']);
  assert.deepEqual(stepStates(events), ['ask running', 'ask idle']);
});

test('stop during run all leaves the later steps alone', async () => {
  const { runner, events } = scene({ 'npm run client': hangs });
  const running = runner.runAll();
  await settled();
  await runner.stop();
  assert.equal((await running).length, 1);
  assert.deepEqual(stepStates(events), ['ask running', 'ask idle']);
});

test('a process that comes to life after the stop is ended too', async () => {
  const { runner, sandbox } = scene();
  const gate = Promise.withResolvers<void>();
  sandbox.gate = gate.promise;
  const running = runner.runStep('ask');
  await settled();
  await runner.stop();
  gate.resolve();
  await running;
  await settled();
  assert.deepEqual(sandbox.killed, ['npm run server']);
});

test('what is started later takes over', async () => {
  const { runner, sandbox } = scene({ 'npm run client': hangs });
  const first = runner.runStep('ask');
  await settled();
  const second = await runner.runStep('steal');
  assert.equal((await first).state, 'idle');
  assert.equal(second.state, 'passed');
  assert.ok(sandbox.killed.includes('npm run client'));
});

test('a run leaves no listener behind', async () => {
  const { runner, sandbox } = scene();
  await runner.runAll();
  assert.equal(sandbox.listenerCount('listen'), 0);
  const once = sandbox.listenerCount('error');
  await runner.runAll();
  assert.equal(sandbox.listenerCount('error'), once);
});

test('an engine that fails fails the step, and the next run has a new one', async () => {
  const engines: FakeSandbox[] = [];
  const programs = { 'npm run server': serves, 'npm run client': hangs, 'npm run mallory': gets };
  const { runner } = scene({}, async () => {
    engines.push(new FakeSandbox(programs));
    return engines[engines.length - 1];
  });
  const running = runner.runStep('ask');
  await settled();
  engines[0].emit('error', { message: 'the frame died' });
  const result = await running;
  assert.equal(result.state, 'failed');
  assert.equal(result.fault, 'The sandbox failed: the frame died');
  assert.equal((await runner.runStep('steal')).state, 'passed');
  assert.equal(engines.length, 2);
});

test('an engine that cannot start fails the step in its own words, and is tried again', async () => {
  let attempts = 0;
  const good = scene();
  const { runner } = scene({}, async () => {
    attempts += 1;
    if (attempts === 1) throw new Error('The engine could not be loaded.');
    return good.sandbox;
  });
  assert.equal((await runner.runStep('ask')).fault, 'The engine could not be loaded.');
  assert.equal((await runner.runStep('ask')).state, 'passed');
});

test('stop works while an engine never starts', async () => {
  const { runner } = scene({}, () => new Promise(() => {}));
  const running = runner.runStep('ask');
  await settled();
  await runner.stop();
  assert.equal((await running).state, 'idle');
});

test('a step that the lab does not have is refused', async () => {
  await assert.rejects(scene().runner.runStep('other'), /no step "other": it has ask, steal/);
});

const tap =
  (lines: string[]): Program =>
  (checks) => {
    checks.print(['TAP version 13', ...lines].join('\n'));
    checks.exit(lines.some((line) => line.startsWith('not ok')) ? 1 : 0);
  };
const CHECKS = 'node --test-reporter=tap checks/server.test.js';

test('checks run against fresh servers, and each has its own verdict', async () => {
  const { runner, sandbox, events } = scene({
    [CHECKS]: tap([
      'not ok 1 - mallory gets nothing',
      '  ---',
      '  error: |-',
      '    Mallory was served.',
      '    Twice.',
      "  code: 'ERR_ASSERTION'",
      '  ...',
      'ok 2 - the client gets its answer',
      '  ---',
      '  ...',
    ]),
  });
  const results = await runner.check();
  assert.deepEqual(
    results.map(({ name, state, message }) => ({ name, state, message })),
    [
      { name: 'shut-out', state: 'failed', message: 'Mallory was served.\nTwice.' },
      { name: 'served', state: 'passed', message: '' },
    ],
  );
  assert.deepEqual(sandbox.spawned, ['npm run server', CHECKS]);
  assert.ok(sandbox.killed.includes('npm run server'));
  const states = events.flatMap((event) => (event.type === 'check' ? [`${event.name} ${event.state}`] : []));
  assert.deepEqual(states, ['shut-out running', 'served running', 'shut-out failed', 'served passed']);
});

test('a check that was skipped, or left to do, or not run, has not passed', async () => {
  const skipped = scene({
    [CHECKS]: tap([
      'ok 1 - mallory gets nothing # SKIP later',
      '  ---',
      '  ...',
      'ok 2 - the client gets its answer # TODO',
      '  ---',
      '  ...',
    ]),
  });
  for (const { state, message } of await skipped.runner.check()) {
    assert.equal(state, 'failed');
    assert.match(message, /not run/);
  }
  const [first] = await scene({ [CHECKS]: tap([]) }).runner.check();
  assert.equal(first.state, 'failed');
  assert.equal(first.message, 'The test "mallory gets nothing" did not run.');
});

test('a server that breaks before the checks is what every check reports', async () => {
  const { runner } = scene({
    'npm run server': (server) => {
      server.complain('ReferenceError: sever is not defined');
      server.exit(1);
    },
  });
  for (const { state, message } of await runner.check()) {
    assert.equal(state, 'failed');
    assert.match(message, /server ended with exit code 1 before it listened/);
    assert.match(message, /ReferenceError: sever is not defined/);
  }
});

test('checks that never end are stopped at their time limit', async () => {
  const { runner, clock, sandbox } = scene({ [CHECKS]: hangs });
  const running = runner.check();
  await settled();
  await clock.advance(30_000);
  for (const { state, message } of await running) {
    assert.equal(state, 'failed');
    assert.match(message, /Not finished after 30 seconds/);
  }
  assert.deepEqual(sandbox.killed.sort(), [CHECKS, 'npm run server']);
});

test('stopped checks are idle, not failed', async () => {
  const { runner } = scene({ [CHECKS]: hangs });
  const running = runner.check();
  await settled();
  await runner.stop();
  assert.deepEqual(
    (await running).map(({ state }) => state),
    ['idle', 'idle'],
  );
});

test('reset stops and forgets every verdict', async () => {
  const { runner, events } = scene({ 'npm run client': hangs });
  const running = runner.runStep('ask');
  await settled();
  await runner.reset();
  assert.equal((await running).state, 'idle');
  assert.deepEqual(stepStates(events).slice(-2), ['ask idle', 'steal idle']);
  assert.equal(events.filter((event) => event.type === 'check' && event.state === 'idle').length, 2);
});

test('close frees the sandbox', async () => {
  const { runner, sandbox } = scene();
  await runner.runStep('ask');
  await runner.close();
  assert.equal(sandbox.tornDown, true);
});

test('the files are put into the sandbox before each run', async () => {
  const { runner, sandbox } = scene();
  await runner.runAll();
  assert.equal(sandbox.mounted.length, smallLab.steps.length);
});
