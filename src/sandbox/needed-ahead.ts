/** For the site's build: what the embedded engine will be asked for as soon as a lab runs. */
import type { PartName } from '../node/pieces/list.ts';
import { FileTree, resolvePath } from './embedded/files/tree.ts';
import { readCommand } from './embedded/kernel/command.ts';
import { readProgram } from './embedded/kernel/pieces.ts';
import type { CompiledPackage } from './embedded/packages/compile.ts';
import { dependenciesIn, type FetchPackage, missingPackages } from './embedded/page/packages.ts';
import type { KnownSyntaxTable, NeededAhead } from './index.ts';

export type { CompiledPackage };

const FOLDER = '/lab';

/** What the npm scripts of a lab need, judged as the kernel judges it; `compiled` gives the packages that labs may name. */
export async function neededAhead(
  files: Readonly<Record<string, string>>,
  scripts: Iterable<string>,
  syntax: KnownSyntaxTable,
  compiled: FetchPackage,
): Promise<NeededAhead> {
  const encoder = new TextEncoder();
  const own = Object.entries(files).map(([path, text]) => ({
    path,
    bytes: encoder.encode(text),
    mtimeMs: 0,
    mode: 0,
  }));
  const all = [...own, ...(await missingPackages(own, compiled))];
  const tree = new FileTree(
    () => 0,
    all.map((entry) => ({ ...entry, path: resolvePath(FOLDER, entry.path) })),
  );
  const pieces = new Set<PartName>();
  for (const script of scripts) {
    for (const { main } of readCommand(tree, FOLDER, 'npm', ['run', script]).steps) {
      for (const piece of readProgram((path) => tree.read(path), main, syntax).pieces) pieces.add(piece);
    }
  }
  const manifest = tree.read(`${FOLDER}/package.json`);
  return { packages: manifest ? dependenciesIn(manifest) : [], pieces: [...pieces] };
}
