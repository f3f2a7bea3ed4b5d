import type { LabBrowser, LabCheck, LabProcess, LabStep, LabWorld } from '../../lesson/index.ts';
import type { LessonFiles } from './lesson-files.ts';

/** One rendering of one lesson: components take their steps and checks from it. `lessonFiles` has judged that they exist. */
export class LessonContext {
  readonly files: LessonFiles;
  readonly #placedChecks = new Set<string>();

  constructor(files: LessonFiles) {
    this.files = files;
  }

  step(id: string): LabStep {
    return found(this.files.lab.steps, (step) => step.id === id, `step "${id}"`);
  }

  /** Whose lines an expectation is about. */
  actor(name: string): LabProcess | LabBrowser {
    const { processes, browsers = [] } = this.files.lab;
    return found([...processes, ...browsers], (actor) => actor.name === name, `process or browser "${name}"`);
  }

  world(name: string): LabWorld {
    return found(this.files.lab.worlds ?? [], (world) => world.name === name, `world "${name}"`);
  }

  /** A check has one place, because its verdict is shown there. */
  placeCheck(name: string): LabCheck {
    const check = found(this.files.lab.checks, (each) => each.name === name, `check "${name}"`);
    if (this.#placedChecks.has(name))
      throw new Error(`The check "${name}" is placed twice in ${this.files.folder}.`);
    this.#placedChecks.add(name);
    return check;
  }

  /** Checks that the prose has not placed itself stand in the exercise's list. */
  placeRemainingChecks(): LabCheck[] {
    const remaining = this.files.lab.checks.filter(({ name }) => !this.#placedChecks.has(name));
    return remaining.map(({ name }) => this.placeCheck(name));
  }
}

function found<Item>(items: readonly Item[], matches: (item: Item) => boolean, words: string): Item {
  const item = items.find(matches);
  if (item) return item;
  throw new Error(`lab.ts has no ${words}.`);
}
