// Every code of the page "Errors you will meet" is raised here, on real Node.js and in the embedded engine: who says it, the
// code and the message must be those that the page gives.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type ErrorEntry, errorKinds } from '../../src/text/index.ts';
import { openEnginePage } from '../sandbox/support/engine-page.ts';

declare const sandbox: typeof import('../../src/sandbox/embedded/index.ts');

const PROGRAMS = path.join(import.meta.dirname, 'programs');
const FIXTURES = path.resolve(import.meta.dirname, '../node/tls/fixtures');
const LIMIT_MS = 180_000;

/** A slash cannot stand in a file's name. */
const programOf = (code: string) => path.join(PROGRAMS, `${code.replaceAll('/', '_')}.mjs`);
const entries: readonly ErrorEntry[] = errorKinds.flatMap(({ entries }) => entries);
/** What servers of OAuth answer, lesson 8's own servers say: see oauth.test.ts. */
const raised = entries.filter(({ by }) => by !== 'api' && by !== 'auth');

function onNode(main: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--no-warnings', main], { cwd: PROGRAMS, timeout: LIMIT_MS });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve(code === 0 ? stdout : `exited ${code}: ${stderr}`));
  });
}

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => ({ path: file, text: readFileSync(file, 'utf8') }));

test('every code has its program, and every program its code', () => {
  const programs = readdirSync(PROGRAMS).filter((name) => name.endsWith('.mjs'));
  assert.deepEqual(programs.sort(), raised.map(({ code }) => path.basename(programOf(code))).sort());
});

describe('a code is raised as the page says', { concurrency: 2 }, () => {
  let engine: Awaited<ReturnType<typeof openEnginePage>>;
  before(async () => {
    engine = await openEnginePage();
  });
  after(() => engine.close());

  function onEngine(main: string): Promise<string> {
    const job = {
      main,
      folder: PROGRAMS,
      files: [...filesOf(PROGRAMS), ...filesOf(FIXTURES)],
      limit: LIMIT_MS,
    };
    return engine.page.evaluate(async ({ main, folder, files, limit }) => {
      const read = async (stream: ReadableStream<Uint8Array>) => {
        const decoder = new TextDecoder();
        let text = '';
        for await (const bytes of stream) text += decoder.decode(bytes, { stream: true });
        return text;
      };
      const box = await sandbox.bootEmbedded({ workdir: folder });
      await box.mountEntries(
        files.map(({ path, text }) => ({
          path,
          bytes: new TextEncoder().encode(text),
          mtimeMs: Date.now(),
          mode: 0,
        })),
      );
      const process = await box.spawn('node', [main]);
      const late = setTimeout(() => process.kill(), limit);
      const [stdout, stderr, code] = await Promise.all([
        read(process.bytes.stdout),
        read(process.bytes.stderr),
        process.exit,
      ]);
      clearTimeout(late);
      await box.teardown();
      return code === 0 ? stdout : `exited ${code}: ${stderr}`;
    }, job);
  }

  for (const { code, by, message } of raised)
    for (const [where, run] of [
      ['on Node.js', onNode],
      ['in the engine', onEngine],
    ] as const)
      test(`${code}, ${where}`, async () => {
        const printed = await run(programOf(code));
        assert.match(printed, /^\{.*\}\n$/, 'the program prints one error');
        assert.deepEqual(JSON.parse(printed), { by, code, message });
      });
});
