// node:sqlite: functions of the program, the authorizer, sessions, tag stores, limits.
const { DatabaseSync, constants } = require('node:sqlite');

const attempt = (label, run) => {
  try {
    console.log(label, run());
  } catch (error) {
    const { name, code, errcode, message } = error;
    console.log(label, { name, code, errcode, message });
  }
};
const db = new DatabaseSync(':memory:');
db.exec('CREATE TABLE t (v); INSERT INTO t VALUES (1), (2), (3), (4)');
const get = (sql) => () => db.prepare(sql).get();

db.function('joined', { varargs: true, deterministic: true }, (...all) => all.join('|'));
attempt('varargs', get("SELECT joined(1, 2.5, 'x', NULL, x'41') AS j"));
db.function('big', { useBigIntArguments: true }, (value) => typeof value);
attempt('bigint', get('SELECT big(1) AS b'));
db.function('boom', () => {
  throw new RangeError('of the program');
});
attempt('throws', get('SELECT boom()'));
attempt('throws in exec', () => db.exec('SELECT boom()'));
try {
  db.prepare('SELECT boom()').all();
} catch ({ stack }) {
  console.log(stack.split('\n').slice(0, 2).join('\n'));
}
for (const [name, value] of Object.entries({ none: undefined, yes: true, list: [], large: 2n ** 64n })) {
  db.function(name, () => value);
  attempt(name, get(`SELECT ${name}() AS r`));
}
db.function('later', async () => 1);
attempt('asynchronous', get('SELECT later()'));
attempt('wrong arguments', get('SELECT big(1, 2)'));

db.aggregate('total_of', {
  start: 0,
  step: (sum, v) => sum + v,
  inverse: (sum, v) => sum - v,
  result: (sum) => `=${sum}`,
});
attempt('aggregate', get('SELECT total_of(v) AS s FROM t'));
attempt('of nothing', get('SELECT total_of(v) AS s FROM t WHERE 0'));
attempt('window', () => db.prepare('SELECT v, total_of(v) OVER (ROWS 1 PRECEDING) AS s FROM t').all());
attempt('no start', () => db.aggregate('x', { step() {} }));
attempt('no step', () => db.aggregate('x', { start: 0 }));

db.setAuthorizer((action, ...rest) => {
  console.log(action, rest);
  return action === constants.SQLITE_DELETE ? constants.SQLITE_DENY : constants.SQLITE_OK;
});
attempt('allowed', get('SELECT count(*) AS n FROM t'));
attempt('denied', () => db.exec('DELETE FROM t'));
db.setAuthorizer(() => 'maybe');
attempt('no answer', get('SELECT 1'));
db.setAuthorizer(null);
attempt('free', get('SELECT 1'));

const keyed = 'CREATE TABLE k (id INTEGER PRIMARY KEY, v TEXT)';
const other = new DatabaseSync(':memory:');
db.exec(keyed);
other.exec(keyed);
const session = db.createSession({ table: 'k' });
db.exec("INSERT INTO k VALUES (1, 'one'), (2, 'two')");
const changes = session.changeset();
console.log(session, changes, session.patchset().length);
attempt('applied', () => other.applyChangeset(changes));
attempt('conflicts', () => other.applyChangeset(changes));
attempt('replaced', () =>
  other.applyChangeset(changes, {
    onConflict: (type) => console.log('conflict', type) ?? constants.SQLITE_CHANGESET_REPLACE,
  }),
);
attempt('filtered', () => other.applyChangeset(changes, { filter: (table) => console.log('table', table) }));
attempt('there', () => other.prepare('SELECT * FROM k').all());
session.close();
attempt('closed', () => session.changeset());

const store = db.createTagStore(1);
attempt('tag run', () => store.run`INSERT INTO k VALUES (${3}, ${"three'); DROP TABLE k; --"})`);
attempt('tag all', () => store.all`SELECT * FROM k WHERE id > ${1}`);
attempt('tag get', () => store.get`SELECT v FROM k WHERE id = ${1}`);
attempt('tag iterate', () => [...store.iterate`SELECT v FROM k WHERE id = ${1}`]);
attempt('no tag', () => store.all('SELECT 1'));
console.log(store, store.size, store.capacity, store.db === db, store.clear(), store.size);

console.log(db.limits.attach, Object.keys(db.limits), (db.limits.attach = 3), db.limits.attach);
attempt('limit', () => (db.limits.attach = -1));
attempt('limit', () => (db.limits.attach = 'x'));
attempt('limited', () =>
  new DatabaseSync(':memory:', { limits: { sqlLength: 10 } }).exec('SELECT 1234567890'),
);
attempt('extension', () => db.loadExtension('x'));
attempt('extension', () => db.enableLoadExtension(true));
