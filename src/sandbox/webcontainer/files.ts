import type { FileSystemTree, WebContainer } from '@webcontainer/api';
import type { FileTree, SandboxFileSystem } from '../index.ts';

/** A tree as the client package takes it. */
export function asMounted(tree: FileTree): FileSystemTree {
  return Object.fromEntries(
    Object.entries(tree).map(([name, entry]) => [
      name,
      typeof entry === 'string' || entry instanceof Uint8Array
        ? { file: { contents: entry } }
        : { directory: asMounted(entry) },
    ]),
  );
}

/** A sandbox's files, where `real` says which path of the container's folder stands for a path of the lab. */
export function filesIn({ fs }: WebContainer, real: (path: string) => string): SandboxFileSystem {
  function readFile(path: string): Promise<Uint8Array>;
  function readFile(path: string, encoding: 'utf-8'): Promise<string>;
  async function readFile(path: string, encoding?: 'utf-8'): Promise<Uint8Array | string> {
    return encoding ? fs.readFile(real(path), encoding) : fs.readFile(real(path));
  }
  return {
    readFile,
    writeFile: async (path, data) => fs.writeFile(real(path), data),
    readdir: async (path) => (await fs.readdir(real(path))).sort(),
    mkdir: async (path, { recursive = false } = {}) => {
      if (recursive) await fs.mkdir(real(path), { recursive });
      else await fs.mkdir(real(path));
    },
    rm: async (path, options) => fs.rm(real(path), options),
  };
}
