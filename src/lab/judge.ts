import type { Expectation, Lab, LabStep } from '../lesson/index.ts';

/** What a process has shown so far. */
export interface Shown {
  stdout: string;
  stderr: string;
  /** Undefined while it runs. */
  exit: number | undefined;
}

/** What became of one expectation, in words that can stand beside each other. */
export interface Verdict {
  /** The lesson's sentence. */
  words: string;
  process: string;
  /** The world it was looked for in, where the step has worlds. */
  world?: string;
  met: boolean;
  expected: string;
  came: string;
}

/** Under which key a process of a world (or of none) is kept among what was shown. Names of the two are kebab-case. */
export function placeOf(process: string, world: string | undefined): string {
  return world === undefined ? process : `${world}:${process}`;
}

/** Whether an attack has succeeded in a step that came out so: the page then cuts the ribbon. */
export function isBreach(lab: Lab, step: LabStep, outcome: 'expected' | 'solved' | 'neither'): boolean {
  const isOurs = lab.kind === 'attack' && step.id === lab.exercise.attack;
  return isOurs ? outcome === 'solved' : step.shows === 'attack' && outcome === 'expected';
}

const nothing: Shown = { stdout: '', stderr: '', exit: undefined };

/** Judges one expectation by what is there now, under the keys of `placeOf`. */
export function judge(expectation: Expectation, shown: ReadonlyMap<string, Shown>): Verdict {
  const { process, world, words } = expectation;
  const about = { words, process, ...(world !== undefined && { world }) };
  const found = shown.get(placeOf(process, world));
  const { stdout, stderr, exit } = found ?? nothing;
  const stream = expectation.stream ?? 'stdout';
  const lines = (stream === 'stdout' ? stdout : stderr).split('\n');

  if (expectation.exit !== undefined) {
    const expected = `exit code ${expectation.exit}`;
    const running = found ? 'still running' : 'not started';
    const came = exit === undefined ? running : `exit code ${exit}`;
    return { ...about, met: exit === expectation.exit, expected, came };
  }
  if (expectation.never !== undefined) {
    const { never } = expectation;
    const line = lines.find((line) => line.includes(never));
    const expected = `no line with "${never}" on ${stream}`;
    return { ...about, met: line === undefined, expected, came: line ?? 'none' };
  }
  const wanted = [expectation.says ?? []].flat();
  const missing = firstMissing(wanted, lines);
  return {
    ...about,
    met: missing === undefined,
    expected: `"${wanted.join('", then "')}" on ${stream}`,
    came: missing === undefined ? wanted.join(', ') : excerpt(stdout, stderr),
  };
}

/** The first text that no line after the previous text's line holds. */
function firstMissing(wanted: readonly string[], lines: readonly string[]): string | undefined {
  let from = 0;
  for (const text of wanted) {
    const at = lines.findIndex((line, index) => index >= from && line.includes(text));
    if (at < 0) return text;
    from = at + 1;
  }
  return undefined;
}

/** The last lines of what came, where a crash gives its reason; without the stack below it, which is in the console. */
export function excerpt(stdout: string, stderr: string): string {
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '' && !isFrame(line));
  return lines.length === 0 ? 'nothing' : lines.slice(-6).join('\n');
}

const isFrame = (line: string) => /^ {4,}at |^Node\.js v\d/.test(line);
