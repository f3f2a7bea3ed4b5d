/**
 * The files of SQLite over the process's file tree. A file is read whole and kept here; what was written reaches the tree,
 * whole again, when a transaction ends, so another process (or the next) sees a database before or after a transaction,
 * never in between. Rollback journals are for this process alone and stay here.
 */
import { host } from '../current.ts';

/** Levels of SQLite's file locks (https://sqlite.org/lockingv3.html). PENDING keeps new readers out. */
export const NONE = 0;
export const SHARED = 1;
export const RESERVED = 2;
export const PENDING = 3;
export const EXCLUSIVE = 4;

/** One database, journal or log, however many connections have it open. */
export class DataFile {
  readonly path: string;
  /** Whether the tree has it, or only this process. */
  readonly inTree: boolean;
  readonly handles = new Set<Handle>();
  /** Pages of the write-ahead log's index, which its connections share: places in SQLite's memory. */
  readonly regions: number[] = [];
  size = 0;
  #bytes: Uint8Array = new Uint8Array();
  /** The bytes as the tree had them when they were last read or written; the tree never changes bytes in place. */
  #stored: Uint8Array | undefined;
  #isOwn = false;
  isDirty = false;
  /** Removed by name while it was open: as on any Unix, those who have it open keep it. */
  isGone = false;

  constructor(path: string, inTree: boolean) {
    this.path = path;
    this.inTree = inTree;
    this.#take(host().files.read(path));
  }

  #take(stored: Uint8Array | undefined): void {
    this.#stored = stored;
    this.#bytes = stored ?? new Uint8Array();
    this.size = this.#bytes.length;
    this.#isOwn = false;
    this.isDirty = false;
  }

  /** Whether somebody else has changed the file since it was read. */
  get isStale(): boolean {
    return this.inTree && !this.isDirty && !this.isGone && host().files.read(this.path) !== this.#stored;
  }

  /** Reads what others have written. A log that was removed is an empty one; a database is kept as it was. */
  refresh(removedIsEmpty = false): void {
    if (!this.isStale) return;
    const stored = host().files.read(this.path);
    if (stored === undefined && !removedIsEmpty) this.isGone = true;
    else this.#take(stored);
  }

  read(offset: number, length: number): Uint8Array {
    return this.#bytes.subarray(Math.min(offset, this.size), Math.min(offset + length, this.size));
  }

  write(offset: number, bytes: Uint8Array): void {
    this.#reserve(offset + bytes.length);
    this.#bytes.set(bytes, offset);
    this.size = Math.max(this.size, offset + bytes.length);
    this.isDirty = true;
  }

  #reserve(length: number): void {
    if (this.#isOwn && length <= this.#bytes.length) return;
    const room = new Uint8Array(length <= this.size ? this.size : Math.max(length, 2 * this.size, 4096));
    room.set(this.#bytes.subarray(0, this.size));
    this.#bytes = room;
    this.#isOwn = true;
  }

  truncate(size: number): void {
    this.#reserve(size);
    if (size < this.size) this.#bytes.fill(0, size, this.size);
    this.size = size;
    this.isDirty = true;
  }

  /** Gives the tree what was written. */
  flush(): void {
    if (!this.isDirty || !this.inTree || this.isGone) return;
    const { files } = host();
    files.write(this.path, this.#bytes.subarray(0, this.size));
    this.#stored = files.read(this.path);
    this.isDirty = false;
  }
}

const open = new Map<string, DataFile>();

/** The open file at a path, or the one that the tree has. */
export function openFile(path: string, inTree: boolean): DataFile {
  const known = open.get(path);
  known?.refresh(path.endsWith('-wal'));
  if (known && !known.isGone) return known;
  const file = new DataFile(path, inTree);
  open.set(path, file);
  return file;
}

export const fileInUse = (path: string): DataFile | undefined => open.get(path);

export function exists(path: string): boolean {
  const known = open.get(path);
  return (known !== undefined && !known.inTree) || host().files.stat(path)?.kind === 'file';
}

export function remove(path: string): boolean {
  const { files } = host();
  const known = open.get(path);
  if (known) known.isGone = true;
  open.delete(path);
  const inTree = files.stat(path)?.kind === 'file';
  if (inTree) files.remove(path);
  return inTree || known !== undefined;
}

/** Slots of the locks over a write-ahead log's index: writer, checkpointer, recoverer and five readers. */
const LOG_LOCKS = 8;

/** What one connection has of a file, and which locks it holds. */
export class Handle {
  readonly file: DataFile;
  readonly deleteOnClose: boolean;
  readonly isReadOnly: boolean;
  level = NONE;
  readonly logLocks: (typeof NONE | typeof SHARED | typeof EXCLUSIVE)[] = Array(LOG_LOCKS).fill(NONE);

  constructor(file: DataFile, options: { deleteOnClose: boolean; isReadOnly: boolean }) {
    this.file = file;
    this.deleteOnClose = options.deleteOnClose;
    this.isReadOnly = options.isReadOnly;
    file.handles.add(this);
  }

  #othersHold(level: number): boolean {
    return [...this.file.handles].some((other) => other !== this && other.level >= level);
  }

  /** Takes a lock against the other connections of this process; false when one of them is in the way. */
  lock(level: number): boolean {
    if (this.level >= level) return true;
    if (level === SHARED) {
      if (this.#othersHold(PENDING)) return false;
      if (![...this.file.handles].some((handle) => handle.level > NONE)) this.file.refresh();
    } else if (this.#othersHold(RESERVED)) return false;
    else if (level === EXCLUSIVE && this.#othersHold(SHARED)) {
      this.level = PENDING;
      return false;
    }
    this.level = level;
    return true;
  }

  unlock(level: number): void {
    if (this.level <= level) return;
    // The transaction is over, whether it was committed or rolled back.
    this.file.flush();
    this.level = level;
  }

  get isReserved(): boolean {
    return this.level >= RESERVED || this.#othersHold(RESERVED);
  }

  /** As `lock`, for the slots from `first` of the write-ahead log's index. */
  lockLog(first: number, count: number, level: typeof SHARED | typeof EXCLUSIVE): boolean {
    const others = [...this.file.handles].filter((handle) => handle !== this);
    for (let slot = first; slot < first + count; slot++) {
      const inTheWay = level === EXCLUSIVE ? SHARED : EXCLUSIVE;
      if (others.some((other) => other.logLocks[slot] >= inTheWay)) return false;
    }
    this.logLocks.fill(level, first, first + count);
    return true;
  }

  unlockLog(first: number, count: number): void {
    const wroteSomething = this.logLocks.slice(first, first + count).includes(EXCLUSIVE);
    this.logLocks.fill(NONE, first, first + count);
    if (!wroteSomething) return;
    fileInUse(`${this.file.path}-wal`)?.flush();
    this.file.flush();
  }

  /** Whether any connection of this process is in the middle of writing to the log, or of moving it to the database. */
  get logIsBeingWritten(): boolean {
    return [...this.file.handles].some(({ logLocks }) => logLocks.slice(0, 3).includes(EXCLUSIVE));
  }

  close(): void {
    this.unlock(NONE);
    this.logLocks.fill(NONE);
    this.file.flush();
    this.file.handles.delete(this);
    if (this.file.handles.size === 0 && open.get(this.file.path) === this.file && this.file.inTree) {
      open.delete(this.file.path);
    }
    if (this.deleteOnClose) remove(this.file.path);
  }
}
