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
