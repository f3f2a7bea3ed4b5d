/**
 * `node .build/engine/runtime-for-tests.mjs program.cjs|.mjs [arguments]`: runs a program on the sandbox's runtime under
 * plain Node.js, over a Host in memory. Builtin modules the program asks for are the runtime's, and so are its globals.
 */
import { readdirSync, readFileSync, statSync, writeSync } from 'real:fs';
import { createRequire, registerHooks } from 'real:module';
import { pathToFileURL } from 'real:url';
import { createRuntime, gather } from '../../src/node/index.ts';
import { createMemoryFiles, createMemoryHost } from './memory-host.ts';
import { createMemoryNetwork } from './memory-network.ts';

const real = globalThis.process;
// `process` is the runtime's in this bundle; the harness's own is the realm's global.
const realProcess = real as unknown as typeof import('node:process');
const realSetImmediate = globalThis.setImmediate;
const stillAlive = globalThis.setInterval(() => {}, 1 << 30);
void stillAlive;

const attempt = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};
const files = createMemoryFiles({
  read: (path) => attempt(() => new Uint8Array(readFileSync(path))),
  list: (path) => attempt(() => readdirSync(path).sort()),
  stat: (path) =>
    attempt(() => {
      const { size, mtimeMs, mode } = statSync(path);
      return { kind: statSync(path).isDirectory() ? 'directory' : 'file', size, mtimeMs, mode: mode & 0o777 };
    }),
});

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}

/** What one turn sends arrives together, as one message does in a worker. */
const sent: (() => void)[] = [];
function together(callback: () => void): void {
  if (sent.push(callback) > 1) return;
  realSetImmediate(() => gather(() => sent.splice(0).forEach((arrive) => void arrive())));
}

const [, , ...args] = realProcess.argv;
const runtime = createRuntime(
  createMemoryHost({
    args,
    cwd: realProcess.cwd(),
    env: realProcess.env as Record<string, string>,
    files,
    asset: (name) => attempt(() => new Uint8Array(readFileSync(new URL(name, import.meta.url)))),
    network: createMemoryNetwork(together, {
      'api.tally.example': ['127.0.0.1'],
    }),
    write: writeAll,
    exit: (code) => (realProcess as unknown as { reallyExit(code: number): never }).reallyExit(code),
    onInput: (listener) => {
      const stdin = realProcess.stdin;
      stdin.on('data', (bytes) => listener(new Uint8Array(bytes)));
      stdin.on('end', () => listener(null));
    },
    formatUncaught: (error) => {
      const { inspect } = runtime.builtin('util') as typeof import('node:util');
      const isError = error instanceof Error;
      return isError
        ? inspect(error)
        : `Uncaught:\n${inspect(error)}\n(Use \`node --trace-uncaught ...\` to show where the exception was thrown)`;
    },
  }),
);

realProcess.on('unhandledRejection', (reason, promise) => runtime.rejected(promise, reason));
realProcess.on('rejectionHandled', (promise) => runtime.rejectionHandled(promise));
realProcess.on('uncaughtException', (error) => runtime.uncaught(error, 'uncaughtException'));

// Not enumerable: a program that lists its globals sees Node's.
const KEY = '@@handfast builtin';
Object.defineProperty(globalThis, KEY, { value: (id: string) => runtime.builtin(id) });
registerHooks({
  resolve(specifier, context, next) {
    if (!runtime.isBuiltin(specifier)) return next(specifier, context);
    const how = context.conditions.includes('require') ? 'require' : 'import';
    return {
      url: `handfast:${how}:${specifier}`,
      shortCircuit: true,
      format: how === 'require' ? 'commonjs' : 'module',
    };
  },
  load(url, context, next) {
    if (!url.startsWith('handfast:')) return next(url, context);
    const [, how, ...rest] = url.split(':');
    const id = rest.join(':');
    const get = `globalThis[${JSON.stringify(KEY)}](${JSON.stringify(id)})`;
    if (how === 'require')
      return { format: 'commonjs', source: `module.exports = ${get}`, shortCircuit: true };
    const names = Object.keys(runtime.builtin(id) as object).filter(
      (name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default',
    );
    const lines = names.map(
      (name, index) => `const e${index} = it[${JSON.stringify(name)}]; export { e${index} as ${name} };`,
    );
    return {
      format: 'module',
      source: `const it = ${get}; export default it; ${lines.join(' ')}`,
      shortCircuit: true,
    };
  },
});

const main = args[0];
runtime.installGlobals(globalThis);
runtime.run(() => {
  if (main.endsWith('.mjs')) return import(pathToFileURL(main).href);
  createRequire(main)(main);
  return Promise.resolve();
});
