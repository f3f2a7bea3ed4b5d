import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FileTree, SandboxFileSystem } from '../index.ts';
import { linkPackages } from './packages.ts';

/** Writes a tree into a real folder, replacing files of the same name, with the packages that it names. */
export async function writeTree(folder: string, tree: FileTree): Promise<void> {
  await writeFiles(folder, tree);
  if (!('node_modules' in tree)) await linkPackages(folder, tree['package.json']);
}

async function writeFiles(folder: string, tree: FileTree): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, entry] of Object.entries(tree)) {
    const place = path.join(folder, name);
    if (typeof entry === 'string' || entry instanceof Uint8Array) await writeFile(place, entry);
    else await writeFiles(place, entry);
  }
}

/** The sandbox's files, where `real` says which path of this machine stands for a path of the lab. */
export function realFileSystem(real: (path: string) => string): SandboxFileSystem {
  function read(path: string): Promise<Uint8Array>;
  function read(path: string, encoding: 'utf-8'): Promise<string>;
  async function read(path: string, encoding?: 'utf-8'): Promise<Uint8Array | string> {
    return encoding === undefined ? readFile(real(path)) : readFile(real(path), encoding);
  }
  return {
    readFile: read,
    writeFile: async (path, data) => writeFile(real(path), data),
    readdir: async (path) => (await readdir(real(path))).sort(),
    mkdir: async (path, options) => void (await mkdir(real(path), options)),
    rm: async (path, options) => rm(real(path), options),
  };
}
