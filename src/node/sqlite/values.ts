/** JavaScript's values and SQLite's: https://nodejs.org/docs/latest-v24.x/api/sqlite.html#type-conversion-between-javascript-and-sqlite */
import { SQLITE_BLOB, SQLITE_FLOAT, SQLITE_INTEGER, SQLITE_TEXT, SQLITE_TRANSIENT } from './constants.ts';
import { outOfRange } from './native.ts';
import { allocateBytes, bytesAt, decode, encode, free, sqlite, withText } from './wasm.ts';

export type SqliteValue = null | number | bigint | string | Uint8Array;

const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);
/** Node's C++ takes its absolute value, which overflows to itself: it passes for small. */
const LEAST_INT64 = -(2n ** 63n);

/** An integer as a number, unless it is too large for one to be exact. */
function asNumber(value: bigint): number {
  if ((value > LARGEST || value < -LARGEST) && value !== LEAST_INT64) {
    throw outOfRange(`Value is too large to be represented as a JavaScript number: ${value}`);
  }
  return Number(value);
}

/** A column of the row a statement is at. */
export function columnValue(statement: number, column: number, asBigInts: boolean): SqliteValue {
  switch (sqlite.sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER: {
      const value = sqlite.sqlite3_column_int64(statement, column);
      return asBigInts ? value : asNumber(value);
    }
    case SQLITE_FLOAT:
      return sqlite.sqlite3_column_double(statement, column);
    case SQLITE_TEXT: {
      const place = sqlite.sqlite3_column_text(statement, column);
      return decode(place, sqlite.sqlite3_column_bytes(statement, column));
    }
    case SQLITE_BLOB: {
      const place = sqlite.sqlite3_column_blob(statement, column);
      return bytesAt(place, sqlite.sqlite3_column_bytes(statement, column));
    }
    default:
      return null;
  }
}

/** An argument that SQLite gives to a function of the program. */
export function argumentValue(value: number, asBigInts: boolean): SqliteValue {
  switch (sqlite.sqlite3_value_type(value)) {
    case SQLITE_INTEGER: {
      const integer = sqlite.sqlite3_value_int64(value);
      return asBigInts ? integer : asNumber(integer);
    }
    case SQLITE_FLOAT:
      return sqlite.sqlite3_value_double(value);
    case SQLITE_TEXT: {
      const place = sqlite.sqlite3_value_text(value);
      return decode(place, sqlite.sqlite3_value_bytes(value));
    }
    case SQLITE_BLOB: {
      const place = sqlite.sqlite3_value_blob(value);
      return bytesAt(place, sqlite.sqlite3_value_bytes(value));
    }
    default:
      return null;
  }
}

export const fitsInt64 = (value: bigint): boolean => BigInt.asIntN(64, value) === value;

/** The bytes of what may be bound as a blob. */
export function blobBytes(value: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return value instanceof ArrayBuffer ? new Uint8Array(value) : undefined;
}

/** Hands bytes to a function of SQLite's that copies them. */
export function withBytes(bytes: Uint8Array, use: (place: number, length: number) => number): number {
  const place = allocateBytes(bytes);
  try {
    return use(place, bytes.length);
  } finally {
    free(place);
  }
}

/** Gives SQLite what a function of the program returned. */
export function setResult(context: number, value: unknown): void {
  const refuse = (message: string) =>
    withText(message, (place) => sqlite.sqlite3_result_error(context, place, -1));
  const bytes = blobBytes(value);
  if (value === null || value === undefined) sqlite.sqlite3_result_null(context);
  else if (typeof value === 'number') sqlite.sqlite3_result_double(context, value);
  else if (typeof value === 'string') {
    withBytes(encode(value), (place, length) =>
      sqlite.sqlite3_result_text(context, place, length, SQLITE_TRANSIENT),
    );
  } else if (bytes) {
    withBytes(bytes, (place, length) => sqlite.sqlite3_result_blob(context, place, length, SQLITE_TRANSIENT));
  } else if (typeof value === 'bigint') {
    if (fitsInt64(value)) sqlite.sqlite3_result_int64(context, value);
    else refuse('BigInt value is too large for SQLite');
  } else if (value instanceof Promise) refuse('Asynchronous user-defined functions are not supported');
  else refuse('Returned JavaScript value cannot be converted to a SQLite value');
}
