import type { FileSystemTree } from '@webcontainer/api';
import type { FileTree, SandboxFileSystem } from '../index.ts';
import type { Container } from './container.ts';

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
export function filesIn(
  { api: { fs }, answers }: Container,
  real: (path: string) => string,
): SandboxFileSystem {
  function readFile(path: string): Promise<Uint8Array>;
  function readFile(path: string, encoding: 'utf-8'): Promise<string>;
  async function readFile(path: string, encoding?: 'utf-8'): Promise<Uint8Array | string> {
    return encoding ? answers(fs.readFile(real(path), encoding)) : answers(fs.readFile(real(path)));
  }
  return {
    readFile,
    writeFile: async (path, data) => answers(fs.writeFile(real(path), data)),
    readdir: async (path) => (await answers(fs.readdir(real(path)))).sort(),
    async mkdir(path, { recursive = false } = {}) {
      const made = recursive ? fs.mkdir(real(path), { recursive }) : fs.mkdir(real(path));
      await answers<unknown>(made);
    },
    rm: async (path, options) => answers(fs.rm(real(path), options)),
  };
}
