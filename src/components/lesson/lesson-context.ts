import type { LabCheck, LabProcess, LabStep } from '../../lesson/index.ts';
import { LessonError } from '../../lesson/index.ts';
import type { LessonFiles } from './lesson-files.ts';

/** One rendering of one lesson. Components take steps and checks from it, and it knows at the end what was never placed. */
export class LessonContext {
  readonly files: LessonFiles;
  readonly #steps: string[] = [];
  readonly #checks: string[] = [];

  constructor(files: LessonFiles) {
    this.files = files;
  }

  placeStep(id: string): LabStep {
    const { steps } = this.files.lab;
    const step = steps.find((candidate) => candidate.id === id);
    if (!step)
      throw this.#unknown(
        'step',
        id,
        steps.map((each) => each.id),
      );
    if (this.#steps.includes(id)) throw this.#placedTwice('step', id);
    this.#steps.push(id);
    return step;
  }

  placeCheck(name: string): LabCheck {
    const { checks } = this.files.lab;
    const check = checks.find((candidate) => candidate.name === name);
    if (!check)
      throw this.#unknown(
        'check',
        name,
        checks.map((each) => each.name),
      );
    if (this.#checks.includes(name)) throw this.#placedTwice('check', name);
    this.#checks.push(name);
    return check;
  }

  /** Checks that the prose has not placed itself stand in the exercise's list. */
  placeRemainingChecks(): LabCheck[] {
    const remaining = this.files.lab.checks.filter(({ name }) => !this.#checks.includes(name));
    return remaining.map(({ name }) => this.placeCheck(name));
  }

  process(name: string): LabProcess {
    const found = this.files.lab.processes.find((each) => each.name === name);
    if (!found)
      throw this.#unknown(
        'process',
        name,
        this.files.lab.processes.map((each) => each.name),
      );
    return found;
  }

  /** Called when the prose is rendered: a step or a check that stands in `lab.ts` alone stops the build. */
  assertComplete(): void {
    const { steps, checks } = this.files.lab;
    const order = steps.map(({ id }) => id);
    if (order.join() !== this.#steps.join()) {
      throw new LessonError({
        code: 'steps-differ',
        file: `lessons/${this.files.folder}/lesson.mdx`,
        field: '<Step>',
        expected: `each step of lab.ts once, in its order: ${order.join(', ')}`,
        actual: this.#steps.join(', ') || 'none',
        remedy: 'Place the missing steps, or take them out of lab.ts.',
      });
    }
    const missing = checks.filter(({ name }) => !this.#checks.includes(name)).map(({ name }) => name);
    if (missing.length > 0) {
      throw new LessonError({
        code: 'checks-missing',
        file: `lessons/${this.files.folder}/lesson.mdx`,
        field: '<Exercise>',
        expected: `an exercise that lists the checks ${missing.join(', ')}`,
        actual: 'none',
        remedy: 'Add <Exercise>…</Exercise>.',
      });
    }
  }

  /** Each objective names what proves it, as `step:<id>` or `check:<name>`. */
  assertProofs(proofs: readonly string[]): void {
    const { steps, checks } = this.files.lab;
    const known = [...steps.map(({ id }) => `step:${id}`), ...checks.map(({ name }) => `check:${name}`)];
    const wrong = proofs.find((proof) => !known.includes(proof));
    if (wrong) throw this.#unknown('proof', wrong, known);
  }

  #unknown(kind: string, name: string, known: string[]): LessonError {
    return new LessonError({
      code: `unknown-${kind}`,
      file: `lessons/${this.files.folder}/lesson.mdx`,
      field: kind,
      expected: `a ${kind} of lab.ts: ${known.join(', ')}`,
      actual: `"${name}"`,
      remedy: 'Correct the name, or add it to lab.ts.',
    });
  }

  #placedTwice(kind: string, name: string): LessonError {
    return new LessonError({
      code: `${kind}-placed-twice`,
      file: `lessons/${this.files.folder}/lesson.mdx`,
      field: kind,
      expected: `"${name}" once`,
      actual: 'a second time',
      remedy: 'Results are shown where it stands, so it can stand in one place only.',
    });
  }
}
