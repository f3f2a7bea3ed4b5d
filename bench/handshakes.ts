// Handshakes per second: bench/programs/handshakes.js on real Node.js and in the sandbox.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
/** Handshakes before the clock starts, and while it runs. */
const COUNTS = ['10', '100'];

const rate = (stdout: string): number => {
  const { handshakes, milliseconds } = JSON.parse(stdout) as { handshakes: number; milliseconds: number };
  return (handshakes * 1000) / milliseconds;
};

/** `folder` holds handshakes.js beside the lab's certificates. */
export async function handshakesInNode(folder: string): Promise<number> {
  const { stdout } = await execute(process.execPath, ['handshakes.js', ...COUNTS], { cwd: folder });
  return rate(stdout);
}

/** The same program, through `npm run sandbox`. */
export async function handshakesInSandbox(folder: string): Promise<number> {
  const command = path.join(root, 'scripts/sandbox.mjs');
  const { stdout } = await execute(process.execPath, [command, '--cwd', folder, 'handshakes.js', ...COUNTS]);
  return rate(stdout);
}
