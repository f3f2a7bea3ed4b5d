import type { LabFiles } from './files.ts';
import type { Lab } from './lab.ts';
import { LessonError } from './lesson-error.ts';
import { region } from './region.ts';

/** The attributes of each `<Name …>` in the prose, outside code and comments. */
export function tagsIn(prose: string, name: string): Record<string, string>[] {
  const spoken = prose
    .replace(/^(```+|~~~+)[\s\S]*?^\1/gm, '')
    .replace(/\{\/\*[\s\S]*?\*\/\}/g, '')
    .replace(/`[^`\n]*`/g, '');
  return [...spoken.matchAll(new RegExp(`<${name}(?=[\\s/>])([^>]*)>`, 'g'))].map(([, attributes]) =>
    Object.fromEntries([...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value])),
  );
}

/** Prose and lab must name the same things: each step once and in order, checks that exist, regions that are marked. */
export function checkPlacement(
  prose: string,
  lab: Lab,
  variants: { lab: LabFiles; solution: LabFiles },
  file: string,
): void {
  const fault = (code: string, field: string, expected: string, actual: string, remedy: string) =>
    new LessonError({ code, file, field, expected, actual, remedy });

  const placed = tagsIn(prose, 'Step').map(({ id }) => id ?? '');
  const steps = lab.steps.map(({ id }) => id);
  for (const id of placed) {
    if (steps.includes(id)) continue;
    const remedy = 'Correct the id, or add the step to lab.ts.';
    throw fault(
      'unknown-step',
      `<Step id="${id}">`,
      `a step of lab.ts: ${steps.join(', ')}`,
      `"${id}"`,
      remedy,
    );
  }
  for (const id of steps) {
    const times = placed.filter((each) => each === id).length;
    if (times === 1) continue;
    const remedy = times === 0 ? 'Place it, or take it out of lab.ts.' : 'Keep one.';
    throw fault(
      'step-not-once',
      `<Step id="${id}">`,
      'this step of lab.ts placed once',
      `${times} of it`,
      remedy,
    );
  }
  if (placed.join() !== steps.join()) {
    const remedy = 'Run all follows lab.ts, the reader follows the text: put them in the same order.';
    throw fault('step-order', '<Step>', steps.join(', '), placed.join(', '), remedy);
  }

  const checks = lab.checks.map(({ name }) => name);
  for (const { name = '' } of tagsIn(prose, 'Check')) {
    if (checks.includes(name)) continue;
    const remedy = 'Correct the name, or add the check to lab.ts.';
    throw fault(
      'unknown-check',
      `<Check name="${name}">`,
      `a check of lab.ts: ${checks.join(', ')}`,
      `"${name}"`,
      remedy,
    );
  }

  const exercises = tagsIn(prose, 'Exercise').length;
  if (exercises !== 1) {
    const remedy = 'The checks of lab.ts belong to one exercise.';
    throw fault('exercise-not-once', '<Exercise>', 'one exercise', String(exercises), remedy);
  }

  for (const { file: source = '', region: name, from = 'lab' } of tagsIn(prose, 'Code')) {
    const files = from === 'solution' ? { ...variants.lab, ...variants.solution } : variants.lab;
    const content = files[source];
    if (typeof content !== 'string') {
      const remedy = 'Correct the path; it is relative to the lab folder.';
      throw fault('unknown-file', `<Code file="${source}">`, 'a text file of the lab', 'none', remedy);
    }
    if (name !== undefined) region(content, name, `${from}/${source}`);
  }
}
