import type { Files } from '../../../node/host.ts';
import type { FileEntry, FileUpdate } from '../protocol.ts';

const FILE_MODE = 0o100644;
const DIRECTORY_MODE = 0o40755;

interface Node {
  bytes: Uint8Array | undefined;
  /** Names inside a folder. */
  names: Set<string> | undefined;
  mtimeMs: number;
  mode: number;
}

/** The path of the folder that holds `path`. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** An absolute path without `.`, `..`, doubled or trailing slashes. `path` counts from `base` unless absolute. */
export function resolvePath(base: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${path.startsWith('/') ? '' : `${base}/`}${path}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/**
 * A file tree in memory. The kernel holds the one that counts; every process holds a copy, so that reading is
 * synchronous as Node's `readFileSync` must be. Both change only by `apply`, which is what keeps them equal.
 */
export class FileTree implements Files {
  readonly #nodes = new Map<string, Node>();
  readonly #root: Node;
  readonly #now: () => number;

  constructor(now: () => number, entries: readonly FileEntry[] = []) {
    this.#now = now;
    this.#root = { bytes: undefined, names: new Set(), mtimeMs: now(), mode: DIRECTORY_MODE };
    this.#nodes.set('/', this.#root);
    this.load(entries);
  }

  /** Every file and folder but the root, parents first. The bytes are shared, not copied: they are never changed in place. */
  snapshot(): FileEntry[] {
    const entries: FileEntry[] = [];
    const visit = (path: string, node: Node) => {
      if (path !== '/') entries.push({ path, bytes: node.bytes, mtimeMs: node.mtimeMs, mode: node.mode });
      for (const name of node.names ?? []) {
        const child = path === '/' ? `/${name}` : `${path}/${name}`;
        const inside = this.#nodes.get(child);
        if (inside) visit(child, inside);
      }
    };
    visit('/', this.#root);
    return entries;
  }

  /** Puts entries in place, with the folders they need. */
  load(entries: readonly FileEntry[]): void {
    for (const { path, bytes, mtimeMs, mode } of entries) {
      if (bytes === undefined) {
        this.makeParents(path, mtimeMs);
        this.apply({ operation: 'make-directory', path, mtimeMs });
      } else {
        this.makeParents(parentOf(path), mtimeMs);
        this.apply({ operation: 'write', path, bytes, mtimeMs });
      }
      const node = this.#nodes.get(path);
      if (node && mode) node.mode = mode;
    }
  }

  /** Creates `path` and the folders above it where they are missing. */
  makeParents(path: string, mtimeMs = this.#now()): FileUpdate[] {
    if (this.#nodes.has(path)) return [];
    const made = path === '/' ? [] : this.makeParents(parentOf(path), mtimeMs);
    const update: FileUpdate = { operation: 'make-directory', path, mtimeMs };
    this.apply(update);
    return [...made, update];
  }

  /** Makes one change; says whether it was possible. An impossible one (its folder is gone) changes nothing. */
  apply(update: FileUpdate): boolean {
    switch (update.operation) {
      case 'write':
        return this.#put(update.path, update.bytes, update.mtimeMs);
      case 'make-directory':
        return this.#nodes.has(update.path) ? false : this.#put(update.path, undefined, update.mtimeMs);
      case 'remove':
        return this.#remove(update.path);
      case 'rename':
        return this.#rename(update.from, update.to);
    }
  }

  #put(path: string, bytes: Uint8Array | undefined, mtimeMs: number): boolean {
    const parent = this.#nodes.get(parentOf(path));
    if (!parent?.names || path === '/') return false;
    const before = this.#nodes.get(path);
    if (before?.names) return false;
    parent.names.add(nameOf(path));
    if (!before) parent.mtimeMs = mtimeMs;
    this.#nodes.set(path, {
      bytes,
      names: bytes === undefined ? new Set() : undefined,
      mtimeMs,
      mode: before?.mode ?? (bytes === undefined ? DIRECTORY_MODE : FILE_MODE),
    });
    return true;
  }

  #remove(path: string): boolean {
    const node = this.#nodes.get(path);
    if (!node || path === '/' || node.names?.size) return false;
    this.#nodes.delete(path);
    this.#nodes.get(parentOf(path))?.names?.delete(nameOf(path));
    return true;
  }

  #rename(from: string, to: string): boolean {
    const node = this.#nodes.get(from);
    if (!node || from === '/' || !this.#nodes.get(parentOf(to))?.names || to.startsWith(`${from}/`))
      return false;
    if (from === to) return true;
    const target = this.#nodes.get(to);
    if (target && !this.#remove(to)) return false;
    for (const [path, moved] of [...this.#nodes]) {
      if (path !== from && !path.startsWith(`${from}/`)) continue;
      this.#nodes.delete(path);
      this.#nodes.set(to + path.slice(from.length), moved);
    }
    this.#nodes.get(parentOf(from))?.names?.delete(nameOf(from));
    this.#nodes.get(parentOf(to))?.names?.add(nameOf(to));
    return true;
  }

  read(path: string): Uint8Array | undefined {
    return this.#nodes.get(path)?.bytes;
  }

  write(path: string, bytes: Uint8Array): void {
    this.apply({ operation: 'write', path, bytes, mtimeMs: this.#now() });
  }

  makeDirectory(path: string): void {
    this.apply({ operation: 'make-directory', path, mtimeMs: this.#now() });
  }

  remove(path: string): void {
    this.apply({ operation: 'remove', path });
  }

  rename(from: string, to: string): void {
    this.apply({ operation: 'rename', from, to });
  }

  stat(path: string): ReturnType<Files['stat']> {
    const node = this.#nodes.get(path);
    if (!node) return undefined;
    return {
      kind: node.names ? 'directory' : 'file',
      size: node.bytes?.length ?? 4096,
      mtimeMs: node.mtimeMs,
      mode: node.mode,
    };
  }

  list(path: string): string[] | undefined {
    const names = this.#nodes.get(path)?.names;
    return names && [...names].sort();
  }
}
