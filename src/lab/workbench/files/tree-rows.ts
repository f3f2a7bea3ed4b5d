/** A line of the tree of files: a folder or a file, with what assistive technology is told of its place. */
export interface TreeRow {
  path: string;
  /** The last part of the path. */
  name: string;
  /** Counted from 1. */
  level: number;
  isFolder: boolean;
  isFolded: boolean;
  /** Its place among its siblings, counted from 1, and how many they are. */
  place: number;
  siblings: number;
}

/** The lines that are to be seen: folders before files, each in the order of its name, and nothing of what is folded. */
export function treeRows(paths: readonly string[], folded: ReadonlySet<string>): TreeRow[] {
  return rowsUnder('', paths, folded, 1);
}

function rowsUnder(
  folder: string,
  paths: readonly string[],
  folded: ReadonlySet<string>,
  level: number,
): TreeRow[] {
  const inside = paths.filter((path) => path.startsWith(folder)).map((path) => path.slice(folder.length));
  const folders = [...new Set(inside.filter((rest) => rest.includes('/')).map((rest) => rest.split('/')[0]))];
  const files = inside.filter((rest) => !rest.includes('/'));
  const entries = [...folders.sort().map((name) => `${name}/`), ...files.sort()];
  return entries.flatMap((entry, index) => {
    const isFolder = entry.endsWith('/');
    const path = folder + entry;
    const isFolded = isFolder && folded.has(path);
    const name = isFolder ? entry.slice(0, -1) : entry;
    const row = { path, name, level, isFolder, isFolded, place: index + 1, siblings: entries.length };
    return isFolder && !isFolded ? [row, ...rowsUnder(path, paths, folded, level + 1)] : [row];
  });
}

/** Where a key leads from a line of the tree; undefined where it leads nowhere. */
export function rowAfter(key: string, at: number, rows: readonly TreeRow[]): number | undefined {
  const { path, level, isFolder, isFolded } = rows[at];
  if (key === 'ArrowDown') return Math.min(at + 1, rows.length - 1);
  if (key === 'ArrowUp') return Math.max(at - 1, 0);
  if (key === 'Home') return 0;
  if (key === 'End') return rows.length - 1;
  if (key === 'ArrowRight')
    return isFolder && !isFolded && rows[at + 1]?.path.startsWith(path) ? at + 1 : undefined;
  if (key !== 'ArrowLeft') return undefined;
  const above = rows.findLastIndex((row, index) => index < at && row.level < level);
  return above < 0 ? undefined : above;
}

/** The next line whose name begins so, after this one and round again; this one too when more than one letter was typed. */
export function rowNamed(typed: string, at: number, rows: readonly TreeRow[]): number | undefined {
  const first = typed.length > 1 ? 0 : 1;
  for (let step = first; step <= rows.length; step++) {
    const index = (at + step) % rows.length;
    if (rows[index].name.toLowerCase().startsWith(typed.toLowerCase())) return index;
  }
  return undefined;
}
