// An author's slip stops the build, and the message says where to look.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const prose = path.join('lessons', '05-mutual-tls', 'lesson.mdx');

let copy: string;
before(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'handfast-authoring-'));
  for (const name of ['src', 'lessons', 'public', 'astro.config.mjs', 'tsconfig.json', 'package.json']) {
    cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
  }
  for (const name of ['node_modules', '.build']) symlinkSync(path.join(root, name), path.join(copy, name));
});
after(() => rmSync(copy, { recursive: true, force: true }));

/** Builds the copy with the lesson's prose changed, and says what the build complained of. */
async function complaintOfBuild(change: (prose: string) => string): Promise<string> {
  const original = readFileSync(path.join(root, prose), 'utf8');
  const changed = change(original);
  assert.notEqual(changed, original);
  writeFileSync(path.join(copy, prose), changed);
  const built = await promisify(execFile)(process.execPath, ['node_modules/astro/bin/astro.mjs', 'build'], {
    cwd: copy,
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', NO_COLOR: '1', FORCE_COLOR: '0' },
  }).catch((error) => error);
  assert.ok(built.code, 'the build went through');
  return built.stdout + built.stderr;
}

test('a misspelt field of the frontmatter stops the build, which names the file and the field', async () => {
  const complaint = await complaintOfBuild((text) => text.replace(/^promise:/m, 'promies:'));
  assert.match(complaint, /05-mutual-tls[/\\]lesson\.mdx/);
  assert.match(complaint, /promies/);
});

test('a step that only the prose knows stops the build, which names the file and the step', async () => {
  const complaint = await complaintOfBuild((text) =>
    text.replace('<Step id="wrong-key">', '<Step id="wrong-kay">'),
  );
  assert.match(complaint, /05-mutual-tls[/\\]lesson\.mdx/);
  assert.match(complaint, /wrong-kay/);
});

test('a region that the file does not mark stops the build, which names the file and the region', async () => {
  const complaint = await complaintOfBuild((text) => text.replace('region="strict"', 'region="strickt"'));
  assert.match(complaint, /server\.js/);
  assert.match(complaint, /strickt/);
});
