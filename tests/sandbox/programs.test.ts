// Whole programs, in the embedded engine in Chromium and on real Node.js: both must print the same bytes and end the same.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import dns from 'node:dns/promises';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openEnginePage } from './support/engine-page.ts';

declare const sandbox: typeof import('../../src/sandbox/embedded/index.ts');

const TESTS = path.resolve(import.meta.dirname, '..');
/** What programs that speak TLS read. */
const CERTIFICATES = path.join(TESTS, 'node/tls/fixtures');
const INPUT = 'first line\nsecond line\n';
const ENV = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8' };
const LIMIT_MS = 180_000;

interface Outcome {
  stdout: string;
  stderr: string;
  code: number | null;
}

/** Main files; the folder of each comes along. The loader's own programs run in the browser in tests/loader. */
const programs: string[] = [
  ...mainFiles('sandbox/programs'),
  // What packages these import, their package.json says: the engine brings them, Node.js finds this project's own.
  ...mainFiles('sandbox/packages'),
  ...mainFiles('node/programs'),
];

/** What differs in the browser only, each with its reason. */
const TO_DO: Record<string, string> = {
  'node/programs/uncaught-exit-code.cjs':
    'where a thrown value that is no Error was thrown is not known in a browser',
  'node/programs/uncaught-in-listener.cjs': "two of Node's inner frames are missing from the stack",
};

function mainFiles(folder: string): string[] {
  return readdirSync(path.join(TESTS, folder))
    .filter((name) => /\.[cm]?js$/.test(name))
    .map((name) => path.join(TESTS, folder, name));
}

/** Bytes as text, one character a byte, so that they pass through JSON and are compared exactly. */
function filesOf(folder: string): { path: string; latin1: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => ({ path: file, latin1: readFileSync(file, 'latin1') }));
}

/** What differs between any two runs. */
const settle = ({ stdout, stderr, code }: Outcome): Outcome => ({
  stdout,
  stderr: stderr.replaceAll(/\(node:\d+\)/g, '(node:PID)'),
  code,
});

function onNode(main: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, 'argument'], {
      cwd: path.dirname(main),
      env: ENV,
      timeout: LIMIT_MS,
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('latin1').on('data', (text) => (stdout += text));
    child.stderr.setEncoding('latin1').on('data', (text) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve(settle({ stdout, stderr, code })));
    child.stdin.on('error', () => {});
    child.stdin.end(INPUT);
  });
}

describe('a program does in the embedded engine what it does on Node.js', { concurrency: 2 }, () => {
  let engine: Awaited<ReturnType<typeof openEnginePage>>;
  let localhost: string[];

  before(async () => {
    engine = await openEnginePage();
    localhost = (await dns.lookup('localhost', { all: true })).map(({ address }) => address);
  });
  after(() => engine.close());

  function onEngine(main: string): Promise<Outcome> {
    const folder = path.dirname(main);
    const files = [...filesOf(folder), ...filesOf(CERTIFICATES)];
    const job = { main, folder, files, localhost, input: INPUT, env: ENV, limit: LIMIT_MS };
    return engine.page.evaluate(async ({ main, folder, files, localhost, input, env, limit }) => {
      const read = async (stream: ReadableStream<Uint8Array>) => {
        let text = '';
        for await (const bytes of stream) for (const byte of bytes) text += String.fromCharCode(byte);
        return text;
      };
      const box = await sandbox.bootEmbedded({ workdir: folder, localhost });
      await box.mountEntries(
        files.map(({ path, latin1 }) => ({
          path,
          bytes: Uint8Array.from(latin1, (character) => character.charCodeAt(0)),
          mtimeMs: Date.now(),
          mode: 0,
        })),
      );
      const process = await box.spawn('node', [main, 'argument'], { env });
      const late = setTimeout(() => process.kill(), limit);
      const writer = process.input.getWriter();
      await writer.write(input);
      await writer.close();
      const [stdout, stderr, code] = await Promise.all([
        read(process.bytes.stdout),
        read(process.bytes.stderr),
        process.exit,
      ]);
      clearTimeout(late);
      await box.teardown();
      return { stdout, stderr, code };
    }, job);
  }

  for (const main of programs) {
    const name = path.relative(TESTS, main).split(path.sep).join('/');
    test(name, { todo: TO_DO[name] }, async () => {
      const [real, ours] = await Promise.all([onNode(main), onEngine(main)]);
      assert.deepEqual(settle(ours), real);
    });
  }
});
