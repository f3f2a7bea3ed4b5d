/** How the test runner's script is bundled: Node's own files of `node:test`, everything else from the engine. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'esbuild';
import { LIBRARY, PROJECT } from '../build/nodelib.ts';

const OVERRIDES = path.join(PROJECT, 'src/node/test/lib');

/** Files of the runner that are ours, and why. */
const OURS: Readonly<Record<string, string>> = {
  // The command line is known here, to the engine's own `internal/options` it is not.
  'internal/options': 'options.js',
  // Runs files in child processes, watches them, spreads them over shards.
  'internal/test_runner/runner': 'runner.js',
  // Evaluates snapshot files in a context of `vm`.
  'internal/test_runner/snapshot': 'snapshot.js',
  // Asks V8's inspector.
  'internal/test_runner/coverage': 'unavailable.js',
  'internal/test_runner/reporter/junit': 'unavailable.js',
  'internal/test_runner/reporter/lcov': 'unavailable.js',
  // Node's own module loader, whose hooks could replace modules.
  'internal/modules/customization_hooks': 'unavailable.js',
  'internal/modules/cjs/loader': 'module-loader.js',
  'internal/modules/esm/loader': 'unavailable.js',
  'internal/source_map/source_map_cache': 'unavailable.js',
};

/** One exact replacement each; the build stops if it does not fit any more. */
const PATCHES: Readonly<Record<string, { from: string; to: string }>> = {
  // A bundler cannot follow a computed `require`.
  'internal/test_runner/utils': {
    from: 'return require(builtinPath);',
    to:
      "return { spec: () => require('internal/test_runner/reporter/spec'), tap: () => require('internal/test_runner/reporter/tap')," +
      " dot: () => require('internal/test_runner/reporter/dot') }[name]?.();",
  },
};

export function testRunnerPlugin(read: (file: string) => string): Plugin {
  return {
    name: 'test-runner',
    setup(build) {
      build.onResolve({ filter: /^[a-z]/ }, ({ path: id, kind, importer }) => {
        if (kind === 'entry-point') return undefined;
        const ours = OURS[id];
        // `options.js` itself asks for the engine's options.
        if (ours !== undefined && !importer.endsWith(ours)) return { path: path.join(OVERRIDES, ours) };
        const own = id === 'test' || id === 'test/reporters' || id.startsWith('internal/test_runner/');
        const file = path.join(LIBRARY, `${id}.js`);
        if (own && existsSync(file)) return { path: file, namespace: 'test-runner' };
        return { path: id, namespace: 'engine' };
      });
      build.onLoad({ filter: /.*/, namespace: 'engine' }, ({ path: id }) => ({
        contents: `module.exports = requireFromEngine(${JSON.stringify(id)});`,
      }));
      build.onLoad({ filter: /.*/, namespace: 'test-runner' }, ({ path: file }) => {
        const id = path.relative(LIBRARY, file).replace(/\.js$/, '').split(path.sep).join('/');
        const patch = PATCHES[id];
        let contents = read(file);
        if (patch) {
          if (contents.split(patch.from).length !== 2)
            throw new Error(`A patch of ${id}.js does not fit any more`);
          contents = contents.replace(patch.from, () => patch.to);
        }
        return { contents };
      });
    },
  };
}
