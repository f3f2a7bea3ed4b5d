import type { LabCheck, LabProcess, LabStep } from '../../../lesson/index.ts';
import { actors } from '../../../lesson/lab.ts';
import { forgetResult, forgetResults, keepResult } from '../../../progress/index.ts';
import { ui } from '../../../text/index.ts';
import type { RunnerEvent } from '../../events.ts';
import { isBreach } from '../../judge.ts';
import type { Mentioning } from '../consoles/mentions.ts';
import type { LabData } from '../lab-data.ts';
import type { Speaker } from '../speaker.ts';
import type { CheckPanel } from './check-panel.ts';
import { clearExpectations, outcomeOf, showExpectations, showOutcome, showState } from './verdicts.ts';

/** How each step and each check stands: shown where the text has it, spoken once, and kept in this browser. */
export class Standing {
  readonly #data: LabData;
  readonly #speaker: Speaker;
  readonly #status: (words: string) => void;
  readonly #mentioning: Mentioning;
  readonly #panel: CheckPanel;

  constructor(
    data: LabData,
    speaker: Speaker,
    status: (words: string) => void,
    mentioning: Mentioning,
    panel: CheckPanel,
  ) {
    this.#mentioning = mentioning;
    this.#panel = panel;
    this.#data = data;
    this.#speaker = speaker;
    this.#status = status;
  }

  showStep(step: LabStep, { state, result }: RunnerEvent & { type: 'step' }): void {
    const element = stepElement(step.id);
    if (!element) return;
    showState(element, state);
    if (state === 'running') {
      clearExpectations(element);
      this.#status(step.title);
    }
    if (!result || state === 'running' || state === 'idle') return;
    showExpectations(element, result, this.#data.lab, this.#mentioning);
    const { verdict, spoken } = ui.lab;
    this.#status(`${step.title}: ${verdict[state]}`);
    this.#speaker.say((count) => spoken.verdict(count, step.title, verdict[state]));
    const isBreached = isBreach(this.#data.lab, step, result.outcome);
    element.toggleAttribute('data-breached', isBreached);
    keepResult(this.#data.slug, 'steps', step.id, isBreached ? 'breached' : state);
  }

  showCheck(check: LabCheck, { state, result }: RunnerEvent & { type: 'check' }): void {
    const element = checkElement(check.name);
    if (!element) return;
    showState(element, state);
    showOutcome(element, outcomeOf(check, result, this.#mentioning));
    this.#panel.show(check, state, outcomeOf(check, result, this.#mentioning));
    if (state === 'running') this.#panel.open();
    this.#showExercise();
    this.#sayChecks();
    if (state !== 'passed' && state !== 'failed') return;
    const { verdict, spoken } = ui.lab;
    this.#speaker.say((count) => spoken.verdict(count, check.title, verdict[state]));
    keepResult(this.#data.slug, 'checks', check.name, state);
  }

  /** Every step waits again. Its result is kept until it has another one. */
  clearSteps(): void {
    for (const { id } of this.#data.lab.steps) this.#clearStep(id);
  }

  /** Nothing has been run, nor is it known in this browser that anything ever was. */
  reset(): void {
    forgetResults(this.#data.slug);
    this.clearSteps();
  }

  /** A verdict on files that have changed since is none. What runs now is judged when it ends. Says whether any went. */
  forgetOn(paths: readonly string[]): boolean {
    const { lab, slug } = this.#data;
    let hasForgotten = false;
    const settled = (element: HTMLElement | null): element is HTMLElement =>
      element?.dataset.state === 'passed' || element?.dataset.state === 'failed';
    for (const step of lab.steps) {
      if (!settled(stepElement(step.id)) || !paths.some((path) => this.#takesPart(path, step))) continue;
      this.#clearStep(step.id);
      forgetResult(slug, 'steps', step.id);
      hasForgotten = true;
    }
    for (const check of lab.checks) {
      const element = checkElement(check.name);
      if (!settled(element)) continue;
      showState(element, 'idle');
      showOutcome(element, []);
      this.#panel.show(check, 'idle', []);
      forgetResult(slug, 'checks', check.name);
      hasForgotten = true;
    }
    if (hasForgotten) this.#showExercise();
    return hasForgotten;
  }

  /** The exercise's ribbon is tied when every check holds. */
  #showExercise(): void {
    const exercise = document.querySelector<HTMLElement>('[data-exercise]');
    if (!exercise) return;
    const states = checkStates();
    const all = ['running', 'failed', 'idle'].find((state) => states.includes(state));
    exercise.dataset.state = all ?? 'passed';
  }

  #sayChecks(): void {
    const states = checkStates();
    const passed = states.filter((state) => state === 'passed').length;
    const isRunning = states.includes('running');
    this.#status(isRunning ? ui.lab.checking : ui.lab.checksSummary(passed, states.length));
  }

  /** Whether a step's processes start this file; one that no script starts may be part of any of them. */
  #takesPart(path: string, step: LabStep): boolean {
    const { lab, files } = this.#data;
    const worlds = lab.worlds?.filter(({ name }) => step.worlds?.includes(name)) ?? [];
    if (worlds.length > 0 && worlds.every((world) => world.files !== 'yours')) return false;
    const { scripts = {} } = JSON.parse(files['package.json']) as { scripts?: Record<string, string> };
    const starts = ({ script }: LabProcess) => scripts[script]?.split(' ').includes(path);
    const starters = lab.processes.filter(starts).map(({ name }) => name);
    const players = [...(lab.prepare ?? []), ...step.servers, ...actors(step.run)];
    return starters.length === 0 || players.some((name) => starters.includes(name));
  }

  #clearStep(id: string): void {
    const element = stepElement(id);
    if (!element) return;
    showState(element, 'idle');
    clearExpectations(element);
  }
}

function stepElement(id: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-step="${CSS.escape(id)}"]`);
}

function checkElement(name: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-check="${CSS.escape(name)}"]`);
}

function checkStates(): (string | undefined)[] {
  return [...document.querySelectorAll<HTMLElement>('[data-check]')].map((each) => each.dataset.state);
}
