/**
 * The two-log method: each program in `programs/` runs on real Node.js and on the sandbox's runtime (over a Host in
 * memory), and prints the same on both: standard output, standard error and exit code.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const project = path.join(here, '../..');
const runtime = path.join(project, '.build/engine/runtime-for-tests.mjs');
const programs = path.join(here, 'programs');

interface Log {
  stdout: string;
  stderr: string;
  code: number | null;
}

/** Runs Node.js; `input` is what the program reads from standard input. */
function run(args: string[], input: string): Promise<Log> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: programs, timeout: 180_000 });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ stdout, stderr: withoutPid(stderr), code }));
    child.stdin.end(input);
  });
}

/** `(node:1234) Warning` names the process. */
const withoutPid = (text: string) => text.replace(/^\(node:\d+\)/gm, '(node:PID)');

before(() => {
  execFileSync(process.execPath, ['src/node/build/index.ts', 'runtime-for-tests.mjs'], { cwd: project });
});

for (const name of readdirSync(programs).filter((file) => /\.[cm]js$/.test(file))) {
  test(`prints the same as on Node.js: ${name}`, async () => {
    const program = path.join(programs, name);
    const input = 'first line\nsecond line\nlast';
    const [expected, actual] = await Promise.all([run([program], input), run([runtime, program], input)]);
    // How an uncaught error is printed is the loader's part (src/sandbox/embedded/loader) and tested there.
    if (name.startsWith('uncaught-')) expected.stderr = actual.stderr = '';
    assert.deepEqual(actual, expected);
  });
}
