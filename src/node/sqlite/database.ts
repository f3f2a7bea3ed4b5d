/** `DatabaseSync`, after Node's src/node_sqlite.cc: https://nodejs.org/docs/latest-v24.x/api/sqlite.html */
import * as sqliteIs from './constants.ts';
import { type Connection, check, fail, lastError } from './errors.ts';
import { defineAggregate, defineFunction, forgetAuthorizer, setAuthorizer } from './functions.ts';
import { createLimits, type LimitName, setLimit } from './limits.ts';
import {
  invalidState,
  invalidType,
  invalidValue,
  nativeClass,
  otherError,
  otherTypeError,
} from './native.ts';
import {
  booleanArgument,
  type DatabaseOptions,
  databaseOptions,
  databasePath,
  objectOption,
  statementOptions,
  stringArgument,
  stringOption,
} from './options.ts';
import { applyChangeset, closeSessions, createSession } from './session.ts';
import { finalize, prepare, type StatementOwner } from './statement.ts';
import { createTagStore } from './tag-store.ts';
import {
  allocateBytes,
  bytesAt,
  free,
  pointerAt,
  sqlite,
  textAt,
  view,
  withPointer,
  withText,
} from './wasm.ts';

export interface Database extends StatementOwner {
  readonly path: string;
  readonly options: DatabaseOptions;
  mayLoadExtensions: boolean;
  limits: object | undefined;
}

/** What this build of SQLite has by default otherwise than Node's; the first is kept in a new database. */
const DEFAULTS = 'PRAGMA page_size = 4096; PRAGMA cache_size = -2000;';

const databases = nativeClass<Database>('DatabaseSync', (args, self, isNew) => {
  if (!isNew) throw otherTypeError('Cannot call constructor without `new`', 'ERR_CONSTRUCT_CALL_REQUIRED');
  const path = databasePath(args[0], 'path');
  const options = databaseOptions(args.length > 1 ? objectOption(args[1]) : undefined);
  const database: Database = {
    pointer: 0,
    thrown: undefined,
    path,
    options,
    mayLoadExtensions: options.allowExtension,
    limits: undefined,
    statements: new Set(),
  };
  if (options.open) open(database);
  Object.assign(self, { [Symbol.for('sqlite-type')]: 'node:sqlite' });
  return database;
});

export const DatabaseSync = databases.Class;
export const databaseOf = databases.stateOf;

export function mustBeOpen({ pointer }: Connection): void {
  if (pointer === 0) throw invalidState('database is not open');
}

// --- opening and closing

const configure = ({ pointer }: Connection, option: number, on: boolean) =>
  sqlite.sqlite3__wasm_db_config_ip(pointer, option, on ? 1 : 0, 0);

/** Opens a connection; throws what SQLite has to say of it. */
export function connect(path: string, flags: number): Connection {
  const connection: Connection = { pointer: 0, thrown: undefined };
  const answer = withPointer((place) => {
    const opened = withText(path, (name) => sqlite.sqlite3_open_v2(name, place, flags, 0));
    connection.pointer = pointerAt(place);
    return opened;
  });
  if (answer === sqliteIs.SQLITE_OK) return connection;
  // A connection that could not be opened is there all the same, to be asked why, and to be closed.
  const error = lastError(connection);
  sqlite.sqlite3_close_v2(connection.pointer);
  throw error;
}

function open(database: Database): void {
  if (database.pointer !== 0) throw invalidState('database is already open');
  const { options } = database;
  const access = options.readOnly
    ? sqliteIs.SQLITE_OPEN_READONLY
    : sqliteIs.SQLITE_OPEN_READWRITE | sqliteIs.SQLITE_OPEN_CREATE;
  database.pointer = connect(database.path, access | sqliteIs.SQLITE_OPEN_URI).pointer;
  const set = (option: number, on: boolean) => check(database, configure(database, option, on));
  set(sqliteIs.SQLITE_DBCONFIG_DQS_DML, options.enableDoubleQuotedStringLiterals);
  set(sqliteIs.SQLITE_DBCONFIG_DQS_DDL, options.enableDoubleQuotedStringLiterals);
  set(sqliteIs.SQLITE_DBCONFIG_ENABLE_FKEY, options.enableForeignKeyConstraints);
  // Should the file be no database, the program's own first statement is to find it out.
  withText(DEFAULTS, (sql) => sqlite.sqlite3_exec(database.pointer, sql, 0, 0, 0));
  set(sqliteIs.SQLITE_DBCONFIG_DEFENSIVE, options.defensive);
  sqlite.sqlite3_busy_timeout(database.pointer, options.timeout);
  for (const [name, limit] of Object.entries(options.limits)) setLimit(database, name as LimitName, limit);
}

function finalizeStatements({ statements }: Database): void {
  for (const statement of [...statements]) finalize(statement);
}

function close(database: Database): void {
  mustBeOpen(database);
  finalizeStatements(database);
  closeSessions(database);
  forgetAuthorizer(database);
  check(database, sqlite.sqlite3_close_v2(database.pointer));
  database.pointer = 0;
}

// --- whole databases as bytes

export function serialize(connection: Connection, schema: string): Uint8Array<ArrayBuffer> {
  return withText(schema, (name) =>
    withPointer((sizePlace) => {
      const place = sqlite.sqlite3_serialize(connection.pointer, name, sizePlace, 0);
      const size = Number(view().getBigInt64(sizePlace, true));
      if (place === 0 && size !== 0) fail(connection);
      if (place === 0) return new Uint8Array();
      const bytes = bytesAt(place, size);
      free(place);
      return bytes;
    }),
  );
}

function deserialize(database: Database, [buffer, given]: unknown[]): void {
  mustBeOpen(database);
  if (!(buffer instanceof Uint8Array)) throw invalidType('The "buffer" argument must be a Uint8Array.');
  if (buffer.length === 0) throw invalidValue('The "buffer" argument must not be empty.');
  const options = given === undefined ? {} : objectOption(given);
  const schema = stringOption(options, 'dbName') ?? 'main';
  finalizeStatements(database);
  closeSessions(database);
  // SQLite frees them, even when it refuses.
  const place = allocateBytes(buffer);
  const size = BigInt(buffer.length);
  const flags = sqliteIs.SQLITE_DESERIALIZE_FREEONCLOSE | sqliteIs.SQLITE_DESERIALIZE_RESIZEABLE;
  const answer = withText(schema, (name) =>
    sqlite.sqlite3_deserialize(database.pointer, name, place, size, size, flags),
  );
  check(database, answer);
}

// --- what programs call

databases.methods({
  open,
  close,
  prepare(database, [sql, options]) {
    mustBeOpen(database);
    const text = stringArgument(sql, 'sql');
    return prepare(database, text, statementOptions(options, database.options)).object;
  },
  exec(database, [sql]) {
    mustBeOpen(database);
    const text = stringArgument(sql, 'sql');
    check(
      database,
      withText(text, (place) => sqlite.sqlite3_exec(database.pointer, place, 0, 0, 0)),
    );
  },
  function(database, args) {
    mustBeOpen(database);
    defineFunction(database, args);
  },
  createTagStore(database, [capacity], self) {
    mustBeOpen(database);
    return createTagStore(database, self, database.options, capacity);
  },
  location(database, [schema]) {
    mustBeOpen(database);
    const name = schema === undefined ? 'main' : stringArgument(schema, 'dbName');
    const path = withText(name, (place) => textAt(sqlite.sqlite3_db_filename(database.pointer, place)));
    return path === '' ? null : path;
  },
  aggregate(database, args) {
    mustBeOpen(database);
    defineAggregate(database, args);
  },
  createSession,
  applyChangeset(database, args) {
    mustBeOpen(database);
    return applyChangeset(database, args);
  },
  enableLoadExtension(database, [allow]) {
    mustBeOpen(database);
    const isAllowed = booleanArgument(allow, 'allow');
    if (isAllowed && !database.options.allowExtension) {
      throw invalidState('Cannot enable extension loading because it was disabled at database creation.');
    }
    database.mayLoadExtensions = isAllowed;
  },
  enableDefensive(database, [active]) {
    mustBeOpen(database);
    const isActive = booleanArgument(active, 'active');
    check(database, configure(database, sqliteIs.SQLITE_DBCONFIG_DEFENSIVE, isActive));
  },
  loadExtension(database, [path]) {
    mustBeOpen(database);
    if (!database.mayLoadExtensions) throw invalidState('extension loading is not allowed');
    const file = stringArgument(path, 'path');
    // There is no machine code here that could be loaded, as if no such file were there.
    throw otherError(
      `${file}.so: cannot open shared object file: No such file or directory`,
      'ERR_LOAD_SQLITE_EXTENSION',
    );
  },
  serialize(database, [schema]) {
    mustBeOpen(database);
    return serialize(database, schema === undefined ? 'main' : stringArgument(schema, 'dbName'));
  },
  deserialize,
  setAuthorizer(database, [callback]) {
    mustBeOpen(database);
    setAuthorizer(database, callback);
  },
  [Symbol.dispose](database) {
    if (database.pointer !== 0) close(database);
  },
});

databases.getters({
  isOpen: ({ pointer }) => pointer !== 0,
  isTransaction(database) {
    mustBeOpen(database);
    return sqlite.sqlite3_get_autocommit(database.pointer) === 0;
  },
  limits(database) {
    database.limits ??= createLimits(database);
    return database.limits;
  },
});
