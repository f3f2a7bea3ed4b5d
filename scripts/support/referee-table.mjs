// A reporter for `node --test`: says nothing until the end, then how each referee judged. A test that counts what it puts to
// us tells so itself (`tests/referees/support/tally.ts`); of the others the tests are counted.
import path from 'node:path';

const COLUMNS = ['run', 'passed', 'disabled', 'skipped'];

export default async function* table(events) {
  const told = new Map();
  const counted = new Map();
  const whys = new Set();
  for await (const { type, data } of events) {
    if (type === 'test:diagnostic' && data.message.startsWith('referee ')) {
      const { referee, why, ...tally } = JSON.parse(data.message.slice('referee '.length));
      // Parts of one referee, `Name: part`, share a row.
      const name = referee.split(':')[0];
      told.set(
        data.file,
        (told.get(data.file) ?? new Map()).set(name, sum(told.get(data.file)?.get(name), tally)),
      );
      if (why) whys.add(`${referee}: skipped, ${why}`);
    }
    if ((type === 'test:pass' || type === 'test:fail') && data.file && data.details.type !== 'suite') {
      const skipped = data.skip === undefined ? 0 : 1;
      const passed = type === 'test:pass' && !skipped ? 1 : 0;
      counted.set(data.file, sum(counted.get(data.file), { run: 1 - skipped, passed, skipped }));
      if (skipped) whys.add(`${data.name}: skipped${data.skip === true ? '' : `, ${data.skip}`}`);
    }
  }
  // `fuzz-messages` and `fuzz-memory` are the same referee.
  const ofFile = (file) => path.basename(file).replace(/(-.*)?\.test\.ts$/, '');
  const rows = new Map();
  for (const [file, tally] of counted)
    for (const [name, own] of told.get(file) ?? [[ofFile(file), tally]])
      rows.set(name, sum(rows.get(name), own));
  const total = [...rows.values()].reduce(sum, {});
  const width = Math.max(...[...rows.keys()].map((name) => name.length), 'referee'.length);
  const line = (name, cells) =>
    `${name.padEnd(width)}  ${cells.map((cell) => `${cell}`.padStart(8)).join('  ')}\n`;
  yield `\n${line('referee', COLUMNS)}`;
  for (const [name, tally] of rows) yield line(name, cellsOf(tally));
  yield line('all', cellsOf(total));
  for (const why of whys) yield `${why}\n`;
}

const cellsOf = (tally) => COLUMNS.map((column) => tally?.[column] ?? 0);

function sum(one = {}, other = {}) {
  return Object.fromEntries(COLUMNS.map((column) => [column, (one[column] ?? 0) + (other[column] ?? 0)]));
}
