/**
 * Results, edits and settings as one file, to keep or to carry to another browser. A file is judged whole before anything
 * is changed. What it names replaces what is kept under that name; everything else stays.
 */
import { type Edits, editsIn, editsOf, keepEdits, lessonsWithEdits } from './edits.ts';
import { keepResults, type LessonResults, lessonsWithResults, resultsIn, resultsOf } from './results.ts';
import { keepSetting, type Settings, settingOf, settingsSet, validSettings } from './settings.ts';
import { isRecord, isText, ourKeys, readText, VERSION, writeText } from './storage.ts';

const FORMAT = 'handfast-progress';
/** More than a browser keeps for one site. */
export const MOST_CHARACTERS = 5_000_000;

/** What the course says of a lesson, by which a file is judged. */
export interface KnownLesson {
  slug: string;
  title: string;
  steps: readonly string[];
  checks: readonly string[];
}

export interface Progress {
  lessons: Record<string, { results: LessonResults; edits?: Edits }>;
  settings: Partial<Settings>;
}

/** Why a file cannot be imported: `came` is what was found where something else was expected. */
export interface ImportProblem {
  code: 'too-large' | 'unread' | 'not-json' | 'not-ours' | 'newer' | 'nothing';
  came: string;
}

/** What a file names that this course does not have, or that cannot be read. */
export interface LeftOut {
  kind: 'lesson' | 'step' | 'check' | 'edits' | 'setting';
  name: string;
  /** The title of the lesson it belongs to. */
  lesson?: string;
}

export type Reading =
  | { progress: Progress; leftOut: LeftOut[] }
  | { problem: ImportProblem; leftOut: LeftOut[] };

/** All that is kept, or what is kept of one lesson, as the text of a file. */
export function exportProgress(now: Date, only?: string): string {
  const kept = only ? [only] : [...new Set([...lessonsWithResults(), ...lessonsWithEdits()])].sort();
  const lessons = Object.fromEntries(
    kept.map((lesson) => [lesson, { results: resultsOf(lesson), edits: editsOf(lesson) }]),
  );
  const settings = only ? {} : settingsSet();
  return `${JSON.stringify({ format: FORMAT, version: VERSION, saved: now.toISOString(), lessons, settings }, null, 2)}\n`;
}

/** Reads a file that says it is ours, and judges each name in it by the course. Changes nothing. */
export function readProgress(text: string, course: readonly KnownLesson[]): Reading {
  const wrong = (code: ImportProblem['code'], came: string): Reading => ({
    problem: { code, came },
    leftOut: [],
  });
  if (text.length > MOST_CHARACTERS) return wrong('too-large', String(text.length));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return wrong('not-json', text.trim().slice(0, 40));
  }
  if (!isRecord(value) || value.format !== FORMAT)
    return wrong(
      'not-ours',
      isRecord(value) && isText(value.format) ? value.format : text.trim().slice(0, 40),
    );
  if (typeof value.version !== 'number') return wrong('not-ours', `version ${JSON.stringify(value.version)}`);
  if (value.version > VERSION) return wrong('newer', String(value.version));

  const { progress, leftOut } = sift(value, course);
  const isEmpty = Object.keys(progress.lessons).length + Object.keys(progress.settings).length === 0;
  return isEmpty ? { problem: { code: 'nothing', came: '' }, leftOut } : { progress, leftOut };
}

/** What of the file this course knows, and what not. */
function sift(file: Record<string, unknown>, course: readonly KnownLesson[]) {
  const progress: Progress = { lessons: {}, settings: {} };
  const leftOut: LeftOut[] = [];
  for (const [slug, found] of Object.entries(isRecord(file.lessons) ? file.lessons : {})) {
    const lesson = course.find((each) => each.slug === slug);
    if (!lesson || !isRecord(found)) {
      leftOut.push({ kind: 'lesson', name: slug });
      continue;
    }
    const results = siftResults(found.results, lesson, leftOut);
    const edits = editsIn(found.edits);
    if (found.edits !== undefined && !edits)
      leftOut.push({ kind: 'edits', name: slug, lesson: lesson.title });
    if (edits || Object.keys({ ...results.steps, ...results.checks }).length > 0)
      progress.lessons[slug] = { results, ...(edits && { edits }) };
  }
  const settings = isRecord(file.settings) ? file.settings : {};
  progress.settings = validSettings(settings);
  for (const name of Object.keys(settings))
    if (!(name in progress.settings)) leftOut.push({ kind: 'setting', name });
  return { progress, leftOut };
}

function siftResults(value: unknown, lesson: KnownLesson, leftOut: LeftOut[]): LessonResults {
  const readable = resultsIn(value);
  const sifted = (kind: 'step' | 'check') => {
    const all = isRecord(value) ? value[`${kind}s`] : undefined;
    const known: LessonResults['steps'] = {};
    for (const name of Object.keys(isRecord(all) ? all : {})) {
      const result = readable[`${kind}s`][name];
      if (result && lesson[`${kind}s`].includes(name)) known[name] = result;
      else leftOut.push({ kind, name, lesson: lesson.title });
    }
    return known;
  };
  return { steps: sifted('step'), checks: sifted('check') };
}

/** What an import would do, before it does it. */
export interface ImportPlan {
  /** Results that are new here, or other than those kept here; and in which lessons. */
  results: { added: number; replaced: number; lessons: string[] };
  /** The lessons, by title, whose edits are new here, and those whose edits would go. */
  edits: { added: string[]; replaced: string[] };
  settings: (keyof Settings)[];
}

/** Compares what was read with what is kept. */
export function planImport({ lessons, settings }: Progress, course: readonly KnownLesson[]): ImportPlan {
  const plan: ImportPlan = {
    results: { added: 0, replaced: 0, lessons: [] },
    edits: { added: [], replaced: [] },
    settings: [],
  };
  for (const [slug, { results, edits }] of Object.entries(lessons)) {
    const title = course.find((each) => each.slug === slug)?.title ?? slug;
    const mine = resultsOf(slug);
    let differing = 0;
    for (const kind of ['steps', 'checks'] as const) {
      for (const [name, result] of Object.entries(results[kind])) {
        const before = mine[kind][name];
        if (before === result) continue;
        differing += 1;
        if (before === undefined) plan.results.added += 1;
        else plan.results.replaced += 1;
      }
    }
    if (differing > 0) plan.results.lessons.push(title);
    const kept = editsOf(slug);
    if (edits && !kept) plan.edits.added.push(title);
    else if (edits && kept && JSON.stringify(ordered(edits)) !== JSON.stringify(ordered(kept)))
      plan.edits.replaced.push(title);
  }
  plan.settings = (Object.keys(settings) as (keyof Settings)[]).filter(
    (name) => settingOf(name) !== settings[name],
  );
  return plan;
}

const ordered = ({ base, files, removed = [] }: Edits) => [
  base,
  Object.entries(files).sort(),
  [...removed].sort(),
];

/** Keeps all of it, or nothing: where the browser refuses a part, what was kept before is put back. Says which. */
export function importProgress({ lessons, settings }: Progress): boolean {
  const before = new Map(ourKeys().map((key) => [key, readText(key)]));
  const isKept = Object.entries(lessons).every(
    ([slug, { results, edits }]) => keepResults(slug, results) && (!edits || keepEdits(slug, edits)),
  );
  const isSet =
    isKept &&
    (Object.entries(settings) as [keyof Settings, never][]).every(([name, value]) =>
      keepSetting(name, value),
    );
  if (isSet) return true;
  for (const key of ourKeys()) if (!before.has(key)) writeText(key, undefined);
  for (const [key, text] of before) writeText(key, text ?? undefined);
  return false;
}
