/** A Host in memory: files in a map, a network in one process, standard streams as callbacks. */
import type { Files, Host, Network } from '../../src/node/host.ts';

/** Taken before the program's globals replace it. */
const platform = globalThis.crypto;

export interface MemoryHostOptions {
  args?: string[];
  cwd?: string;
  env?: Record<string, string>;
  hostname?: string;
  files?: Files;
  asset?: Host['asset'];
  network: Network;
  write(fd: 1 | 2, bytes: Uint8Array): void;
  exit(code: number): void;
  onInput?: Host['onInput'];
  keylog?(line: string): void;
  formatUncaught: Host['formatUncaught'];
}

interface Entry {
  bytes: Uint8Array | undefined;
  mtimeMs: number;
}

/** A file tree in memory; `fallback` is asked for files that nobody has written. */
export function createMemoryFiles(fallback?: Pick<Files, 'read' | 'stat' | 'list'>): Files {
  const entries = new Map<string, Entry | null>([['/', { bytes: undefined, mtimeMs: 0 }]]);
  const parentOf = (path: string) => path.slice(0, path.lastIndexOf('/')) || '/';
  const under = (path: string) => (path === '/' ? '/' : `${path}/`);
  const stat: Files['stat'] = (path) => {
    const entry = entries.get(path);
    if (entry === null) return undefined;
    if (entry === undefined) return fallback?.stat(path);
    return {
      kind: entry.bytes ? 'file' : 'directory',
      size: entry.bytes?.length ?? 4096,
      mtimeMs: entry.mtimeMs,
      mode: entry.bytes ? 0o644 : 0o755,
    };
  };
  return {
    stat,
    read(path) {
      const entry = entries.get(path);
      return entry === undefined ? fallback?.read(path) : entry?.bytes;
    },
    write(path, bytes) {
      entries.set(path, { bytes: bytes.slice(), mtimeMs: Date.now() });
    },
    makeDirectory(path) {
      entries.set(path, { bytes: undefined, mtimeMs: Date.now() });
    },
    remove(path) {
      entries.set(path, null);
    },
    rename(from, to) {
      for (const [path, entry] of [...entries]) {
        if (path !== from && !path.startsWith(under(from))) continue;
        entries.set(to + path.slice(from.length), entry);
        entries.set(path, null);
      }
    },
    list(path) {
      if (stat(path)?.kind !== 'directory') return undefined;
      const names = new Set(fallback?.list(path) ?? []);
      for (const [at, entry] of entries) {
        if (at === '/' || parentOf(at) !== path) continue;
        const name = at.slice(under(path).length);
        if (entry === null) names.delete(name);
        else names.add(name);
      }
      return [...names].sort();
    },
  };
}

export function createMemoryHost(options: MemoryHostOptions): Host {
  return {
    self: {
      pid: 4242,
      execPath: '/usr/local/bin/node',
      args: options.args ?? [],
      execArgv: [],
      cwd: options.cwd ?? '/',
      env: options.env ?? {},
      hostname: options.hostname ?? 'localhost',
    },
    files: options.files ?? createMemoryFiles(),
    network: options.network,
    asset: options.asset ?? (() => undefined),
    write: options.write,
    onInput: options.onInput ?? ((listener) => listener(null)),
    exit: options.exit,
    now: () => Date.now(),
    random: (bytes) => {
      for (let at = 0; at < bytes.length; at += 65536)
        platform.getRandomValues(bytes.subarray(at, at + 65536) as Uint8Array<ArrayBuffer>);
    },
    keylog: options.keylog ?? (() => {}),
    formatUncaught: options.formatUncaught,
  };
}
