import type { LabFiles } from './files.ts';
import type { Lab } from './lab.ts';
import { LessonError } from './lesson-error.ts';

/** What `lab.ts` names must be there: files, `package.json` scripts, and the fixes that worlds are made of. */
export function checkLabFiles(lab: Lab, files: LabFiles, fixes: readonly string[], file: string): void {
  const scripts = scriptsOf(files);
  lab.processes.forEach(({ script }, index) => {
    if (!(script in scripts)) {
      const field = `processes[${index}].script`;
      throw missing(
        { file, field },
        `a script of lab/package.json: ${Object.keys(scripts).join(', ')}`,
        script,
      );
    }
  });
  const named: [field: string, path: string][] = [
    ...lab.open.map((path, index): [string, string] => [`open[${index}]`, path]),
    ...lab.editable.map((path, index): [string, string] => [`editable[${index}]`, path]),
    ...lab.checks.map((check, index): [string, string] => [`checks[${index}].file`, check.file]),
    ...lab.steps.flatMap((step, index): [string, string][] =>
      step.open === undefined ? [] : [[`steps[${index}].open`, step.open]],
    ),
  ];
  for (const [field, path] of named) {
    if (!(path in files)) throw missing({ file, field }, 'a file of lab/', path);
  }
  lab.browsers?.forEach(({ trusts }, index) => {
    if (trusts in files || lab.prepare !== undefined) return;
    throw missing(
      { file, field: `browsers[${index}].trusts` },
      'a file of lab/, or a lab with prepare',
      trusts,
    );
  });
  lab.worlds?.forEach((world, index) => {
    if (!world.files.startsWith('fixes/') || fixes.includes(world.files.slice('fixes/'.length))) return;
    const field = `worlds[${index}].files`;
    throw missing({ file, field }, `one of the fixes ${fixes.join(', ')}`, world.files);
  });
}

/** A solution or fix holds only what differs: a file that does not is a copy that will go stale. */
export function checkOverlay(overlay: LabFiles, files: LabFiles, folder: string): void {
  for (const [path, content] of Object.entries(overlay)) {
    if (String(content) !== String(files[path])) continue;
    throw new LessonError({
      code: 'same-file',
      file: `${folder}/${path}`,
      field: '',
      expected: 'only files that differ from lab/',
      actual: 'the same file',
      remedy: 'Take it out.',
    });
  }
}

function scriptsOf(files: LabFiles): Record<string, string> {
  const source = files['package.json'];
  return typeof source === 'string' ? (JSON.parse(source).scripts ?? {}) : {};
}

function missing(place: { file: string; field: string }, expected: string, name: string): LessonError {
  const remedy = 'Correct the name, or add what it stands for.';
  return new LessonError({ code: 'unknown-name', ...place, expected, actual: `"${name}"`, remedy });
}
