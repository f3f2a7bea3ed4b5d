/**
 * SQLite's operating system (https://sqlite.org/vfs.html): its calls, answered by the process's file tree. It is the
 * default one, so `PRAGMA`s and `ATTACH` go through it, too.
 *
 * Locks hold between the connections of one process. Between processes there are none: what a process has committed
 * reaches the others a moment later, and of two that write at the same instant the later one's file stands.
 */
import { host } from '../current.ts';
import { process } from '../process-object.ts';
import * as sqliteIs from './constants.ts';
import { EXCLUSIVE, exists, fileInUse, Handle, openFile, remove, SHARED } from './files.ts';
import {
  allocate,
  allocateBytes,
  allocateText,
  encode,
  functionPointer,
  heap,
  pointerAt,
  sqlite,
  textAt,
  view,
} from './wasm.ts';

const { SQLITE_OK, SQLITE_BUSY, SQLITE_CANTOPEN, SQLITE_NOTFOUND } = sqliteIs;

const LONGEST_PATH = 4096;
const SECTOR = 4096;
/** Milliseconds from the beginning of the Julian period to 1970. */
const JULIAN = 210_866_760_000_000;
/** `sqlite3_file`: a pointer to its methods, which is SQLite's, and the number of our handle. */
const FILE_SIZE = 8;

/** `SQLITE_IOCAP_POWERSAFE_OVERWRITE`, as of Unix: a write harms no bytes beside its own. */
const POWERSAFE_OVERWRITE = 0x1000;

const handles = new Map<number, Handle>();
let lastHandle = 0;
let lastTemporary = 0;

const handleAt = (file: number): Handle => handles.get(pointerAt(file + 4)) as Handle;
const setInt = (place: number, value: number) => view().setInt32(place, value, true);

// --- one file

const fileMethods: Record<string, [signature: string, call: (...args: never[]) => unknown]> = {
  xClose: [
    'ii',
    (file: number) => {
      handleAt(file).close();
      handles.delete(pointerAt(file + 4));
      return SQLITE_OK;
    },
  ],
  xRead: [
    'iiiij',
    (file: number, place: number, length: number, offset: bigint) => {
      const bytes = handleAt(file).file.read(Number(offset), length);
      heap().set(bytes, place);
      heap().fill(0, place + bytes.length, place + length);
      return bytes.length === length ? SQLITE_OK : sqliteIs.SQLITE_IOERR_SHORT_READ;
    },
  ],
  xWrite: [
    'iiiij',
    (file: number, place: number, length: number, offset: bigint) => {
      const handle = handleAt(file);
      if (handle.isReadOnly) return sqliteIs.SQLITE_READONLY;
      handle.file.write(Number(offset), heap().subarray(place, place + length));
      return SQLITE_OK;
    },
  ],
  xTruncate: [
    'iij',
    (file: number, size: bigint) => {
      handleAt(file).file.truncate(Number(size));
      return SQLITE_OK;
    },
  ],
  xSync: [
    'iii',
    (file: number) => {
      handleAt(file).file.flush();
      return SQLITE_OK;
    },
  ],
  xFileSize: [
    'iii',
    (file: number, place: number) => {
      view().setBigInt64(place, BigInt(handleAt(file).file.size), true);
      return SQLITE_OK;
    },
  ],
  xLock: ['iii', (file: number, level: number) => (handleAt(file).lock(level) ? SQLITE_OK : SQLITE_BUSY)],
  xUnlock: [
    'iii',
    (file: number, level: number) => {
      handleAt(file).unlock(level);
      return SQLITE_OK;
    },
  ],
  xCheckReservedLock: [
    'iii',
    (file: number, place: number) => {
      setInt(place, handleAt(file).isReserved ? 1 : 0);
      return SQLITE_OK;
    },
  ],
  xFileControl: ['iiii', () => SQLITE_NOTFOUND],
  xSectorSize: ['ii', () => SECTOR],
  xDeviceCharacteristics: ['ii', () => POWERSAFE_OVERWRITE],
  // The index of a write-ahead log, in memory that the connections of this process share.
  xShmMap: [
    'iiiiii',
    (file: number, region: number, size: number, extend: number, place: number) => {
      const { regions } = handleAt(file).file;
      while (extend && regions.length <= region) {
        const memory = allocate(size);
        heap().fill(0, memory, memory + size);
        regions.push(memory);
      }
      setInt(place, regions[region] ?? 0);
      return SQLITE_OK;
    },
  ],
  xShmLock: [
    'iiiii',
    (file: number, first: number, count: number, flags: number) => {
      const handle = handleAt(file);
      if (flags & SHM_UNLOCK) handle.unlockLog(first, count);
      else if (!handle.lockLog(first, count, flags & SHM_SHARED ? SHARED : EXCLUSIVE)) return SQLITE_BUSY;
      return SQLITE_OK;
    },
  ],
  xShmBarrier: ['vi', (file: number) => noticeOthers(handleAt(file))],
  xShmUnmap: [
    'iii',
    (file: number) => {
      const { regions, handles } = handleAt(file).file;
      if (handles.size === 1) for (const region of regions.splice(0)) sqlite.sqlite3_free(region);
      return SQLITE_OK;
    },
  ],
};

const SHM_UNLOCK = 1;
const SHM_SHARED = 4;
/** Both copies of the index's header: https://sqlite.org/walformat.html#the_wal_index_header */
const INDEX_HEADER = 96;

/**
 * The index of the log is this process's own, the log is not. A reader compares the two copies of the index's header with
 * a barrier between them: should another process have written meanwhile, the header is wiped there, and SQLite makes
 * the index anew from the log.
 */
function noticeOthers(handle: Handle): void {
  const { file } = handle;
  const log = fileInUse(`${file.path}-wal`);
  if (!log || log.isDirty || handle.logIsBeingWritten || !(log.isStale || file.isStale)) return;
  log.refresh(true);
  file.refresh();
  const [first] = file.regions;
  if (first !== undefined) heap().fill(0, first, first + INDEX_HEADER);
}

// --- the file system

/** An absolute path, without `.` and `..`. */
function absolute(path: string): string {
  return require('path').resolve(process.cwd(), path);
}

function open(_vfs: number, name: number, file: number, flags: number, flagsPlace: number): number {
  setInt(file, 0);
  const isReadOnly = !(flags & sqliteIs.SQLITE_OPEN_READWRITE);
  const isKept = (flags & (sqliteIs.SQLITE_OPEN_MAIN_DB | sqliteIs.SQLITE_OPEN_WAL)) !== 0;
  const path = textAt(name) ?? `temporary ${++lastTemporary}`;
  if (name !== 0 && !mayOpen(path, flags)) return SQLITE_CANTOPEN;
  const deleteOnClose = (flags & sqliteIs.SQLITE_OPEN_DELETEONCLOSE) !== 0;
  const handle = new Handle(openFile(path, isKept && name !== 0), { deleteOnClose, isReadOnly });
  handles.set(++lastHandle, handle);
  setInt(file, methods);
  setInt(file + 4, lastHandle);
  if (flagsPlace !== 0) setInt(flagsPlace, flags);
  return SQLITE_OK;
}

/** Whether the file is there, or can be made: an empty one is made at once, as `open(2)` does. */
function mayOpen(path: string, flags: number): boolean {
  const { files } = host();
  if (exists(path)) return !(flags & sqliteIs.SQLITE_OPEN_EXCLUSIVE && flags & sqliteIs.SQLITE_OPEN_CREATE);
  const folder = path.slice(0, path.lastIndexOf('/')) || '/';
  if (!(flags & sqliteIs.SQLITE_OPEN_CREATE)) return false;
  if (files.stat(path) || files.stat(folder)?.kind !== 'directory') return false;
  if (flags & (sqliteIs.SQLITE_OPEN_MAIN_DB | sqliteIs.SQLITE_OPEN_WAL)) files.write(path, new Uint8Array());
  return true;
}

/** Waits: only this process's own connections could give a lock back, and they are waiting, too. */
function sleep(_vfs: number, microseconds: number): number {
  const end = performance.now() + microseconds / 1000;
  while (performance.now() < end);
  return microseconds;
}

const vfsMethods: Record<string, [signature: string, call: (...args: never[]) => unknown] | null> = {
  xOpen: ['iiiiii', open],
  xDelete: [
    'iiii',
    (_vfs: number, name: number) =>
      remove(textAt(name) as string) ? SQLITE_OK : sqliteIs.SQLITE_IOERR_DELETE_NOENT,
  ],
  xAccess: [
    'iiiii',
    (_vfs: number, name: number, _flags: number, place: number) => {
      setInt(place, exists(textAt(name) as string) ? 1 : 0);
      return SQLITE_OK;
    },
  ],
  xFullPathname: [
    'iiiii',
    (_vfs: number, name: number, size: number, place: number) => {
      const path = encode(absolute(textAt(name) as string));
      if (path.length >= size) return SQLITE_CANTOPEN;
      heap().set(path, place);
      heap()[place + path.length] = 0;
      return SQLITE_OK;
    },
  ],
  // Extensions are machine code: there is nothing to load them with.
  xDlOpen: null,
  xDlError: null,
  xDlSym: null,
  xDlClose: null,
  xRandomness: [
    'iiii',
    (_vfs: number, length: number, place: number) => {
      const bytes = new Uint8Array(length);
      host().random(bytes);
      heap().set(bytes, place);
      return length;
    },
  ],
  xSleep: ['iii', sleep],
  xCurrentTime: [
    'iii',
    (_vfs: number, place: number) => {
      view().setFloat64(place, (host().now() + JULIAN) / 86_400_000, true);
      return SQLITE_OK;
    },
  ],
  xGetLastError: ['iiii', () => SQLITE_OK],
  xCurrentTimeInt64: [
    'iii',
    (_vfs: number, place: number) => {
      view().setBigInt64(place, BigInt(Math.floor(host().now()) + JULIAN), true);
      return SQLITE_OK;
    },
  ],
};

/** A structure of ints and pointers in SQLite's memory. */
function structure(fields: readonly number[]): number {
  return allocateBytes(new Uint8Array(new Int32Array(fields).buffer));
}

const pointers = (table: typeof vfsMethods) =>
  Object.values(table).map((method) => (method ? functionPointer(...method) : 0));

sqlite.sqlite3_initialize();
/** `sqlite3_io_methods` of version 2: with a write-ahead log, without memory-mapped files. */
const methods = structure([2, ...pointers(fileMethods)]);
const name = allocateText('handfast');
sqlite.sqlite3_vfs_register(structure([2, FILE_SIZE, LONGEST_PATH, 0, name, 0, ...pointers(vfsMethods)]), 1);
