import { entriesOf, isRecord, isText, ourKeys, read, VERSION, write } from './storage.ts';

const prefix = 'handfast:edits:';
const editsKey = (lesson: string) => prefix + lesson;

export interface Edits {
  /** The state of the lesson's files that was edited. */
  base: string;
  /** Only the files that differ from it, by path; also those that the reader has added. */
  files: Record<string, string>;
  /** Files of the lesson that the reader has deleted. */
  removed?: string[];
}

/** Reads edits from anything at all. */
export function editsIn(value: unknown): Edits | undefined {
  if (!isRecord(value) || !isText(value.base) || !isRecord(value.files)) return undefined;
  const files = entriesOf(value.files, isText);
  const removed = Array.isArray(value.removed) ? value.removed.filter(isText) : [];
  if (Object.keys(files).length + removed.length === 0) return undefined;
  return { base: value.base, files, ...(removed.length > 0 && { removed }) };
}

export function editsOf(lesson: string): Edits | undefined {
  const value = read(editsKey(lesson));
  return isRecord(value) && value.version === VERSION ? editsIn(value) : undefined;
}

/** The lessons of which edits are kept. */
export function lessonsWithEdits(): string[] {
  return ourKeys()
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))
    .filter((lesson) => editsOf(lesson) !== undefined);
}

/** Keeps the edits, or forgets them when no file differs any more. Says whether that was possible. */
export function keepEdits(lesson: string, edits: Edits): boolean {
  const isEdited = editsIn(edits) !== undefined;
  return write(editsKey(lesson), isEdited ? { version: VERSION, ...edits } : undefined);
}

export function forgetEdits(lesson: string): void {
  write(editsKey(lesson), undefined);
}
