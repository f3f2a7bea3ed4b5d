import { LessonError } from './lesson-error.ts';

const opens = /^\s*\/\/#region\s+(\S+)\s*$/;
const closes = /^\s*\/\/#endregion\b/;

/** The file without its region markers: what a reader is shown and edits. */
export function withoutMarkers(source: string): string {
  return source
    .split('\n')
    .filter((line) => !opens.test(line) && !closes.test(line))
    .join('\n');
}

/** The lines between `//#region name` and its `//#endregion`, moved to the left margin. Regions may nest. */
export function region(source: string, name: string, file: string): string {
  const lines = source.split('\n');
  const names = lines.flatMap((line) => opens.exec(line)?.[1] ?? []);
  const start = lines.findIndex((line) => opens.exec(line)?.[1] === name);
  if (start < 0 || names.indexOf(name) !== names.lastIndexOf(name)) {
    throw new LessonError({
      code: start < 0 ? 'missing-region' : 'duplicate-region',
      file,
      field: `//#region ${name}`,
      expected: 'this region once',
      actual: names.length === 0 ? 'no region' : `the regions ${names.join(', ')}`,
      remedy: 'Correct the name in the lesson, or mark the region in the file.',
    });
  }
  let depth = 0;
  const length = lines.slice(start).findIndex((line) => {
    if (opens.test(line)) depth += 1;
    else if (closes.test(line)) depth -= 1;
    return depth === 0;
  });
  if (length < 0) {
    throw new LessonError({
      code: 'open-region',
      file,
      field: `//#region ${name}`,
      expected: 'an //#endregion for each //#region',
      actual: 'none for this one',
      remedy: 'Close it.',
    });
  }
  return dedent(withoutMarkers(lines.slice(start + 1, start + length).join('\n')));
}

function dedent(source: string): string {
  const lines = source.split('\n');
  const margins = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
  const margin = Math.min(...margins);
  return lines.map((line) => line.slice(margin)).join('\n');
}
