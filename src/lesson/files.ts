import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Files by their path relative to the lab, with forward slashes. Text where it is UTF-8, bytes otherwise. */
export type LabFiles = Record<string, string | Uint8Array>;

/** What belongs to the machine and not to the lab. */
const ignored = new Set(['node_modules', '.DS_Store']);

/** Every file under `folder`, in the order of their paths. No folder, no files. */
export function readFiles(folder: string): LabFiles {
  const files: LabFiles = {};
  for (const relative of pathsUnder(folder, '')) {
    files[relative] = decoded(readFileSync(path.join(folder, relative)));
  }
  return files;
}

function pathsUnder(root: string, relative: string): string[] {
  const folder = path.join(root, relative);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !ignored.has(entry.name))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const below = relative === '' ? entry.name : `${relative}/${entry.name}`;
      return entry.isDirectory() ? pathsUnder(root, below) : [below];
    });
}

function decoded(bytes: Uint8Array): string | Uint8Array {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes;
  }
}
