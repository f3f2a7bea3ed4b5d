// A process of a container as the page has it (`process.ts`, `reports.ts`), over processes that the test plays: what comes
// late, what comes in pieces, and what is ended on its way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WebContainerProcess } from '@webcontainer/api';
import { runInTurn } from '../../src/sandbox/webcontainer/process.ts';
import { enclose, type Report, separate } from '../../src/sandbox/webcontainer/reports.ts';

const shown = (text = '') => text;

/** A process of the client package's, whose output and end the test decides. */
function played() {
  const { promise: exit, resolve: end } = Promise.withResolvers<number>();
  let output!: ReadableStreamDefaultController<string>;
  const written: string[] = [];
  let kills = 0;
  const process = {
    exit,
    output: new ReadableStream<string>({
      start(controller) {
        output = controller;
      },
    }),
    input: new WritableStream<string>({ write: (text) => void written.push(text) }),
    kill() {
      kills += 1;
    },
    resize() {},
  };
  return {
    process: process as WebContainerProcess,
    end,
    output,
    written,
    get kills() {
      return kills;
    },
  };
}

async function textOf(stream: ReadableStream<string>): Promise<string> {
  let text = '';
  for await (const piece of stream) text += piece;
  return text;
}

test('output that is still coming when its process has ended is waited for', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const one = played();
  const running = runInTurn(1, [async () => one.process], one.process, shown);
  const text = textOf(running.stdout);
  one.end(0);
  // Longer in all than any pause may be.
  for (const piece of ['a', 'b', 'c', 'd']) {
    await new Promise(setImmediate);
    context.mock.timers.tick(600);
    one.output.enqueue(piece);
  }
  await new Promise(setImmediate);
  one.output.close();
  assert.equal(await running.exit, 0);
  assert.equal(await text, 'abcd');
});

test('a process whose output never ends is over all the same', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const one = played();
  const running = runInTurn(1, [async () => one.process], one.process, shown);
  const text = textOf(running.stdout);
  one.output.enqueue('all');
  one.end(3);
  await new Promise(setImmediate);
  context.mock.timers.tick(1000);
  assert.equal(await running.exit, 3);
  assert.equal(await text, 'all');
});

test('output that comes late is waited for, however long there was none before the end', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const one = played();
  const running = runInTurn(1, [async () => one.process], one.process, shown);
  const text = textOf(running.stdout);
  one.output.enqueue('early ');
  await new Promise(setImmediate);
  context.mock.timers.tick(2000);
  one.end(0);
  await new Promise(setImmediate);
  one.output.enqueue('late');
  one.output.close();
  assert.equal(await running.exit, 0);
  assert.equal(await text, 'early late');
});

test('what was held back as the beginning of a report is shown at the end', async () => {
  const one = played();
  const running = runInTurn(
    1,
    [async () => one.process],
    one.process,
    separate('a-mark', () => assert.fail()),
  );
  const text = textOf(running.stdout);
  one.output.enqueue('red\u001b');
  one.output.close();
  one.end(0);
  assert.equal(await running.exit, 0);
  assert.equal(await text, 'red\u001b');
});

test('one whose output nobody reads ends', async () => {
  const one = played();
  const running = runInTurn(1, [async () => one.process], one.process, shown);
  await running.stdout.cancel();
  one.output.enqueue('unheard');
  one.output.close();
  one.end(0);
  assert.equal(await running.exit, 0);
});

test('the second begins when the first has ended well, and has the input from then on', async () => {
  const [one, two] = [played(), played()];
  const begun = Promise.withResolvers<void>();
  const starts = [
    async () => one.process,
    async () => {
      begun.resolve();
      return two.process;
    },
  ];
  const running = runInTurn(1, starts, one.process, shown);
  const writer = running.input.getWriter();
  await writer.write('for ');
  await writer.write('the first');
  one.output.close();
  one.end(0);
  await begun.promise;
  await new Promise(setImmediate);
  await writer.write('for the second');
  two.output.close();
  two.end(5);
  assert.equal(await running.exit, 5);
  assert.deepEqual([one.written, two.written], [['for ', 'the first'], ['for the second']]);
});

for (const [how, code, kill] of [
  ['the first has failed', 7, false],
  ['it has been killed, though the first ended well', 137, true],
] as const) {
  test(`no second begins where ${how}`, async () => {
    const one = played();
    let begun = 0;
    const second = async () => {
      begun += 1;
      return played().process;
    };
    const running = runInTurn(1, [async () => one.process, second], one.process, shown);
    if (kill) running.kill('SIGKILL');
    one.output.close();
    one.end(kill ? 0 : 7);
    await new Promise(setImmediate);
    assert.equal(begun, 0);
    assert.equal(await running.exit, code);
  });
}

test('a process whose container has died is over, and says nothing more', async () => {
  const one = played();
  const running = runInTurn(1, [async () => one.process], one.process, shown);
  const text = textOf(running.stdout);
  one.output.enqueue('said');
  await new Promise(setImmediate);
  running.die(137);
  running.die(1);
  one.output.enqueue('too late');
  one.end(0);
  assert.equal(await running.exit, 137);
  assert.equal(await text, 'said');
});

test('a kill reaches a process that was on its way', async () => {
  const [one, two] = [played(), played()];
  const asked = Promise.withResolvers<void>();
  const comes = Promise.withResolvers<WebContainerProcess>();
  const starts = [
    async () => one.process,
    () => {
      asked.resolve();
      return comes.promise;
    },
  ];
  const running = runInTurn(1, starts, one.process, shown);
  one.output.close();
  one.end(0);
  await asked.promise;
  running.kill('SIGINT');
  comes.resolve(two.process);
  await new Promise(setImmediate);
  assert.equal(two.kills, 1);
  two.output.close();
  two.end(143);
  assert.equal(await running.exit, 130);
});

test('a process that a kill does not end is over for the page', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const one = played();
  const running = runInTurn(1, [async () => one.process], one.process, shown);
  running.kill();
  running.kill('SIGKILL');
  context.mock.timers.tick(3000);
  assert.equal(await running.exit, 143);
  assert.equal(one.kills, 1, 'it is asked once');
  assert.equal(await textOf(running.stdout), '');
});

test('when the next cannot be started, it has failed', async () => {
  const one = played();
  const starts = [async () => one.process, () => Promise.reject(new Error('no more processes'))];
  const running = runInTurn(1, starts, one.process, shown);
  one.output.close();
  one.end(0);
  assert.equal(await running.exit, 1);
});

test('reports are taken out of the output wherever it is cut, and nothing else is', () => {
  const reports: Report[] = [
    { type: 'listen', port: 8443, real: 18_443 },
    { type: 'connection', to: 'straße.example', port: 8443, fromPort: 50_000, status: 'open' },
  ];
  const mark = 'a-mark';
  const own = ['\u001b[31mred\u001b[39m\n', '\u001b]7733;another;{}\u0007', 'end\u001b]7733;'];
  const output = own[0] + enclose(mark, reports[0]) + own[1] + enclose(mark, reports[1]) + own[2];
  for (let at = 0; at <= output.length; at += 1) {
    const heard: Report[] = [];
    const take = separate(mark, (report) => heard.push(report));
    assert.equal(take(output.slice(0, at)) + take(output.slice(at)) + take(), own.join(''), `cut at ${at}`);
    assert.deepEqual(heard, reports);
  }
});

test('a report that is cut off by the end of its process is not shown', () => {
  const take = separate('a-mark', () => assert.fail('it is not whole'));
  const cut = enclose('a-mark', { type: 'listen', port: 1, real: 2 }).slice(0, -3);
  assert.equal(take(`said\n${cut}`) + take(), 'said\n');
});
