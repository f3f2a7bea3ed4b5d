import type { FileTree } from '../sandbox/index.ts';

/** Turns files by path (`mallory/wrong-key.js`) into the nested tree that a sandbox mounts. */
export function treeOf(files: Readonly<Record<string, string | Uint8Array>>): FileTree {
  const tree: FileTree = {};
  for (const [path, content] of Object.entries(files)) {
    const folders = path.split('/');
    const name = folders.pop() as string;
    let folder = tree;
    for (const each of folders) {
      folder[each] ??= {};
      folder = folder[each] as FileTree;
    }
    folder[name] = content;
  }
  return tree;
}

/** The other way round: every file of the tree with its path. */
export function filesOf(tree: FileTree, folder = ''): [path: string, content: string | Uint8Array][] {
  return Object.entries(tree).flatMap(([name, entry]) =>
    typeof entry === 'string' || entry instanceof Uint8Array
      ? [[`${folder}${name}`, entry] as [string, string | Uint8Array]]
      : filesOf(entry, `${folder}${name}/`),
  );
}
