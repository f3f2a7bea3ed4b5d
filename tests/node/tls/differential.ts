/**
 * The same program on real Node and on the sandbox's runtime: whatever it prints must be the same, line by line. Programs
 * print each side of a connection apart, since which side's event comes first is not promised by anybody.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const PROJECT = path.resolve(import.meta.dirname, '../../..');
const RUNTIME = path.join(PROJECT, '.build/engine/runtime-for-tests.mjs');
/** Milliseconds; whatever takes so long hangs. */
const PATIENCE = 180_000;

type Stream = 'stdout' | 'stderr';

/**
 * What a program writes, in lines. To a file: a pipe that nobody empties in time is full after some 250 lines, and what
 * Node.js then still has to write is lost at `process.exit()`.
 */
async function output(args: readonly string[], stream: Stream = 'stdout'): Promise<string[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'handfast-output-'));
  const files: Record<Stream, string> = { stdout: path.join(folder, '1'), stderr: path.join(folder, '2') };
  const [stdout, stderr] = await Promise.all([open(files.stdout, 'w'), open(files.stderr, 'w')]);
  try {
    const child = spawn(process.execPath, ['--no-warnings', ...args], {
      cwd: PROJECT,
      timeout: PATIENCE,
      stdio: ['ignore', stdout.fd, stderr.fd],
    });
    const [code, signal] = await once(child, 'close');
    if (code !== 0) {
      const words = await readFile(files.stderr, 'utf8');
      throw new Error(`${args.join(' ')} ended with ${signal ?? code}:\n${words}`);
    }
    return (await readFile(files[stream], 'utf8')).trimEnd().split('\n');
  } finally {
    await Promise.all([stdout.close(), stderr.close()]);
    await rm(folder, { recursive: true });
  }
}

/** Everything the runtime is built from. */
const SOURCES = ['src/node', 'src/tls', 'src/x509', 'tests/support'];

function isFresh(): boolean {
  if (!existsSync(RUNTIME)) return false;
  const built = statSync(RUNTIME).mtimeMs;
  return SOURCES.every((folder) =>
    readdirSync(path.join(PROJECT, folder), { recursive: true, withFileTypes: true }).every(
      (entry) => !entry.isFile() || statSync(path.join(entry.parentPath, entry.name)).mtimeMs <= built,
    ),
  );
}

let ready: Promise<unknown> | undefined;
function runtime(): Promise<unknown> {
  ready ??= isFresh() ? Promise.resolve() : output(['src/node/build/index.ts', 'runtime-for-tests.mjs']);
  return ready;
}

export const onReal = (program: string, ...args: string[]) => output([program, ...args]);
export async function onSandbox(program: string, ...args: string[]): Promise<string[]> {
  await runtime();
  return output([RUNTIME, program, ...args]);
}

export interface Compared {
  real: string[];
  sandbox: string[];
}

export async function runBoth(program: string, ...args: string[]): Promise<Compared> {
  const [real, sandbox] = await Promise.all([onReal(program, ...args), onSandbox(program, ...args)]);
  return { real, sandbox };
}

/** What both write to standard error. */
export async function errorsOfBoth(program: string, ...args: string[]): Promise<Compared> {
  await runtime();
  const [real, sandbox] = await Promise.all([
    output([program, ...args], 'stderr'),
    output([RUNTIME, program, ...args], 'stderr'),
  ]);
  return { real, sandbox };
}

/** `[name] …` lines belong together; a group is what one case printed. */
export function groups(lines: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of lines) {
    const [, name] = /^\[([^\]]*)\]/.exec(line) ?? [undefined, ''];
    found.set(name as string, [...(found.get(name as string) ?? []), line]);
  }
  return found;
}

/** `known` names the cases in which we differ on purpose, each with its reason. */
export function assertSame({ real, sandbox }: Compared, known: Readonly<Record<string, string>> = {}): void {
  const [expected, actual] = [groups(real), groups(sandbox)];
  assert.ok(expected.size > 0, 'the program printed something');
  for (const [name, lines] of expected) {
    if (name in known) {
      assert.notDeepEqual(
        actual.get(name),
        lines,
        `[${name}] is listed as different and is not: ${known[name]}`,
      );
      continue;
    }
    assert.deepEqual(actual.get(name), lines, `[${name}]`);
  }
  assert.deepEqual([...actual.keys()], [...expected.keys()], 'the same cases');
}
