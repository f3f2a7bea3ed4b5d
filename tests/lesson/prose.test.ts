// Prose, lab and code must agree, or the build stops.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPlacement, readFrontmatter, region, withoutMarkers } from '../../src/lesson/index.ts';
import { smallLab } from '../lab/small-lab.ts';

const source = [
  'before();',
  '//#region outer',
  'if (true) {',
  '  //#region inner',
  '  work();',
  '',
  '    deeper();',
  '  //#endregion',
  '}',
  '//#endregion',
].join('\n');

test('a region is the lines between its markers, at the left margin', () => {
  assert.equal(region(source, 'inner', 'a.js'), 'work();\n\n  deeper();');
});

test('a region that holds another comes without the markers', () => {
  assert.equal(region(source, 'outer', 'a.js'), 'if (true) {\n  work();\n\n    deeper();\n}');
});

test('a file is shown without markers', () => {
  assert.equal(withoutMarkers(source), 'before();\nif (true) {\n  work();\n\n    deeper();\n}');
});

test('a missing region stops, and names those that there are', () => {
  assert.throws(() => region(source, 'innner', 'a.js'), {
    name: 'LessonError',
    code: 'missing-region',
    message:
      'a.js: //#region innner: expected this region once, found the regions outer, inner. Correct the name in the lesson, or mark the region in the file.',
  });
});

test('a region that is never closed stops', () => {
  assert.throws(() => region('//#region a\nwork();', 'a', 'a.js'), { code: 'open-region' });
});

test('a region that is there twice stops', () => {
  assert.throws(() => region(`${source}\n${source}`, 'inner', 'a.js'), { code: 'duplicate-region' });
});

const variants = {
  lab: { 'server.js': source, 'logo.bin': new Uint8Array([0xff]) },
  solution: { 'new.js': 'x' },
};
const place = (prose: string) => checkPlacement(prose, smallLab, variants, 'lesson.mdx');
const good = [
  '<Step id="ask">',
  'Prose with `<Step id="in-code" />` and',
  '```mdx',
  '<Step id="in-a-fence" />',
  '```',
  '{/* <Step id="in-a-comment" /> */}',
  '</Step>',
  '<Step id="steal" />',
  '<Exercise title="Do">',
  '<Check name="shut-out" />',
  '</Exercise>',
  '<Code file="server.js" region="inner" />',
  '<Code file="new.js" from="solution" />',
].join('\n');

test('prose that places every step once, in order, is accepted', () => {
  place(good);
});

const faults: [title: string, prose: string, code: string][] = [
  ['a step that lab.ts does not have', `${good}<Step id="other" />`, 'unknown-step'],
  ['a step that the prose leaves out', good.replace('<Step id="steal" />', ''), 'step-not-once'],
  ['a step that is placed twice', `${good}<Step id="ask" />`, 'step-not-once'],
  ['steps in another order', `<Step id="steal" />\n${good.replace('<Step id="steal" />', '')}`, 'step-order'],
  ['a check that lab.ts does not have', `${good}<Check name="other" />`, 'unknown-check'],
  ['prose without an exercise', good.replace('<Exercise title="Do">', ''), 'exercise-not-once'],
  ['code of a file that is not there', `${good}<Code file="other.js" />`, 'unknown-file'],
  ['code of a file that is no text', `${good}<Code file="logo.bin" />`, 'unknown-file'],
  ['code of a region that is not there', `${good}<Code file="server.js" region="x" />`, 'missing-region'],
];
for (const [title, prose, code] of faults) {
  test(`${title} stops the build`, () => {
    assert.throws(() => place(prose), { name: 'LessonError', code });
  });
}

const front = `---
title: Small
promise: One sentence.
description: One sentence.
objectives:
  - { text: One, proof: 'step:ask' }
  - { text: Two, proof: 'step:steal' }
  - { text: Three, proof: 'check:shut-out' }
prerequisites: []
references:
  - { title: RFC 8446, url: 'https://www.rfc-editor.org/rfc/rfc8446' }
---
Prose.
`;
const read = (prose: string) => readFrontmatter(prose, smallLab, 'lesson.mdx');

test('frontmatter whose objectives are proved is accepted', () => {
  assert.deepEqual(read(front).objectives[2], { text: 'Three', proof: 'check:shut-out' });
});

const frontFaults: [title: string, prose: string, code: string, field: string][] = [
  ['a misspelt field', front.replace('promise:', 'promis:'), 'unknown-field', 'promis'],
  ['a missing field', front.replace('title: Small\n', ''), 'missing-field', 'title'],
  [
    'an objective that nothing proves',
    front.replace('step:steal', 'step:other'),
    'wrong-value',
    'objectives[1].proof',
  ],
  ['too few objectives', front.replace(/ {2}- \{ text: Two.*\n/, ''), 'wrong-value', 'objectives'],
  ['an address that is not https', front.replace('https:', 'http:'), 'wrong-value', 'references[0].url'],
  ['no frontmatter', 'Prose.', 'missing-frontmatter', ''],
];
for (const [title, prose, code, field] of frontFaults) {
  test(`frontmatter: ${title} stops the build`, () => {
    assert.throws(() => read(prose), { name: 'LessonError', code, field });
  });
}
