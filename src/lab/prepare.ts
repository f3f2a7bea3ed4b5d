import type { Lab } from '../lesson/index.ts';
import type { FileTree } from '../sandbox/index.ts';
import type { Cast } from './cast.ts';
import type { Clock } from './clock.ts';
import type { Emit } from './events.ts';
import { Interrupted } from './interrupted.ts';
import { excerpt } from './judge.ts';
import { filesOf } from './tree.ts';

/** How long preparation may take. Making keys is slow on a slow machine. */
export const PREPARE_MILLISECONDS = 60_000;

/** Runs what prepares the lab, one process after the other, each to its end. Throws when one fails. */
export async function runPreparation(lab: Lab, cast: Cast, clock: Clock, emit: Emit): Promise<void> {
  for (const name of lab.prepare ?? []) {
    const start = clock.now();
    emit({ type: 'prepare', name, state: 'running' });
    let exit: number | undefined;
    try {
      exit = await cast.run(name);
    } finally {
      const { stdout = '', stderr = '' } = cast.shown.get(name) ?? {};
      const result = { name, stdout, stderr, milliseconds: clock.now() - start };
      const state = exit === 0 ? 'passed' : 'failed';
      emit({ type: 'prepare', name, state, result: exit === undefined ? result : { ...result, exit } });
    }
    if (exit === 0) continue;
    const said = excerpt('', cast.shown.get(name)?.stderr ?? '');
    throw new Interrupted(
      'prepare',
      `${name}, which prepares this lab, ended with exit code ${exit}. It said:\n${said}`,
    );
  }
}

/**
 * What the preparation of a lab is made from, as one text: two trees with the same text are prepared alike. These are the
 * files of its scripts, every program that one of them names, and whatever is no program. So a change of the exercise's
 * file does not make new keys.
 */
export function preparationSource(lab: Lab, tree: FileTree): string {
  const files = new Map(filesOf(tree));
  const { scripts = {} } = JSON.parse(String(files.get('package.json') ?? '{}')) as {
    scripts?: Record<string, string>;
  };
  const commands = lab.processes
    .filter(({ name }) => lab.prepare?.includes(name))
    .map(({ script }) => scripts[script] ?? '');
  const programs = [...files.keys()].filter((path) => isProgram(path));
  const taken = new Set([...files.keys()].filter((path) => !isProgram(path)));
  const texts = [...commands];
  for (let text = texts.pop(); text !== undefined; text = texts.pop()) {
    for (const path of programs) {
      if (taken.has(path) || !text.includes(path.slice(path.lastIndexOf('/') + 1))) continue;
      taken.add(path);
      texts.push(String(files.get(path)));
    }
  }
  return JSON.stringify([...taken].sort().map((path) => [path, String(files.get(path))]));
}

const isProgram = (path: string) => /\.[cm]?js$/.test(path);
