import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

/** A file of the folder, or a subfolder (without `bytes`); `path` is absolute. */
export interface FolderEntry {
  path: string;
  bytes?: Uint8Array;
  mtimeMs: number;
  mode: number;
}

export interface Folder {
  entries: FolderEntry[];
  /** What was left out, in words. */
  notes: string[];
}

/** Packages a program does not use cost it time: beyond this, `node_modules` stays outside. */
const NODE_MODULES_LIMIT = 32 * 1024 * 1024;
const FOLDER_LIMIT = 256 * 1024 * 1024;

/**
 * Reads a folder with everything in it. Links to folders are followed among packages only, where managers of packages make
 * them, and never to a folder that the link lies in: so there is an end to it.
 */
export function readFolder(directory: string): Folder {
  const folder: Folder = { entries: [], notes: [] };
  const total = collect(directory, folder, FOLDER_LIMIT, new Set());
  if (total > FOLDER_LIMIT) folder.notes.push(`${directory} is too large: not all of it is in the sandbox`);
  return folder;
}

function collect(directory: string, folder: Folder, limit: number, above: ReadonlySet<string>): number {
  const inside = new Set(above).add(realpathSync(directory));
  const isAmongPackages = directory.split(path.sep).includes('node_modules');
  let total = 0;
  for (const item of readNames(directory)) {
    if (item.name === '.git') continue;
    const place = path.join(directory, item.name);
    const info = statSync(place, { throwIfNoEntry: false });
    if (!info) continue;
    if (item.isSymbolicLink() && info.isDirectory() && (!isAmongPackages || inside.has(realpathSync(place))))
      continue;
    if (info.isDirectory()) {
      const part: Folder = { entries: [], notes: [] };
      const room = item.name === 'node_modules' ? Math.min(NODE_MODULES_LIMIT, limit - total) : limit - total;
      const size = collect(place, part, room, inside);
      if (item.name === 'node_modules' && size > room) {
        folder.notes.push(`${place} is too large: it is not in the sandbox`);
        continue;
      }
      total += size;
      folder.entries.push({ path: place, mtimeMs: info.mtimeMs, mode: info.mode }, ...part.entries);
      folder.notes.push(...part.notes);
    } else if (info.isFile()) {
      total += info.size;
      if (total > limit) return total;
      folder.entries.push({
        path: place,
        bytes: readFileSync(place),
        mtimeMs: info.mtimeMs,
        mode: info.mode,
      });
    }
  }
  return total;
}

function readNames(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return [];
    throw error;
  }
}

/** One message for many files: the length of a JSON index, the index, then all bytes. `page.ts` reads it. */
export function packFolder({ entries }: Folder): Buffer {
  const index = entries.map(({ path, bytes, mtimeMs, mode }) => ({
    path,
    size: bytes?.length,
    mtimeMs,
    mode,
  }));
  const json = Buffer.from(JSON.stringify(index));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json, ...entries.map(({ bytes }) => bytes ?? new Uint8Array(0))]);
}
