/**
 * The operations of a POSIX file system over `Host.files`: open files, positions, flags, and the error numbers of Linux.
 * Contents of open files are kept here and written through at the end of the current task, and before anybody else looks.
 */
import { host } from '../current.ts';
import type { Files } from '../host.ts';
import { processMethods } from './process.ts';
import { UV } from './uv.ts';

/** A failed operation: a negative error number. The binding adds the system call and the paths. */
export class Failure {
  readonly errno: number;
  constructor(errno: number) {
    this.errno = errno;
  }
}
const fail = (name: string): never => {
  throw new Failure(UV[`UV_${name}`]);
};

export const O = { WRONLY: 1, RDWR: 2, CREAT: 64, EXCL: 128, TRUNC: 512, APPEND: 1024, DIRECTORY: 65536 };

/** A file that is open somewhere: its bytes with room to grow. */
interface Content {
  path: string;
  bytes: Uint8Array;
  length: number;
  dirty: boolean;
}
interface OpenFile {
  content: Content | undefined;
  path: string;
  flags: number;
  position: number;
}

const contents = new Map<string, Content>();
const openFiles = new Map<number, OpenFile>();
const modes = new Map<string, number>();
const times = new Map<string, { atimeMs: number; mtimeMs: number }>();
const hostQueueMicrotask = globalThis.queueMicrotask.bind(globalThis);
let flushQueued = false;

const files = (): Files => host().files;

/** The absolute, normalised form of a path as a program gives it, and whether it insists on a folder. */
export function absolute(path: string): string {
  if (path === '') fail('ENOENT');
  const whole = path.startsWith('/') ? path : `${processMethods.cwd()}/${path}`;
  const parts: string[] = [];
  for (const part of whole.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

/** Writes changed contents to the host. */
export function flush(): void {
  flushQueued = false;
  for (const content of contents.values()) {
    if (!content.dirty) continue;
    content.dirty = false;
    files().write(content.path, content.bytes.slice(0, content.length));
  }
}
function changed(content: Content): void {
  content.dirty = true;
  times.delete(content.path);
  if (flushQueued) return;
  flushQueued = true;
  hostQueueMicrotask(flush);
}

type Found = NonNullable<ReturnType<Files['stat']>>;

/** The entry at a path; ENOTDIR when a parent is a file, ENOENT when there is nothing. */
function lookUp(path: string): Found | undefined {
  flush();
  const found = files().stat(path);
  if (found || path === '/') return found ?? { kind: 'directory', size: 4096, mtimeMs: 0, mode: 0o755 };
  for (let at = parentOf(path); ; at = parentOf(at)) {
    const above = files().stat(at);
    if (above?.kind === 'file') fail('ENOTDIR');
    if (above || at === '/') return undefined;
  }
}

function mustExist(given: string): { path: string; found: Found } {
  const path = absolute(given);
  const found = lookUp(path);
  if (!found) return fail('ENOENT');
  if (found.kind === 'file' && /\/\.?$/.test(given)) fail('ENOTDIR');
  return { path, found };
}

function mustHaveParent(path: string): void {
  const parent = lookUp(parentOf(path));
  if (!parent) fail('ENOENT');
  if (parent?.kind === 'file') fail('ENOTDIR');
}

const encoder = new TextEncoder();
/** A stable number for a path, as an inode is for a file. */
function inode(path: string): number {
  let hash = 5381;
  for (const byte of encoder.encode(path)) hash = (hash * 33 + byte) % 0x7fffffff;
  return hash + 2;
}

/** The 18 numbers Node's `Stats` is made from. */
export function statNumbers(given: string): number[] {
  const { path, found } = mustExist(given);
  return numbersOf(path, found);
}

function numbersOf(path: string, found: Found): number[] {
  const directory = found.kind === 'directory';
  const mode = (directory ? 0o040000 : 0o100000) | (modes.get(path) ?? found.mode);
  const size = directory ? 4096 : found.size;
  const { atimeMs, mtimeMs } = times.get(path) ?? { atimeMs: found.mtimeMs, mtimeMs: found.mtimeMs };
  const pair = (ms: number) => [Math.floor(ms / 1000), Math.floor((ms % 1000) * 1e6)];
  return [
    ...[1, mode, directory ? 2 : 1, 1000, 1000, 0, 4096, inode(path), size, Math.ceil(size / 512)],
    ...pair(atimeMs),
    ...pair(mtimeMs),
    ...pair(found.mtimeMs),
    ...pair(found.mtimeMs),
  ];
}

/** 0 for a file, 1 for a folder, negative for nothing. */
export function kindNumber(given: string): number {
  const found = exists(given) ? files().stat(absolute(given)) : undefined;
  return found === undefined ? (absolute(given) === '/' ? 1 : -2) : found.kind === 'directory' ? 1 : 0;
}

export function exists(given: string): boolean {
  try {
    mustExist(given);
    return true;
  } catch {
    return false;
  }
}

export function access(given: string, mode: number): void {
  const { path, found } = mustExist(given);
  const permitted = modes.get(path) ?? found.mode;
  if (mode & 1 && found.kind === 'file' && !(permitted & 0o111)) fail('EACCES');
}

function contentOf(path: string): Content {
  let content = contents.get(path);
  if (!content) {
    const bytes = files().read(path) ?? new Uint8Array(0);
    content = { path, bytes, length: bytes.length, dirty: false };
  }
  return content;
}

export function open(given: string, flags: number, mode: number): number {
  const path = absolute(given);
  const found = lookUp(path);
  const writes = (flags & (O.WRONLY | O.RDWR)) !== 0;
  if (!found) {
    if (!(flags & O.CREAT)) fail('ENOENT');
    mustHaveParent(path);
    if (given.endsWith('/')) fail('EISDIR');
    files().write(path, new Uint8Array(0));
    modes.set(path, mode & ~processMethods.umask());
  } else {
    if (flags & O.CREAT && flags & O.EXCL) fail('EEXIST');
    if (found.kind === 'directory' && (writes || flags & O.CREAT)) fail('EISDIR');
    if (found.kind === 'file' && (flags & O.DIRECTORY || given.endsWith('/'))) fail('ENOTDIR');
  }
  const content = found?.kind === 'directory' ? undefined : contentOf(path);
  if (content) {
    contents.set(path, content);
    if (flags & O.TRUNC && writes && content.length > 0) {
      content.bytes = new Uint8Array(0);
      content.length = 0;
      changed(content);
    }
  }
  let fd = 3;
  while (openFiles.has(fd)) fd++;
  openFiles.set(fd, { content, path, flags, position: 0 });
  return fd;
}

const opened = (fd: number): OpenFile => openFiles.get(fd) ?? fail('EBADF');
function openedContent(fd: number): { file: OpenFile; content: Content } {
  const file = opened(fd);
  return { file, content: file.content ?? fail('EISDIR') };
}

export function close(fd: number): void {
  if (fd >= 0 && fd <= 2) return;
  const { path } = opened(fd);
  openFiles.delete(fd);
  flush();
  for (const other of openFiles.values()) if (other.path === path) return;
  contents.delete(path);
}

export function read(fd: number, target: Uint8Array, position: number): number {
  const { file, content } = openedContent(fd);
  if ((file.flags & 3) === O.WRONLY) fail('EBADF');
  const from = position >= 0 ? position : file.position;
  const count = Math.max(0, Math.min(target.length, content.length - from));
  target.set(content.bytes.subarray(from, from + count));
  if (position < 0) file.position += count;
  return count;
}

export function write(fd: number, bytes: Uint8Array, position: number | null): number {
  if (fd === 1 || fd === 2) {
    host().write(fd, bytes.slice());
    return bytes.length;
  }
  const { file, content } = openedContent(fd);
  if (!(file.flags & 3)) fail('EBADF');
  const appends = (file.flags & O.APPEND) !== 0;
  const at = appends ? content.length : position !== null && position >= 0 ? position : file.position;
  const end = at + bytes.length;
  if (end > content.bytes.length) {
    const larger = new Uint8Array(Math.max(end, content.length * 2));
    larger.set(content.bytes.subarray(0, content.length));
    content.bytes = larger;
  } else if (!content.dirty) content.bytes = content.bytes.slice(); // the host's own until now
  content.bytes.fill(0, content.length, Math.max(content.length, at));
  content.bytes.set(bytes, at);
  content.length = Math.max(content.length, end);
  changed(content);
  if (position === null || position < 0 || appends) file.position = end;
  return bytes.length;
}

export function truncate(fd: number, length: number): void {
  const { file, content } = openedContent(fd);
  if (!(file.flags & 3)) fail('EINVAL');
  const bytes = new Uint8Array(length);
  bytes.set(content.bytes.subarray(0, Math.min(length, content.length)));
  content.bytes = bytes;
  content.length = length;
  changed(content);
}

export function statOpen(fd: number): number[] {
  if (fd >= 0 && fd <= 2) return [1, 0o010600, 1, 1000, 1000, 0, 4096, fd + 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  const { path } = opened(fd);
  flush();
  return numbersOf(path, files().stat(path) ?? { kind: 'file', size: 0, mtimeMs: 0, mode: 0o644 });
}

export function checkOpen(fd: number): void {
  opened(fd);
}

export function list(given: string): { names: string[]; directories: boolean[] } {
  const { path, found } = mustExist(given);
  if (found.kind === 'file') fail('ENOTDIR');
  const names = files().list(path) ?? fail('ENOENT');
  const under = path === '/' ? '/' : `${path}/`;
  return { names, directories: names.map((name) => files().stat(under + name)?.kind === 'directory') };
}

/** Returns the first folder made, when `recursive` made any. */
export function makeDirectory(given: string, mode: number, recursive: boolean): string | undefined {
  const path = absolute(given);
  const found = lookUp(path);
  if (found && (!recursive || found.kind === 'file')) fail('EEXIST');
  if (found) return undefined;
  let first = path;
  if (recursive) {
    const parent = parentOf(path);
    if (!lookUp(parent)) first = makeDirectory(parent, mode, true) ?? path;
  } else mustHaveParent(path);
  files().makeDirectory(path);
  return recursive ? first : undefined;
}

export function unlink(given: string): void {
  const { path, found } = mustExist(given);
  if (found.kind === 'directory') fail('EISDIR');
  forget(path);
  files().remove(path);
}

export function removeDirectory(given: string): void {
  const { path, found } = mustExist(given);
  if (found.kind === 'file') fail('ENOTDIR');
  if ((files().list(path) ?? []).length > 0) fail('ENOTEMPTY');
  files().remove(path);
}

/** `rm`: an error of its own for folders, nothing for what is not there when `force`. */
export function removeTree(given: string): void {
  const { path, found } = mustExist(given);
  if (found.kind === 'directory') {
    for (const name of files().list(path) ?? []) removeTree(`${path}/${name}`);
  } else forget(path);
  files().remove(path);
}

function forget(path: string): void {
  contents.delete(path);
  modes.delete(path);
  times.delete(path);
}

export function rename(given: string, target: string): void {
  const { path, found } = mustExist(given);
  const to = absolute(target);
  const there = lookUp(to);
  mustHaveParent(to);
  if (to === path) return;
  if (to.startsWith(`${path}/`)) fail('EINVAL');
  if (there) {
    if (found.kind === 'directory' && there.kind === 'file') fail('ENOTDIR');
    if (found.kind === 'file' && there.kind === 'directory') fail('EISDIR');
    if (there.kind === 'directory' && (files().list(to) ?? []).length > 0) fail('ENOTEMPTY');
    files().remove(to);
  }
  forget(path);
  forget(to);
  files().rename(path, to);
}

const COPY_EXCLUSIVE = 1;
export function copy(given: string, target: string, flags: number): void {
  const { path, found } = mustExist(given);
  if (found.kind === 'directory') fail('EISDIR');
  const to = absolute(target);
  const there = lookUp(to);
  if (there && flags & COPY_EXCLUSIVE) fail('EEXIST');
  if (there?.kind === 'directory') fail('EISDIR');
  mustHaveParent(to);
  files().write(to, files().read(path) ?? new Uint8Array(0));
}

export function changeMode(given: string, mode: number): void {
  modes.set(mustExist(given).path, mode & 0o7777);
}
export function changeTimes(given: string, atime: number, mtime: number): void {
  times.set(mustExist(given).path, { atimeMs: atime * 1000, mtimeMs: mtime * 1000 });
}
export const pathOf = (fd: number): string => opened(fd).path;
export function realPath(given: string): string {
  return mustExist(given).path;
}
/** There are no symbolic links: nothing is one. */
export function readLink(given: string): never {
  mustExist(given);
  return fail('EINVAL');
}
export function readWhole(given: string | number, flags: number): Uint8Array {
  const fd = typeof given === 'number' ? given : open(given, flags, 0o666);
  try {
    const { file, content } = openedContent(fd);
    return content.bytes.subarray(typeof given === 'number' ? file.position : 0, content.length);
  } finally {
    if (typeof given !== 'number') close(fd);
  }
}
