import { mkdir, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FileTree } from '../index.ts';

/** Where this project's own packages are: a lab's are among them, in the same versions (`checkPackages` in src/lesson). */
const INSTALLED = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../node_modules');

/** Links the packages that a lab's `package.json` names, and no others, as `npm ci` would put them there. */
export async function linkPackages(folder: string, manifest: FileTree[string] | undefined): Promise<void> {
  if (typeof manifest !== 'string') return;
  const { dependencies = {} } = JSON.parse(manifest);
  for (const name of Object.keys(dependencies)) {
    const installed = path.join(INSTALLED, name);
    const place = path.join(folder, 'node_modules', name);
    if (!(await exists(installed)) || (await exists(place))) continue;
    await mkdir(path.dirname(place), { recursive: true });
    await symlink(installed, place, 'junction');
  }
}

async function exists(place: string): Promise<boolean> {
  return stat(place).then(
    () => true,
    () => false,
  );
}
