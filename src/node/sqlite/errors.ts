/** Errors of SQLite, as `node:sqlite` throws them: `ERR_SQLITE_ERROR` with `errcode` (extended) and `errstr`. */
import { SQLITE_OK } from './constants.ts';
import { otherError } from './native.ts';
import { sqlite, textAt } from './wasm.ts';

/** A connection, as far as errors are concerned. */
export interface Connection {
  /** `sqlite3*`; 0 while the database is closed. */
  pointer: number;
  /** What a callback of the program threw: it is thrown on in place of SQLite's own error. */
  thrown: { error: unknown } | undefined;
}

const nameOf = (code: number) => textAt(sqlite.sqlite3_errstr(code)) as string;

/** An error without a number, which SQLite knows nothing of. */
export const sqliteError = (message: string) => otherError(message, 'ERR_SQLITE_ERROR');

/** An error by its number alone. */
export const numberedError = (code: number) => Object.assign(sqliteError(nameOf(code)), { errcode: code });

/** The last error of a connection. */
export function lastError({ pointer }: Connection): Error {
  const errcode = sqlite.sqlite3_extended_errcode(pointer);
  const message = textAt(sqlite.sqlite3_errmsg(pointer)) ?? '';
  return Object.assign(sqliteError(message), { errcode, errstr: nameOf(errcode) });
}

/** Throws what a callback threw, else the last error. */
export function fail(connection: Connection): never {
  const { thrown } = connection;
  connection.thrown = undefined;
  throw thrown ? thrown.error : lastError(connection);
}

/** Throws unless SQLite answered as expected. */
export function check(connection: Connection, answer: number, expected = SQLITE_OK): void {
  if (answer !== expected) fail(connection);
}
