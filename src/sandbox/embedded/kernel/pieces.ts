/** Which pieces of Node's library (src/node/pieces/list.ts) a program needs, judged by the text of its files. */
import { type PartName, type PieceName, pieceNames, pieces } from '../../../node/pieces/list.ts';
import { resolvePath } from '../files/tree.ts';
import { fingerprint, type KnownSyntax, type KnownSyntaxTable } from '../loader/syntax-table.ts';
import { COMPILED_PACKAGES } from '../packages/place.ts';

type Read = (path: string) => Uint8Array | undefined;

const QUOTE = `["'\`]`;
const quoted = (names: readonly string[]) => `${QUOTE}(?:node:)?(?:${names.join('|')})${QUOTE}`;
const properties = (words: readonly string[]) => `[.{,]\\s*(?:${words.join('|')})\\b`;

const signs = pieceNames.map((name) => {
  const { builtins, words, globals = [] } = pieces[name];
  const patterns: string[] = [];
  if (builtins.length > 0) patterns.push(quoted(builtins));
  if (words.length > 0) patterns.push(properties(words));
  if (globals.length > 0) patterns.push(`\\b(?:${globals.join('|')})\\b`);
  return { name, pattern: new RegExp(patterns.join('|') || '(?!)') };
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

/** These pieces and whatever they need. */
export function withNeeds(names: Iterable<PieceName>): PartName[] {
  const all = new Set<PartName>();
  const add = (name: PartName) => {
    if (all.has(name)) return;
    all.add(name);
    if (name in pieces) pieces[name as PieceName].needs.forEach(add);
  };
  for (const name of names) add(name);
  return [...all];
}

/** What a program needs besides the engine. */
export interface Needs {
  readonly pieces: PartName[];
  /** What is known ahead of the syntax of its files. */
  readonly syntax: KnownSyntaxTable;
}

/**
 * Reads the program that starts with the file at `main`: that file and what it imports. It needs the parser unless all of
 * them are in `known`; and for a `throw`, should nobody catch it, to find the place.
 */
export function readProgram(read: Read, main: string, known: KnownSyntaxTable): Needs {
  const found = new Set<PieceName>();
  const syntax: Record<string, KnownSyntax> = {};
  let anything = false;
  const seen = new Set<string>();
  const waiting = [main];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const place = ENDINGS.map((ending) => file + ending).find((path) => read(path));
    if (place !== undefined && seen.has(place)) continue;
    seen.add(place ?? file);
    // A file that is not there yet may be written by the program itself.
    const text = place === undefined ? undefined : decoder.decode(read(place));
    const name = text === undefined ? '' : fingerprint(text);
    if (Object.hasOwn(known, name)) syntax[name] = known[name];
    else if (!place?.endsWith('.json')) found.add('parser');
    if (place === undefined || text === undefined) continue;
    if (ANYTHING.test(text)) anything = true;
    if (/\bthrow\b/.test(text)) found.add('parser');
    for (const name of namedIn(text)) found.add(name);
    for (const [, specifier] of text.matchAll(SPECIFIER)) {
      if (/^\.{0,2}\//.test(specifier)) waiting.push(resolvePath(`${place}/..`, specifier));
      else if (specifier.startsWith('file:')) waiting.push(decodeURIComponent(new URL(specifier).pathname));
      else if (specifier.startsWith('data:')) found.add('parser');
      else if (isPackage(read, place, specifier)) {
        // One that the build compiled has all of its text in one place.
        const script = `${COMPILED_PACKAGES}${packageOf(specifier)}.js`;
        if (read(script)) waiting.push(script);
        else anything = true;
      }
    }
  }
  if (!anything) return { pieces: withNeeds(found), syntax };
  const all = pieceNames.filter((name) => found.has(name) || !pieces[name].isHeavy);
  return { pieces: withNeeds(all), syntax: known };
}

const packageOf = (specifier: string) => /^(?:@[^/]*\/)?[^/]*/.exec(specifier)?.[0];

/** Whether a bare specifier is that of a package in the tree, rather than a builtin module. */
function isPackage(read: Read, from: string, specifier: string): boolean {
  if (specifier.startsWith('#')) return true;
  const name = packageOf(specifier);
  for (let folder = from; folder !== '/'; ) {
    folder = resolvePath(folder, '..');
    if (read(resolvePath(folder, `node_modules/${name}/package.json`))) return true;
  }
  return false;
}

/** The pieces that any program among these files names; the parser too, because a reader may change any of them. */
export function piecesForTree(files: Iterable<{ path: string; bytes?: Uint8Array }>): PartName[] {
  const found = new Set<PieceName>(['parser']);
  for (const { path, bytes } of files) {
    if (bytes && PROGRAM.test(path)) for (const name of namedIn(decoder.decode(bytes))) found.add(name);
  }
  return withNeeds(found);
}
