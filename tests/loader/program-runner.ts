/**
 * Runs a program through the loader in plain Node: `node program-runner.ts MAIN [args…]`. Node's own library stands in for
 * the embedded runtime, `vm` for `importScripts`, so that what differs from `node MAIN` is the loader's doing.
 */
import { readFileSync, statSync } from 'node:fs';
import { builtinModules, createRequire, isBuiltin } from 'node:module';
import { runInThisContext } from 'node:vm';
import { createLoader, formatUncaught } from '../../src/sandbox/embedded/loader/index.ts';

process.argv.splice(1, 1);
const main = process.argv[1];
const require = createRequire(import.meta.url);

process.setUncaughtExceptionCaptureCallback((error) => {
  process.stderr.write(`${formatUncaught(error, 'uncaughtException')}\nNode.js ${process.version}\n`);
  process.exit(1);
});

const loader = createLoader({
  files: {
    read: (path) => {
      try {
        return readFileSync(path);
      } catch {
        return undefined;
      }
    },
    stat: (path) => {
      const found = statSync(path, { throwIfNoEntry: false });
      return (
        found && {
          kind: found.isDirectory() ? 'directory' : 'file',
          size: found.size,
          mtimeMs: found.mtimeMs,
          mode: found.mode,
        }
      );
    },
  },
  runtime: { isBuiltin, builtin: require, builtinIds: builtinModules },
  evaluate: (script, name) => runInThisContext(script, { filename: name }),
});

await loader.runMain(main);
