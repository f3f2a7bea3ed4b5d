import { COMPILED_PACKAGES } from '../packages/place.ts';
import type { CjsExports } from './cjs-exports.ts';
import type { ModuleSyntax } from './module-syntax.ts';
import { PositionMap } from './positions.ts';
import { handedOver, type LoadedFile, setLinesOf } from './scripts.ts';

/** What the build knows of one file of a package (packages/compile.ts writes it), and the function it was compiled to. */
export type CompiledEntry = [path: string, facts: CompiledFacts, start: unknown];

export interface CompiledFacts {
  /** Length of the source: a file that was changed since is compiled like any other. */
  readonly size: number;
  /** The line of the script that the file's first line is on, counted from 0, and the columns before it. */
  readonly line: number;
  readonly column: number;
  /** Of an ES module. */
  readonly syntax?: ModuleSyntax;
  /** Of a CommonJS file. */
  readonly exports?: CjsExports;
}

export interface CompiledFile {
  readonly syntax?: ModuleSyntax;
  readonly exports?: CjsExports;
  /** The function that the file was compiled to, for the file under this name. */
  start(file: Omit<LoadedFile, 'positions'>): unknown;
}

/** Finds what is known of a file, if it belongs to a package that the build compiled. */
export type FindCompiled = (path: string, source: string) => CompiledFile | undefined;

/**
 * Packages compiled by the build: their files are read as any other, but not parsed, and one script holds the functions
 * of them all.
 */
export function createCompiledPackages(
  files: { read(path: string): Uint8Array | undefined },
  evaluate: (script: string, name: string) => unknown,
): FindCompiled {
  const packages = new Map<string, Map<string, CompiledFile>>();

  function load(name: string): Map<string, CompiledFile> {
    const found = new Map<string, CompiledFile>();
    const place = `${COMPILED_PACKAGES}${name}.js`;
    const script = files.read(place);
    if (!script) return found;
    const entries = handedOver(evaluate, new TextDecoder().decode(script), place) as CompiledEntry[];
    const loaded: [line: number, file: LoadedFile][] = [];
    setLinesOf(place, (line) => loaded.findLast(([first]) => first < line)?.[1]);
    for (const [path, facts, start] of entries) {
      found.set(`${facts.size}:${path}`, {
        ...facts,
        start(file) {
          const positions = new PositionMap(facts.line);
          positions.shift(1, 0, -facts.column);
          loaded.push([facts.line, { ...file, positions }]);
          loaded.sort(([one], [other]) => one - other);
          return start;
        },
      });
    }
    return found;
  }

  return (path, source) => {
    const [, name, file] = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(.+)$/.exec(path) ?? [];
    if (name === undefined) return undefined;
    const compiled = packages.get(name) ?? load(name);
    packages.set(name, compiled);
    return compiled.get(`${source.length}:${file}`);
  };
}
