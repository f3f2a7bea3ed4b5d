/**
 * How Node's library is cut into pieces (src/node/pieces/list.ts). The engine is bundled with each piece's roots left
 * out; then each piece with everything left out that the engine has; then the engine again, sharing what the pieces
 * asked for. So every module exists once, wherever it is.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ImportKind, OnResolveResult, Plugin, PluginBuild } from 'esbuild';
import { type PieceName, pieceNames, roots } from '../pieces/list.ts';
import { LIBRARY, PROJECT } from './nodelib.ts';

const OVERRIDES = path.join(PROJECT, 'src/node/lib');
const DOOR = path.join(PROJECT, 'src/node/pieces/index.ts');
const SHARED = path.join(PROJECT, 'src/node/pieces/shared.ts');
const FREE_VARIABLES = path.join(PROJECT, 'src/node/pieces/free-variables.ts');

const rootsOf = (name: PieceName) => new Set(roots[name]);
const pieceOf = new Map(pieceNames.flatMap((name) => roots[name].map((root) => [root, name] as const)));

/** What a file is called between engine and pieces: Node's id, or the path in this project. */
function keyOf(file: string): string {
  const inside = (folder: string) => file.startsWith(folder + path.sep);
  const folder = [LIBRARY, OVERRIDES].find(inside);
  const name = path
    .relative(folder ?? PROJECT, file)
    .split(path.sep)
    .join('/');
  return folder === undefined ? name : name.replace(/\.[jt]s$/, '');
}

/** How a bundle names a module by its key. */
const specifierOf = (key: string) => (/^src\/|\bnode_modules\//.test(key) ? path.resolve(PROJECT, key) : key);

/** Resolves an import as the other plugins and esbuild would; undefined where there is no file. */
async function resolveFile(
  build: PluginBuild,
  args: { path: string; importer: string; resolveDir: string; kind: ImportKind },
): Promise<string | undefined> {
  const {
    path: file,
    namespace,
    errors,
  } = await build.resolve(args.path, {
    importer: args.importer,
    resolveDir: args.resolveDir,
    kind: args.kind,
    namespace: 'file',
    pluginData: RESOLVING,
  });
  return errors.length === 0 && namespace === 'file' ? file : undefined;
}

/** Marks the resolutions that `resolveFile` asks for, so that the plugin which asks does not answer itself. */
const RESOLVING = Symbol('resolving');

/** Arguments that name a root and its piece. */
const place = (root: string) => `${JSON.stringify(root)}, ${JSON.stringify(pieceOf.get(root))}`;

/** What pieces want of the engine's modules: names of exports, or `'*'` for a module as a whole. */
export type Wanted = Map<string, Set<string>>;

/** The exports that a file's `import { … } from` takes of a module; `'*'` for every other way of asking. */
function importedNames(importer: string, specifier: string): string[] {
  const literal = specifier.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const statement = new RegExp(`import (type )?([^;'"]*?) from ['"]${literal}['"]`, 'g');
  const names: string[] = [];
  for (const [, isType, clause] of readFileSync(importer, 'utf8').matchAll(statement)) {
    if (isType) continue;
    const list = /^\{([^}]*)\}$/.exec(clause.trim())?.[1];
    if (list === undefined) return ['*'];
    for (const part of list.split(',').map((word) => word.trim())) {
      if (part !== '' && !part.startsWith('type ')) names.push(part.split(/\s+as\s+/)[0]);
    }
  }
  return names.length > 0 ? names : ['*'];
}

/** The text to put in place of a module, or undefined to leave it where it is. */
type Divert = (key: string, asked: { by: string; as: string; kind: ImportKind }) => string | undefined;

function diverting(name: string, divert: Divert): Plugin {
  return {
    name,
    setup(build) {
      build.onResolve(
        { filter: /./, namespace: 'file' },
        async (args): Promise<OnResolveResult | undefined> => {
          if (args.pluginData === RESOLVING || args.kind === 'entry-point') return undefined;
          if (args.importer.startsWith(path.join(PROJECT, 'src/node/pieces'))) return undefined;
          const file = await resolveFile(build, args);
          const key = file === undefined ? undefined : keyOf(file);
          if (key === undefined) return undefined;
          const contents = divert(key, { by: args.importer, as: args.path, kind: args.kind });
          // What stands in is CommonJS, whatever the module's own name says. Two files that ask for one module may get different texts.
          const suffix = `?${args.kind} ${args.importer}`;
          return contents === undefined
            ? undefined
            : { path: key.replace(/\.mjs$/, '.js'), namespace: name, suffix, pluginData: contents };
        },
      );
      build.onLoad({ filter: /./, namespace: name }, ({ pluginData }) => ({
        contents: pluginData,
        resolveDir: PROJECT,
      }));
    },
  };
}

/**
 * The table of what is shared. Of a package only the exports that are wanted, so that the rest of it can still be left
 * out of the bundle.
 */
function sharedTable(wanted: Wanted): string {
  const imports: string[] = [];
  const rows = [...wanted].map(([key, names], index) => {
    const from = JSON.stringify(specifierOf(key));
    // Files of src/node are evaluated when their turn comes: an import here would evaluate them at the start.
    const whole = names.has('*') || !/^src\/(x509|tls)\/|\bnode_modules\//.test(key);
    if (whole) return `${JSON.stringify(key)}: () => require(${from})`;
    const locals = [...names].map((name) => ({ name, local: `_${index}_${name}` }));
    imports.push(
      `import { ${locals.map(({ name, local }) => `${name} as ${local}`).join(', ')} } from ${from};`,
    );
    const getters = locals.map(({ name, local }) => `get ${name}() { return ${local}; }`);
    return `${JSON.stringify(key)}: () => ({ ${getters.join(', ')} })`;
  });
  return `${imports.join('\n')}\nexport const shared = {${rows.join(',\n')}};`;
}

/**
 * A file of ours that is imported before anybody needs its piece: functions of the same names, which ask for the piece when
 * they are called. What is no function must be required where it is used.
 */
function forwarders(key: string, root: string, asked: readonly string[]): string {
  const source = readFileSync(path.join(PROJECT, key), 'utf8');
  const exported = [...source.matchAll(/^export (?!type|interface)(?:async )?(\w+) (\w+)(?: = (\d+);)?/gm)];
  return exported
    .filter(([, , name]) => asked.includes('*') || asked.includes(name))
    .map(([, kind, name, number]) => {
      if (kind === 'const' && number !== undefined) return `export const ${name} = ${number};`;
      if (kind === 'function') return `export function ${name}(...args) { return ${root}.${name}(...args); }`;
      throw new Error(
        `${key} begins a piece and exports more than functions (${name}): require it where it is used`,
      );
    })
    .join('\n');
}

/** For the engine: the roots of the pieces are asked of them, and `wanted` is what it shares with them. */
export function withoutPieces(wanted: Wanted): Plugin[] {
  return [
    {
      name: 'shared-with-pieces',
      setup(build) {
        build.onLoad({ filter: /pieces[\\/]shared\.ts$/ }, ({ path: file }) =>
          file === SHARED ? { contents: sharedTable(wanted) } : undefined,
        );
      },
    },
    diverting('piece-root', (key, { by, as, kind }) => {
      if (!pieceOf.has(key)) return undefined;
      const root = `require(${JSON.stringify(DOOR)}).requireFromPiece(${place(key)})`;
      return kind === 'import-statement'
        ? forwarders(key, root, importedNames(by, as))
        : `module.exports = ${root};`;
    }),
  ];
}

/** For a piece: what is in `engine` (keys) or belongs to another piece is asked of the engine, and noted in `wanted`. */
export function onlyPiece(name: PieceName, engine: ReadonlySet<string>, wanted: Wanted): Plugin {
  const own = rootsOf(name);
  return diverting('engine', (key, asked) => {
    if (own.has(key)) return undefined;
    if (pieceOf.has(key)) return `module.exports = requireFromEngine(${place(key)});`;
    if (!engine.has(key)) return undefined;
    const names = wanted.get(key) ?? new Set();
    wanted.set(key, names);
    for (const name of importedNames(asked.by, asked.as)) names.add(name);
    return `module.exports = requireFromEngine(${JSON.stringify(key)});`;
  });
}

/** The script of a piece, as source. */
export function pieceEntry(name: PieceName): string {
  const modules = roots[name].map(
    (root) => `${JSON.stringify(root)}: () => require(${JSON.stringify(specifierOf(root))})`,
  );
  return `import { handOver } from ${JSON.stringify(FREE_VARIABLES)};\nhandOver({\n${modules.join(',\n')}\n});\n`;
}

/** Keys of the files in a bundle, from esbuild's metafile. */
export function keysIn(inputs: Record<string, unknown>, folder: string): Set<string> {
  const files = Object.keys(inputs).filter((input) => !/^[a-z-]+:/.test(input));
  return new Set(files.map((file) => keyOf(path.resolve(folder, file))));
}

/** Throws when two pieces hold the same module: it would exist twice, with two states. */
export function refuseDuplicates(contents: ReadonlyMap<PieceName, ReadonlySet<string>>): void {
  const owner = new Map<string, PieceName>();
  for (const [name, keys] of contents) {
    for (const key of keys) {
      if (key.startsWith('src/node/pieces/')) continue;
      const other = owner.get(key);
      if (other)
        throw new Error(`${key} is in the pieces "${other}" and "${name}": name it as a root of one of them`);
      owner.set(key, name);
    }
  }
}

export { FREE_VARIABLES };
