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

function fail(error: unknown, origin: 'uncaughtException' | 'unhandledRejection'): never {
  process.stderr.write(`${formatUncaught(error, origin)}\nNode.js ${process.version}\n`);
  process.exit(1);
}
process.on('uncaughtException', fail);

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
  // Node writes the place into the stack: name and line, the source line, carets.
  locate: (error) => {
    const [, line, indent, carets] = /^.*:(\d+)\n.*\n(\s*)(\^+)\n/.exec((error as Error).stack ?? '') ?? [];
    return line ? { line: Number(line), column: indent.length + 1, width: carets.length } : undefined;
  },
});

// In a task of its own, so that a program is told apart from this file's own evaluation.
setImmediate(() => {
  loader.runMain(main).catch((error) => fail(error, 'unhandledRejection'));
});
