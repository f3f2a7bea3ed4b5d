import type { LabStep } from '../../lesson/index.ts';
import { ui } from '../../text/index.ts';
import type { RunnerEvent, StepResult } from '../events.ts';
import { BrowserPane } from './browser/browser-pane.ts';
import { Console, type Surroundings } from './consoles/consoles.ts';
import type { LabData } from './lab-data.ts';
import { Worlds } from './worlds.ts';

type Event<Type extends RunnerEvent['type']> = RunnerEvent & { type: Type };

/** Whoever acts in a run, each where the page has a place for them: a console, a browser's pane, a world. */
export class Stage {
  readonly #consoles = new Map<string, Console>();
  readonly #panes = new Map<string, BrowserPane>();
  readonly #worlds: Worlds | undefined;
  readonly #onBrowser: (name: string) => void;
  /** Consoles that have been emptied for what runs now. */
  readonly #fresh = new Set<string>();
  /** Set while several steps run: their output is then divided by their titles. */
  #divider: (() => string) | undefined;
  #began = 0;
  /** Who entered last. */
  #latest: Console | undefined;

  constructor(
    lab: HTMLElement,
    data: LabData,
    on: { browser(name: string): void } & Omit<Surroundings, 'began'>,
  ) {
    this.#onBrowser = on.browser;
    const around: Surroundings = { ...on, began: () => this.#began };
    for (const element of lab.querySelectorAll<HTMLElement>('[data-process]')) {
      this.#consoles.set(element.dataset.process as string, new Console(element, around));
    }
    for (const element of lab.querySelectorAll<HTMLElement>('[data-browser]')) {
      this.#panes.set(element.dataset.browser as string, new BrowserPane(element));
    }
    const worlds = lab.querySelector<HTMLElement>('[data-worlds]');
    if (worlds) this.#worlds = new Worlds(worlds, data.lab, around);
  }

  /** A run begins: each console is emptied when its process first enters. */
  begin(divider?: () => string): void {
    this.#fresh.clear();
    for (const console of this.#consoles.values()) console.age();
    this.#divider = divider;
    this.#began = performance.now();
  }

  receive(event: Event<'process' | 'browser' | 'output'>): void {
    const { world } = event;
    if (world !== undefined) this.#worlds?.receive({ ...event, world });
    else if (event.type === 'process') this.#showProcess(event);
    else if (event.type === 'browser') this.#showBrowser(event);
    else this.#consoles.get(event.process)?.write(event.stream, event.text);
  }

  beginWorlds(step: LabStep): void {
    if (step.worlds) this.#worlds?.begin(step);
  }

  finishWorlds(step: LabStep, result: StepResult): void {
    if (step.worlds) this.#worlds?.finish(step, result);
  }

  /** Puts what was printed into the page now: whoever has just acted is seen whole. */
  flush(): void {
    for (const console of this.#consoles.values()) console.flush();
    this.#latest?.revealRest();
  }

  /** As before the first run. */
  reset(): void {
    for (const pane of this.#panes.values()) pane.close();
    for (const console of this.#consoles.values()) console.reset();
  }

  #showProcess(event: Event<'process'>): void {
    const console = this.#consoles.get(event.name);
    if (!console) return;
    const { state } = ui.lab;
    if (event.state === 'starting') this.#enter(event.name, console);
    else if (event.state === 'running') {
      console.show('running', state.running);
      console.accept(event.write);
    } else if (event.state === 'listening') {
      console.show('listening', state.listening(String(event.at.port)));
    } else {
      console.show('ended', state.ended(event.exit));
      console.accept(undefined);
    }
    this.#ageUnlessFresh(event.name);
  }

  #showBrowser(event: Event<'browser'>): void {
    const console = this.#consoles.get(event.name);
    const pane = this.#panes.get(event.name);
    const { state } = ui.lab;
    if (event.state === 'starting') this.#enter(event.name, console);
    else if (event.state === 'open') {
      console?.show('running', state.open);
      pane?.open(event.browser);
      this.#onBrowser(event.name);
    } else if (event.state === 'resting') console?.show('ended', state.resting);
    else if (event.state === 'closed') pane?.close();
    this.#ageUnlessFresh(event.name);
  }

  /** Whoever a new run has stopped says so late: that, too, is of the run before. */
  #ageUnlessFresh(name: string): void {
    if (!this.#fresh.has(name)) this.#consoles.get(name)?.age();
  }

  /** Someone enters the stage: what their console holds of an earlier run goes. */
  #enter(name: string, console: Console | undefined): void {
    if (!this.#fresh.has(name)) console?.clear();
    this.#fresh.add(name);
    console?.open();
    if (this.#divider) console?.divide(this.#divider());
    console?.show('starting', ui.lab.state.starting);
    console?.reveal();
    this.#latest = console;
  }
}
