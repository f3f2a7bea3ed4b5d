// The lab's files without a page: what differs from the start, which names a new file may have, how the tree is walked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameFault } from '../../src/lab/workbench/files/file-names.ts';
import { FileSet } from '../../src/lab/workbench/files/file-set.ts';
import { rowAfter, rowNamed, treeRows } from '../../src/lab/workbench/files/tree-rows.ts';
import { filingWords } from '../../src/text/index.ts';

const lesson = {
  files: { 'client.js': 'a', 'server.js': 'b', 'checks/one.js': 'c' },
  solution: { 'server.js': { text: 'solved' } },
  editable: ['client.js', 'server.js'],
  rights: { create: true, delete: true },
} as const;

test('a file is changed, new or deleted, and a file that is as it was is none of it', () => {
  const set = new FileSet(lesson);
  assert.deepEqual([...set.marks.value], []);
  assert.deepEqual(set.write({ 'client.js': 'mine', 'server.js': 'b', 'new.js': '' }), [
    'client.js',
    'new.js',
  ]);
  assert.deepEqual(set.remove(['server.js', 'nobody.js']), ['server.js']);
  assert.deepEqual(
    [...set.marks.value],
    [
      ['client.js', 'changed'],
      ['server.js', 'deleted'],
      ['new.js', 'new'],
    ],
  );
  assert.deepEqual(set.edits, { files: { 'client.js': 'mine', 'new.js': '' }, removed: ['server.js'] });
  assert.deepEqual(Object.keys(set.all), ['client.js', 'checks/one.js', 'new.js']);
  set.write({ 'client.js': 'a', 'server.js': 'b' });
  set.remove(['new.js']);
  assert.deepEqual([...set.marks.value], []);
});

test('a solution that was asked for is nobody’s own work; what was added or deleted is', () => {
  const set = new FileSet(lesson);
  set.write({ 'server.js': 'solved', 'new.js': '' });
  set.remove(['client.js']);
  assert.deepEqual(set.own, ['client.js', 'new.js']);
});

test('what may be edited and deleted is what the lab allows, and always what the reader has added', () => {
  const free = new FileSet(lesson);
  const strict = new FileSet({ ...lesson, rights: undefined });
  for (const set of [free, strict]) {
    set.write({ 'new.js': '' });
    assert.ok(set.canEdit('client.js') && set.canEdit('new.js') && !set.canEdit('checks/one.js'));
    assert.ok(set.canDelete('new.js') && !set.canDelete('checks/one.js') && !set.canDelete('nobody.js'));
  }
  assert.equal(free.canDelete('client.js'), true);
  assert.equal(strict.canDelete('client.js'), false);
  assert.equal(strict.canCreate, false);
});

test('of edits that were kept, or imported, only those are taken that the lab can have', () => {
  const set = new FileSet(lesson);
  const files = JSON.parse(
    '{"client.js":"mine","new.js":"","new.js/x.js":"","../x.js":"","__proto__/toString":"","":"","client.js/x":""}',
  );
  assert.deepEqual(set.sift({ base: '1', files, removed: ['server.js', 'toString'] }), {
    base: '1',
    files: { 'client.js': 'mine', 'new.js': '' },
    removed: ['server.js'],
  });
});

const taken = ['client.js', 'mallory/replay.js'];

for (const path of ['mine.js', 'mallory/mine.js', 'a/b/c.json', '.env', 'no-ending', 'mallory2']) {
  test(`a new file may be called ${path}`, () => {
    assert.equal(nameFault(path, taken), undefined);
  });
}

const badNames: [path: string, expected: string, came: string][] = [
  ['', 'name', ''],
  ['/etc/passwd', 'relative', '/etc/passwd'],
  ['my file.js', 'characters', ' '],
  ['a\\b.js', 'characters', '\\'],
  ['schlüssel.js', 'characters', 'ü'],
  ['../secret', 'parts', '../secret'],
  ['a//b.js', 'parts', 'a//b.js'],
  ['a/', 'parts', 'a/'],
  ['a/./b.js', 'parts', 'a/./b.js'],
  ['a.', 'parts', 'a.'],
  ['x'.repeat(81), 'short', '81'],
  ['node_modules/jose/index.js', 'lab', 'node_modules/jose/index.js'],
  ['mallory/__proto__/x.js', 'word', '__proto__'],
  ['constructor', 'word', 'constructor'],
  ['client.js', 'free', 'client.js'],
  ['Client.JS', 'free', 'client.js'],
  ['mallory', 'free', 'mallory/'],
  ['client.js/mine.js', 'folder', 'client.js'],
];
for (const [path, expected, came] of badNames) {
  test(`"${path.slice(0, 30)}" is no name for a new file: ${expected}`, () => {
    const fault = nameFault(path, taken);
    assert.deepEqual(fault, { expected, came });
    const words = filingWords.nameFaults[fault?.expected ?? 'name'](came);
    assert.match(words, /^Expected /);
    assert.ok(words.includes(came === ' ' ? 'space' : came), words);
  });
}

const paths = ['README.md', 'client.js', 'mallory/replay.js', 'mallory/deep/x.js', 'checks/one.js'];

test('the tree shows folders first, and nothing of what is folded', () => {
  const all = treeRows(paths, new Set());
  assert.deepEqual(
    all.map(({ path, level, place, siblings }) => `${level} ${path} ${place}/${siblings}`),
    [
      '1 checks/ 1/4',
      '2 checks/one.js 1/1',
      '1 mallory/ 2/4',
      '2 mallory/deep/ 1/2',
      '3 mallory/deep/x.js 1/1',
      '2 mallory/replay.js 2/2',
      '1 README.md 3/4',
      '1 client.js 4/4',
    ],
  );
  const some = treeRows(paths, new Set(['mallory/', 'checks/']));
  assert.deepEqual(
    some.map(({ path }) => path),
    ['checks/', 'mallory/', 'README.md', 'client.js'],
  );
});

test('in the tree, arrows lead up, down, in and out; letters to the next name that begins so', () => {
  const rows = treeRows(paths, new Set());
  const after = (key: string, at: number) => rowAfter(key, at, rows);
  assert.deepEqual([after('ArrowDown', 0), after('ArrowDown', 7), after('ArrowUp', 0)], [1, 7, 0]);
  assert.deepEqual([after('Home', 4), after('End', 4)], [0, 7]);
  assert.deepEqual([after('ArrowRight', 2), after('ArrowRight', 7)], [3, undefined]);
  assert.deepEqual([after('ArrowLeft', 4), after('ArrowLeft', 5), after('ArrowLeft', 6)], [3, 2, undefined]);
  assert.equal(after('x', 0), undefined);
  assert.equal(rowNamed('c', 0, rows), 7);
  assert.equal(rowNamed('c', 7, rows), 0);
  assert.equal(rowNamed('RE', 5, rows), 5);
  assert.equal(rowNamed('zz', 0, rows), undefined);
});
