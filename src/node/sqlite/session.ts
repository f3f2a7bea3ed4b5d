/** Sessions and changesets: https://sqlite.org/sessionintro.html */
import { SQLITE_ABORT, SQLITE_OK } from './constants.ts';
import { type Connection, check, numberedError } from './errors.ts';
import { illegalConstructor, invalidState, invalidType, nativeClass } from './native.ts';
import { functionOption, objectOption } from './options.ts';
import {
  allocateBytes,
  bytesAt,
  free,
  functionPointer,
  pointerAt,
  sqlite,
  textAt,
  withPointer,
  withText,
} from './wasm.ts';

interface SessionState {
  /** `sqlite3_session*`; 0 once it is closed. */
  pointer: number;
  readonly connection: Connection;
}

const sessions = nativeClass<SessionState>('Session', illegalConstructor);
export const Session = sessions.Class;

const open = new Map<Connection, Set<SessionState>>();

function mustBeOpen({ pointer, connection }: SessionState): void {
  if (connection.pointer === 0) throw invalidState('database is not open');
  if (pointer === 0) throw invalidState('session is not open');
}

function destroy(session: SessionState): void {
  if (session.pointer !== 0) sqlite.sqlite3session_delete(session.pointer);
  session.pointer = 0;
  open.get(session.connection)?.delete(session);
}

/** All sessions of a database end before it is closed. */
export function closeSessions(connection: Connection): void {
  for (const session of [...(open.get(connection) ?? [])]) destroy(session);
  open.delete(connection);
}

function changes(which: 'sqlite3session_changeset' | 'sqlite3session_patchset') {
  return (session: SessionState) => {
    mustBeOpen(session);
    return withPointer((sizePlace) =>
      withPointer((place) => {
        check(session.connection, sqlite[which](session.pointer, sizePlace, place));
        const bytes = bytesAt(pointerAt(place), pointerAt(sizePlace));
        free(pointerAt(place));
        return bytes;
      }),
    );
  };
}

sessions.methods({
  changeset: changes('sqlite3session_changeset'),
  patchset: changes('sqlite3session_patchset'),
  close(session) {
    mustBeOpen(session);
    destroy(session);
  },
  [Symbol.dispose]: (session) => destroy(session),
});

/** Options must be the object's own, as in Node. */
function ownText(options: Record<string, unknown>, name: string): string | undefined {
  if (!Object.hasOwn(options, name)) return undefined;
  const value = options[name];
  if (typeof value !== 'string') throw invalidType(`The "options.${name}" argument must be a string.`);
  return value;
}

export function createSession(connection: Connection, args: unknown[]): object {
  const options = args.length > 0 ? objectOption(args[0]) : {};
  const table = ownText(options, 'table') ?? '';
  const database = ownText(options, 'db') ?? 'main';
  if (connection.pointer === 0) throw invalidState('database is not open');
  const pointer = withPointer((place) => {
    const create = (name: number) => sqlite.sqlite3session_create(connection.pointer, name, place);
    check(connection, withText(database, create));
    return pointerAt(place);
  });
  const session: SessionState = { pointer, connection };
  const all = open.get(connection) ?? new Set();
  open.set(connection, all.add(session));
  const attach = (name: number) => sqlite.sqlite3session_attach(pointer, name);
  check(connection, table === '' ? attach(0) : withText(table, attach));
  return sessions.create(session);
}

// --- applying changes

type OnConflict = (type: number) => unknown;
type Filter = (table: string) => unknown;

interface Application {
  onConflict: OnConflict | undefined;
  filter: Filter | undefined;
  connection: Connection;
}

const ABORT = 2;
const NO_ANSWER = -1;
let applying: Application | undefined;

const conflict = functionPointer('iiii', (_context: number, type: number) => {
  if (!applying?.onConflict) return ABORT;
  try {
    const answer = applying.onConflict.call(null, type);
    return typeof answer === 'number' && (answer | 0) === answer ? answer : NO_ANSWER;
  } catch (error) {
    applying.connection.thrown = { error };
    return ABORT;
  }
});

const filter = functionPointer('iii', (_context: number, table: number) => {
  if (!applying?.filter) return 1;
  try {
    return applying.filter.call(null, textAt(table) as string) ? 1 : 0;
  } catch (error) {
    applying.connection.thrown = { error };
    return 0;
  }
});

export function applyChangeset(connection: Connection, [changeset, given]: unknown[]): boolean {
  if (!(changeset instanceof Uint8Array)) {
    throw invalidType('The "changeset" argument must be a Uint8Array.');
  }
  const options = given === undefined ? {} : objectOption(given);
  const onConflict = functionOption<OnConflict>(options, 'onConflict');
  const only = Object.hasOwn(options, 'filter') ? options.filter : undefined;
  if (Object.hasOwn(options, 'filter') && typeof only !== 'function') {
    throw invalidType('The "options.filter" argument must be a function.');
  }
  const before = applying;
  applying = { onConflict, filter: only as Filter | undefined, connection };
  const place = allocateBytes(changeset);
  try {
    const { length } = changeset;
    const answer = sqlite.sqlite3changeset_apply(connection.pointer, length, place, filter, conflict, 0);
    const { thrown } = connection;
    connection.thrown = undefined;
    if (thrown) throw thrown.error;
    if (answer !== SQLITE_OK && answer !== SQLITE_ABORT) throw numberedError(answer);
    return answer === SQLITE_OK;
  } finally {
    applying = before;
    free(place);
  }
}
