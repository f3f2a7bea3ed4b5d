// The workbench's pure parts: a terminal's colours, and what changed between two texts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAnsiReader } from '../../src/lab/workbench/consoles/ansi.ts';
import { lineDifference } from '../../src/lab/workbench/files/line-difference.ts';

const ESC = '\u001b';

test('colours and weights of a terminal become classes, and last until they are changed', () => {
  const read = createAnsiReader();
  assert.deepEqual(read(`a${ESC}[1;31mb`), [
    { text: 'a', style: '' },
    { text: 'b', style: 'ansi-red ansi-bold' },
  ]);
  assert.deepEqual(read(`c${ESC}[22md${ESC}[39me`), [
    { text: 'c', style: 'ansi-red ansi-bold' },
    { text: 'd', style: 'ansi-red' },
    { text: 'e', style: '' },
  ]);
});

test('a sequence that is cut in two is read whole', () => {
  const read = createAnsiReader();
  assert.deepEqual(read(`a${ESC}[3`), [{ text: 'a', style: '' }]);
  assert.deepEqual(read('2mb'), [{ text: 'b', style: 'ansi-green' }]);
});

test('every other control sequence is dropped, and nothing else is', () => {
  const read = createAnsiReader();
  const text = `${ESC}[2J${ESC}[1;1Hx${ESC}]0;title\u0007y\u0000\u0008z\ttab <b>&amp;\r\n`;
  assert.equal(
    read(text)
      .map((piece) => piece.text)
      .join(''),
    'xyz\ttab <b>&amp;\n',
  );
});

test('a difference keeps every line of both texts, in order', () => {
  const before = 'a\nb\nc\nd';
  const after = 'a\nB\nc\nd\ne';
  const lines = lineDifference(before, after);
  const text = (kinds: string[]) =>
    lines
      .filter(({ kind }) => kinds.includes(kind))
      .map((line) => line.text)
      .join('\n');
  assert.equal(text(['same', 'removed']), before);
  assert.equal(text(['same', 'added']), after);
  assert.deepEqual(
    lines.filter(({ kind }) => kind !== 'same').map(({ kind, text }) => [kind, text]),
    [
      ['removed', 'b'],
      ['added', 'B'],
      ['added', 'e'],
    ],
  );
});
