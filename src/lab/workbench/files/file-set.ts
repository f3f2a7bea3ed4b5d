import { computed, signal } from '@preact/signals';
import type { LabFileRights } from '../../../lesson/index.ts';
import { nameFault } from './file-names.ts';

/** How a file stands to the lesson's own. One that is as it was has no mark. */
export type FileMark = 'changed' | 'new' | 'deleted';

type Texts = Readonly<Record<string, string>>;

/** Edits by path: files that differ from the start or are not in it, and files of the start that are gone. */
export interface FileEdits {
  files: Record<string, string>;
  removed: string[];
}

interface Lesson {
  files: Texts;
  solution: Readonly<Record<string, { text: string }>>;
  editable: readonly string[];
  rights?: LabFileRights;
}

/** The lab's files as the reader has them, beside the lesson's. It knows no page. */
export class FileSet {
  readonly #lesson: Lesson;
  readonly #texts;

  /** Every file that differs from the start, with how it does. */
  readonly marks;

  constructor(lesson: Lesson) {
    this.#lesson = lesson;
    this.#texts = signal<Texts>(lesson.files);
    this.marks = computed(() => marksOf(lesson.files, this.#texts.value));
  }

  /** The files as they are now. */
  get all(): Texts {
    return this.#texts.value;
  }

  get start(): Texts {
    return this.#lesson.files;
  }

  /** Every path there is or was: a deleted file can be had back. */
  get paths(): string[] {
    return [...new Set([...Object.keys(this.start), ...Object.keys(this.all)])].sort();
  }

  get canCreate(): boolean {
    return this.#lesson.rights?.create === true;
  }

  canEdit(path: string): boolean {
    return path in this.all && (this.#lesson.editable.includes(path) || !(path in this.start));
  }

  canDelete(path: string): boolean {
    if (!(path in this.all)) return false;
    if (!(path in this.start)) return true;
    return this.#lesson.rights?.delete === true && this.#lesson.editable.includes(path);
  }

  solution(path: string): string | undefined {
    return this.#lesson.solution[path]?.text;
  }

  /** The reader's own work, which a reset takes away: a solution that was asked for is nobody's loss. */
  get own(): string[] {
    const isSolved = (path: string) => path in this.all && this.all[path] === this.solution(path);
    return [...this.marks.value.keys()].filter((path) => !isSolved(path));
  }

  get edits(): FileEdits {
    const marks = [...this.marks.value];
    const kept = marks.filter(([, mark]) => mark !== 'deleted');
    const removed = marks.filter(([, mark]) => mark === 'deleted').map(([path]) => path);
    return { files: Object.fromEntries(kept.map(([path]) => [path, this.all[path]])), removed };
  }

  /** Of edits that were kept, those that this lab can have: a file that was imported may name anything. */
  sift<Kept extends Partial<FileEdits> & Pick<FileEdits, 'files'>>({ files, removed, ...rest }: Kept) {
    const taken = Object.keys(this.start);
    const possible = Object.entries(files).filter(([path]) => {
      const isPossible = Object.hasOwn(this.start, path) || nameFault(path, taken) === undefined;
      if (isPossible) taken.push(path);
      return isPossible;
    });
    const gone = removed?.filter((path) => Object.hasOwn(this.start, path));
    return { ...rest, files: Object.fromEntries(possible), removed: gone };
  }

  /** Lays these over the files, creating what is not there. Returns the paths that changed. */
  write(files: Texts): string[] {
    const differing = Object.keys(files).filter((path) => files[path] !== this.all[path]);
    if (differing.length > 0) this.#texts.value = { ...this.all, ...files };
    return differing;
  }

  /** Returns those that were there. */
  remove(paths: readonly string[]): string[] {
    const present = paths.filter((path) => path in this.all);
    const left = Object.entries(this.all).filter(([path]) => !present.includes(path));
    if (present.length > 0) this.#texts.value = Object.fromEntries(left);
    return present;
  }
}

function marksOf(start: Texts, now: Texts): ReadonlyMap<string, FileMark> {
  const marks = new Map<string, FileMark>();
  for (const path of Object.keys(start)) {
    if (!(path in now)) marks.set(path, 'deleted');
    else if (now[path] !== start[path]) marks.set(path, 'changed');
  }
  for (const path of Object.keys(now)) if (!(path in start)) marks.set(path, 'new');
  return marks;
}
