// The house rules that a tool can check: types, lint, format, and no trace of where the project was made.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readLessons, variantFiles, variantsOf } from '../src/lesson/index.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const execute = promisify(execFile);

/** Runs a program of node_modules/.bin in the project; a failure carries all it printed. */
async function tool(name: string, ...args: string[]): Promise<string> {
  const options = { cwd: root, maxBuffer: 1 << 26, env: { ...process.env, NO_COLOR: '1' } };
  try {
    const { stdout } = await execute(path.join(root, 'node_modules', '.bin', name), args, options);
    return stdout.toString();
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return assert.fail(`${name} ${args.join(' ')}\n${stdout}\n${stderr}`);
  }
}

test('TypeScript finds no fault', async () => {
  await tool('tsc', '--noEmit', '-p', '.');
});

/** The files of a variant lie over those of the lab, so each variant is laid out as it will run. */
test('TypeScript finds no fault in the JavaScript of the labs, their solutions and their fixes', async () => {
  const folder = path.join(root, '.build', 'checked-labs');
  rmSync(folder, { recursive: true, force: true });
  for (const lesson of await readLessons(root)) {
    for (const variant of variantsOf(lesson)) {
      for (const [name, content] of Object.entries(variantFiles(lesson, variant))) {
        const file = path.join(folder, lesson.slug, variant, name);
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, content);
      }
    }
  }
  const config = { extends: '../../lessons/tsconfig.json', include: ['**/*.js', '**/*.mjs'], exclude: [] };
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(config));
  await tool('tsc', '-p', folder);
});

test('Biome finds no fault in format or style', async () => {
  await tool('biome', 'check', '--error-on-warnings', '.');
});

test('no committed file names a machine path or a registry host', async () => {
  const { stdout } = await execute('git', ['ls-files', '-z'], { cwd: root, maxBuffer: 1 << 26 });
  const forbidden = [
    /\/work\//,
    /\/root\//,
    /registry\.npmjs/,
    /deb\.debian\.org/,
    /\/tmp\/(?!\$|X)[a-z]+-?plan/,
  ];
  const faults = stdout
    .split('\0')
    .filter((file) => file && file !== 'tests/house.test.ts' && !/\.(woff2|png|ico)$/.test(file))
    .filter((file) => forbidden.some((pattern) => pattern.test(readFileSync(path.join(root, file), 'utf8'))));
  assert.deepEqual(faults, []);
});
