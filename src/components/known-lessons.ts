import type { KnownLesson } from '../progress/index.ts';
import { course } from '../text/index.ts';
import { lessonFiles } from './lesson/lesson-files.ts';

/** What of each lesson results are kept by, in the order of the course. Read at build. */
export async function knownLessons(titles: ReadonlyMap<string, string>): Promise<KnownLesson[]> {
  const order = course.flatMap((part) => part.chapters).map(({ slug }) => slug);
  const slugs = [...titles.keys()].sort((one, other) => order.indexOf(one) - order.indexOf(other));
  return Promise.all(
    slugs.map(async (slug) => {
      const { lab } = await lessonFiles(slug);
      const title = titles.get(slug) as string;
      return {
        slug,
        title,
        steps: lab.steps.map(({ id }) => id),
        checks: lab.checks.map(({ name }) => name),
      };
    }),
  );
}
