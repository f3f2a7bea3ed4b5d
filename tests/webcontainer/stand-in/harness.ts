/** The adapter in a page with nothing else, for tests that drive it from outside. */
import { WebContainer } from '@webcontainer/api';
import type { FileTree, Sandbox, SandboxProcess } from '../../../src/sandbox/index.ts';
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

/** Files by path, as a tree: folders are one deep. */
function treeOf(files: Record<string, string>): FileTree {
  const tree: FileTree = {};
  for (const [path, text] of Object.entries(files)) {
    const [folder, name] = path.split('/');
    if (name === undefined) tree[folder] = text;
    else tree[folder] = { ...(tree[folder] as FileTree), [name]: text };
  }
  return tree;
}

const harness = { WebContainer, boot: bootWebContainer, run, seen, treeOf };
export type Harness = typeof harness;
Object.assign(globalThis, { harness });
