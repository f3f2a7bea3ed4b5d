/** Which pieces of Node's library (src/node/pieces/list.ts) a program needs, judged by the text of its files. */
import { type PartName, type PieceName, pieceNames, pieces } from '../../../node/pieces/list.ts';
import { resolvePath } from '../files/tree.ts';
import { fingerprint, type KnownSyntax, type KnownSyntaxTable } from '../loader/syntax-table.ts';
import { COMPILED_PACKAGES } from '../packages/place.ts';

type Read = (path: string) => Uint8Array | undefined;

const QUOTE = `["'\`]`;

/** The pieces that a name stands for, where one piece's list has it. */
function piecesBy(listOf: (name: PieceName) => readonly string[]): ReadonlyMap<string, PieceName[]> {
  const found = new Map<string, PieceName[]>();
  for (const piece of pieceNames) {
    for (const name of listOf(piece)) found.set(name, [...(found.get(name) ?? []), piece]);
  }
  return found;
}

const byBuiltin = piecesBy((name) => pieces[name].builtins);
const byWord = piecesBy((name) => pieces[name].words);
const byGlobal = piecesBy((name) => pieces[name].globals ?? []);
const oneOf = (names: ReadonlyMap<string, unknown>) => `(${[...names.keys()].join('|')})`;

/** One expression for all of them: packages are long, and this is read before a program starts. */
const SIGN = new RegExp(
  `${QUOTE}(?:node:)?${oneOf(byBuiltin)}${QUOTE}|[.{,]\\s*${oneOf(byWord)}\\b|\\b${oneOf(byGlobal)}\\b`,
  'g',
);

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

/** What is found in a file's text, found once: a file's bytes never change, a change brings others. */
function once<Found>(find: (text: string) => Found): (bytes: Uint8Array) => Found {
  const known = new WeakMap<Uint8Array, Found>();
  return (bytes) => {
    const before = known.get(bytes);
    if (before !== undefined) return before;
    const found = find(decoder.decode(bytes));
    known.set(bytes, found);
    return found;
  };
}

/** The pieces named by one file's text. */
const namedIn = once((text): ReadonlySet<PieceName> => {
  const found = new Set<PieceName>();
  for (const [, builtin, word, global] of text.matchAll(SIGN)) {
    const named = byBuiltin.get(builtin) ?? byWord.get(word) ?? byGlobal.get(global) ?? [];
    for (const piece of named) found.add(piece);
  }
  return found;
});

/** What one file's text says of the program that it is part of. */
const factsOf = once((text) => ({
  fingerprint: fingerprint(text),
  mayNeedAnything: ANYTHING.test(text),
  mayThrow: /\bthrow\b/.test(text),
  specifiers: [...text.matchAll(SPECIFIER)].map(([, specifier]) => specifier),
}));

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
    const bytes = place === undefined ? undefined : read(place);
    const facts = bytes && factsOf(bytes);
    const name = facts?.fingerprint ?? '';
    if (Object.hasOwn(known, name)) syntax[name] = known[name];
    else if (!place?.endsWith('.json')) found.add('parser');
    if (place === undefined || bytes === undefined || facts === undefined) continue;
    if (facts.mayNeedAnything) anything = true;
    if (facts.mayThrow) found.add('parser');
    for (const piece of namedIn(bytes)) found.add(piece);
    for (const specifier of facts.specifiers) {
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
    // A package that the build compiled is there twice: as its files, and as the script of them all.
    if (!bytes || !PROGRAM.test(path) || path.startsWith(COMPILED_PACKAGES)) continue;
    for (const name of namedIn(bytes)) found.add(name);
  }
  return withNeeds(found);
}
