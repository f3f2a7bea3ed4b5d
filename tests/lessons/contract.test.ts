// The lesson contract: every lesson, every variant, in the embedded engine and on real Node.js.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, test } from 'node:test';
import { judgeContract } from '../../src/lab/index.ts';
import { checkPlacement, readFrontmatter, variantsOf } from '../../src/lesson/index.ts';
import { closeEngines, engineNames, labRun, lessons, stepsThatMatter } from './runs.ts';
import { transcripts } from './transcript.ts';

after(closeEngines);

const noCertutil =
  spawnSync('certutil', ['-H']).error !== undefined &&
  'certutil is not here (Debian: apt-get install libnss3-tools)';

for (const lesson of lessons) {
  /** Why real Node cannot play this lesson here: its browser is then a real Chromium, which must trust the lab's CA. */
  const skip = lesson.lab.browsers !== undefined && noCertutil;
  const file = `lessons/${lesson.slug}/lesson.mdx`;

  test(`${lesson.slug}: every objective is proved by a step or a check`, () => {
    readFrontmatter(lesson.prose, lesson.lab, file);
  });

  test(`${lesson.slug}: prose and lab.ts place the same steps, checks and code`, () => {
    checkPlacement(lesson.prose, lesson.lab, { lab: lesson.files, solution: lesson.solution }, file);
  });

  for (const engine of engineNames) {
    for (const variant of variantsOf(lesson)) {
      test(`${lesson.slug}, ${variant}, on ${engine}: the contract holds`, {
        timeout: 300_000,
        skip: engine === 'node' && skip,
      }, async () => {
        const run = await labRun(lesson, variant, engine);
        const why = lesson.fixes.find(({ name }) => `fixes/${name}` === variant)?.why;
        const lab = stepsThatMatter(lesson, variant);
        const broken = judgeContract(lab, variant, { ...run, why }).filter(({ held }) => !held);
        assert.deepEqual(
          broken.map(({ claim, came }) => `${claim}: ${came}`),
          [],
        );
      });
    }
  }

  for (const variant of variantsOf(lesson)) {
    test(`${lesson.slug}, ${variant}: the embedded engine shows what real Node shows`, {
      timeout: 300_000,
      skip,
    }, async () => {
      const [real, ours] = await Promise.all([
        labRun(lesson, variant, 'node'),
        labRun(lesson, variant, 'embedded'),
      ]);
      assert.deepEqual(...transcripts(ours, real));
    });
  }
}
