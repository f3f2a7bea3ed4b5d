import { dependenciesIn } from '../embedded/page/packages.ts';
import type { FileTree } from '../index.ts';

/** The files of a package that the build knows, by path; nothing where it knows none of that name. */
export type PackageFiles = (name: string) => Promise<Readonly<Record<string, string>> | undefined>;

/** Packages that a tree names and does not bring: those the site has, as a tree, and the names of the others. */
export async function packagesOf(
  tree: FileTree,
  filesOf: PackageFiles,
): Promise<{ modules: FileTree; missing: string[] }> {
  const manifest = tree['package.json'];
  const modules: FileTree = {};
  const missing: string[] = [];
  if (typeof manifest !== 'string' || 'node_modules' in tree) return { modules, missing };
  for (const name of dependenciesIn(new TextEncoder().encode(manifest))) {
    const files = await filesOf(name);
    if (files) for (const [path, text] of Object.entries(files)) put(modules, `${name}/${path}`, text);
    else missing.push(name);
  }
  return { modules, missing };
}

function put(tree: FileTree, path: string, text: string): void {
  const parts = path.split('/');
  const name = parts.pop() as string;
  let folder = tree;
  for (const part of parts) {
    folder[part] ??= {};
    folder = folder[part] as FileTree;
  }
  folder[name] = text;
}
