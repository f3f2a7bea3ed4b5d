// The packages of a lab: those that the site brings, in its versions, locked.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { readLessons } from '../../src/lesson/index.ts';
import { checkPackages } from '../../src/lesson/packages.ts';

const root = mkdtempSync(path.join(tmpdir(), 'handfast-packages-'));
after(() => rmSync(root, { recursive: true, force: true }));
writeFileSync(
  path.join(root, 'package.json'),
  JSON.stringify({ labPackages: ['jose'], devDependencies: { jose: '6.2.17' } }),
);

const locked = { version: '6.2.17', integrity: 'sha512-AAAA' };
const check = (dependencies: object, lock: object | undefined = locked) =>
  checkPackages(
    root,
    {
      'package.json': JSON.stringify({ dependencies }),
      ...(lock && { 'package-lock.json': JSON.stringify({ packages: { 'node_modules/jose': lock } }) }),
    },
    'lessons/08-small/lab',
  );
const manifest = 'lessons/08-small/lab/package.json';
const lockfile = 'lessons/08-small/lab/package-lock.json';

test('a lab may name what the site compiles, in that version, or nothing', () => {
  check({ jose: '6.2.17' });
  checkPackages(root, { 'package.json': '{}' }, 'lessons/08-small/lab');
});

test('another package or version is refused, with its file and field', () => {
  const fault = (code: string, file: string, field: string) => ({ name: 'LessonError', code, file, field });
  assert.throws(
    () => check({ express: '5.0.0' }),
    fault('unknown-package', manifest, 'dependencies.express'),
  );
  assert.throws(() => check({ jose: '^6.2.17' }), fault('other-version', manifest, 'dependencies.jose'));
  assert.throws(() => check({ jose: '6.2.16' }), /"6\.2\.17", found "6\.2\.16"/);
});

test('npm ci must find a lockfile of the same versions, and no address of somebody’s registry', () => {
  const fault = (field: string) => ({ code: 'bad-lockfile', file: lockfile, field });
  const files = { 'package.json': JSON.stringify({ dependencies: { jose: '6.2.17' } }) };
  assert.throws(() => checkPackages(root, files, 'lessons/08-small/lab'), fault(''));
  const entry = 'packages.node_modules/jose';
  assert.throws(() => check({ jose: '6.2.17' }, { ...locked, version: '6.2.16' }), fault(entry));
  assert.throws(() => check({ jose: '6.2.17' }, { version: '6.2.17' }), fault(entry));
  const elsewhere = { ...locked, resolved: 'https://packages.example/jose.tgz' };
  assert.throws(() => check({ jose: '6.2.17' }, elsewhere), fault(`${entry}.resolved`));
});

test("a lab's lockfile has the checksums of the project's own", async () => {
  const project = path.resolve(import.meta.dirname, '../..');
  const { packages } = JSON.parse(readFileSync(path.join(project, 'package-lock.json'), 'utf8'));
  const lessons = (await readLessons(project)).filter(({ files }) => 'package-lock.json' in files);
  assert.ok(lessons.length > 0);
  for (const { files } of lessons) {
    const lock = JSON.parse(String(files['package-lock.json']));
    for (const [place, { integrity }] of Object.entries<{ integrity?: string }>(lock.packages))
      if (place !== '') assert.equal(integrity, packages[place].integrity, place);
  }
});
