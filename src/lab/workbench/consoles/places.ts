/** A place in a file of the lab, as programs name it: in stacks, in messages, in the reports of tests. */
export interface Place {
  path: string;
  line: number;
  column: number | undefined;
}

/** A place that is named in a text, and where. */
export interface NamedPlace extends Place {
  at: number;
  length: number;
}

/** A name is looked for once, where it begins: from each of its characters on, a long line would take minutes. */
const place = /(?<![\w@./-])(?:file:\/\/)?([\w@./-]*[\w-]\.(?:[cm]?js|json|pem|sh)):(\d+)(?::(\d+))?/g;

/** Finds `file:///lab/client.js:3:5`, `/lab/client.js:3` and `client.js:3`; `isFile` says which paths the lab has. */
export function findPlaces(text: string, isFile: (path: string) => boolean): NamedPlace[] {
  // Most lines name none, and there may be many lines.
  if (!text.includes(':')) return [];
  return [...text.matchAll(place)].flatMap(({ 0: whole, 1: named, 2: line, 3: column, index }) => {
    const path = pathOf(named, isFile);
    if (path === undefined || line === '0') return [];
    const where = { path, line: Number(line), column: column === undefined ? undefined : Number(column) };
    return [{ ...where, at: index, length: whole.length }];
  });
}

/** The lab's own path for a file that an engine has somewhere under a folder of its own. */
function pathOf(named: string, isFile: (path: string) => boolean): string | undefined {
  const parts = named.replace(/^\.\//, '').split('/');
  // A package's file may have the name of one of the lab's.
  if (parts.includes('node_modules')) return undefined;
  const isAbsolute = parts[0] === '';
  for (let from = isAbsolute ? 1 : 0; from < parts.length; from += 1) {
    const path = parts.slice(from).join('/');
    if (isFile(path)) return path;
    if (!isAbsolute) return undefined;
  }
  return undefined;
}
