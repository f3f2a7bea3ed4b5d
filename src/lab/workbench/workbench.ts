import { effect, signal } from '@preact/signals';
import type { LabProcess, LabStep } from '../../lesson/index.ts';
import { actors, addressesOf } from '../../lesson/lab.ts';
import { forgetResult, forgetResults, keepResult } from '../../progress/index.ts';
import { boot, preload, type Sandbox } from '../../sandbox/index.ts';
import { ui } from '../../text/index.ts';
import type { RunnerEvent } from '../events.ts';
import { isBreach } from '../judge.ts';
import { createRunner, type Runner } from '../runner.ts';
import { treeOf } from '../tree.ts';
import { BrowserPane } from './browser-pane.ts';
import { Console } from './consoles.ts';
import { askReset, askSolve, askStale } from './dialogs.tsx';
import { LabFiles } from './files.ts';
import { fetchLabData, type LabData, worldFiles } from './lab-data.ts';
import { Speaker } from './speaker.ts';
import { clearExpectations, showExpectations, showOutcome, showState } from './verdicts.ts';
import { Captures } from './wire/captures.ts';
import { readPointer } from './wire/pointer.ts';
import { Worlds } from './worlds.ts';

/** What the page's loader asks for: the reader's acts, by the names that its buttons carry. */
export interface Workbench {
  step(id: string): Promise<void>;
  act(action: string): Promise<void>;
  /** Shows the message that a link's hash points at; runs its step for it when the reader has pressed the link here. */
  point(hash: string, isPressed: boolean): Promise<void>;
  /** Gets everything ready for a Run, and the editor with it: from here on the lab needs no network. */
  prepare(): Promise<void>;
}

type Act = { kind: 'step'; id: string } | { kind: 'run-all' } | { kind: 'check' };

/** Opens the workbench over the elements that the build has written. Called once a page. */
export async function openWorkbench(lab: HTMLElement): Promise<Workbench> {
  const data = await fetchLabData(lab.dataset.lab as string);
  if (data.lab.browsers?.length) preload('embedded', { browsers: true }).catch(() => {});
  const workbench = new LabWorkbench(lab, data);
  await workbench.restore();
  return workbench;
}

/** Starts the engine while the workbench is still on its way. A failure is reported when something is run. */
export function startEngine(): void {
  preload('embedded').catch(() => {});
}

class LabWorkbench implements Workbench {
  readonly #lab: HTMLElement;
  readonly #data: LabData;
  readonly #files: LabFiles;
  readonly #runner: Runner;
  readonly #speaker: Speaker;
  readonly #consoles = new Map<string, Console>();
  readonly #panes = new Map<string, BrowserPane>();
  readonly #worlds: Worlds | undefined;
  readonly #captures: Captures;
  readonly #isRunning = signal(false);
  /** Consoles that have been emptied for what runs now. */
  readonly #fresh = new Set<string>();
  #runs = 0;
  #lastAct: Act | undefined;
  #warming: Promise<void> | undefined;
  #stepTitle = '';
  /** The reader looks at the wire: a run opens no other tab. */
  #isWatched = false;

  constructor(lab: HTMLElement, data: LabData) {
    this.#lab = lab;
    this.#data = data;
    this.#speaker = new Speaker(lab.querySelector('[data-spoken]') as HTMLElement);
    this.#files = new LabFiles(lab, data, {
      run: (path) => this.#run(this.#actFor(path)),
      change: (paths) => this.#forgetVerdictsOn(paths),
    });
    for (const element of lab.querySelectorAll<HTMLElement>('[data-process]')) {
      this.#consoles.set(element.dataset.process as string, new Console(element));
    }
    for (const element of lab.querySelectorAll<HTMLElement>('[data-browser]')) {
      this.#panes.set(element.dataset.browser as string, new BrowserPane(element));
    }
    const worlds = lab.querySelector<HTMLElement>('[data-worlds]');
    if (worlds) this.#worlds = new Worlds(worlds, data.lab);
    this.#captures = new Captures(lab, data);
    this.#runner = createRunner({
      lab: data.lab,
      boot: () => this.#boot(),
      files: () => treeOf(this.#files.all),
      worldFiles: (variant) => treeOf(worldFiles(data, variant)),
      onEvent: (event) => this.#receive(event),
      onWire: (seen, world) => this.#captures.add(seen, world),
    });
    effect(() => {
      const stop = lab.querySelector('[data-action="stop"]');
      stop?.setAttribute('aria-disabled', String(!this.#isRunning.value));
    });
    addEventListener('pagehide', () => this.#files.keepNow());
  }

  async restore(): Promise<void> {
    const stale = this.#files.restore();
    if (!stale) return;
    if (await askStale(stale)) this.#files.reset();
    else this.#files.replace(stale);
  }

  async prepare(): Promise<void> {
    this.#warming ??= this.#runner.warm();
    // A failure is not kept: it is told when something is run, and the next reach tries again.
    this.#warming.catch(() => {
      this.#warming = undefined;
    });
    await this.#warming;
    if (!this.#isRunning.value) this.#fetchRest();
  }

  /** Fetches the editor and the wire view while nothing runs: a run must not wait for them, nor they need the network later. */
  #fetchRest(): void {
    import('./editor.ts').catch(() => {});
    import('./wire/view.tsx').catch(() => {});
  }

  #boot(): Promise<Sandbox> {
    const { lab, syntax } = this.#data;
    return boot('embedded', { hosts: addressesOf(lab), syntax });
  }

  async step(id: string): Promise<void> {
    await this.#run({ kind: 'step', id });
  }

  async act(action: string): Promise<void> {
    // Whoever presses Check without having edited anything is shown where the work is.
    if (action === 'check' && !this.#files.isEditing) this.#open(Object.keys(this.#data.solution)[0]);
    if (action === 'run-all' || action === 'check') return this.#run({ kind: action });
    if (action === 'stop') return this.#stop();
    if (action === 'reset') return this.#reset();
    if (action === 'solve') return this.#solve();
    if (action === 'edit') return this.#files.edit(this.#files.shown);
  }

  async point(hash: string, isPressed: boolean): Promise<void> {
    const pointer = readPointer(hash);
    if (!pointer || !this.#data.lab.steps.some(({ id }) => id === pointer.step)) return;
    const isThere = this.#captures.step === pointer.step && !this.#isRunning.value;
    this.#captures.wanted.value = pointer;
    this.#open('wire');
    if (isThere) return;
    if (!isPressed) return this.#status(ui.wire.pointed);
    this.#isWatched = true;
    try {
      await this.#run({ kind: 'step', id: pointer.step });
    } finally {
      this.#isWatched = false;
    }
  }

  /** What Ctrl+Enter runs: what was run last; at first, what shows the effect of this file. */
  #actFor(path: string): Act {
    if (this.#lastAct) return this.#lastAct;
    if (path in this.#data.solution) return { kind: 'check' };
    const step = this.#data.lab.steps.find(({ open }) => open === path);
    return step ? { kind: 'step', id: step.id } : { kind: 'run-all' };
  }

  async #run(act: Act): Promise<void> {
    this.#lastAct = act;
    this.#runs += 1;
    const run = this.#runs;
    this.#isRunning.value = true;
    this.#fresh.clear();
    this.#captures.clear(act.kind === 'step' ? act.id : undefined);
    this.#leadBack(act);
    try {
      if (act.kind === 'check') await this.#runner.check();
      else if (act.kind === 'run-all') await this.#runAll();
      else await this.#runner.runStep(act.id);
    } finally {
      // A later run stops an earlier one: only the last says that nothing runs.
      if (run === this.#runs) {
        this.#isRunning.value = false;
        this.#fetchRest();
      }
    }
  }

  /** Where the lab lies below the text, its consoles lead back to what was pressed there. */
  #leadBack(act: Act): void {
    const link = this.#lab.querySelector<HTMLAnchorElement>('[data-to-step]');
    if (!link) return;
    link.hidden = act.kind === 'run-all';
    link.href = act.kind === 'step' ? `#step-${act.id}` : '#exercise';
  }

  async #runAll(): Promise<void> {
    for (const { id } of this.#data.lab.steps) this.#forgetStep(id);
    const results = await this.#runner.runAll();
    const passed = results.filter(({ state }) => state === 'passed').length;
    if (results.every(({ state }) => state !== 'idle')) this.#status(ui.lab.summary(passed, results.length));
  }

  async #stop(): Promise<void> {
    if (!this.#isRunning.value) return;
    await this.#runner.stop();
    this.#status(ui.lab.state.stopped);
    this.#speaker.say(ui.lab.spoken.stopped);
  }

  async #reset(): Promise<void> {
    const { own } = this.#files;
    if (own.length > 0 && !(await askReset(own))) return;
    await this.#runner.reset();
    this.#warming = undefined;
    for (const pane of this.#panes.values()) pane.close();
    this.#files.reset();
    this.#files.keepNow();
    forgetResults(this.#data.slug);
    for (const { id } of this.#data.lab.steps) this.#forgetStep(id);
    for (const console of this.#consoles.values()) {
      console.clear();
      console.show('idle', ui.lab.state.idle);
    }
    this.#lastAct = undefined;
    this.#captures.clear();
    this.#status('');
    this.#speaker.say(ui.lab.spoken.reset);
  }

  async #solve(): Promise<void> {
    const { solution } = this.#data;
    if (!(await askSolve(this.#files.all, solution))) return;
    const texts = Object.entries(solution).map(([path, { text }]) => [path, text]);
    this.#files.replace(Object.fromEntries(texts));
    this.#files.keepNow();
    this.#open(Object.keys(solution)[0]);
    this.#speaker.say(ui.lab.spoken.solved);
  }

  #receive(event: RunnerEvent): void {
    const { world } = event;
    if (event.type === 'prepare') this.#showPreparation(event);
    else if (world !== undefined) this.#worlds?.receive({ ...event, world });
    else if (event.type === 'process') this.#showProcess(event);
    else if (event.type === 'browser') this.#showBrowser(event);
    else if (event.type === 'output') this.#consoles.get(event.process)?.write(event.stream, event.text);
    else if (event.type === 'step') this.#showStep(event);
    else if (event.type === 'check') this.#showCheck(event);
  }

  /** Keys and certificates are made before anything else can run: that takes a second, so it is said. */
  #showPreparation(event: RunnerEvent & { type: 'prepare' }): void {
    if (!this.#isRunning.value) return;
    const { preparing, prepareFailed } = ui.lab;
    if (event.state === 'running') this.#status(preparing(event.name));
    else this.#status(event.state === 'failed' ? prepareFailed(event.name) : this.#stepTitle);
  }

  #showBrowser(event: RunnerEvent & { type: 'browser' }): void {
    const console = this.#consoles.get(event.name);
    const pane = this.#panes.get(event.name);
    const { state } = ui.lab;
    if (event.state === 'starting') this.#begin(event.name, console);
    else if (event.state === 'open') {
      console?.show('running', state.open);
      pane?.open(event.browser);
      if (this.#lastAct?.kind === 'step' && !this.#files.isEditing) this.#open(`browser:${event.name}`);
    } else if (event.state === 'resting') console?.show('ended', state.resting);
    else if (event.state === 'closed') {
      console?.show('idle', state.idle);
      pane?.close();
    }
  }

  #showProcess(event: RunnerEvent & { type: 'process' }): void {
    const console = this.#consoles.get(event.name);
    if (!console) return;
    const { state } = ui.lab;
    if (event.state === 'starting') this.#begin(event.name, console);
    else if (event.state === 'running') console.show('running', state.running);
    else if (event.state === 'listening') console.show('listening', state.listening(String(event.at.port)));
    else console.show('ended', state.ended(event.exit));
  }

  /** Someone enters the stage: what their console holds of an earlier run goes. */
  #begin(name: string, console: Console | undefined): void {
    if (!this.#fresh.has(name)) console?.clear();
    this.#fresh.add(name);
    console?.open();
    if (this.#lastAct?.kind === 'run-all') console?.divide(this.#stepTitle);
    console?.show('starting', ui.lab.state.starting);
    console?.reveal();
  }

  #showStep({ id, state, result }: RunnerEvent & { type: 'step' }): void {
    const element = this.#stepElement(id);
    const step = this.#data.lab.steps.find((each) => each.id === id);
    if (!element || !step) return;
    this.#flush();
    showState(element, state);
    if (state === 'running') {
      this.#stepTitle = step.title;
      clearExpectations(element);
      this.#status(step.title);
      if (step.worlds) this.#worlds?.begin(step);
      if (this.#lastAct?.kind === 'step' && !this.#files.isEditing) {
        const open = step.worlds ? 'worlds' : step.open;
        if (open) this.#open(open);
      }
      return;
    }
    if (!result || state === 'idle') return;
    if (step.worlds) this.#worlds?.finish(result);
    showExpectations(element, result, this.#data.lab);
    const { verdict, spoken } = ui.lab;
    this.#status(`${step.title}: ${verdict[state]}`);
    this.#speaker.say((count) => spoken.verdict(count, step.title, verdict[state]));
    const isBreached = isBreach(this.#data.lab, step, result.outcome);
    element.toggleAttribute('data-breached', isBreached);
    keepResult(this.#data.slug, 'steps', id, isBreached ? 'breached' : state);
  }

  #showCheck({ name, state, result }: RunnerEvent & { type: 'check' }): void {
    const element = this.#checkElement(name);
    const check = this.#data.lab.checks.find((each) => each.name === name);
    if (!element || !check) return;
    this.#flush();
    showState(element, state);
    showOutcome(element, check, result);
    this.#showExercise();
    this.#sayChecks();
    if (state !== 'passed' && state !== 'failed') return;
    const { verdict, spoken } = ui.lab;
    this.#speaker.say((count) => spoken.verdict(count, check.title, verdict[state]));
    keepResult(this.#data.slug, 'checks', name, state);
  }

  /** The exercise's ribbon is tied when every check holds. */
  #showExercise(): void {
    const exercise = document.querySelector<HTMLElement>('[data-exercise]');
    if (!exercise) return;
    const states = [...document.querySelectorAll<HTMLElement>('[data-check]')].map(
      (each) => each.dataset.state,
    );
    const all = ['running', 'failed', 'idle'].find((state) => states.includes(state));
    exercise.dataset.state = all ?? 'passed';
  }

  #sayChecks(): void {
    const states = [...document.querySelectorAll<HTMLElement>('[data-check]')].map(
      (each) => each.dataset.state,
    );
    const passed = states.filter((state) => state === 'passed').length;
    const isRunning = states.includes('running');
    this.#status(isRunning ? ui.lab.checking : ui.lab.checksSummary(passed, states.length));
  }

  /** A verdict on files that have changed since is none. What runs now is judged when it ends. */
  #forgetVerdictsOn(paths: readonly string[]): void {
    const { lab, slug } = this.#data;
    let hasForgotten = false;
    const settled = (element: HTMLElement | null): element is HTMLElement =>
      element?.dataset.state === 'passed' || element?.dataset.state === 'failed';
    for (const step of lab.steps) {
      if (!settled(this.#stepElement(step.id)) || !paths.some((path) => this.#takesPart(path, step)))
        continue;
      this.#forgetStep(step.id);
      forgetResult(slug, 'steps', step.id);
      hasForgotten = true;
    }
    for (const check of lab.checks) {
      const element = this.#checkElement(check.name);
      if (!settled(element)) continue;
      showState(element, 'idle');
      showOutcome(element, check, undefined);
      forgetResult(slug, 'checks', check.name);
      hasForgotten = true;
    }
    if (!hasForgotten) return;
    this.#showExercise();
    if (!this.#isRunning.value) this.#status('');
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

  #forgetStep(id: string): void {
    const element = this.#stepElement(id);
    if (!element) return;
    showState(element, 'idle');
    clearExpectations(element);
  }

  #stepElement(id: string): HTMLElement | null {
    return document.querySelector<HTMLElement>(`[data-step="${CSS.escape(id)}"]`);
  }

  #checkElement(name: string): HTMLElement | null {
    return document.querySelector<HTMLElement>(`[data-check="${CSS.escape(name)}"]`);
  }

  #flush(): void {
    for (const console of this.#consoles.values()) console.flush();
  }

  #status(words: string): void {
    const status = this.#lab.querySelector('[data-status]');
    if (status) status.textContent = words;
  }

  /** The page's loader keeps the tabs; it opens one when asked. */
  #open(path: string): void {
    if (this.#isWatched && path !== 'wire') return;
    this.#lab.dispatchEvent(new CustomEvent('lab-open', { detail: path }));
  }
}
