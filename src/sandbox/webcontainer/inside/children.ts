/**
 * The children of a program in a container are on its host, as it is: what runs before the program runs before them too.
 * Of use to `node` alone; a shell between the two hides a child from this.
 */
import child_process from 'node:child_process';
import path from 'node:path';
import type { Placement } from '../hosts.ts';

/** As `ChildProcess.prototype.spawn` takes it, under every public function that starts a child without waiting for it. */
interface Start {
  file: string;
  /** Those of the operating system: the first is the name of the program. */
  args: string[];
  envPairs?: string[];
  stdio?: unknown;
}

const OWN_FOLDER = '/.handfast/';

/** Takes what is loaded before this program out of its arguments, which are its own, and gives it to its children. */
export function placeChildren(placement: Placement): void {
  const preloads = process.execArgv.filter(isPreload);
  process.execArgv = process.execArgv.filter((word) => !isPreload(word));
  const { ChildProcess } = child_process;
  const { spawn } = ChildProcess.prototype as unknown as { spawn?(start: Start): unknown };
  if (!spawn) return;
  Object.assign(ChildProcess.prototype, {
    spawn(this: unknown, start: Start) {
      if (!isNode(start.file)) return spawn.call(this, start);
      const [name, ...args] = start.args;
      const { mark: _mark, ...silent } = placement;
      const place = JSON.stringify(isInherited(start.stdio) ? placement : silent);
      return spawn.call(this, {
        ...start,
        args: [name, ...preloads, ...args],
        envPairs: [...(start.envPairs ?? []), `HANDFAST_PLACE=${place}`],
      });
    },
  });
}

const isPreload = (word: string) => word.startsWith('--import=') && word.includes(OWN_FOLDER);

const isNode = (file: string) => file === process.execPath || path.basename(file) === 'node';

/** Whether what the child writes goes where its parent's output goes, so that reports in it are heard. */
function isInherited(stdio: unknown): boolean {
  const output = Array.isArray(stdio) ? stdio[1] : stdio;
  return output === 'inherit' || output === 1 || output === process.stdout;
}
