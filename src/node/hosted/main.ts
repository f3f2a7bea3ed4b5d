/**
 * Loaded before a program (`node --import`) where a Node.js has no TLS or no RSA: puts our own
 * `tls`, `crypto` and `https` in place of its own. They are the sandbox's, from the same sources, over the real `net`. Everything else stays that Node's.
 */
import { readdirSync, readFileSync, statSync, writeSync } from 'real:fs';
import { createRequire, syncBuiltinESMExports } from 'real:module';
import { createRuntime } from '../index.ts';
import { activeHandles, setEnding } from '../loop.ts';
import { createNetwork } from './network.ts';
import { afterTurn, restoreMessageChannel } from './turns.ts';

restoreMessageChannel();

const { Buffer: RealBuffer } = globalThis;
const realProcess = globalThis.process as unknown as typeof import('node:process');
const { setImmediate: realSetImmediate, setInterval: realSetInterval, crypto: platform } = globalThis;

const attempt = <Result>(read: () => Result): Result | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

function refuse(): never {
  throw new Error('This part of the library reads files only');
}

const runtime = createRuntime({
  self: {
    pid: realProcess.pid,
    execPath: realProcess.execPath,
    args: realProcess.argv.slice(1),
    execArgv: [],
    cwd: realProcess.cwd(),
    env: { ...realProcess.env } as Record<string, string>,
    hostname: 'localhost',
  },
  files: {
    read: (path) => attempt(() => new Uint8Array(readFileSync(path))),
    list: (path) => attempt(() => readdirSync(path).sort()),
    stat: (path) =>
      attempt(() => {
        const stats = statSync(path);
        const kind = stats.isDirectory() ? ('directory' as const) : ('file' as const);
        return { kind, size: stats.size, mtimeMs: stats.mtimeMs, mode: stats.mode & 0o777 };
      }),
    write: refuse,
    makeDirectory: refuse,
    remove: refuse,
    rename: refuse,
  },
  network: createNetwork(),
  asset: () => undefined,
  write: (fd, bytes) => void writeSync(fd, bytes),
  onInput: () => {},
  exit: (code) => realProcess.exit(code),
  now: () => Date.now(),
  random(bytes) {
    for (let at = 0; at < bytes.length; at += 65_536)
      platform.getRandomValues(bytes.subarray(at, at + 65_536) as Uint8Array<ArrayBuffer>);
  },
  keylog: () => {},
  formatUncaught: (error) => String(error),
});

/** An error that nobody catches is the program's, and takes that Node's way. */
setEnding({
  uncaught: (error) =>
    void realSetImmediate(() => {
      throw error;
    }),
  beforeExit: () => {},
  exit: () => {},
});

/** What keeps this runtime alive keeps the process alive. */
const keeper = realSetInterval(() => {}, 2 ** 30) as unknown as NodeJS.Timeout;
const look = () => void (activeHandles().length > 0 ? keeper.ref() : keeper.unref());
afterTurn.call = look;
keeper.unref();
realProcess.on('beforeExit', look);

// A buffer from here is one to that Node's own modules as well.
const { Buffer } = runtime.builtin('buffer') as typeof import('node:buffer');
Object.setPrototypeOf(Buffer.prototype, RealBuffer.prototype);

/** What a real Node has of these that is not ours to replace. */
const KEPT = new Set(['webcrypto', 'subtle', 'getRandomValues', 'default']);

const require = createRequire(realProcess.execPath);
for (const name of ['crypto', 'tls', 'https']) {
  const theirs = require(`node:${name}`);
  const ours = runtime.builtin(name) as object;
  for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(ours))) {
    if (KEPT.has(key)) continue;
    // Some of a real module's properties are fixed; those are constants.
    attempt(() => Object.defineProperty(theirs, key, { ...property, configurable: true }));
  }
}
syncBuiltinESMExports();
