// What a console makes of what a program prints, before any page: control sequences, lines written over, places in files.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAnsiReader } from '../../src/lab/workbench/consoles/ansi.ts';
import { ConsoleLine } from '../../src/lab/workbench/consoles/console-line.ts';
import { findPlaces } from '../../src/lab/workbench/consoles/places.ts';

const ESC = '\u001b';

/** Text and style of each piece, the text that is the same joined. */
const read = (...texts: string[]) => {
  const reader = createAnsiReader();
  return texts.flatMap(reader).map(({ text, style }) => [text, style]);
};

for (const [title, text, style] of [
  ['bold', '1', 'ansi-bold'],
  ['dim', '2', 'ansi-dim'],
  ['italic', '3', 'ansi-italic'],
  ['underline', '4', 'ansi-underline'],
  ['inverse', '7', 'ansi-inverse'],
  ['struck', '9', 'ansi-struck'],
  ['red', '31', 'ansi-red'],
  ['bright red, bold', '91;1', 'ansi-red ansi-bold'],
  ['black, which is grey', '30', 'ansi-grey'],
  ['white, which is the ink', '37', ''],
  ['a yellow ground', '43', 'ansi-yellow ansi-inverse'],
  ['a black ground, which a terminal has anyway', '40', ''],
  ['one of 256: a named one', '38;5;2', 'ansi-green'],
  ['one of 256: orange of the cube', '38;5;208', 'ansi-yellow'],
  ['one of 256: a light grey', '38;5;252', ''],
  ['one of 256: a dark grey', '38;5;236', 'ansi-grey'],
  ['one of 16 million: a blue', '38;2;20;40;200', 'ansi-blue'],
  ['one of 16 million, with colons', '38:2:200:30:180', 'ansi-magenta'],
  ['a ground of 16 million', '48;2;0;150;160', 'ansi-cyan ansi-inverse'],
  ['and what follows a long colour', '38;2;200;0;0;4', 'ansi-red ansi-underline'],
]) {
  test(`SGR ${text}: ${title}`, () => {
    assert.deepEqual(read(`${ESC}[${text}mx${ESC}[0my`), [
      ['x', style],
      ['y', ''],
    ]);
  });
}

test('each weight ends by its own code', () => {
  assert.deepEqual(read(`${ESC}[1;4;7mx${ESC}[22my${ESC}[24;27mz`), [
    ['x', 'ansi-bold ansi-underline ansi-inverse'],
    ['y', 'ansi-underline ansi-inverse'],
    ['z', ''],
  ]);
});

test('what moves a cursor, clears a screen, sets a title or rings is dropped, and nothing of it is left', () => {
  const others = [
    `${ESC}[2J`,
    `${ESC}[3;4H`,
    `${ESC}[1A`,
    `${ESC}[?25l`,
    `${ESC}[?2004h`,
    `${ESC}[6n`,
    `${ESC}[>0q`,
    `${ESC}]0;a title\u0007`,
    `${ESC}]8;;https://tally.example/${ESC}\\`,
    `${ESC}Pq#0${ESC}\\`,
    `${ESC}(B`,
    `${ESC}7`,
    `${ESC}=`,
    `${ESC}c`,
    '\u0007\u0008',
  ];
  for (const other of others) {
    const text = read(`a${other}b`)
      .map(([part]) => part)
      .join('');
    assert.equal(text, 'ab', JSON.stringify(other));
  }
});

test('a sequence that is cut anywhere is still one', () => {
  const whole = `a${ESC}[38;5;196mb${ESC}]0;t${ESC}\\c`;
  for (let cut = 1; cut < whole.length; cut += 1) {
    const pieces = read(whole.slice(0, cut), whole.slice(cut));
    assert.equal(pieces.map(([text]) => text).join(''), 'abc', `cut at ${cut}`);
    assert.ok(
      pieces.every(([text, style]) => style === (text === 'a' ? '' : 'ansi-red')),
      `cut at ${cut}`,
    );
  }
});

test('a line is written over from its start, and erased from where the cursor stands', () => {
  const line = new ConsoleLine('out', 0);
  line.write('10 % of ', '');
  line.write('all', 'ansi-red');
  line.return();
  line.write('99', 'ansi-green');
  assert.equal(line.text, '99 % of all');
  assert.deepEqual(line.pieces, [
    { text: '99', style: 'ansi-green' },
    { text: ' % of ', style: '' },
    { text: 'all', style: 'ansi-red' },
  ]);
  line.erase('rest');
  assert.equal(line.text, '99');
  line.erase('line');
  line.write('done', '');
  assert.equal(line.text, 'done');
});

const files = [
  'client.js',
  'mallory/replay.js',
  'checks/api.test.js',
  'certificates/app.pem',
  'package.json',
];
const places = (text: string) =>
  findPlaces(text, (path) => files.includes(path)).map(({ path, line, column, at, length }) => ({
    path,
    line,
    column,
    words: text.slice(at, at + length),
  }));

test('places in a line of a million characters are found at once', () => {
  const before = process.cpuUsage();
  for (const long of ['a', 'a.', '/', 'a.js']) {
    assert.equal(places(`${long.repeat(1_000_000 / long.length)}: client.js:3`).length, 1);
  }
  const { user } = process.cpuUsage(before);
  assert.ok(user < 2_000_000, `${user / 1000} ms of work`);
});

for (const [text, path, line, column, words] of [
  ['    at file:///lab/client.js:3:5', 'client.js', 3, 5, 'file:///lab/client.js:3:5'],
  ['    at main (file:///lab/client.js:3:5)', 'client.js', 3, 5, 'file:///lab/client.js:3:5'],
  ['/lab/client.js:3', 'client.js', 3, undefined, '/lab/client.js:3'],
  ['client.js:3: what is this?', 'client.js', 3, undefined, 'client.js:3'],
  ['./client.js:12:1', 'client.js', 12, 1, './client.js:12:1'],
  [
    "location: '/lab/checks/api.test.js:149:1'",
    'checks/api.test.js',
    149,
    1,
    '/lab/checks/api.test.js:149:1',
  ],
  ['    at mallory/replay.js:7:9', 'mallory/replay.js', 7, 9, 'mallory/replay.js:7:9'],
  ['/home/somebody/lab/client.js:3:5', 'client.js', 3, 5, '/home/somebody/lab/client.js:3:5'],
  ['certificates/app.pem:1', 'certificates/app.pem', 1, undefined, 'certificates/app.pem:1'],
] as const) {
  test(`a place in the lab: ${text.trim()}`, () => {
    assert.deepEqual(places(text), [{ path, line, column, words }]);
  });
}

for (const text of [
  'node:internal/process/task_queues:105:5',
  'at TLSSocket.emit (node:events:508:28)',
  'file:///lab/node_modules/jose/dist/client.js:3:5',
  'other.js:3:5',
  'mallory/client.js:3',
  'client.js',
  'client.js:0',
  'https://app.tally.example:8443/',
]) {
  test(`no place in the lab: ${text}`, () => {
    assert.deepEqual(places(text), []);
  });
}
