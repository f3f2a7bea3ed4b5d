/** Longer ones help nobody, and not every system takes them. */
const MOST_CHARACTERS = 80;

/** What is wrong with a name: what was expected, and what came. */
export interface NameFault {
  expected: 'name' | 'relative' | 'characters' | 'parts' | 'short' | 'free' | 'folder' | 'lab' | 'word';
  came: string;
}

/**
 * Judges the path of a file that is to be made, relative to the lab. `taken` are the paths that there are or were: a
 * name is free when no file has it, also not in other letters (some systems do not tell `A.js` from `a.js`), and when no
 * folder has it and no file stands where it needs a folder.
 */
export function nameFault(path: string, taken: readonly string[]): NameFault | undefined {
  const parts = path.split('/');
  const lower = path.toLowerCase();
  const odd = path.match(/[^\w./-]/u)?.[0];
  if (path === '') return { expected: 'name', came: '' };
  if (path.startsWith('/')) return { expected: 'relative', came: path };
  if (odd !== undefined) return { expected: 'characters', came: odd };
  const wrong = parts.find((part) => part === '' || /^\.+$/.test(part) || part.endsWith('.'));
  if (wrong !== undefined) return { expected: 'parts', came: path };
  if (path.length > MOST_CHARACTERS) return { expected: 'short', came: String(path.length) };
  if (parts.includes('node_modules')) return { expected: 'lab', came: path };
  // Files are kept by their names in objects, and these every object has.
  const word = parts.find((part) => part in {});
  if (word !== undefined) return { expected: 'word', came: word };
  const same = taken.find((each) => each.toLowerCase() === lower);
  if (same !== undefined) return { expected: 'free', came: same };
  const below = taken.find((each) => each.toLowerCase().startsWith(`${lower}/`));
  if (below !== undefined) return { expected: 'free', came: `${path}/` };
  const above = taken.find((each) => lower.startsWith(`${each.toLowerCase()}/`));
  return above === undefined ? undefined : { expected: 'folder', came: above };
}
