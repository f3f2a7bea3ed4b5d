// node:sqlite in the embedded engine: what the programs of tests/*/programs cannot show, because it takes several processes.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openEnginePage } from './support/engine-page.ts';

declare const sandbox: typeof import('../../src/sandbox/embedded/index.ts');

const WASM = '/engine/sqlite.wasm';

/** Runs programs of one sandbox one after another; what each printed. */
async function inTurn({ files, commands }: { files: Record<string, string>; commands: string[][] }) {
  const box = await sandbox.bootEmbedded();
  await box.mount(files);
  const printed: string[] = [];
  for (const args of commands) {
    const process = await box.spawn('node', args);
    let text = '';
    const read = async (stream: ReadableStream<string>) => {
      for await (const chunk of stream) text += chunk;
    };
    await Promise.all([read(process.stdout), read(process.stderr)]);
    printed.push(text);
    await process.exit;
  }
  const names = await box.fs.readdir('.');
  await box.teardown();
  return { printed, names };
}

describe('node:sqlite in the embedded engine', () => {
  let engine: Awaited<ReturnType<typeof openEnginePage>>;
  before(async () => {
    engine = await openEnginePage();
  });
  after(() => engine.close());

  test('SQLite comes with the programs that name it, once', async () => {
    const run = (files: Record<string, string>) =>
      engine.page.evaluate(inTurn, { files, commands: [[Object.keys(files)[0]]] });
    await run({
      'other.mjs': "import { createHash } from 'node:crypto'; import(process.argv[2] ?? 'node:fs');",
    });
    assert.ok(!engine.asked.includes(WASM), 'not even to a program that may import anything');
    const files = {
      'main.mjs': "import './store.mjs';",
      'store.mjs': `import { DatabaseSync } from 'node:sqlite';
        console.log(new DatabaseSync(':memory:').prepare('SELECT 1 AS one').get().one);`,
    };
    assert.deepEqual((await run(files)).printed, ['1\n']);
    assert.deepEqual((await run(files)).printed, ['1\n']);
    assert.equal(engine.asked.filter((url) => url === WASM).length, 1);
  });

  test('a program that hides the name is told how to say it', async () => {
    const { printed } = await engine.page.evaluate(inTurn, {
      files: { 'main.cjs': "require('node:sq' + 'lite');" },
      commands: [['main.cjs']],
    });
    assert.match(printed[0], /not loaded.*Name it there/);
  });

  for (const mode of ['DELETE', 'WAL']) {
    test(`one process reads what another has left, also without closing it: journal ${mode}`, async () => {
      const { printed, names } = await engine.page.evaluate(inTurn, {
        files: {
          'write.mjs': `import { DatabaseSync } from 'node:sqlite';
            const db = new DatabaseSync('app.db');
            db.exec('PRAGMA journal_mode = ${mode}; CREATE TABLE IF NOT EXISTS t (a)');
            db.prepare('INSERT INTO t VALUES (?)').run(process.argv[2]);
            db.exec("BEGIN; INSERT INTO t VALUES ('never committed')");
            process.exit();`,
          'read.mjs': `import { DatabaseSync } from 'node:sqlite';
            const db = new DatabaseSync('app.db');
            console.log(db.prepare('SELECT a FROM t').all().map(({ a }) => a).join());
            db.close();`,
        },
        commands: [['write.mjs', 'one'], ['write.mjs', 'two'], ['read.mjs']],
      });
      assert.deepEqual(printed, ['', '', 'one,two\n']);
      assert.deepEqual(names, ['app.db', 'read.mjs', 'write.mjs']);
    });

    test(`processes that run side by side see each other's commits: journal ${mode}`, async () => {
      const seen = await engine.page.evaluate(async (mode) => {
        const box = await sandbox.bootEmbedded();
        // Each line of input is a statement; each answer is the table.
        const program = `import { createInterface } from 'node:readline';
          import { DatabaseSync } from 'node:sqlite';
          const db = new DatabaseSync('app.db');
          db.exec('PRAGMA journal_mode = ${mode}; CREATE TABLE IF NOT EXISTS t (a)');
          console.log('ready');
          for await (const line of createInterface({ input: process.stdin })) {
            if (line !== '') db.exec(line);
            console.log(db.prepare('SELECT group_concat(a) AS all_of FROM t').get().all_of);
          }`;
        await box.mount({ 'main.mjs': program });
        const open = async () => {
          const process = await box.spawn('node', ['main.mjs']);
          const output = process.stdout.getReader();
          const input = process.input.getWriter();
          await output.read();
          return async (statement: string) => {
            await input.write(`${statement}\n`);
            return (await output.read()).value;
          };
        };
        const ada = await open();
        const bob = await open();
        const answers = [await ada('INSERT INTO t VALUES (1)')];
        // Bob's process has Ada's file before it has the next line of input: both come from the kernel, in order.
        answers.push(
          await bob('INSERT INTO t VALUES (2)'),
          await ada('INSERT INTO t VALUES (3)'),
          await bob(''),
        );
        await box.teardown();
        return answers;
      }, mode);
      assert.deepEqual(seen, ['1\n', '1,2\n', '1,2,3\n', '1,2,3\n']);
    });
  }
});
