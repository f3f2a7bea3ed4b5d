// `npm run sandbox`: what the command promises to authors and referees.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readArguments, UsageError } from '../../scripts/sandbox/arguments.ts';
import { readFolder } from '../../scripts/sandbox/folder.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

interface Result {
  stdout: Buffer;
  stderr: Buffer;
  code: number | null;
}

function run(command: string, args: string[], { input = '', cwd = ROOT } = {}): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd });
    const [stdout, stderr]: Buffer[][] = [[], []];
    child.stdout.on('data', (chunk) => stdout.push(chunk));
    child.stderr.on('data', (chunk) => stderr.push(chunk));
    child.stdin.on('error', () => {});
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr), code }),
    );
    child.stdin.end(input);
  });
}

const sandbox = (args: string[], options?: { input?: string; cwd?: string }) =>
  run(process.execPath, [path.join(ROOT, 'scripts/sandbox/main.ts'), ...args], options);

describe('npm run sandbox', { concurrency: 2 }, () => {
  let folder: string;

  before(() => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'handfast-command-')));
    const files: Record<string, string> = {
      'streams.js':
        "process.stdout.write(Buffer.from([104, 255, 0, 10])); console.error('aside'); process.exitCode = 7;",
      'echo.mjs': `import os from 'node:os'; let text = ''; for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
        console.log(JSON.stringify({ text, args: process.argv.slice(2), file: import.meta.filename, cwd: process.cwd(), name: process.env.HANDFAST_TEST }));`,
      'loop.js': "console.log('before'); while (true);",
      'throws.js': "\nthrow new Error('mine');",
      'writes.js':
        "const fs = require('fs'); fs.writeFileSync('made.txt', 'x'); console.log(fs.readFileSync('made.txt', 'utf8'), fs.readFileSync('bytes.bin').length);",
      'package.js': "console.log(require('small'), require('./sub/part.js'));",
      'node_modules/small/index.js': "module.exports = 'a package';",
      'sub/part.js': 'module.exports = __filename;',
      '.git/config': 'not for the sandbox',
    };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    writeFileSync(path.join(folder, 'bytes.bin'), Buffer.from([1, 2, 255]));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('keeps stdout, stderr and the exit code apart, byte for byte', async () => {
    const { stdout, stderr, code } = await sandbox(['--cwd', folder, 'streams.js']);
    assert.deepEqual([...stdout], [104, 255, 0, 10]);
    assert.equal(stderr.toString(), 'aside\n');
    assert.equal(code, 7);
  });

  test('passes arguments, options after the entry among them, standard input, the environment and the real folder', async () => {
    process.env.HANDFAST_TEST = 'ana';
    const { stdout, stderr } = await sandbox(['--cwd', folder, 'echo.mjs', '--timeout', 'x', '--', '-y'], {
      input: 'grüße\n',
    });
    assert.equal(stderr.toString(), '');
    assert.deepEqual(JSON.parse(stdout.toString()), {
      text: 'grüße\n',
      args: ['--timeout', 'x', '--', '-y'],
      file: path.join(folder, 'echo.mjs'),
      cwd: folder,
      name: 'ana',
    });
  });

  test('ends an endless loop with 124 when time is up; what it printed is there', async () => {
    // On a busy machine a program may come to its first line only when a short time is up.
    let printed = '';
    for (let limit = 1000; printed === '' && limit < 60_000; limit *= 3) {
      const { stdout, code } = await sandbox(['--cwd', folder, '--timeout', String(limit), 'loop.js']);
      assert.equal(code, 124);
      printed = stdout.toString();
    }
    assert.equal(printed, 'before\n');
  });

  test('an uncaught error is told as Node tells it, with code 1', async () => {
    const { stdout, stderr, code } = await sandbox(['--cwd', folder, 'throws.js']);
    assert.equal(stdout.toString(), '');
    assert.ok(
      stderr
        .toString()
        .startsWith(
          `${folder}/throws.js:2\nthrow new Error('mine');\n^\n\nError: mine\n    at Object.<anonymous> (${folder}/throws.js:2:7)\n`,
        ),
      stderr.toString(),
    );
    assert.equal(code, 1);
  });

  test("a file that is not there is Node's own error, among modules too", async () => {
    const modules = path.join(folder, 'modules');
    mkdirSync(modules);
    writeFileSync(path.join(modules, 'package.json'), '{"type":"module"}');
    for (const missing of [
      path.join(folder, 'missing.js'),
      path.join(modules, 'missing.js'),
      path.join(modules, 'missing.mjs'),
    ]) {
      const [real, ours] = await Promise.all([
        run(process.execPath, [missing]),
        sandbox(['--cwd', path.dirname(missing), missing]),
      ]);
      assert.match(String(real.stderr), /code: 'MODULE_NOT_FOUND'/);
      assert.deepEqual([String(ours.stderr), ours.code], [String(real.stderr), real.code]);
    }
  });

  test('what a program writes stays in the sandbox; what it reads is the folder, bytes and all', async () => {
    const { stdout, code } = await sandbox(['--cwd', folder, 'writes.js']);
    assert.deepEqual([stdout.toString(), code], ['x 3\n', 0]);
    assert.equal(existsSync(path.join(folder, 'made.txt')), false);
  });

  test('packages and subfolders come along', async () => {
    const { stdout } = await sandbox(['--cwd', folder, 'package.js']);
    assert.equal(stdout.toString(), `a package ${folder}/sub/part.js\n`);
  });

  test('DIR is where one stands unless it is given; .git stays outside', () => {
    assert.equal(readArguments(['x.js'], '/here').cwd, '/here');
    assert.equal(readArguments(['--cwd', 'sub', 'x.js'], '/here').cwd, '/here/sub');
    const names = readFolder(folder).entries.map((entry) => path.relative(folder, entry.path));
    assert.ok(names.includes(path.join('sub', 'part.js')));
    assert.deepEqual(
      names.filter((name) => name.startsWith('.git')),
      [],
    );
  });

  test('bad usage is explained on stderr, with code 2', async () => {
    for (const args of [
      [],
      ['--nonsense', 'x.js'],
      ['--timeout', 'soon', 'x.js'],
      ['--cwd'],
      ['--cwd', '/no/such/folder', 'x.js'],
    ]) {
      if (args.at(-1) !== 'x.js' || args[0] !== '--cwd')
        assert.throws(() => readArguments(args, '/'), UsageError, args.join(' '));
    }
    const { stdout, stderr, code } = await sandbox(['--cwd', '/no/such/folder', 'x.js']);
    assert.deepEqual([stdout.length, code], [0, 2]);
    assert.match(stderr.toString(), /^No such folder[\s\S]*Usage: npm run --silent sandbox/);
  });

  test('as npm runs it, nothing else is on stdout', async () => {
    const { stdout, code } = await run('npm', [
      'run',
      '--silent',
      'sandbox',
      '--',
      '--cwd',
      folder,
      'streams.js',
    ]);
    assert.deepEqual([[...stdout], code], [[104, 255, 0, 10], 7]);
  });
});
