import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type EngineName, engines } from '../../scripts/lab/arguments.ts';
import { type LabEngine, openEngine } from '../../scripts/lab/engines.ts';
import type { LabRun } from '../../src/lab/index.ts';
import {
  type Lab,
  type Lesson,
  readLessons,
  type Variant,
  variantFiles,
  worldFiles,
} from '../../src/lesson/index.ts';

export const root = path.resolve(import.meta.dirname, '../..');
export const engineNames = engines;
export const lessons = await readLessons(root);

const open = new Map<EngineName, Promise<LabEngine>>();
const runs = new Map<string, Promise<LabRun>>();

/** An engine, started once for all tests of a file. */
export function engine(name: EngineName): Promise<LabEngine> {
  if (name === 'embedded') {
    const built = path.join(root, '.build/engine/kernel.js');
    assert.ok(
      existsSync(built),
      'The engine is not built: run `npm test`, or node src/node/build/index.ts first.',
    );
  }
  const opened = open.get(name) ?? openEngine(name);
  open.set(name, opened);
  return opened;
}

/** What a variant of a lesson does in an engine; run once, however many tests look at it. */
export function labRun(lesson: Lesson, variant: Variant, name: EngineName): Promise<LabRun> {
  const key = `${lesson.slug} ${variant} ${name}`;
  const run =
    runs.get(key) ??
    engine(name).then((each) =>
      each.run(stepsThatMatter(lesson.lab, variant), variantFiles(lesson, variant), worldFiles(lesson)),
    );
  runs.set(key, run);
  return run;
}

/** A fix is judged by the attack and the honest client: the other steps would only take time. */
function stepsThatMatter(lab: Lab, variant: Variant): Lab {
  if (variant === 'lab' || variant === 'solution') return lab;
  const { attack, honest } = lab.exercise;
  return { ...lab, steps: lab.steps.filter(({ id }) => id === attack || id === honest) };
}

export async function closeEngines(): Promise<void> {
  for (const each of open.values()) await (await each).close();
}
