import { entriesOf, isRecord, read, VERSION, write } from './storage.ts';

const resultsKey = 'handfast:results';

/** `breached`: a step has passed, and what it shows is an attack that succeeds. */
export type Result = (typeof results)[number];
const results = ['passed', 'failed', 'breached'] as const;
const isResult = (value: unknown): value is Result => results.includes(value as Result);

export interface LessonResults {
  steps: Record<string, Result>;
  checks: Record<string, Result>;
}

/** Reads results from anything at all. */
export function resultsIn(value: unknown): LessonResults {
  const { steps, checks } = isRecord(value) ? value : {};
  return { steps: entriesOf(steps, isResult), checks: entriesOf(checks, isResult) };
}

function stored(): Record<string, unknown> {
  const value = read(resultsKey);
  return isRecord(value) && value.version === VERSION && isRecord(value.lessons) ? value.lessons : {};
}

function store(lessons: Record<string, unknown>): boolean {
  return write(resultsKey, { version: VERSION, lessons });
}

export function resultsOf(lesson: string): LessonResults {
  return resultsIn(stored()[lesson]);
}

/** The lessons of which results are kept. */
export function lessonsWithResults(): string[] {
  return Object.keys(stored()).filter((lesson) => countOf(resultsOf(lesson)) > 0);
}

export const countOf = ({ steps, checks }: LessonResults): number =>
  Object.keys(steps).length + Object.keys(checks).length;

export function keepResult(lesson: string, kind: keyof LessonResults, name: string, result: Result): void {
  keepResults(lesson, { steps: {}, checks: {}, [kind]: { [name]: result } });
}

/** Lays these over what is kept of a lesson. Says whether that was possible. */
export function keepResults(lesson: string, more: LessonResults): boolean {
  const mine = resultsOf(lesson);
  const steps = { ...mine.steps, ...more.steps };
  const checks = { ...mine.checks, ...more.checks };
  return store({ ...stored(), [lesson]: { steps, checks } });
}

export function forgetResult(lesson: string, kind: keyof LessonResults, name: string): void {
  const mine = resultsOf(lesson);
  delete mine[kind][name];
  store({ ...stored(), [lesson]: mine });
}

export function forgetResults(lesson: string): void {
  const all = stored();
  delete all[lesson];
  store(all);
}
