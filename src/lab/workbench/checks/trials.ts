import { ui } from '../../../text/index.ts';
import type { RunnerEvent } from '../../events.ts';
import type { Runner } from '../../runner.ts';
import type { Mentioning } from '../consoles/mentions.ts';
import type { LabData } from '../lab-data.ts';
import { type Fix, fetchFixes } from './fix-data.ts';
import type { Trial } from './fixes.tsx';

export interface TrialsOptions {
  lab: HTMLElement;
  data: LabData;
  mentioning: Mentioning;
  runner(): Runner;
  /** Plays something as a run of the page; `title` says what each part of it is called in the consoles. */
  perform<Result>(work: () => Promise<Result>, title: () => string): Promise<Result>;
  say(sentence: (count: number) => string): void;
  status(words: string): void;
  /** The file that is shown, and how to show one. */
  shown(): string;
  open(path: string): void;
}

/**
 * Runs with a plausible fix in place of the reader's files. These are not touched: the fix is mounted for one run, and
 * what comes of it is shown in its own place, is kept nowhere, and is no verdict on the reader's work.
 */
export class Trials {
  readonly #options: TrialsOptions;
  #fix: Fix | undefined;
  #title = '';
  #isTrial = false;

  constructor(options: TrialsOptions) {
    this.#options = options;
  }

  /** What runs instead of the reader's files. */
  get files(): Readonly<Record<string, string>> | undefined {
    return this.#fix && { ...this.#options.data.files, ...this.#fix.files };
  }

  /** Whether the fix, rather than the reader, has written the file that runs. */
  changes(path: string): boolean {
    return this.#fix !== undefined && path in this.#fix.files;
  }

  /** A run of the reader's own files begins, or the trial is over. */
  end(): void {
    this.#fix = undefined;
  }

  /** Fetches what a trial needs, so that it needs no network later. */
  async load() {
    const { slug } = this.#options.data;
    const [{ openFixes }, fixes] = await Promise.all([import('./fixes.tsx'), fetchFixes(slug)]);
    return { openFixes, fixes };
  }

  /** Shows the fixes to choose from. */
  async open(): Promise<void> {
    const { data, shown, open } = this.#options;
    const { openFixes, fixes } = await this.load().catch(() => {
      throw new Error(ui.fixes.notLoaded);
    });
    const before = shown();
    await openFixes({
      ...this.#options,
      fixes,
      run: (fix, name) => this.#try(fix, name),
      back: () => open(before in data.files ? before : Object.keys(data.solution)[0]),
    });
  }

  /** Takes what is said of a trial's steps and checks; says whether it was. */
  takes(event: RunnerEvent & { type: 'step' | 'check' }): boolean {
    if (event.state === 'running') this.#isTrial = this.#fix !== undefined;
    if (!this.#isTrial) return false;
    if (event.state !== 'running') return true;
    const step = event.type === 'step' && this.#options.data.lab.steps.find(({ id }) => id === event.id);
    this.#title = step ? step.title : ui.lab.check;
    this.#options.status(this.#title);
    return true;
  }

  /** Forgets that there was one: what is said next is said of the reader's files. */
  reset(): void {
    this.#fix = undefined;
    this.#isTrial = false;
  }

  async #try(fix: Fix, name: string): Promise<Trial | undefined> {
    const { perform, status } = this.#options;
    const trial = await perform(
      () => {
        this.#fix = fix;
        return this.#play();
      },
      () => ui.fixes.divider(name, this.#title),
    );
    if (trial) status('');
    return trial;
  }

  /** The attack, the honest client and the checks; nothing when they were stopped. */
  async #play(): Promise<Trial | undefined> {
    const { data, runner } = this.#options;
    const { attack, honest } = data.lab.exercise;
    const steps = [];
    for (const id of [attack, honest]) {
      if (id === undefined) continue;
      const result = await runner().runStep(id);
      if (result.state === 'idle') return undefined;
      steps.push(result);
    }
    const checks = await runner().check();
    return checks.some(({ state }) => state === 'idle') ? undefined : { steps, checks };
  }
}
