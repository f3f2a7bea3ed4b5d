/** Packages that the build compiled, for programs whose `package.json` names them and that bring no `node_modules`. */
import type { CompiledPackage } from '../packages/compile.ts';
import { COMPILED_PACKAGES } from '../packages/place.ts';
import type { FileEntry } from '../protocol.ts';

/** Fetches a compiled package, or nothing where the build has none of that name. */
export type FetchPackage = (name: string) => Promise<CompiledPackage | undefined>;

const MANIFEST = /^(?:(?!.*\/node_modules\/).*\/)?package\.json$/;
const NAME = /^(?:@[\w-][\w.-]*\/)?[\w-][\w.-]*$/;

/** Entries for the packages that are named among `entries` and are not there. `brought` keeps their folders. */
export async function missingPackages(
  entries: readonly FileEntry[],
  fetchPackage: FetchPackage,
  brought: Set<string> = new Set(),
): Promise<FileEntry[]> {
  const paths = new Set(entries.map(({ path }) => path));
  const wanted: { name: string; folder: string }[] = [];
  for (const { path, bytes } of entries) {
    if (!bytes || !MANIFEST.test(path)) continue;
    const modules = `${path.slice(0, -'package.json'.length)}node_modules`;
    if (paths.has(modules)) continue;
    for (const name of dependenciesIn(bytes)) {
      const folder = `${modules}/${name}`;
      if (!brought.has(folder)) wanted.push({ name, folder });
    }
  }
  const found = await Promise.all(
    wanted.map(async ({ name, folder }) => entriesOf(await fetchPackage(name), folder)),
  );
  for (const { folder } of wanted) brought.add(folder);
  return found.flat();
}

/** The packages that a `package.json` names. */
export function dependenciesIn(manifest: Uint8Array): string[] {
  try {
    const { dependencies = {} } = JSON.parse(new TextDecoder().decode(manifest));
    return Object.keys(dependencies).filter((name) => NAME.test(name));
  } catch {
    // A file that is no JSON names nothing; who reads it will say so.
    return [];
  }
}

function entriesOf(compiled: CompiledPackage | undefined, folder: string): FileEntry[] {
  if (!compiled) return [];
  const { name, files, script } = compiled;
  const whole = script.map((part) => (typeof part === 'string' ? part : files[part.file]));
  const encoder = new TextEncoder();
  const entry = (path: string, text: string) => ({
    path,
    bytes: encoder.encode(text),
    mtimeMs: PACKED,
    mode: 0,
  });
  return [
    ...Object.entries(files).map(([path, text]) => entry(`${folder}/${path}`, text)),
    entry(`${COMPILED_PACKAGES}${name}.js`, whole.join('')),
  ];
}

/** The time that npm gives every file of a package: 26 October 1985, 08:15 UTC. */
const PACKED = 499162500000;
