/**
 * Runs BoGo, all of it or by pattern:
 *
 *   node tests/referees/bogo/run.ts 'KeyUpdate*;*-TLS13'
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bogoRunner, type Runner } from './build-runner.ts';
import { serveShim } from './shim.ts';

export const CONFIG = fileURLToPath(new URL('config.json', import.meta.url));

export const disabledTests: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(CONFIG, 'utf8'),
).DisabledTests;

export interface Outcome {
  readonly status: 'PASSED' | 'FAILED' | 'UNIMPLEMENTED';
  /** What the runner says about a case that failed. */
  readonly report: string;
}

/** Runs the cases that fit the patterns and are not disabled; gives each one's outcome by its name. */
export async function runBogo(runner: Runner, patterns = ''): Promise<Map<string, Outcome>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'handfast-bogo-'));
  const socket = path.join(folder, 'shim');
  const server = await serveShim(socket);
  try {
    return await outcomes(runner, runner.relay, ['-shim-config', CONFIG, '-test', patterns], socket);
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The names of all cases there are: a program that gives up at once has them within seconds. */
export async function allCases(runner: Runner): Promise<string[]> {
  const givesUp = fileURLToPath(new URL('gives-up.sh', import.meta.url));
  return [...(await outcomes(runner, givesUp, [])).keys()];
}

/** The runner prints a line for each case, and below it what went wrong, if anything did. */
async function outcomes(
  runner: Runner,
  shim: string,
  options: readonly string[],
  socket = '',
): Promise<Map<string, Outcome>> {
  const args = ['-resource-dir', runner.resources, '-shim-path', shim, '-pipe', ...options];
  const child = spawn(runner.program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HANDFAST_BOGO_SHIM: socket },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      output += text;
    });
  }
  await new Promise((resolve) => child.on('close', resolve));
  const found = new Map<string, Outcome>();
  for (const part of output.split(/^(?=(?:PASSED|FAILED|UNIMPLEMENTED) \()/m)) {
    const [, status, name, report] = part.match(/^(\w+) \((.*?)\)\n(.*)$/s) ?? [];
    if (name) found.set(name, { status: status as Outcome['status'], report: report.trim() });
  }
  if (found.size === 0) throw new Error(`the runner printed no outcome:\n${output.slice(0, 2000)}`);
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const runner = bogoRunner();
  if ('missing' in runner) throw new Error(runner.missing);
  for (const [name, { status, report }] of await runBogo(runner, process.argv[2]))
    console.log(`${status} ${name}${report && `\n  ${report.replaceAll('\n', '\n  ')}`}`);
}
