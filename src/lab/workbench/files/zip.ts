/** Files as one zip, loaded when somebody downloads. */
import { strToU8, type Zippable, zipSync } from 'fflate';

/** What a Unix system takes for the file's mode, where it stands in a zip: in the upper half. */
const modeOf = (path: string) => (path.endsWith('.sh') ? 0o100755 : 0o100644) << 16;
const UNIX = 3;

/** The files under one folder, so that unpacking spills nothing. */
export function zipOf(folder: string, files: Readonly<Record<string, string>>): Blob {
  const entries: Zippable = {};
  for (const [path, text] of Object.entries(files)) {
    entries[`${folder}/${path}`] = [strToU8(text), { os: UNIX, attrs: modeOf(path) }];
  }
  return new Blob([zipSync(entries) as Uint8Array<ArrayBuffer>], { type: 'application/zip' });
}
