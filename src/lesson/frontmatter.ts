import { parse } from 'yaml';
import { listOf, objectOf, type Reader, text, textLike, wrong } from './fields.ts';
import type { Lab } from './lab.ts';
import { LessonError } from './lesson-error.ts';

export interface Objective {
  text: string;
  /** What proves it: `step:<id>` or `check:<name>` of the lab. */
  proof: string;
}

export interface Frontmatter {
  title: string;
  /** One sentence: what the reader will be able to do. */
  promise: string;
  /** One sentence for search results and links. */
  description: string;
  objectives: Objective[];
  prerequisites: string[];
  references: { title: string; url: string }[];
}

const objectives: Reader<Objective[]> = (value, place) => {
  const given = listOf(
    objectOf({ text, proof: textLike(/^(step|check):[a-z0-9-]+$/, '`step:<id>` or `check:<name>`') }),
  )(value, place);
  if (given.length >= 3 && given.length <= 5) return given;
  throw wrong(
    place,
    'three to five objectives',
    value,
    'A lesson that promises more, or less, is another lesson.',
  );
};

const frontmatter = objectOf({
  title: text,
  promise: text,
  description: text,
  objectives,
  prerequisites: listOf(text),
  references: listOf(objectOf({ title: text, url: textLike(/^https:\/\/\S+$/, 'an https address') }), 1),
});

/** Reads what stands between the `---` lines of `lesson.mdx`; each objective must be proved by something that runs. */
export function readFrontmatter(prose: string, lab: Lab, file: string): Frontmatter {
  const block = /^---\n([\s\S]*?)\n---\n/.exec(prose);
  if (!block) {
    throw new LessonError({
      code: 'missing-frontmatter',
      file,
      field: '',
      expected: 'frontmatter between two lines of ---',
      actual: 'none',
      remedy: 'Begin the file with it.',
    });
  }
  const given = frontmatter(parse(block[1]), { file, field: '' });
  const proofs = [
    ...lab.steps.map(({ id }) => `step:${id}`),
    ...lab.checks.map(({ name }) => `check:${name}`),
  ];
  given.objectives.forEach(({ proof }, index) => {
    if (proofs.includes(proof)) return;
    const place = { file, field: `objectives[${index}].proof` };
    throw wrong(
      place,
      `one of ${proofs.join(', ')}`,
      proof,
      'Correct it, or add the step or check that proves it.',
    );
  });
  return given;
}
