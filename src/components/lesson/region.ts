import { LessonError } from '../../lesson/index.ts';

/**
 * The lines between `//#region name` and its `//#endregion`, without the common indentation and without the marks
 * of regions inside it. A region that is missing or never ends stops the build.
 */
export function regionOf(text: string, name: string, file: string): string {
  const lines = text.split('\n');
  const isStart = (line: string) => /^\s*\/\/\s*#region\b/.test(line);
  const isEnd = (line: string) => /^\s*\/\/\s*#endregion\b/.test(line);
  const start = lines.findIndex((line) => isStart(line) && line.trim().split(/\s+/).at(-1) === name);
  let depth = 0;
  const end = lines.findIndex((line, index) => {
    if (start < 0 || index < start) return false;
    if (isStart(line)) depth += 1;
    if (isEnd(line)) depth -= 1;
    return depth === 0;
  });
  if (start < 0 || end < 0) {
    const known = lines.filter(isStart).map((line) => line.trim().split(/\s+/).at(-1));
    throw new LessonError({
      code: 'missing-region',
      file,
      field: `//#region ${name}`,
      expected: 'a region with a start and an end',
      actual: start < 0 ? `the regions ${known.join(', ') || '(none)'}` : 'no //#endregion',
      remedy: 'Mark the region in the file, or correct its name in lesson.mdx.',
    });
  }
  return outdent(lines.slice(start + 1, end).filter((line) => !isStart(line) && !isEnd(line)));
}

/** A whole file for the prose, without its region marks. */
export function withoutRegionMarks(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*\/\/\s*#(end)?region\b/.test(line))
    .join('\n');
}

function outdent(lines: string[]): string {
  const indents = lines.filter((line) => line.trim()).map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const common = Math.min(...indents, Number.POSITIVE_INFINITY);
  return lines
    .map((line) => line.slice(Number.isFinite(common) ? common : 0))
    .join('\n')
    .replace(/^\n+|\n+$/g, '');
}
