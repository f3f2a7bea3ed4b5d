/** `StatementSync` and its iterator, after Node's src/node_sqlite.cc. */
import { SQLITE_DONE, SQLITE_ROW, SQLITE_TRANSIENT } from './constants.ts';
import { type Connection, check, sqliteError } from './errors.ts';
import { illegalConstructor, invalidState, invalidType, invalidValue, nativeClass } from './native.ts';
import { blobBytes, columnValue, fitsInt64, type SqliteValue, withBytes } from './values.ts';
import { encode, free, pointerAt, sqlite, textAt, withPointer, withText } from './wasm.ts';

/** How a statement reads and binds; a database has defaults for its statements. */
export interface StatementOptions {
  readBigInts: boolean;
  returnArrays: boolean;
  allowBareNamedParameters: boolean;
  allowUnknownNamedParameters: boolean;
}

/** A connection and what is to be finalized before it is closed. */
export interface StatementOwner extends Connection {
  readonly statements: Set<Statement>;
}

export interface Statement {
  /** `sqlite3_stmt*`; 0 once it was finalized. */
  pointer: number;
  readonly connection: StatementOwner;
  readonly options: StatementOptions;
  /** Full names of parameters by their names without the first character. */
  bareNames: Map<string, string> | undefined;
  /** Counts the uses: each invalidates the iterators of those before. */
  uses: number;
}

type Row = SqliteValue[] | Record<string, SqliteValue>;

const statements = nativeClass<Statement>('StatementSync', illegalConstructor);
export const StatementSync = statements.Class;

/** A statement that no program can reach any more holds memory, and perhaps a lock. */
const forgotten = new FinalizationRegistry<Statement>(finalize);

function createStatement(
  connection: StatementOwner,
  pointer: number,
  options: StatementOptions,
): { object: object; statement: Statement } {
  const statement: Statement = { pointer, connection, options, bareNames: undefined, uses: 0 };
  const object = statements.create(statement);
  forgotten.register(object, statement);
  connection.statements.add(statement);
  return { object, statement };
}

export function finalize(statement: Statement): void {
  if (statement.pointer !== 0) sqlite.sqlite3_finalize(statement.pointer);
  statement.pointer = 0;
  statement.connection.statements.delete(statement);
}

function mustBeAlive({ pointer }: Statement): void {
  if (pointer === 0) throw invalidState('statement has been finalized');
}

// --- parameters

function bindValue({ pointer, connection }: Statement, value: unknown, index: number): void {
  const bytes = blobBytes(value);
  let answer: number;
  if (typeof value === 'number') answer = sqlite.sqlite3_bind_double(pointer, index, value);
  else if (typeof value === 'boolean') answer = sqlite.sqlite3_bind_int(pointer, index, value ? 1 : 0);
  else if (typeof value === 'string') {
    answer = withBytes(encode(value), (place, length) =>
      sqlite.sqlite3_bind_text(pointer, index, place, length, SQLITE_TRANSIENT),
    );
  } else if (value === null) answer = sqlite.sqlite3_bind_null(pointer, index);
  else if (bytes) {
    answer = withBytes(bytes, (place, length) =>
      sqlite.sqlite3_bind_blob(pointer, index, place, length, SQLITE_TRANSIENT),
    );
  } else if (typeof value === 'bigint') {
    if (!fitsInt64(value)) throw invalidValue('BigInt value is too large to bind.');
    answer = sqlite.sqlite3_bind_int64(pointer, index, value);
  } else throw invalidType(`Provided value cannot be bound to SQLite parameter ${index}.`);
  check(connection, answer);
}

const parameterName = (pointer: number, index: number) =>
  textAt(sqlite.sqlite3_bind_parameter_name(pointer, index));

function bareNamesOf({ pointer }: Statement): Map<string, string> {
  const names = new Map<string, string>();
  const count = sqlite.sqlite3_bind_parameter_count(pointer);
  for (let index = 1; index <= count; index++) {
    const full = parameterName(pointer, index);
    if (full === null) continue;
    const bare = full.slice(1);
    const other = names.get(bare);
    if (other !== undefined && other !== full) {
      throw invalidState(
        `Cannot create bare named parameter '${bare}' because of conflicting names '${other}' and '${full}'.`,
      );
    }
    names.set(bare, full);
  }
  return names;
}

/** The index of a named parameter, 0 where there is none. */
function indexOf(statement: Statement, name: string): number {
  const index = (full: string) =>
    withText(full, (place) => sqlite.sqlite3_bind_parameter_index(statement.pointer, place));
  const found = index(name);
  if (found !== 0 || !statement.options.allowBareNamedParameters) return found;
  const full = statement.bareNames?.get(name);
  return full === undefined ? 0 : index(full);
}

function bindNamed(statement: Statement, values: Record<string, unknown>): void {
  const { allowBareNamedParameters, allowUnknownNamedParameters } = statement.options;
  const names = Object.keys(values);
  if (allowBareNamedParameters) statement.bareNames ??= bareNamesOf(statement);
  for (const name of names) {
    const index = indexOf(statement, name);
    if (index !== 0) bindValue(statement, values[name], index);
    else if (!allowUnknownNamedParameters) throw invalidState(`Unknown named parameter '${name}'`);
  }
}

function isNamed(value: unknown): value is Record<string, unknown> {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return isObject && !blobBytes(value);
}

/** Binds an object of named values first, if there is one, then the others to the parameters without names. */
function bind(statement: Statement, args: readonly unknown[], onlyByPlace: boolean): void {
  check(statement.connection, sqlite.sqlite3_clear_bindings(statement.pointer));
  const [first, ...others] = args;
  const hasNames = !onlyByPlace && isNamed(first);
  if (hasNames) bindNamed(statement, first);
  let index = 1;
  for (const value of hasNames ? others : args) {
    // `?1` has a name to SQLite, yet it is told by its place.
    while (/^[^?]/.test(parameterName(statement.pointer, index) ?? '')) index++;
    bindValue(statement, value, index);
    index++;
  }
}

/** Begins anew with other parameters. */
export function restart(statement: Statement, args: readonly unknown[], onlyByPlace = false): void {
  mustBeAlive(statement);
  statement.uses++;
  check(statement.connection, sqlite.sqlite3_reset(statement.pointer));
  bind(statement, args, onlyByPlace);
}

// --- results

function columnName({ pointer }: Statement, column: number): string {
  const name = textAt(sqlite.sqlite3_column_name(pointer, column));
  if (name === null) throw invalidState(`Cannot get name of column ${column}`);
  return name;
}

const columnNames = (statement: Statement) =>
  Array.from({ length: sqlite.sqlite3_column_count(statement.pointer) }, (_, column) =>
    columnName(statement, column),
  );

function readRow({ pointer, options }: Statement, names: readonly string[]): Row {
  const values = names.map((_, column) => columnValue(pointer, column, options.readBigInts));
  if (options.returnArrays) return values;
  const row: Record<string, SqliteValue> = Object.create(null);
  names.forEach((name, column) => {
    row[name] = values[column];
  });
  return row;
}

export function all(statement: Statement): Row[] {
  const { pointer, connection } = statement;
  try {
    const rows: Row[] = [];
    let names: string[] | undefined;
    let answer = sqlite.sqlite3_step(pointer);
    for (; answer === SQLITE_ROW; answer = sqlite.sqlite3_step(pointer)) {
      names ??= columnNames(statement);
      rows.push(readRow(statement, names));
    }
    check(connection, answer, SQLITE_DONE);
    return rows;
  } finally {
    sqlite.sqlite3_reset(pointer);
  }
}

export function get(statement: Statement): Row | undefined {
  const { pointer, connection } = statement;
  try {
    const answer = sqlite.sqlite3_step(pointer);
    if (answer === SQLITE_DONE) return undefined;
    check(connection, answer, SQLITE_ROW);
    const names = columnNames(statement);
    return names.length === 0 ? undefined : readRow(statement, names);
  } finally {
    sqlite.sqlite3_reset(pointer);
  }
}

export function run({ pointer, connection, options }: Statement) {
  sqlite.sqlite3_step(pointer);
  check(connection, sqlite.sqlite3_reset(pointer));
  const changes = sqlite.sqlite3_changes64(connection.pointer);
  const lastInsertRowid = sqlite.sqlite3_last_insert_rowid(connection.pointer);
  if (options.readBigInts) return { changes, lastInsertRowid };
  return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
}

function columns(statement: Statement): object[] {
  const { pointer } = statement;
  return columnNames(statement).map((name, column) =>
    Object.assign(Object.create(null), {
      column: textAt(sqlite.sqlite3_column_origin_name(pointer, column)),
      database: textAt(sqlite.sqlite3_column_database_name(pointer, column)),
      name,
      table: textAt(sqlite.sqlite3_column_table_name(pointer, column)),
      type: textAt(sqlite.sqlite3_column_decltype(pointer, column)),
    }),
  );
}

// --- iterators

interface Iteration {
  /** Keeps the statement from being forgotten. */
  readonly object: object;
  readonly statement: Statement;
  readonly use: number;
  isDone: boolean;
}

const iterators = nativeClass<Iteration>('StatementSyncIterator', illegalConstructor);

const step = (done: boolean, value: Row | null) => Object.assign(Object.create(null), { done, value });

function mustBeValid({ statement, use }: Iteration): void {
  if (statement.uses !== use) throw invalidState('iterator was invalidated');
}

iterators.methods({
  next(iteration) {
    const { statement } = iteration;
    mustBeAlive(statement);
    if (iteration.isDone) return step(true, null);
    mustBeValid(iteration);
    const answer = sqlite.sqlite3_step(statement.pointer);
    if (answer === SQLITE_ROW) return step(false, readRow(statement, columnNames(statement)));
    check(statement.connection, answer, SQLITE_DONE);
    sqlite.sqlite3_reset(statement.pointer);
    iteration.isDone = true;
    return step(true, null);
  },
  return(iteration) {
    mustBeAlive(iteration.statement);
    sqlite.sqlite3_reset(iteration.statement.pointer);
    iteration.isDone = true;
    return step(true, null);
  },
});

/** `Iterator.prototype`: the array's iterators inherit it, too. */
const anyIterator = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
Object.setPrototypeOf(iterators.Class.prototype, anyIterator);

export const iterate = (statement: Statement, object: object): object =>
  iterators.create({ object, statement, use: statement.uses, isDone: false });

// --- what programs call

function setter(option: keyof StatementOptions, name: string = option) {
  return (statement: Statement, [value]: unknown[]) => {
    mustBeAlive(statement);
    if (typeof value !== 'boolean') throw invalidType(`The "${name}" argument must be a boolean.`);
    statement.options[option] = value;
  };
}

statements.methods({
  iterate(statement, args, object) {
    restart(statement, args);
    return iterate(statement, object);
  },
  all(statement, args) {
    restart(statement, args);
    return all(statement);
  },
  get(statement, args) {
    restart(statement, args);
    return get(statement);
  },
  run(statement, args) {
    restart(statement, args);
    return run(statement);
  },
  columns(statement) {
    mustBeAlive(statement);
    return columns(statement);
  },
  setAllowBareNamedParameters: setter('allowBareNamedParameters'),
  setAllowUnknownNamedParameters: setter('allowUnknownNamedParameters', 'enabled'),
  setReadBigInts: setter('readBigInts'),
  setReturnArrays: setter('returnArrays'),
});

statements.getters({
  sourceSQL(statement) {
    mustBeAlive(statement);
    return textAt(sqlite.sqlite3_sql(statement.pointer));
  },
  expandedSQL(statement) {
    mustBeAlive(statement);
    const place = sqlite.sqlite3_expanded_sql(statement.pointer);
    if (place === 0) throw sqliteError('Expanded SQL text would exceed configured limits');
    const text = textAt(place);
    free(place);
    return text;
  },
});

/** Compiles the first statement of a text; what follows it is not looked at. */
export function prepare(connection: StatementOwner, sql: string, options: StatementOptions) {
  return withPointer((place) => {
    const compile = (text: number) => sqlite.sqlite3_prepare_v2(connection.pointer, text, -1, place, 0);
    check(connection, withText(sql, compile));
    const pointer = pointerAt(place);
    if (pointer === 0) throw invalidValue('The SQL query contains no statements.');
    return createStatement(connection, pointer, options);
  });
}
