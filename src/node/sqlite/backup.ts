/**
 * `backup(database, path, options)`. This build of SQLite lacks the backup interface: the database is copied as one
 * snapshot when the last page is due, and the steps before only count its pages.
 */
import { enterLater, hold } from '../loop.ts';
import * as sqliteIs from './constants.ts';
import { connect, type Database, databaseOf, mustBeOpen, serialize } from './database.ts';
import { sqliteError } from './errors.ts';
import { openFile } from './files.ts';
import { invalidType, native, outOfRange } from './native.ts';
import { databasePath, functionOption, integerOption, objectOption, stringOption } from './options.ts';
import { sqlite, textAt, withText } from './wasm.ts';

type Progress = (pages: { totalPages: number; remainingPages: number }) => void;

const DEFAULT_RATE = 100;
/** Where the size of a page is in a database's header (https://sqlite.org/fileformat2.html#page_size). */
const PAGE_SIZE_AT = 16;
const LARGEST_PAGE = 65536;

function pageSize(bytes: Uint8Array): number {
  const size = new DataView(bytes.buffer).getUint16(PAGE_SIZE_AT);
  return size === 1 ? LARGEST_PAGE : size;
}

function pagesOf(database: Database, source: string): Uint8Array<ArrayBuffer> {
  const place = withText(source, (name) => sqlite.sqlite3_db_filename(database.pointer, name));
  if (place === 0) throw unknownDatabase(source);
  return serialize(database, source);
}

const unknownDatabase = (name: string) =>
  Object.assign(sqliteError(`unknown database ${name}`), { errcode: 1, errstr: 'SQL logic error' });

/** Puts a whole database in place of another, if its other connections let it. */
function replace(path: string, target: string, bytes: Uint8Array): void {
  const flags = sqliteIs.SQLITE_OPEN_READWRITE | sqliteIs.SQLITE_OPEN_CREATE | sqliteIs.SQLITE_OPEN_URI;
  const connection = connect(path, flags);
  try {
    const place = withText(target, (name) => sqlite.sqlite3_db_filename(connection.pointer, name));
    const file = textAt(place);
    if (file === null) throw unknownDatabase(target);
    withText('BEGIN EXCLUSIVE', (sql) => sqlite.sqlite3_exec(connection.pointer, sql, 0, 0, 0));
    if (sqlite.sqlite3_get_autocommit(connection.pointer) !== 0) throw sqliteError('database is locked');
    const destination = openFile(file, true);
    destination.truncate(bytes.length);
    destination.write(0, bytes);
  } finally {
    sqlite.sqlite3_close_v2(connection.pointer);
  }
}

function start(database: Database, path: string, given: unknown): Promise<number> {
  const options = given === undefined ? {} : objectOption(given);
  const rate = integerOption(options, 'rate') ?? DEFAULT_RATE;
  if (rate <= 0) throw outOfRange('The "options.rate" argument must be a positive integer.');
  const source = stringOption(options, 'source') ?? 'main';
  const target = stringOption(options, 'target') ?? 'main';
  const progress = functionOption<Progress>(options, 'progress');

  return new Promise((resolve, reject) => {
    const release = hold();
    let copied = 0;
    const finish = (settle: () => void) => {
      release();
      settle();
    };
    let bytes = new Uint8Array();
    const step = () => {
      try {
        // Closing the database does not stop a backup that has begun.
        if (database.pointer !== 0) bytes = pagesOf(database, source);
        const totalPages = bytes.length === 0 ? 0 : bytes.length / pageSize(bytes);
        copied += rate;
        if (copied < totalPages) {
          progress?.({ totalPages, remainingPages: totalPages - copied });
          return enterLater(step);
        }
        replace(path, target, bytes);
        finish(() => resolve(totalPages));
      } catch (error) {
        finish(() => reject(error));
      }
    };
    try {
      bytes = pagesOf(database, source);
      enterLater(step);
    } catch (error) {
      enterLater(() => finish(() => reject(error)));
    }
  });
}

export const backup = native('backup', (_self, args) => {
  const [source, path] = args;
  if (typeof source !== 'object' || source === null) {
    throw invalidType('The "sourceDb" argument must be an object.');
  }
  const database = databaseOf(source);
  if (!database) throw invalidType('The "sourceDb" argument must be an object.');
  mustBeOpen(database);
  return start(database, databasePath(path, 'path'), args.length > 2 ? objectOption(args[2]) : undefined);
});
