// Reading a lesson from its folder.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { lessonSlugs, readLesson, variantFiles, variantsOf } from '../../src/lesson/index.ts';

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const lab = {
  'lab.ts': "import { smallLab } from './small-lab.ts';\nexport default smallLab;\n",
  'lesson.mdx': 'Prose.',
  'lab/package.json':
    '{"scripts":{"server":"node server.js","client":"node client.js","mallory":"node m.js"}}',
  'lab/server.js': 'lax();\n',
  'lab/checks/server.test.js': '',
  'lab/picture.bin': new Uint8Array([0xff, 0xfe, 0x00]),
  'solution/server.js': 'strict();\n',
  'fixes/looks-right/server.js': 'almost();\n',
  'fixes/looks-right/why.md': 'It is not.\n',
};

/** A project with one lesson, changed: a file that is `undefined` is left out. */
function project(change: Record<string, string | undefined> = {}, folder = '05-small'): string {
  const root = mkdtempSync(path.join(tmpdir(), 'handfast-lesson-'));
  folders.push(root);
  for (const [name, content] of Object.entries({ ...lab, ...change })) {
    if (content === undefined) continue;
    const file = path.join(root, 'lessons', folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  const small = path.resolve(import.meta.dirname, '../lab/small-lab.ts');
  const text = `export { smallLab } from ${JSON.stringify(small)};\n`;
  writeFileSync(path.join(root, 'lessons', folder, 'small-lab.ts'), text);
  return root;
}

test('a lesson is found by its slug and by its folder; the number gives the order', async () => {
  const root = project();
  cpSync(path.join(root, 'lessons/05-small'), path.join(root, 'lessons/02-first'), { recursive: true });
  assert.deepEqual(lessonSlugs(root), ['first', 'small']);
  assert.equal((await readLesson(root, 'small')).number, 5);
  assert.equal((await readLesson(root, '02-first')).slug, 'first');
});

test('a variant is the lab with its own files laid over', async () => {
  const lesson = await readLesson(project(), 'small');
  assert.deepEqual(variantsOf(lesson), ['lab', 'solution', 'fixes/looks-right']);
  assert.equal(variantFiles(lesson, 'lab')['server.js'], 'lax();\n');
  assert.equal(variantFiles(lesson, 'solution')['server.js'], 'strict();\n');
  const fixed = variantFiles(lesson, 'fixes/looks-right');
  assert.equal(fixed['server.js'], 'almost();\n');
  assert.ok('package.json' in fixed && !('why.md' in fixed));
  assert.equal(lesson.fixes[0].why, 'It is not.\n');
});

test('text is read as text, anything else as bytes', async () => {
  const { files } = await readLesson(project(), 'small');
  assert.equal(typeof files['server.js'], 'string');
  assert.deepEqual([...(files['picture.bin'] as Uint8Array)], [0xff, 0xfe, 0x00]);
});

test('an unknown lesson or variant stops, and lists what there is', async () => {
  const root = project();
  await assert.rejects(readLesson(root, 'big'), {
    code: 'unknown-lesson',
    message: /one of the lessons small/,
  });
  const lesson = await readLesson(root, 'small');
  assert.throws(() => variantFiles(lesson, 'fixes/other'), {
    code: 'unknown-variant',
    message: /lab, solution, fixes\/looks-right, found "fixes\/other"/,
  });
});

const faults: [title: string, change: Record<string, string | undefined>, code: string, message: RegExp][] = [
  ['a lesson without a solution', { 'solution/server.js': undefined }, 'missing-file', /05-small\/solution/],
  ['a fix without why.md', { 'fixes/looks-right/why.md': undefined }, 'missing-file', /looks-right\/why\.md/],
  ['a script that is not there', { 'lab/package.json': '{}' }, 'unknown-name', /processes\[0\]\.script/],
  ['a file that is not there', { 'lab/server.js': undefined }, 'unknown-name', /open\[0\]/],
  [
    'a solution that changes nothing',
    { 'solution/server.js': 'lax();\n' },
    'same-file',
    /solution\/server\.js/,
  ],
];
for (const [title, change, code, message] of faults) {
  test(`${title} stops`, async () => {
    await assert.rejects(readLesson(project(change), 'small'), { name: 'LessonError', code, message });
  });
}

test('a folder that is not named NN-slug stops', async () => {
  assert.throws(() => lessonSlugs(project({}, 'small')), { code: 'lesson-folder-name' });
});
