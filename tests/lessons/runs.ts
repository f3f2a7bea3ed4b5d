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

/** Two engines and other tests share the machine with whatever else is on it. */
export const PATIENCE = 3;

/** Milliseconds that a test of this folder may take: what takes so long hangs. Steps have limits of their own. */
export const LIMIT = 900_000;

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
  const opened = open.get(name) ?? openEngine(name, PATIENCE);
  open.set(name, opened);
  return opened;
}

/** What a variant of a lesson does in an engine; run once, however many tests look at it. */
export function labRun(lesson: Lesson, variant: Variant, name: EngineName): Promise<LabRun> {
  // Whoever asks for one engine's run will ask for the other's: one waits where the other works.
  for (const each of engineNames) startRun(lesson, variant, each).catch(() => {});
  return startRun(lesson, variant, name);
}

function startRun(lesson: Lesson, variant: Variant, name: EngineName): Promise<LabRun> {
  const key = `${lesson.slug} ${variant} ${name}`;
  const run =
    runs.get(key) ??
    engine(name).then(async (each) => {
      const lab = stepsThatMatter(lesson, variant);
      const again = () => each.run(lab, variantFiles(lesson, variant), worldFiles(lesson));
      let shown = await again();
      for (let times = 1; times < 3 && isChance(variant, shown); times += 1) shown = await again();
      return shown;
    });
  runs.set(key, run);
  return run;
}

/**
 * Keys are new in each run, and where one character is compared, Mallory's own certificate has it in one run of 64. Then
 * the fix fails one check more than it is meant to, and more than it does in the other engine.
 */
function isChance(variant: Variant, { steps }: LabRun): boolean {
  const replayed = steps.flatMap(({ processes }) => processes).find(({ name }) => name === 'replay');
  const isLetIn = /^with her own certificate\nGET \/ledger: 200$/m.test(replayed?.stdout ?? '');
  return variant === 'fixes/first-character' && isLetIn;
}

/**
 * The lab with the steps that a variant is judged by: the others would only take time. A fix is judged by the attack and
 * the honest client. Where all worlds of a step have their own files, it does the same in every variant.
 */
export function stepsThatMatter({ lab }: Lesson, variant: Variant): Lab {
  if (variant === 'lab') return lab;
  const { attack, honest } = lab.exercise;
  const worldsOf = (names: readonly string[]) => lab.worlds?.filter(({ name }) => names.includes(name)) ?? [];
  const steps = lab.steps.filter(({ id, worlds }) => {
    if (id === attack || id === honest) return true;
    if (variant !== 'solution') return false;
    return worlds === undefined || worldsOf(worlds).some(({ files }) => files === 'yours');
  });
  return { ...lab, steps };
}

export async function closeEngines(): Promise<void> {
  for (const each of open.values()) await (await each).close();
}
