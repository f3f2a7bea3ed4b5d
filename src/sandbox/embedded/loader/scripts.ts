import type { Compiled } from './compile.ts';
import type { StartedBy } from './node-frames.ts';
import type { PositionMap } from './positions.ts';

/** A file whose compiled text the engine has seen: what stack traces are put right with. */
export interface LoadedFile {
  readonly kind: 'module' | 'commonjs';
  readonly startedBy: StartedBy;
  /** The name Node shows: a file URL for an ES module, a path for CommonJS. */
  readonly name: string;
  readonly source: string;
  readonly positions: PositionMap;
}

/** Name of the global that compiled text hands its function to. It exists only while a script is evaluated. */
export const handOver = '__handfast__';

/** By script name. One worker is one process, so there is one table. */
const files = new Map<string, (line: number) => LoadedFile | undefined>();

/** The program's file that a stack frame's script name and line mean; `undefined` for the engine's own code. */
export function loadedFile(scriptName: string, line: number | null): LoadedFile | undefined {
  return files.get(scriptName)?.(line ?? 1);
}

/** Says which file each line of a script belongs to that holds more than one. */
export function setLinesOf(scriptName: string, fileAt: (line: number) => LoadedFile | undefined): void {
  files.set(scriptName, fileAt);
}

/**
 * Evaluates a compiled file without `eval`: the environment runs a classic script, and the script calls the global
 * `handOver` with the function that the file was compiled to.
 */
export function runScript(
  evaluate: (script: string, name: string) => unknown,
  compiled: Compiled,
  file: Omit<LoadedFile, 'positions'>,
): unknown {
  // A space or a quote would end the comment that gives the script its name.
  const scriptName = file.name.replace(/[\s'"]/g, encodeURIComponent);
  const loaded = { ...file, positions: compiled.positions };
  files.set(scriptName, () => loaded);
  return handedOver(evaluate, compiled.script, scriptName);
}

/** What a script hands over while it is evaluated. */
export function handedOver(
  evaluate: (script: string, name: string) => unknown,
  script: string,
  scriptName: string,
): unknown {
  let handed: unknown;
  const scope = globalThis as Record<string, unknown>;
  Object.defineProperty(scope, handOver, {
    configurable: true,
    value: (value: unknown) => {
      handed = value;
    },
  });
  try {
    evaluate(script, scriptName);
  } finally {
    delete scope[handOver];
  }
  return handed;
}
