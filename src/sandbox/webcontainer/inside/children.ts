/**
 * What a program in a container starts is on its host, as it is: what runs before the program runs before its children
 * too. A child that is Node.js has it in its arguments. Any other, a shell say, hands it on to its own in `NODE_OPTIONS`;
 * so do all that are waited for, since what is under them is not public.
 */
import child_process from 'node:child_process';
import path from 'node:path';
import type { Any } from './here.ts';
import { handedOn, placement } from './heritage.ts';

/** As `ChildProcess.prototype.spawn` takes it, under every public function that starts a child without waiting for it. */
interface Start {
  file: string;
  /** Those of the operating system: the first is the name of the program. */
  args: string[];
  envPairs?: string[];
  stdio?: unknown;
}

/** Takes what is loaded before this program out of its arguments, which are its own, and gives it to its children. */
export function placeChildren(): void {
  process.execArgv = process.execArgv.filter((word) => !placement.preloads.includes(word));
  const { ChildProcess } = child_process;
  const { spawn } = ChildProcess.prototype as unknown as { spawn?(start: Start): unknown };
  if (spawn) {
    Object.assign(ChildProcess.prototype, {
      spawn(this: unknown, start: Start) {
        const [name, ...args] = start.args;
        const words = isNode(start.file) ? placement.preloads : [];
        const env = handedOn(pairsIn(start.envPairs), isInherited(start.stdio), words.length === 0);
        const envPairs = Object.entries(env).map((pair) => pair.join('='));
        return spawn.call(this, { ...start, args: [name, ...words, ...args], envPairs });
      },
    });
  }
  for (const name of ['spawnSync', 'execFileSync', 'execSync'] as const) {
    const start = child_process[name] as Any;
    (child_process as Any)[name] = (...args: Any[]) => {
      const hasOptions = args.length > 1 && !Array.isArray(args.at(-1));
      const options = hasOptions ? args.pop() : undefined;
      const env = handedOn(options?.env ?? process.env, isInherited(options?.stdio), true);
      return start(...args, { ...options, env });
    };
  }
}

/** `NAME=value`, where the value may have such a sign of its own. */
const pairsIn = (pairs: readonly string[] = []) =>
  Object.fromEntries(pairs.map((pair) => /^(.*?)=(.*)$/s.exec(pair)?.slice(1) ?? [pair, '']));

const isNode = (file: string) => file === process.execPath || path.basename(file) === 'node';

/** Whether what the child writes goes where its parent's output goes, so that reports in it are heard. */
function isInherited(stdio: unknown): boolean {
  const output = Array.isArray(stdio) ? stdio[1] : stdio;
  return output === 'inherit' || output === 1 || output === process.stdout;
}
