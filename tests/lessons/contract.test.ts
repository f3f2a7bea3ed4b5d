// The lesson contract: every lesson, every variant, in the embedded engine and on real Node.js.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { judgeContract, type LabRun } from '../../src/lab/index.ts';
import { checkPlacement, readFrontmatter, variantsOf } from '../../src/lesson/index.ts';
import { closeEngines, engineNames, labRun, lessons } from './runs.ts';

after(closeEngines);

for (const lesson of lessons) {
  const file = `lessons/${lesson.slug}/lesson.mdx`;

  test(`${lesson.slug}: every objective is proved by a step or a check`, () => {
    readFrontmatter(lesson.prose, lesson.lab, file);
  });

  test(`${lesson.slug}: prose and lab.ts place the same steps, checks and code`, () => {
    checkPlacement(lesson.prose, lesson.lab, { lab: lesson.files, solution: lesson.solution }, file);
  });

  for (const engine of engineNames) {
    for (const variant of variantsOf(lesson)) {
      test(`${lesson.slug}, ${variant}, on ${engine}: the contract holds`, { timeout: 120_000 }, async () => {
        const run = await labRun(lesson, variant, engine);
        const why = lesson.fixes.find(({ name }) => `fixes/${name}` === variant)?.why;
        const broken = judgeContract(lesson.lab, variant, { ...run, why }).filter(({ held }) => !held);
        assert.deepEqual(
          broken.map(({ claim, came }) => `${claim}: ${came}`),
          [],
        );
      });
    }
  }

  for (const variant of variantsOf(lesson)) {
    test(`${lesson.slug}, ${variant}: the embedded engine prints what real Node prints`, {
      timeout: 120_000,
    }, async () => {
      const [real, ours] = await Promise.all([
        labRun(lesson, variant, 'node'),
        labRun(lesson, variant, 'embedded'),
      ]);
      assert.deepEqual(...transcripts(ours, real));
    });
  }
}

/**
 * What the processes of each step printed in two runs. A server is stopped when its step is over, and may be cut short
 * in one of them: its output is compared as far as both have it.
 */
function transcripts(one: LabRun, other: LabRun): [unknown, unknown] {
  const lengths = (step: number, process: number) =>
    [one, other].map((run) => run.steps[step]?.processes[process]?.stdout.length ?? 0);
  const transcript = (run: LabRun) =>
    run.steps.map(({ id, processes }, step) => ({
      step: id,
      processes: processes.map(({ name, stdout, stderr, exit }, process) => {
        const shown = exit === undefined ? stdout.slice(0, Math.min(...lengths(step, process))) : stdout;
        return { name, stdout: shown, stderr, exit };
      }),
    }));
  return [transcript(one), transcript(other)];
}
