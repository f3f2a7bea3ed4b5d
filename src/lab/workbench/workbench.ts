import { effect, signal } from '@preact/signals';
import { ui } from '../../text/index.ts';
import type { RunnerEvent } from '../events.ts';
import { createRunner, type Runner } from '../runner.ts';
import { treeOf } from '../tree.ts';
import { prepareBrowserPanes } from './browser/browser-pane.ts';
import { CheckPanel } from './checks/check-panel.ts';
import { Standing } from './checks/standing.ts';
import { Trials } from './checks/trials.ts';
import { goTo } from './consoles/go-to.ts';
import type { Place } from './consoles/places.ts';
import { askReset, askSolve } from './dialogs.tsx';
import { Engine, isContainerPage } from './engine.ts';
import { openFileBar } from './files/file-bar.tsx';
import { LabFiles } from './files/files.ts';
import { askStale } from './files/stale.tsx';
import { openTreePanel } from './files/tree-panel.tsx';
import { offerKeys, showKeys } from './keys-dialog.tsx';
import { fetchLabData, type LabData, worldFiles } from './lab-data.ts';
import { Speaker } from './speaker.ts';
import { Stage } from './stage.ts';
import { Captures } from './wire/captures.ts';
import { readPointer } from './wire/pointer.ts';

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
  const workbench = new LabWorkbench(lab, data);
  await workbench.restore();
  return workbench;
}

export { startEngine } from './engine.ts';

class LabWorkbench implements Workbench {
  readonly #lab: HTMLElement;
  readonly #data: LabData;
  readonly #files: LabFiles;
  readonly #runner: Runner;
  readonly #speaker: Speaker;
  readonly #stage: Stage;
  readonly #standing: Standing;
  readonly #captures: Captures;
  readonly #isRunning = signal(false);
  #runs = 0;
  #lastAct: Act | undefined;
  #warming: Promise<void> | undefined;
  #stepTitle = '';
  /** A run for a message that a link points at: the wire is shown meanwhile, and no other tab opens. */
  #watched: Act | undefined;
  readonly #trials: Trials;
  readonly #mentioning = {
    isFile: (path: string) => path in this.#files.all && !this.#trials.changes(path),
    goTo: (place: Place) => {
      this.#files.compare(place.path, false);
      void goTo(this.#lab, place);
    },
  };

  constructor(lab: HTMLElement, data: LabData) {
    this.#lab = lab;
    this.#data = data;
    this.#speaker = new Speaker(lab.querySelector('[data-spoken]') as HTMLElement);
    this.#files = new LabFiles(lab, data, {
      run: (path) => this.#run(this.#actFor(path)),
      change: (paths) => {
        if (this.#standing.forgetOn(paths) && !this.#isRunning.value) this.#status('');
      },
      say: (sentence) => this.#speaker.say(sentence),
    });
    openTreePanel(lab, data.slug, this.#files);
    openFileBar(lab, this.#files);
    offerKeys(lab);
    this.#stage = new Stage(lab, data, {
      browser: (name) => {
        if (this.#captures.path.isTaken) return;
        const isShown = this.#lastAct?.kind === 'step' && !this.#trials.files && !this.#files.isEditing;
        if (isShown) this.#open(`browser:${name}`);
      },
      say: (sentence) => this.#speaker.say(sentence),
      ...this.#mentioning,
    });
    const status = (words: string) => this.#status(words);
    const panel = new CheckPanel(lab, data, (action) => {
      this.act(action).catch((problem) => status(String(problem)));
    });
    this.#standing = new Standing(data, this.#speaker, status, this.#mentioning, panel);
    this.#captures = new Captures(lab, data, (step) => this.step(step));
    this.#trials = new Trials({
      lab,
      data,
      mentioning: this.#mentioning,
      runner: () => this.#runner,
      perform: (work, title) => this.#perform(work, title),
      say: (sentence) => this.#speaker.say(sentence),
      status,
      shown: () => this.#files.shown.value,
      open: (path) => this.#open(path),
    });
    const engine = new Engine(lab, data);
    this.#runner = createRunner({
      lab: data.lab,
      boot: () => engine.boot(),
      files: () => treeOf(this.#trials.files ?? this.#files.all),
      worldFiles: (variant) => treeOf(worldFiles(data, variant)),
      onEvent: (event) => this.#receive(event),
      onWire: (seen, world) => this.#captures.add(seen, world),
      onPath: (path, world) => this.#captures.path.add(path, world),
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
    if (await askStale(this.#data.slug, stale)) this.#files.reset();
    else this.#files.replace(stale.files, stale.removed);
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
    import('./files/editor.ts').catch(() => {});
    import('./wire/view.tsx').catch(() => {});
    if (this.#data.fixCount > 0) this.#trials.load().catch(() => {});
    if (this.#data.lab.browsers?.length) prepareBrowserPanes();
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
    if (action === 'fixes') return this.#trials.open();
    if (action === 'again') return this.#run(this.#actFor(this.#files.shown.value));
    if (action === 'keys') return showKeys();
    if (action === 'edit') return this.#files.edit(this.#files.shown.value);
  }

  async point(hash: string, isPressed: boolean): Promise<void> {
    const pointer = readPointer(hash);
    const step = this.#data.lab.steps.find(({ id }) => id === pointer?.step);
    if (!pointer || !step) return;
    // Whether the other engine has a wire to show is known once it is there; its tab then keeps the reason.
    if (isContainerPage()) await this.prepare().catch(() => {});
    const withheld = this.#lab.querySelector<HTMLElement>('[data-file="wire"]')?.dataset.withheld;
    if (withheld) {
      this.#status(withheld);
      this.#speaker.say(() => withheld);
      return;
    }
    const isThere = this.#captures.step === pointer.step && !this.#isRunning.value;
    this.#captures.wanted.value = pointer;
    // Whoever follows a link wants to see what it points at, also where the lab lies far below.
    const show = () => this.#lab.querySelector('[data-sheet="wire"]')?.scrollIntoView({ block: 'nearest' });
    this.#lab.addEventListener('lab-shown', show, { once: true });
    this.#open('wire');
    if (isThere) return;
    if (isPressed) await this.step(step.id);
    else this.#status(ui.wire.pointed);
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
    this.#leadBack(act);
    const isPointedAt = act.kind === 'step' && this.#captures.wanted.value?.step === act.id;
    if (isPointedAt) this.#open('wire');
    this.#watched = isPointedAt ? act : undefined;
    const work = async () => {
      if (act.kind === 'check') await this.#runner.check();
      else if (act.kind === 'run-all') await this.#runAll();
      else await this.#runner.runStep(act.id);
    };
    const divider = act.kind === 'run-all' ? () => this.#stepTitle : undefined;
    await this.#perform(work, divider, act.kind === 'step' ? act.id : undefined).finally(() => {
      if (this.#watched === act) this.#watched = undefined;
    });
  }

  async #perform<Result>(
    work: () => Promise<Result>,
    divider?: () => string,
    step?: string,
  ): Promise<Result> {
    this.#runs += 1;
    const run = this.#runs;
    this.#trials.end();
    this.#isRunning.value = true;
    this.#stage.begin(divider);
    this.#captures.clear(step);
    try {
      return await work();
    } finally {
      // A later run stops an earlier one: only the last says that nothing runs.
      if (run === this.#runs) {
        this.#trials.end();
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
    this.#standing.clearSteps();
    // What the other engine cannot do is known, and withheld, once it is there. A failure to start is told by the run.
    if (isContainerPage()) await this.prepare().catch(() => {});
    const results = await this.#runner.runAll(
      ({ id }) => document.querySelector(`[data-step="${CSS.escape(id)}"] [data-withheld]`) === null,
    );
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
    this.#trials.reset();
    await this.#runner.reset();
    this.#warming = undefined;
    this.#files.reset();
    this.#files.keepNow();
    this.#standing.reset();
    this.#stage.reset();
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
    if (event.type === 'step' || event.type === 'check') {
      this.#stage.flush();
      if (this.#trials.takes(event)) return;
    }
    if (event.type === 'prepare') this.#showPreparation(event);
    else if (event.type === 'step') this.#showStep(event);
    else if (event.type === 'check') this.#showCheck(event);
    else this.#stage.receive(event);
  }

  /** Keys and certificates are made before anything else can run: that takes a second, so it is said. */
  #showPreparation(event: RunnerEvent & { type: 'prepare' }): void {
    if (!this.#isRunning.value) return;
    const { preparing, prepareFailed } = ui.lab;
    if (event.state === 'running') this.#status(preparing(event.name));
    else this.#status(event.state === 'failed' ? prepareFailed(event.name) : this.#stepTitle);
  }

  #showStep(event: RunnerEvent & { type: 'step' }): void {
    const step = this.#data.lab.steps.find(({ id }) => id === event.id);
    if (!step) return;
    if (event.state === 'running') {
      this.#stepTitle = step.title;
      this.#stage.beginWorlds(step);
      if (this.#lastAct?.kind === 'step' && !this.#files.isEditing) {
        const open = this.#captures.path.isTaken ? 'wire' : step.worlds ? 'worlds' : step.open;
        if (open) this.#open(open);
      }
    } else if (event.result && event.state !== 'idle') this.#stage.finishWorlds(step, event.result);
    this.#standing.showStep(step, event);
  }

  #showCheck(event: RunnerEvent & { type: 'check' }): void {
    const check = this.#data.lab.checks.find(({ name }) => name === event.name);
    if (!check) return;
    this.#standing.showCheck(check, event);
  }

  #status(words: string): void {
    const status = this.#lab.querySelector('[data-status]');
    if (status) status.textContent = words;
  }

  /** The page's loader keeps the tabs; it opens one when asked. */
  #open(path: string): void {
    if (this.#watched && path !== 'wire') return;
    this.#lab.dispatchEvent(new CustomEvent('lab-open', { detail: path }));
  }
}
