/**
 * What a reader has done, kept in this browser and nowhere else. Storage may be refused or hold anything at all: what is
 * not ours to understand is left out, and a page works without it.
 */

/** Raised when the stored shape changes; older shapes are then read by what is written for them, here. */
const VERSION = 1;
const resultsKey = 'handfast:results';
const editsKey = (lesson: string) => `handfast:edits:${lesson}`;

/** `breached`: a step has passed, and what it shows is an attack that succeeds. */
export type Result = (typeof results)[number];
const results = ['passed', 'failed', 'breached'] as const;

export interface LessonResults {
  steps: Record<string, Result>;
  checks: Record<string, Result>;
}

export interface Edits {
  /** The state of the lesson's files that was edited. */
  base: string;
  /** Only the files that differ from it, by path. */
  files: Record<string, string>;
}

interface Stored {
  version: number;
  lessons: Record<string, LessonResults>;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function read(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

function write(key: string, value: unknown): void {
  try {
    if (value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Refused or full: what was done lasts as long as the page.
  }
}

function resultsIn(value: unknown): Record<string, Result> {
  if (!isRecord(value)) return {};
  const known = Object.entries(value).filter((entry): entry is [string, Result] =>
    results.includes(entry[1] as Result),
  );
  return Object.fromEntries(known);
}

function stored(): Stored {
  const value = read(resultsKey);
  const lessons =
    isRecord(value) && value.version === VERSION && isRecord(value.lessons) ? value.lessons : {};
  return { version: VERSION, lessons: lessons as Stored['lessons'] };
}

export function resultsOf(lesson: string): LessonResults {
  const found: unknown = stored().lessons[lesson];
  if (!isRecord(found)) return { steps: {}, checks: {} };
  return { steps: resultsIn(found.steps), checks: resultsIn(found.checks) };
}

export function keepResult(lesson: string, kind: keyof LessonResults, name: string, result: Result): void {
  const all = stored();
  const mine = resultsOf(lesson);
  mine[kind][name] = result;
  write(resultsKey, { ...all, lessons: { ...all.lessons, [lesson]: mine } });
}

export function forgetResult(lesson: string, kind: keyof LessonResults, name: string): void {
  const all = stored();
  const mine = resultsOf(lesson);
  delete mine[kind][name];
  write(resultsKey, { ...all, lessons: { ...all.lessons, [lesson]: mine } });
}

export function forgetResults(lesson: string): void {
  const all = stored();
  delete all.lessons[lesson];
  write(resultsKey, all);
}

export function editsOf(lesson: string): Edits | undefined {
  const value = read(editsKey(lesson));
  if (!isRecord(value) || value.version !== VERSION || typeof value.base !== 'string') return undefined;
  if (!isRecord(value.files)) return undefined;
  const files = Object.entries(value.files).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return files.length > 0 ? { base: value.base, files: Object.fromEntries(files) } : undefined;
}

/** Keeps the edits, or forgets them when no file differs any more. */
export function keepEdits(lesson: string, edits: Edits): void {
  const isEdited = Object.keys(edits.files).length > 0;
  write(editsKey(lesson), isEdited ? { version: VERSION, ...edits } : undefined);
}
