// node:sqlite: databases in files, several connections, locks, journals, backups.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

const folder = mkdtempSync(path.join(tmpdir(), 'sqlite-'));
const file = path.join(folder, 'app.db');
const attempt = (label, run) => {
  try {
    console.log(label, run());
  } catch ({ name, code, errcode, errstr, message }) {
    console.log(label, { name, code, errcode, errstr, message });
  }
};
const count = (db) => db.prepare('SELECT count(*) AS n FROM t').get().n;

const first = new DatabaseSync(file);
console.log(first.location() === file, statSync(file).size);
first.exec("CREATE TABLE t (a INTEGER, b TEXT); INSERT INTO t VALUES (1, 'one')");
console.log(statSync(file).size, readFileSync(file, 'latin1').slice(0, 15), readdirSync(folder));

const second = new DatabaseSync(file, { timeout: 20 });
first.exec("BEGIN IMMEDIATE; INSERT INTO t VALUES (2, 'two')");
attempt('reads the old', () => count(second));
attempt('is locked', () => second.exec("INSERT INTO t VALUES (3, 'three')"));
first.exec('COMMIT');
attempt('reads the new', () => count(second));
attempt('writes', () => second.prepare("INSERT INTO t VALUES (3, 'three')").run());
attempt('sees it', () => count(first));
first.exec('BEGIN; DELETE FROM t; ROLLBACK');
attempt('rolled back', () => count(second));
const reader = new DatabaseSync(file, { readOnly: true });
attempt('reads', () => count(reader));
attempt('is read only', () => reader.exec('DELETE FROM t'));
for (const db of [first, second, reader]) db.close();

const byUrl = new DatabaseSync(pathToFileURL(file));
attempt('by URL', () => count(byUrl));
byUrl.exec(`ATTACH '${path.join(folder, 'other.db')}' AS other; CREATE TABLE other.u AS SELECT * FROM t`);
attempt('attached', () => path.basename(byUrl.location('other')));
attempt('journal', () => byUrl.prepare('PRAGMA journal_mode = WAL').get());
byUrl.exec("INSERT INTO t VALUES (4, 'four')");
const beside = new DatabaseSync(file);
attempt('reads the log', () => count(beside));
byUrl.exec("BEGIN; INSERT INTO t VALUES (5, 'five')");
attempt('reads before it', () => count(beside));
byUrl.exec('COMMIT');
attempt('reads after it', () => count(beside));
beside.close();
byUrl.close();
console.log(readdirSync(folder));
const again = new DatabaseSync(file);
attempt('journal', () => again.prepare('PRAGMA journal_mode = DELETE').get());
attempt('whole', () => again.prepare('PRAGMA integrity_check').get());
attempt('file', () => again.prepare('SELECT a, b FROM t').all());

attempt('missing', () => new DatabaseSync(path.join(folder, 'none.db'), { readOnly: true }));
attempt('no folder', () => new DatabaseSync(path.join(folder, 'none', 'none.db')));
attempt('a folder', () => new DatabaseSync(folder));
console.log(existsSync(path.join(folder, 'none.db')));
const junk = path.join(folder, 'junk.db');
writeFileSync(junk, 'This is no database, however long one looks at it. '.repeat(20));
const wrong = new DatabaseSync(junk);
attempt('junk', () => wrong.exec('CREATE TABLE t (a)'));

const insert = again.prepare('INSERT INTO t VALUES (?, ?)');
again.exec('BEGIN');
for (let i = 0; i < 3000; i++) insert.run(i, `row number ${i}`);
again.exec('COMMIT; CREATE INDEX by_b ON t (b)');
attempt('many', () => again.prepare('SELECT count(*) AS n, sum(a) AS sum FROM t').get());
attempt('indexed', () => again.prepare('SELECT a FROM t WHERE b = ?').all('row number 2999'));
const copy = path.join(folder, 'copy.db');
let steps = 0;
const pages = await backup(again, copy, {
  rate: 10,
  progress: ({ totalPages }) => (steps += totalPages > 0),
});
console.log(pages === statSync(copy).size / 4096, steps);
attempt('copied', () => count(new DatabaseSync(copy)));
await backup(again, path.join(folder, 'none', 'x.db')).catch(({ code, errcode }) =>
  console.log(code, errcode),
);
const memory = new DatabaseSync(':memory:');
memory.deserialize(again.serialize());
attempt('deserialized', () => count(memory));
again.close();
rmSync(folder, { recursive: true });
