import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type LabFiles, readFiles } from './files.ts';
import type { Lab } from './lab.ts';
import { checkLabFiles, checkOverlay } from './lab-files.ts';
import { LessonError } from './lesson-error.ts';
import { checkPackages } from './packages.ts';
import { validateLab } from './validate-lab.ts';

/** A plausible but wrong repair, kept so that the checks are known to catch it. */
export interface Fix {
  name: string;
  /** Only the files that differ from `lab/`. */
  files: LabFiles;
  /** Why it is wrong, in Markdown: `why.md`. */
  why: string;
}

export interface Lesson {
  /** From the folder's name: 5 in `05-mutual-tls`. */
  number: number;
  /** From the folder's name: `mutual-tls`. */
  slug: string;
  /** Absolute path. */
  folder: string;
  lab: Lab;
  files: LabFiles;
  /** Only the files that differ from `files`. */
  solution: LabFiles;
  fixes: Fix[];
  /** The source of `lesson.mdx`. */
  prose: string;
}

/** `lab`, `solution`, or `fixes/NAME`. */
export type Variant = 'lab' | 'solution' | `fixes/${string}`;

const folderName = /^(\d\d)-([a-z0-9]+(?:-[a-z0-9]+)*)$/;

/** The slugs of all lessons, in their order. `root` is the project's folder. */
export function lessonSlugs(root: string): string[] {
  return lessonFolders(root).map(({ slug }) => slug);
}

/** Reads all lessons, in their order. */
export async function readLessons(root: string): Promise<Lesson[]> {
  return Promise.all(lessonSlugs(root).map((slug) => readLesson(root, slug)));
}

/** Reads one lesson, `mutual-tls` or `05-mutual-tls`. */
export async function readLesson(root: string, slug: string): Promise<Lesson> {
  const folders = lessonFolders(root);
  const found = folders.find((each) => each.slug === slug || each.name === slug);
  if (!found) {
    throw new LessonError({
      code: 'unknown-lesson',
      file: 'lessons/',
      field: '',
      expected: `one of the lessons ${folders.map((each) => each.slug).join(', ')}`,
      actual: `"${slug}"`,
      remedy: 'Choose one of them.',
    });
  }
  const { number, name } = found;
  const folder = path.join(root, 'lessons', name);
  const inFolder = (...parts: string[]) => path.join(folder, ...parts);
  const exported = await import(/* @vite-ignore */ pathToFileURL(required(inFolder('lab.ts'), root)).href);
  const lesson: Lesson = {
    number,
    slug: found.slug,
    folder,
    lab: validateLab(exported.default, `lessons/${name}/lab.ts`),
    files: readFiles(required(inFolder('lab'), root)),
    solution: readFiles(required(inFolder('solution'), root)),
    fixes: readFixes(inFolder('fixes'), root),
    prose: readFileSync(required(inFolder('lesson.mdx'), root), 'utf8'),
  };
  const fixes = lesson.fixes.map((fix) => fix.name);
  checkLabFiles(lesson.lab, lesson.files, fixes, `lessons/${name}/lab.ts`);
  checkPackages(root, lesson.files, `lessons/${name}/lab`);
  checkOverlay(lesson.solution, lesson.files, `lessons/${name}/solution`);
  for (const fix of lesson.fixes) checkOverlay(fix.files, lesson.files, `lessons/${name}/fixes/${fix.name}`);
  return lesson;
}

/** The lab's files as they are in a variant: those that differ laid over those of `lab/`. */
export function variantFiles(lesson: Lesson, variant: Variant): LabFiles {
  if (variant === 'lab') return lesson.files;
  if (variant === 'solution') return { ...lesson.files, ...lesson.solution };
  const fix = lesson.fixes.find((each) => `fixes/${each.name}` === variant);
  if (fix) return { ...lesson.files, ...fix.files };
  throw new LessonError({
    code: 'unknown-variant',
    file: `lessons/${path.basename(lesson.folder)}/`,
    field: '',
    expected: `one of the variants ${variantsOf(lesson).join(', ')}`,
    actual: `"${variant}"`,
    remedy: 'Choose one of them.',
  });
}

export function variantsOf(lesson: Lesson): Variant[] {
  return ['lab', 'solution', ...lesson.fixes.map(({ name }): Variant => `fixes/${name}`)];
}

/** The files of the worlds that do not have the reader's own, by variant. */
export function worldFiles(lesson: Lesson): Record<string, LabFiles> {
  const variants = (lesson.lab.worlds ?? []).flatMap(({ files }) => (files === 'yours' ? [] : [files]));
  return Object.fromEntries(variants.map((variant) => [variant, variantFiles(lesson, variant)]));
}

function lessonFolders(root: string): { number: number; slug: string; name: string }[] {
  return readdirSync(path.join(root, 'lessons'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const match = folderName.exec(name);
      if (match) return { number: Number(match[1]), slug: match[2], name };
      throw new LessonError({
        code: 'lesson-folder-name',
        file: `lessons/${name}`,
        field: '',
        expected: 'a folder named NN-slug, such as 05-mutual-tls',
        actual: `"${name}"`,
        remedy: 'Rename it.',
      });
    })
    .sort((one, other) => one.number - other.number);
}

function readFixes(folder: string, root: string): Fix[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      required(path.join(folder, name, 'why.md'), root);
      const { 'why.md': why, ...files } = readFiles(path.join(folder, name));
      return { name, files, why: String(why) };
    });
}

function required(entry: string, root: string): string {
  if (existsSync(entry)) return entry;
  throw new LessonError({
    code: 'missing-file',
    file: path.relative(root, entry).split(path.sep).join('/'),
    field: '',
    expected: 'this file or folder',
    actual: 'nothing',
    remedy: 'Every lesson has one: make it.',
  });
}
