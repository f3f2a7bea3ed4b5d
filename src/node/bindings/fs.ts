/**
 * `internalBinding('fs')` under Node's own lib/fs.js. Each operation comes in Node's three forms: it throws, or it calls
 * `req.oncomplete`, or it gives a promise when `req` is `kUsePromises`.
 */
import type { Any } from '../current.ts';
import { enterLater, hold } from '../loop.ts';
import { Request } from './async.ts';
import { decodeBytes, encodeText, encodingNumber, UTF8 } from './encodings.ts';
import * as files from './fs-files.ts';
import { errorMessage, errorName, UV } from './uv.ts';

const kUsePromises = Symbol('fs_use_promises_symbol');
const STATS_FIELDS = 18;
const statValues = new Float64Array(2 * STATS_FIELDS);
const bigintStatValues = new BigInt64Array(2 * STATS_FIELDS);

class FSReqCallback extends Request {
  readonly useBigint: boolean;
  context: Any;
  constructor(useBigint = false) {
    super();
    this.useBigint = useBigint;
  }
}

/** `UVException` of C++: text and order of properties are what programs print. */
function exception(errno: number, syscall: string, path?: string, dest?: string): Error {
  let message = `${errorName(errno)}: ${errorMessage(errno)}, ${syscall}`;
  if (path !== undefined) message += ` '${path}'`;
  if (dest !== undefined) message += ` -> '${dest}'`;
  const error: Any = new Error(message);
  error.errno = errno;
  error.code = errorName(errno);
  error.syscall = syscall;
  if (path !== undefined) error.path = path;
  if (dest !== undefined) error.dest = dest;
  return error;
}

/** An error made outside any call of the program has no frames. */
function withoutFrames(make: () => Error): Error {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  const error = make();
  Error.stackTraceLimit = limit;
  return error;
}

interface Operation {
  syscall: string;
  /** Where `req` is among the arguments. */
  req: number;
  /** Whether argument 0, and 1, are paths the error names. */
  paths?: 0 | 1 | 2;
  run(...args: Any[]): Any;
}

const text = (path: unknown): string =>
  typeof path === 'string' ? path : decodeBytes(path as Uint8Array, UTF8);

function binding({ syscall, req: at, paths = 1, run }: Operation) {
  const attempt = (args: Any[]) => {
    for (let i = 0; i < paths; i++) args[i] = text(args[i]);
    return run(...args);
  };
  const failed = (error: unknown, args: Any[]) => {
    if (!(error instanceof files.Failure)) return error;
    return exception(error.errno, syscall, paths > 0 ? args[0] : undefined, paths > 1 ? args[1] : undefined);
  };
  return (...args: Any[]) => {
    // A wrong kind of descriptor is the caller's mistake and thrown at once, whoever waits for the answer.
    if (paths === 0) args[0] = require('internal/fs/utils').getValidatedFd(args[0]);
    const req = args[at];
    if (req === undefined) {
      try {
        return attempt(args);
      } catch (error) {
        const context = args[at + 1];
        if (error instanceof files.Failure && typeof context === 'object' && context !== null) {
          Object.assign(context, { errno: error.errno, syscall });
          return undefined;
        }
        throw failed(error, args);
      }
    }
    const release = hold();
    if (req === kUsePromises) {
      return new Promise((resolve, reject) => {
        enterLater(() => {
          release();
          try {
            resolve(attempt(args));
          } catch (error) {
            reject(withoutFrames(() => failed(error, args) as Error));
          }
        });
      });
    }
    enterLater(() => {
      release();
      let result: Any;
      try {
        result = attempt(args);
      } catch (error) {
        return req.oncomplete(withoutFrames(() => failed(error, args) as Error));
      }
      if (result === undefined) req.oncomplete(null);
      else req.oncomplete(null, result);
    });
    return undefined;
  };
}

function stats(numbers: number[], bigint: boolean): Float64Array | BigInt64Array {
  return bigint ? BigInt64Array.from(numbers.map(BigInt)) : Float64Array.from(numbers);
}

/** `stat` and its kin may be told not to throw where nothing is. */
function quietly<T>(find: () => T, throwIfNoEntry: unknown): T | undefined {
  try {
    return find();
  } catch (error) {
    const missing = error instanceof files.Failure && [UV.UV_ENOENT, UV.UV_ENOTDIR].includes(error.errno);
    if (throwIfNoEntry === false && missing) return undefined;
    throw error;
  }
}

const encoded = (name: string, encoding: unknown): Any => {
  if (encoding === 'buffer') return require('buffer').Buffer.from(name);
  return encoding === undefined || encodingNumber(encoding) === UTF8
    ? name
    : decodeBytes(encodeText(name, UTF8), encodingNumber(encoding));
};

function listing(path: string, encoding: unknown, withTypes: boolean): Any {
  const { names, directories } = files.list(path);
  const shown = names.map((name) => encoded(name, encoding));
  return withTypes ? [shown, directories.map((directory) => (directory ? 2 : 1))] : shown;
}

const part = (buffer: ArrayBufferView, offset: number, length: number): Uint8Array =>
  new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length);
const at = (position: unknown): number =>
  typeof position === 'bigint' ? Number(position) : typeof position === 'number' ? position : -1;

function readInto(
  fd: number,
  buffer: ArrayBufferView,
  offset: number,
  length: number,
  position: unknown,
): number {
  return files.read(fd, part(buffer, offset, length), at(position));
}
function writeFrom(
  fd: number,
  buffer: ArrayBufferView,
  offset: number,
  length: number,
  position: unknown,
): number {
  return files.write(
    fd,
    part(buffer, offset, length),
    position === null || position === undefined ? null : at(position),
  );
}
function inTurn(
  one: (fd: number, buffer: ArrayBufferView, offset: number, length: number, position: unknown) => number,
) {
  return (fd: number, buffers: ArrayBufferView[], position: unknown): number => {
    let total = 0;
    for (const buffer of buffers) {
      const where = typeof position === 'number' ? position + total : position;
      const count = one(fd, buffer, 0, buffer.byteLength, where);
      total += count;
      if (count < buffer.byteLength) break;
    }
    return total;
  };
}

let lastTemporary = 0;
function makeTemporary(prefix: string, encoding: unknown): string {
  for (;;) {
    const suffix = (lastTemporary++ * 7919 + 123456789).toString(36).padStart(6, 'Q').slice(-6);
    const path = `${prefix}${suffix}`;
    if (files.exists(path)) continue;
    files.makeDirectory(path, 0o700, false);
    return encoded(path, encoding);
  }
}

/** The native half of `fs.promises`' FileHandle. */
class FileHandle extends Request {
  fd: number;
  onread: Any;
  constructor(fd: number) {
    super();
    this.fd = fd;
  }
  close(): Promise<void> {
    const { fd } = this;
    this.fd = -1;
    return fs.close(fd, kUsePromises);
  }
  releaseFD(): number {
    const { fd } = this;
    this.fd = -1;
    return fd;
  }
}

/** `rmSync` and the promise form of it, with the errors that Node's own JavaScript does not make. */
function remove(path: string, _retries: number, recursive: boolean): void {
  let target = path;
  if (path.length > 1 && path.endsWith('/')) target = path.slice(0, -1);
  const kind = files.kindNumber(target);
  if (kind < 0) return; // what must be there has been checked by JavaScript
  if (kind === 1 && !recursive) {
    const { ERR_FS_EISDIR } = require('internal/errors').codes;
    throw new ERR_FS_EISDIR({ code: 'EISDIR', message: 'is a directory', path, syscall: 'rm', errno: 21 });
  }
  files.removeTree(target);
}

const unsupported = (syscall: string, req: number, paths: 0 | 1 | 2 = 1) =>
  binding({
    syscall,
    req,
    paths,
    run: () => {
      throw new files.Failure(UV.UV_ENOSYS);
    },
  });

const nothing = () => {};

export const fs: Any = {
  FSReqCallback,
  FileHandle,
  statValues,
  bigintStatValues,
  kFsStatsFieldsNumber: STATS_FIELDS,
  kUsePromises,
  access: binding({ syscall: 'access', req: 2, run: files.access }),
  existsSync: (path: unknown) => files.exists(text(path)),
  open: binding({ syscall: 'open', req: 3, run: files.open }),
  openFileHandle: binding({
    syscall: 'open',
    req: 3,
    run: (path, flags, mode) => new FileHandle(files.open(path, flags, mode)),
  }),
  close: binding({ syscall: 'close', req: 1, paths: 0, run: files.close }),
  read: binding({ syscall: 'read', req: 5, paths: 0, run: readInto }),
  readBuffers: binding({ syscall: 'read', req: 3, paths: 0, run: inTurn(readInto) }),
  writeBuffer: binding({ syscall: 'write', req: 5, paths: 0, run: writeFrom }),
  writeBuffers: binding({ syscall: 'write', req: 3, paths: 0, run: inTurn(writeFrom) }),
  writeString: binding({
    syscall: 'write',
    req: 4,
    paths: 0,
    run(fd, value, position, encoding) {
      return files.write(fd, encodeText(value, encodingNumber(encoding)), position ?? null);
    },
  }),
  readFileUtf8(path: Any, flags: number) {
    try {
      return decodeBytes(files.readWhole(typeof path === 'number' ? path : text(path), flags), UTF8);
    } catch (error) {
      if (!(error instanceof files.Failure)) throw error;
      if (typeof path === 'number') throw exception(error.errno, 'read');
      throw error.errno === UV.UV_EISDIR && !(flags & 3)
        ? exception(error.errno, 'read')
        : exception(error.errno, 'open', text(path));
    }
  },
  writeFileUtf8(path: Any, value: string, flags: number, mode: number) {
    const bytes = encodeText(value, UTF8);
    try {
      if (typeof path === 'number') return void files.write(path, bytes, null);
      const fd = files.open(text(path), flags, mode);
      files.write(fd, bytes, null);
      files.close(fd);
    } catch (error) {
      if (!(error instanceof files.Failure)) throw error;
      throw typeof path === 'number'
        ? exception(error.errno, 'write')
        : exception(error.errno, 'open', text(path));
    }
  },
  stat: binding({
    syscall: 'stat',
    req: 2,
    run: (path, bigint, _req, mustBe) => quietly(() => stats(files.statNumbers(path), bigint), mustBe),
  }),
  lstat: binding({
    syscall: 'lstat',
    req: 2,
    run: (path, bigint, _req, mustBe) => quietly(() => stats(files.statNumbers(path), bigint), mustBe),
  }),
  fstat: binding({
    syscall: 'fstat',
    req: 2,
    paths: 0,
    run: (fd, bigint) => stats(files.statOpen(fd), bigint),
  }),
  statfs: unsupported('statfs', 2),
  internalModuleStat: (path: unknown) => files.kindNumber(text(path)),
  readdir: binding({ syscall: 'scandir', req: 3, run: listing }),
  mkdir: binding({ syscall: 'mkdir', req: 3, run: files.makeDirectory }),
  mkdtemp: (prefix: unknown, encoding: unknown, req: unknown) =>
    binding({ syscall: 'mkdtemp', req: 2, run: () => makeTemporary(text(prefix), encoding) })(
      `${text(prefix)}XXXXXX`,
      encoding,
      req,
    ),
  rmdir: binding({ syscall: 'rmdir', req: 1, run: files.removeDirectory }),
  rmSync: (path: unknown, retries: number, recursive: boolean) =>
    binding({ syscall: 'rm', req: 9, run: remove })(path, retries, recursive),
  unlink: binding({ syscall: 'unlink', req: 1, run: files.unlink }),
  rename: binding({ syscall: 'rename', req: 2, paths: 2, run: files.rename }),
  copyFile: binding({ syscall: 'copyfile', req: 3, paths: 2, run: files.copy }),
  ftruncate: binding({
    syscall: 'ftruncate',
    req: 2,
    paths: 0,
    run: (fd, length = 0) => files.truncate(fd, length),
  }),
  fsync: binding({ syscall: 'fsync', req: 1, paths: 0, run: files.checkOpen }),
  fdatasync: binding({ syscall: 'fdatasync', req: 1, paths: 0, run: files.checkOpen }),
  chmod: binding({ syscall: 'chmod', req: 2, run: files.changeMode }),
  fchmod: binding({
    syscall: 'fchmod',
    req: 2,
    paths: 0,
    run: (fd, mode) => files.changeMode(files.pathOf(fd), mode),
  }),
  chown: binding({ syscall: 'chown', req: 3, run: (path) => files.access(path, 0) }),
  fchown: binding({ syscall: 'fchown', req: 3, paths: 0, run: files.checkOpen }),
  lchown: binding({ syscall: 'lchown', req: 3, run: (path) => files.access(path, 0) }),
  utimes: binding({ syscall: 'utime', req: 3, run: files.changeTimes }),
  lutimes: binding({ syscall: 'lutime', req: 3, run: files.changeTimes }),
  futimes: binding({
    syscall: 'futime',
    req: 3,
    paths: 0,
    run: (fd, a, m) => files.changeTimes(files.pathOf(fd), a, m),
  }),
  realpath: binding({
    syscall: 'realpath',
    req: 2,
    run: (path, encoding) => encoded(files.realPath(path), encoding),
  }),
  readlink: binding({ syscall: 'readlink', req: 2, run: files.readLink }),
  link: unsupported('link', 2, 2),
  symlink: unsupported('symlink', 3, 2),
  getFormatOfExtensionlessFile: () => 0,
  legacyMainResolve: nothing,
  cpSyncCheckPaths: nothing,
};

/** `fs.opendir`: reads the whole folder when it is opened. */
class DirHandle extends Request {
  #entries: [string[], number[]] | undefined;
  constructor(entries: [string[], number[]]) {
    super();
    this.#entries = entries;
  }
  read(_encoding: unknown, _size: number, req?: Any): Any {
    const rows = this.#entries;
    this.#entries = undefined;
    const flat = rows?.[0].length ? rows[0].flatMap((name, index) => [name, rows[1][index]]) : null;
    if (req === undefined) return flat;
    const release = hold();
    enterLater(() => {
      release();
      req.oncomplete(null, flat);
    });
  }
  close(req?: Any): void {
    if (req === undefined) return;
    const release = hold();
    enterLater(() => {
      release();
      req.oncomplete(null);
    });
  }
}

export const fsDir: Any = {
  opendir: binding({
    syscall: 'opendir',
    req: 2,
    run: (path, encoding) => new DirHandle(listing(path, encoding, true)),
  }),
  opendirSync: (path: string) => fsDir.opendir(path, 'utf8', undefined),
};
export const fsEventWrap: Any = { FSEvent: class FSEvent {} };
