/** What a lesson's folder holds beside its prose, as its page needs it. Read at build; nothing of a lab runs here. */
import {
  checkPlacement,
  type Lab,
  type LabFiles,
  readFrontmatter,
  readLesson,
  withoutMarkers,
} from '../../lesson/index.ts';

export interface LessonFiles {
  /** The folder's name, e.g. `05-mutual-tls`. */
  readonly folder: string;
  readonly number: number;
  readonly slug: string;
  readonly lab: Lab;
  /** The lab's texts by path, as they are in the folder: with the marks of their regions. */
  readonly marked: ReadonlyMap<string, string>;
  /** The same as the reader sees and edits them. */
  readonly start: ReadonlyMap<string, string>;
  /** Only the files of the solution that differ. */
  readonly markedSolution: ReadonlyMap<string, string>;
  readonly solution: ReadonlyMap<string, string>;
  /** Of each fix that a world of the lab is made of, by its name: only the files that differ. */
  readonly fixes: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Every fix, with the Markdown that says why it is wrong. */
  readonly wrong: readonly { name: string; files: ReadonlyMap<string, string>; why: string }[];
}

const textsOf = (files: LabFiles) =>
  new Map(Object.entries(files).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

const unmarked = (files: ReadonlyMap<string, string>) =>
  new Map([...files].map(([path, text]) => [path, /\.[cm]?js$/.test(path) ? withoutMarkers(text) : text]));

/** Reads a lesson and judges it whole: prose, lab and code must name the same things, or the build stops here. */
export async function lessonFiles(slug: string): Promise<LessonFiles> {
  const lesson = await readLesson(process.cwd(), slug);
  const { number, lab, files, solution, prose } = lesson;
  const folder = lesson.folder.split(/[\\/]/).at(-1) as string;
  const file = `lessons/${folder}/lesson.mdx`;
  readFrontmatter(prose, lab, file);
  checkPlacement(prose, lab, { lab: files, solution }, file);
  const [marked, markedSolution] = [textsOf(files), textsOf(solution)];
  const [start, solved] = [unmarked(marked), unmarked(markedSolution)];
  const wrong = lesson.fixes.map(({ name, files, why }) => ({ name, files: unmarked(textsOf(files)), why }));
  const isWorld = (name: string) => lab.worlds?.some(({ files }) => files === `fixes/${name}`);
  const inWorlds = wrong.filter(({ name }) => isWorld(name));
  const fixes = new Map(inWorlds.map(({ name, files }) => [name, files]));
  return { folder, number, slug, lab, marked, start, markedSolution, solution: solved, fixes, wrong };
}
