/** The adapter in a page with nothing else, for tests that drive it from outside. */
import { WebContainer } from '@webcontainer/api';
import type { Sandbox, SandboxProcess } from '../../../src/sandbox/index.ts';
import { bootWebContainer } from '../../../src/sandbox/webcontainer/index.ts';

async function textOf(stream: ReadableStream<string>): Promise<string> {
  let text = '';
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) text += next.value;
  return text;
}

async function seen(process: SandboxProcess) {
  const [stdout, stderr, code] = await Promise.all([
    textOf(process.stdout),
    textOf(process.stderr),
    process.exit,
  ]);
  return { stdout, stderr, code };
}

const run = async (sandbox: Sandbox, ...[command, args, options]: Parameters<Sandbox['spawn']>) =>
  seen(await sandbox.spawn(command, args, options));

const harness = { WebContainer, boot: bootWebContainer, run, seen };
export type Harness = typeof harness;
Object.assign(globalThis, { harness });
