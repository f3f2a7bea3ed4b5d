import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

const runner = fileURLToPath(new URL('program-runner.ts', import.meta.url));

function run(args: string[], cwd: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env: { PATH: process.env.PATH }, timeout: 180_000 });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ stdout, stderr: stderr.replaceAll(/\(node:\d+\)/g, '(node:PID)'), code }),
    );
  });
}

/** What real Node.js prints for a program. */
export const runOnNode = (main: string, cwd: string, flags: string[] = []) => run([...flags, main], cwd);

/** What the loader makes of it, over Node's own library. */
export const runOnLoader = (main: string, cwd: string) => run([runner, main], cwd);
