// node:sqlite: databases in memory, statements, parameters, values, errors.

import * as all from 'node:sqlite';
import { constants, DatabaseSync, StatementSync } from 'node:sqlite';

console.log(Object.keys(all), process.versions.sqlite, Object.keys(constants).length);
const attempt = (label, run) => {
  try {
    console.log(label, run());
  } catch (error) {
    const { name, code, errcode, errstr, message, stack } = error;
    console.log(label, { name, code, errcode, errstr, message }, stack.split('\n')[1]);
  }
};

const db = new DatabaseSync(':memory:');
console.log(db, db.isOpen, db.isTransaction, db.location(), DatabaseSync, DatabaseSync.prototype);
db.exec(`
  CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, secret TEXT);
  CREATE TABLE notes (id INTEGER PRIMARY KEY, owner INTEGER REFERENCES users (id), text TEXT, data BLOB);
  INSERT INTO users (name, secret) VALUES ('ana', 'at+jwt of Ana'), ('mallory', 'nothing');
  INSERT INTO notes (owner, text) VALUES (1, 'pay the rent'), (1, 'water the plants'), (2, 'learn SQL');
`);

// The injection of the lessons: prepare runs one statement, so it is UNION that reads another table.
const search = (words) => db.prepare(`SELECT id, text FROM notes WHERE owner = 2 AND text LIKE '%${words}%'`);
attempt('honest', () => search('SQL').all());
attempt('injected', () => search("x' UNION SELECT id, secret FROM users WHERE '%' = '").all());
attempt('quote', () => search("O'Brien").all());
attempt('stacked', () => search("'; DROP TABLE users; --").all());
attempt('still there', () => db.prepare('SELECT count(*) AS n FROM users').get());
const safe = db.prepare("SELECT id, text FROM notes WHERE owner = 2 AND text LIKE '%' || ? || '%'");
attempt('safe', () => safe.all("x' UNION SELECT id, secret FROM users WHERE '%' = '"));
attempt('exec runs all', () =>
  db.exec("INSERT INTO users (name) VALUES ('a'); INSERT INTO users (name) VALUES ('b')"),
);
attempt('exec stops', () =>
  db.exec("INSERT INTO users (name) VALUES ('c'); bogus; INSERT INTO users (name) VALUES ('d')"),
);
attempt('names', () =>
  db
    .prepare('SELECT name FROM users ORDER BY id')
    .all()
    .map(({ name }) => name),
);

// Statements.
const insert = db.prepare('INSERT INTO notes (owner, text, data) VALUES ($owner, $text, $data)');
console.log(insert, insert instanceof StatementSync, insert.sourceSQL, insert.expandedSQL);
attempt('run', () => insert.run({ owner: 1, text: 'bare', data: null }));
attempt('run named', () =>
  insert.run({ $owner: 1, $text: "it's named", $data: new Uint8Array([1, 2, 255]) }),
);
console.log(insert.expandedSQL);
attempt('run again', () => insert.run({ owner: 1 }));
attempt('unknown name', () => insert.run({ owner: 1, nobody: 2 }));
attempt('foreign key', () => insert.run({ owner: 99 }));
attempt('unique', () => db.prepare("INSERT INTO users (name) VALUES ('ana')").run());
attempt('not null', () => db.prepare('INSERT INTO users (name) VALUES (?)').run(null));
attempt('changes', () => db.prepare('UPDATE notes SET text = upper(text) WHERE owner = ?').run(1));
attempt('returning', () => db.prepare("INSERT INTO users (name) VALUES ('e') RETURNING id, name").get());
attempt('columns', () => db.prepare('SELECT id, text AS words, 1 + 1 AS two FROM notes').columns());
attempt('blob', () => db.prepare('SELECT data FROM notes WHERE data IS NOT NULL').get());
attempt('nothing', () => db.prepare('SELECT * FROM notes WHERE 0').get());
attempt('no statement', () => db.prepare(' -- nothing'));
attempt('first only', () => db.prepare('SELECT 1 AS one; SELECT 2 AS two').all());

// Values.
const values = [
  null,
  0,
  -0,
  1.5,
  2 ** 53,
  1e308,
  Number.NaN,
  Infinity,
  7n,
  -(2n ** 63n),
  'text',
  'ä€😀\0x',
  '\ud800',
];
for (const value of [
  ...values,
  new Uint8Array([0, 1]),
  new Uint8Array(),
  Buffer.from('buf'),
  true,
  new Date(0),
]) {
  attempt('value', () => db.prepare('SELECT ? AS v, typeof(?1) AS t').get(value));
}
for (const value of [undefined, Symbol('s'), 2n ** 63n])
  attempt('refused', () => db.prepare('SELECT ?').get(value));
attempt('too many', () => db.prepare('SELECT ?').get(1, 2));
attempt('too few', () => db.prepare('SELECT ? AS a, ? AS b').get(1));
attempt('too large', () => db.prepare('SELECT 9007199254740993 AS big').get());
attempt('big', () => db.prepare('SELECT 9007199254740993 AS big', { readBigInts: true }).get());
attempt('arrays', () => db.prepare('SELECT 1, 2 AS x', { returnArrays: true }).all());
attempt('conflicting', () => db.prepare('SELECT $a, :a').get({ a: 1 }));
attempt('mixed', () => db.prepare('SELECT $a AS a, ? AS b, ? AS c').get({ a: 1 }, 2, 3));
const bare = db.prepare('SELECT $a AS a');
attempt('not bare', () => bare.setAllowBareNamedParameters(false) ?? bare.get({ a: 1 }));
attempt('unknown allowed', () => bare.setAllowUnknownNamedParameters(true) ?? bare.get({ z: 1, $a: 2 }));
attempt('wrong setting', () => bare.setReadBigInts('yes'));

// Iterators.
const numbers = db.prepare(
  'WITH RECURSIVE n (v) AS (VALUES (1) UNION ALL SELECT v + 1 FROM n WHERE v < ?) SELECT v FROM n',
);
const iterator = numbers.iterate(3);
console.log(
  iterator,
  iterator[Symbol.iterator]() === iterator,
  iterator.next(),
  [...iterator],
  iterator.next(),
);
for (const { v } of numbers.iterate(100)) if (v > 2) break;
console.log(
  numbers
    .iterate(4)
    .map(({ v }) => v * v)
    .toArray(),
);
const stale = numbers.iterate(3);
stale.next();
numbers.get(1);
attempt('invalidated', () => stale.next());

// Transactions.
db.exec('BEGIN');
console.log(db.isTransaction);
attempt('nested', () => db.exec('BEGIN'));
db.prepare("INSERT INTO users (name) VALUES ('rolled back')").run();
db.exec('ROLLBACK');
console.log(db.isTransaction, db.prepare('SELECT count(*) AS n FROM users').get());

// Wrong uses.
for (const args of [
  [],
  [1],
  ['a\0b'],
  [':memory:', 1],
  [':memory:', { open: 1 }],
  [':memory:', { timeout: 'x' }],
]) {
  attempt('constructor', () => new DatabaseSync(...args));
}
attempt('without new', () => DatabaseSync(':memory:'));
attempt('illegal constructor', () => new StatementSync());
attempt('receiver', () => DatabaseSync.prototype.exec.call({}, 'SELECT 1'));
attempt('sql', () => db.prepare(1));
attempt('open twice', () => db.open());
const left = numbers.iterate(2);
db.close();
console.log(db.isOpen);
attempt('closed', () => db.exec('SELECT 1'));
attempt('finalized', () => numbers.get(1));
attempt('finalized', () => left.next());
attempt('closed', () => db.close());
console.log(db[Symbol.dispose]());
const later = new DatabaseSync(':memory:', { open: false, enableForeignKeyConstraints: false });
console.log(later.isOpen, later.open(), later.isOpen, later.prepare('PRAGMA foreign_keys').get());
