/** Which pieces of Node's library (src/node/pieces/list.ts) a program needs, judged by the text of its files. */
import { type PieceName, pieceNames, pieces } from '../../../node/pieces/list.ts';
import { resolvePath } from '../files/tree.ts';

type Read = (path: string) => Uint8Array | undefined;

const QUOTE = `["'\`]`;
const quoted = (names: readonly string[]) => `${QUOTE}(?:node:)?(?:${names.join('|')})${QUOTE}`;
const properties = (words: readonly string[]) => `[.{,]\\s*(?:${words.join('|')})\\b`;

const signs = pieceNames.map((name) => {
  const { builtins, words, globals = [] } = pieces[name];
  const patterns = [quoted(builtins)];
  if (words.length > 0) patterns.push(properties(words));
  if (globals.length > 0) patterns.push(`\\b(?:${globals.join('|')})\\b`);
  return { name, pattern: new RegExp(patterns.join('|')) };
});

/** A module that is named when the program runs, or that lies in a package: then anything may be needed. */
const ANYTHING =
  /\b(?:require|import|getBuiltinModule)\s*\(\s*(?!["'`])|\b(?:require|import)\s*\(\s*`[^`]*\$\{/;
const SPECIFIER = new RegExp(
  `(?:\\bfrom|\\bimport|\\brequire|\\bimport\\s*\\(|\\brequire\\s*\\()\\s*\\(?\\s*${QUOTE}([^"'\`\\n]+)${QUOTE}`,
  'g',
);
const ENDINGS = ['', '.js', '.cjs', '.mjs', '.json', '/index.js'];
const PROGRAM = /\.[cm]?js$/;

const decoder = new TextDecoder();

/** The pieces named by one file's text. */
function namedIn(text: string): PieceName[] {
  return signs.filter(({ pattern }) => pattern.test(text)).map(({ name }) => name);
}

function withNeeds(names: Iterable<PieceName>): PieceName[] {
  const all = new Set<PieceName>();
  for (const name of names) for (const needed of [...pieces[name].needs, name]) all.add(needed);
  return [...all];
}

/** The pieces that a program needs which starts with the file at `main`: that file and what it imports are read. */
export function piecesForProgram(read: Read, main: string): PieceName[] {
  const found = new Set<PieceName>();
  const seen = new Set<string>();
  const waiting = [main];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const place = ENDINGS.map((ending) => file + ending).find((path) => read(path));
    if (place === undefined || seen.has(place)) continue;
    seen.add(place);
    const text = decoder.decode(read(place));
    if (ANYTHING.test(text)) return [...pieceNames];
    for (const name of namedIn(text)) found.add(name);
    for (const [, specifier] of text.matchAll(SPECIFIER)) {
      if (/^\.{0,2}\//.test(specifier)) waiting.push(resolvePath(`${place}/..`, specifier));
      else if (specifier.startsWith('file:')) waiting.push(decodeURIComponent(new URL(specifier).pathname));
      else if (read(place) && isPackage(read, place, specifier)) return [...pieceNames];
    }
  }
  return withNeeds(found);
}

/** Whether a bare specifier is that of a package in the tree, rather than a builtin module. */
function isPackage(read: Read, from: string, specifier: string): boolean {
  if (specifier.startsWith('#')) return true;
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  for (let folder = from; folder !== '/'; ) {
    folder = resolvePath(folder, '..');
    if (read(resolvePath(folder, `node_modules/${name}/package.json`))) return true;
  }
  return false;
}

/** The pieces that any program among these files names. */
export function piecesForTree(files: Iterable<{ path: string; bytes?: Uint8Array }>): PieceName[] {
  const found = new Set<PieceName>();
  for (const { path, bytes } of files) {
    if (bytes && PROGRAM.test(path)) for (const name of namedIn(decoder.decode(bytes))) found.add(name);
  }
  return withNeeds(found);
}
