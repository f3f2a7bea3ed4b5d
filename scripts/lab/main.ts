// Runs a lesson's steps and checks, and says whether the variant behaves as the lesson contract says.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { judgeContract } from '../../src/lab/index.ts';
import {
  type Lesson,
  LessonError,
  readLesson,
  type Variant,
  variantFiles,
  worldFiles,
} from '../../src/lesson/index.ts';
import { ensurePrograms } from '../support/programs.mjs';
import { ensureEngine } from '../support/setup.mjs';
import { readArguments, usage, type Wanted } from './arguments.ts';
import { openEngine } from './engines.ts';
import { type LabReport, printed } from './report.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

async function main(): Promise<number> {
  let wanted: Wanted;
  let lesson: Lesson;
  let files: ReturnType<typeof variantFiles>;
  try {
    wanted = readArguments(process.argv.slice(2));
    lesson = await readLesson(root, wanted.slug);
    files = variantFiles(lesson, wanted.variant);
  } catch (problem) {
    const isOurs = problem instanceof LessonError;
    process.stderr.write(`${(problem as Error).message}${isOurs ? `\nUsage: ${usage}` : ''}\n`);
    return 2;
  }
  if (wanted.engine === 'embedded') ensureEngine();
  else if (lesson.lab.browsers?.length) ensurePrograms('libnss3-tools');

  const start = performance.now();
  const engine = await openEngine(wanted.engine);
  try {
    const run = await engine.run(lesson.lab, files, worldFiles(lesson));
    const clauses = judgeContract(lesson.lab, wanted.variant, { ...run, why: whyOf(lesson, wanted.variant) });
    const report: LabReport = {
      lesson: lesson.slug,
      engine: wanted.engine,
      variant: wanted.variant,
      contract: clauses.every(({ held }) => held) ? 'held' : 'broken',
      milliseconds: Math.round(performance.now() - start),
      clauses,
      prepare: run.prepare ?? [],
      steps: run.steps,
      checks: run.checks,
    };
    process.stdout.write(wanted.json ? `${JSON.stringify(report, null, 2)}\n` : printed(report));
    return report.contract === 'held' ? 0 : 1;
  } finally {
    await engine.close();
  }
}

function whyOf(lesson: Lesson, variant: Variant): string | undefined {
  return lesson.fixes.find(({ name }) => `fixes/${name}` === variant)?.why;
}

process.exitCode = await main();
