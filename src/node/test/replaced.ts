/** Files of Node's test runner that are ours, and why. The paths are under `src/node/test/lib/`. */
export const replacedInTestRunner: Readonly<Record<string, string>> = {
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
