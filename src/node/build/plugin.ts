/**
 * Resolves what Node's files `require`, the way Node's internal loader does: our override, else Node's file, else a
 * module declared empty. Our own TypeScript may name Node's files in the same way (`require('internal/errors')`).
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'acorn';
import type { Plugin } from 'esbuild';
import { EMPTY_MODULES } from './empty-modules.ts';
import { LIBRARY, NodeLibraryError, PROJECT } from './nodelib.ts';
import { PATCHES } from './patches.ts';

const OVERRIDES = path.join(PROJECT, 'src/node/lib');
const KEEP_NAMES = path.join(PROJECT, 'src/node/keep-names.ts');
const PACKAGES = `${path.sep}node_modules${path.sep}`;

export interface Used {
  library: Set<string>;
  overrides: Set<string>;
  empty: Set<string>;
}

const override = (id: string) =>
  [`${id}.ts`, `${id}.js`].map((name) => path.join(OVERRIDES, name)).find((file) => existsSync(file));

function patched(id: string): string {
  let source = readFileSync(path.join(LIBRARY, `${id}.js`), 'utf8');
  for (const { from, to } of PATCHES[id] ?? []) {
    if (source.split(from).length !== 2)
      throw new NodeLibraryError(`A patch of ${id}.js does not fit any more: ${from}`);
    source = source.replace(from, () => to);
  }
  return source;
}

/** Files whose functions programs can get hold of; elsewhere only classes and constructors show their names. */
const PUBLIC = new RegExp(
  `^(${[
    ...[
      'assert',
      'async_hooks',
      'buffer',
      'child_process',
      'crypto',
      'diagnostics_channel',
      'dns',
      'events',
      'fs',
      'http',
      'https',
      'net',
    ],
    ...[
      'os',
      'path',
      'querystring',
      'readline',
      'stream',
      'timers',
      'tls',
      'url',
      'util',
      'internal/url',
      'internal/util',
    ],
    ...[
      'internal/util/(inspect|types|comparisons)',
      'internal/fs/promises',
      'internal/dns/promises',
      'timers/promises',
    ],
    ...[
      'internal/process/(task_queues|per_thread|warning)',
      'internal/buffer',
      'internal/streams/(pipeline|end-of-stream)',
    ],
    ...[
      '_http_.*',
      'internal/(child_process|stream_base_commons)',
      'internal/(crypto|tls)/.*',
      'internal/streams/(add-abort-signal|compose|destroy|duplex|duplexpair|legacy|operators|readable|state|transform|utils|writable)',
      'internal/(async_hooks|net|dns/utils|readline/(callbacks|emitKeypressEvents))',
      'stream/consumers',
    ],
    ...[
      'internal/abort_controller',
      'internal/events/.*',
      'internal/util/(diff|parse_args/parse_args)',
      'readline/promises',
    ],
  ].join('|')})$`,
);

/** The call that keeps the names of a file's functions and classes, or nothing. */
function namesToKeep(source: string, all: boolean): string {
  const declared = /^(?:export )?(?:abstract )?(?:(?:async )?function\*?|class) ([A-Za-z_$][\w$]*)/gm;
  const names = [...source.matchAll(declared)].map(([, name]) => name);
  const kept = names.filter((name) => all || /^[A-Z]/.test(name));
  // `assert.throws = function throws(…) {…}` and its like: `once` may be a function of a file, and a method of its class.
  const methods = /^([A-Za-z_$][\w$]*(?:\.[\w$]+)*) =\s+(?:async )?function\*? ?([A-Za-z_$][\w$]*) ?\(/gm;
  const placed = [...(all ? source.matchAll(methods) : [])].map(([, place, name]) => `${name}: ${place}`);
  return [kept, placed]
    .map((list) => (list.length === 0 ? '' : `\n;keepNames({ ${list.join(', ')} });`))
    .join('');
}

/**
 * Node defines each error code with a call `E('ERR_…', …)`; those that no file of the engine or of a piece names are left
 * out. `codes` are the words of all of them that look like a code.
 */
function withoutUnusedCodes(source: string, codes: ReadonlySet<string>): string {
  let kept = source;
  for (const { start, end, expression } of parse(source, {
    ecmaVersion: 'latest',
    sourceType: 'script',
    allowReturnOutsideFunction: true,
  }).body.toReversed() as unknown as { start: number; end: number; expression?: Definition }[]) {
    if (expression?.type !== 'CallExpression' || expression.callee.name !== 'E') continue;
    const [{ value: code }] = expression.arguments;
    if (typeof code === 'string' && !codes.has(code)) kept = kept.slice(0, start) + kept.slice(end);
  }
  return kept;
}

interface Definition {
  type: string;
  callee: { name?: string };
  arguments: { value?: unknown }[];
}

/** The words of a text that look like an error code. */
export const codesIn = (text: string): string[] => text.match(/\bERR_[A-Z0-9_]+\b/g) ?? [];

export function nodeLibrary(
  used: Used,
  replaced: Readonly<Record<string, string>> = {},
  codes?: ReadonlySet<string>,
): Plugin {
  return {
    name: 'node-library',
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, (args) => {
        if (args.kind === 'entry-point' || args.importer.includes(PACKAGES)) return undefined;
        const id = args.path.replace(/^(node|original):/, '');
        // A file that stands in for another may ask for the one it replaces.
        const ours = args.importer === replaced[id] ? override(id) : (replaced[id] ?? override(id));
        // `original:x` inside the override of x is Node's own file.
        if (ours !== undefined && !args.path.startsWith('original:')) {
          used.overrides.add(id);
          return { path: ours };
        }
        if (EMPTY_MODULES.has(id)) {
          used.empty.add(id);
          return { path: id, namespace: 'node-empty' };
        }
        const file = path.join(LIBRARY, `${id}.js`);
        if (!existsSync(file)) return undefined;
        used.library.add(id);
        return { path: file };
      });
      build.onLoad({ filter: /.*/, namespace: 'node-empty' }, () => ({ contents: 'module.exports = {};' }));
      build.onLoad({ filter: /[\\/]\.build[\\/]nodelib[\\/]/ }, (args) => {
        const id = path.relative(LIBRARY, args.path).replace(/\.js$/, '').split(path.sep).join('/');
        const whole = patched(id);
        const source = id === 'internal/errors' && codes ? withoutUnusedCodes(whole, codes) : whole;
        if (id === 'internal/per_context/primordials') {
          // Node's C++ gives this file an empty `primordials` to fill.
          return { contents: `const primordials = {};\n${source}\nmodule.exports = primordials;` };
        }
        const names = namesToKeep(source, PUBLIC.test(id));
        if (id === 'internal/per_context/domexception') {
          const given = `const { privateSymbols } = internalBinding('util'); const perIsolateSymbols = internalBinding('symbols');`;
          return { contents: `${given}${source}${names}` };
        }
        // In a function of its own a file's names are local, and the minifier uses the same short ones in every file.
        return { contents: `(function() {${source}${names}\n})();` };
      });
      build.onLoad({ filter: /[\\/]src[\\/]node[\\/].*\.[jt]s$/ }, (args) => {
        const source = readFileSync(args.path, 'utf8');
        const typed = args.path.endsWith('.ts');
        const names = args.path === KEEP_NAMES ? '' : namesToKeep(source, false);
        // The injected files cannot have the function injected: ES modules import it on their first line.
        const given = typed && names !== '' ? `import { keepNames } from ${JSON.stringify(KEEP_NAMES)};` : '';
        return { contents: `${given}${source}${names}`, loader: typed ? 'ts' : 'js' };
      });
    },
  };
}
