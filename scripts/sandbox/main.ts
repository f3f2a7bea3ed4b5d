/** `npm run sandbox`: one program, in the embedded engine, with this command's streams. */
import dns from 'node:dns/promises';
import { existsSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { readArguments, type SandboxArguments, USAGE, UsageError } from './arguments.ts';
import { openBrowser } from './browser.ts';
import { type Folder, packFolder, readFolder } from './folder.ts';
import { serveHarness } from './serve.ts';

const TIMED_OUT = 124;
const BAD_USAGE = 2;
const ENGINE_FAILED = 70;
/** The browser and the engine have this long to start; the program's own time is counted from its start. */
const START_LIMIT_MS = 60_000;

/** The environment the program sees: this command's, without what npm and the engine's own start-up added. */
function programEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !/^(npm_|NODE$|NODE_|INIT_CWD$|CHROMIUM_PATH$)/.test(name),
  );
  return Object.fromEntries(kept) as Record<string, string>;
}

/** All of `bytes`, now: a pipe that is full is waited for. */
function writeAll(fd: 1 | 2, bytes: Buffer): void {
  for (let offset = 0; offset < bytes.length; ) {
    try {
      offset += writeSync(fd, bytes, offset);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}

function say(message: string): void {
  writeAll(2, Buffer.from(`[handfast] ${message}\n`));
}

function readFiles({ cwd, entry }: SandboxArguments): Folder {
  const folder = readFolder(cwd);
  const main = path.resolve(cwd, entry);
  if (!main.startsWith(`${cwd}${path.sep}`) && existsSync(main)) {
    const beside = readFolder(path.dirname(main));
    folder.entries.push(...beside.entries);
    folder.notes.push(...beside.notes);
  }
  for (const note of folder.notes) say(note);
  return folder;
}

async function main(): Promise<number> {
  const wanted = readArguments(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
  if (!statSync(wanted.cwd, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`No such folder: ${wanted.cwd}`);
  const localhost = await dns.lookup('localhost', { all: true }).catch(() => []);
  const { promise: ended, resolve: end } = Promise.withResolvers<number>();
  const fail = (message: string) => {
    say(message);
    end(ENGINE_FAILED);
  };
  let limit = setTimeout(() => fail('The sandbox did not start in time'), START_LIMIT_MS);
  const url = await serveHarness(
    {
      entry: wanted.entry,
      args: wanted.args,
      cwd: wanted.cwd,
      env: programEnvironment(),
      localhost: localhost.map(({ address }) => address),
    },
    () => packFolder(readFiles(wanted)),
    process.stdin,
    {
      started() {
        clearTimeout(limit);
        limit = setTimeout(() => end(TIMED_OUT), wanted.timeoutMs);
      },
      output: writeAll,
      exit: end,
      failed: fail,
    },
  );
  const browser = await openBrowser(url);
  browser.onend = fail;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => end(130));
  try {
    return await ended;
  } finally {
    browser.close();
  }
}

main().then(
  (code) => process.exit(code),
  (error) => {
    if (error instanceof UsageError) {
      writeAll(2, Buffer.from(`${error.message}\n\n${USAGE}`));
      process.exit(BAD_USAGE);
    }
    say(error?.message ?? String(error));
    process.exit(ENGINE_FAILED);
  },
);
