import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { SandboxProcess } from '../index.ts';

const network = fileURLToPath(new URL('./network.mjs', import.meta.url));

/** Where a process stands among the lab's hosts; `network.mjs` reads it. */
export interface Place {
  host: string;
  hosts: Record<string, { address: string; loopback: string }>;
}

/** What `network.mjs` reports on its own channel. */
export type NetworkReport =
  | { type: 'listen' | 'unlisten'; address: string; port: number }
  | {
      type: 'connection';
      from: string;
      fromPort: number;
      to: string;
      port: number;
      status: 'open' | 'refused';
    };

/** The descriptor after stdin, stdout and stderr. */
const REPORTS = 3;

/** Starts real Node.js on one of the lab's hosts. */
export function startProcess(
  args: readonly string[],
  where: { cwd: string; env: Record<string, string>; place: Place },
  onReport: (report: NetworkReport) => void,
): Promise<SandboxProcess> {
  const child = spawn(process.execPath, [`--import=${network}`, ...args], {
    cwd: where.cwd,
    // Nothing of our own environment: a test runner's variables would change what a program prints.
    env: {
      PATH: process.env.PATH ?? '',
      ...where.env,
      HANDFAST_PLACE: JSON.stringify({ ...where.place, events: REPORTS }),
    },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  const [, stdout, stderr, reports] = child.stdio as unknown as [Writable, Readable, Readable, Readable];
  const streams = { stdout: texts(stdout), stderr: texts(stderr) };
  readReports(reports, onReport);

  let killedWith: NodeJS.Signals | undefined;
  const exit = new Promise<number>((resolve) => {
    // 'close' comes after all output has been read, unlike 'exit'.
    child.once('close', (code, signal) => {
      const number = constants.signals[killedWith ?? signal ?? 'SIGKILL'];
      resolve(killedWith === undefined && code !== null ? code : 128 + number);
    });
  });
  return started(child).then((pid) => ({
    pid,
    ...streams,
    input: input(child.stdin as Writable),
    exit,
    kill(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      killedWith ??= signal;
      child.kill('SIGKILL'); // at once, whatever the program does about signals
    },
  }));
}

function started(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => resolve(child.pid as number));
  });
}

function texts(stream: Readable): ReadableStream<string> {
  stream.setEncoding('utf8');
  return new ReadableStream({
    start(controller) {
      stream.on('data', (text: string) => controller.enqueue(text));
      stream.once('close', () => controller.close());
    },
  });
}

function input(stdin: Writable): WritableStream<string> {
  stdin.on('error', () => {}); // the program may have ended without reading
  return new WritableStream({
    write: (text) => new Promise((resolve) => stdin.write(text, () => resolve())),
    close: () => new Promise((resolve) => stdin.end(() => resolve())),
  });
}

function readReports(stream: Readable, onReport: (report: NetworkReport) => void): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onReport(JSON.parse(line));
  });
}
