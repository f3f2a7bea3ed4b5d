/**
 * What a lesson's folder holds beside its prose, gathered at build: `lab.ts` and the plain files of `lab/` and
 * `solution/`. The files are read as text and never run here.
 */
import { type Lab, LessonError } from '../../lesson/index.ts';

export interface LessonFiles {
  /** The folder's name, e.g. `05-mutual-tls`. */
  readonly folder: string;
  readonly number: number;
  readonly slug: string;
  readonly lab: Lab;
  /** Text by path relative to `lab/`. */
  readonly start: ReadonlyMap<string, string>;
  /** Only the files that differ from the start. */
  readonly solution: ReadonlyMap<string, string>;
}

const labs = import.meta.glob<Lab>('/lessons/*/lab.ts', { eager: true, import: 'default' });
const texts = import.meta.glob<string>(
  ['/lessons/*/lab/**/*', '/lessons/*/solution/**/*', '!**/node_modules/**', '!**/why.md'],
  { eager: true, query: '?raw', import: 'default' },
);

function textsUnder(folder: string): Map<string, string> {
  const found = Object.entries(texts).filter(([path]) => path.startsWith(folder));
  return new Map(found.map(([path, text]) => [path.slice(folder.length), text]));
}

/** All lessons of the folder `lessons/` that have a `lab.ts`, by slug. */
export const lessonFiles: ReadonlyMap<string, LessonFiles> = new Map(
  Object.entries(labs).map(([path, lab]) => {
    const folder = path.split('/')[2];
    const [, number, slug] = /^(\d+)-(.+)$/.exec(folder) ?? [];
    const base = `/lessons/${folder}`;
    const start = textsUnder(`${base}/lab/`);
    return [
      slug,
      { folder, number: Number(number), slug, lab, start, solution: textsUnder(`${base}/solution/`) },
    ];
  }),
);

export function filesOf(slug: string): LessonFiles {
  const files = lessonFiles.get(slug);
  if (files) return files;
  throw new LessonError({
    code: 'missing-lab',
    file: `lessons/*-${slug}/lab.ts`,
    field: '',
    expected: 'a file whose default export is the lab',
    actual: 'none',
    remedy: 'Write it with defineLab().',
  });
}
