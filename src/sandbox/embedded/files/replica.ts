import type { Files } from '../../../node/host.ts';
import type { FileEntry, FileUpdate } from '../protocol.ts';
import { FileTree } from './tree.ts';

/** A process's files: reads are local, writes are local at once and told to the kernel. */
export interface FileReplica extends Files {
  /** Another process's (or the page's) change, as the kernel ordered it. */
  receive(update: FileUpdate): void;
  /** The kernel has ordered the oldest of this process's own changes that was still on its way. */
  settled(): void;
}

/**
 * Keeps a copy of the kernel's tree. A change that arrives while one of our own to the same place is on its way comes
 * before ours in the kernel's order, so ours, already applied, must stand: the newcomer is left out. That makes every
 * copy end as the kernel's tree does.
 */
export function createFileReplica(
  entries: readonly FileEntry[],
  now: () => number,
  send: (update: FileUpdate) => void,
): FileReplica {
  const tree = new FileTree(now, entries);
  const onTheirWay: FileUpdate[] = [];

  const change = (update: FileUpdate) => {
    if (!tree.apply(update)) return;
    onTheirWay.push(update);
    send(update);
  };

  return {
    read: (path) => tree.read(path),
    stat: (path) => tree.stat(path),
    list: (path) => tree.list(path),
    // The bytes are copied: the program may go on changing the buffer it wrote.
    write: (path, bytes) => change({ operation: 'write', path, bytes: bytes.slice(), mtimeMs: now() }),
    makeDirectory: (path) => change({ operation: 'make-directory', path, mtimeMs: now() }),
    remove: (path) => change({ operation: 'remove', path }),
    rename: (from, to) => change({ operation: 'rename', from, to }),
    receive(update) {
      if (!onTheirWay.some((own) => overlap(own, update))) tree.apply(update);
    },
    settled() {
      onTheirWay.shift();
    },
  };
}

function places(update: FileUpdate): string[] {
  return update.operation === 'rename' ? [update.from, update.to] : [update.path];
}

/** Two changes touch the same place when one's path is the other's or lies inside it, and one of them replaces or removes. */
function overlap(one: FileUpdate, other: FileUpdate): boolean {
  return places(one).some((a) =>
    places(other).some((b) => {
      if (a === b) return true;
      if (one.operation === 'rename' || other.operation === 'rename')
        return a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
      return false;
    }),
  );
}
