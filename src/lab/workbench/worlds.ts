import type { Lab, LabStep } from '../../lesson/index.ts';
import { actorOf, actors } from '../../lesson/lab.ts';
import { ui } from '../../text/index.ts';
import type { RunnerEvent, StepResult } from '../events.ts';
import { Console, type Surroundings } from './consoles/consoles.ts';
import { withMentions } from './consoles/mentions.ts';
import { element } from './elements.ts';
import { sourceElement } from './shape.ts';

type OfWorld = RunnerEvent & { world: string };

/** The same step in several worlds, side by side: what happened in each, and the reason, in words. */
export class Worlds {
  readonly #root: HTMLElement;
  readonly #lab: Lab;
  readonly #around: Surroundings;
  readonly #consoles = new Map<string, Console>();
  /** Who plays, in the order of their consoles: what is done before what is done to. */
  #players: readonly string[] = [];

  constructor(root: HTMLElement, lab: Lab, around: Surroundings) {
    this.#root = root;
    this.#lab = lab;
    this.#around = around;
  }

  /** Clears the stage of every world for a step; what it is to show stands there from the start. */
  begin(step: LabStep): void {
    this.#consoles.clear();
    this.#players = [...actors(step.run).reverse(), ...step.servers];
    this.#root.querySelector('[data-part="step"]')?.replaceChildren(step.title);
    for (const column of this.#columns()) {
      column.hidden = !step.worlds?.includes(column.dataset.world as string);
      column.dataset.state = 'running';
      this.#part(column, 'verdict').textContent = ui.lab.verdict.running;
      this.#part(column, 'seen').replaceChildren(...this.#expectations(step, column.dataset.world as string));
      this.#binding(column, step);
      this.#part(column, 'consoles').replaceChildren();
    }
  }

  receive(event: OfWorld): void {
    if (event.type === 'output') {
      this.#console(event.world, event.process)?.write(event.stream, event.text);
    } else if (event.type === 'process') {
      const { state } = ui.lab;
      const console = this.#console(event.world, event.name);
      if (event.state === 'running') console?.accept(event.write);
      else if (event.state === 'starting') console?.show('starting', state.starting);
      else if (event.state === 'listening') {
        console?.show('listening', state.listening(String(event.at.port)));
      } else {
        console?.show('ended', state.ended(event.exit));
        console?.accept(undefined);
      }
    }
  }

  finish(step: LabStep, result: StepResult): void {
    for (const console of this.#consoles.values()) console.flush();
    for (const column of this.#columns()) {
      const world = column.dataset.world as string;
      const verdicts = result.verdicts.filter((verdict) => verdict.world === world);
      if (verdicts.length === 0) continue;
      const isMet = verdicts.every(({ met }) => met);
      const state = result.state === 'idle' ? 'idle' : isMet ? 'passed' : 'failed';
      column.dataset.state = state;
      this.#part(column, 'verdict').textContent = isMet ? ui.worlds.asExpected : ui.lab.verdict[state];
      if (state !== 'idle') this.#showBinding(column, step, isMet);
      [...this.#part(column, 'seen').children].forEach((row, at) => {
        const verdict = verdicts[at];
        if (!verdict || state === 'idle') return;
        (row as HTMLElement).dataset.state = verdict.met ? 'passed' : 'failed';
        row.prepend(
          element('span', 'visually-hidden', `${ui.lab.verdict[verdict.met ? 'passed' : 'failed']}: `),
        );
        if (verdict.met) return;
        const came = element('samp', 'came', '');
        came.append(...withMentions(verdict.came, this.#around));
        row.append(came);
      });
    }
  }

  /** Its room is there from the start: nothing moves when the verdict comes. */
  #binding(column: HTMLElement, step: LabStep): void {
    column.querySelector('.binding')?.remove();
    if (!step.comesTo?.some(({ world }) => world === column.dataset.world)) return;
    const binding = element('div', 'binding', '');
    const line = element('p', 'binding-line', '');
    line.setAttribute('aria-hidden', 'true');
    line.dataset.state = 'idle';
    // The mark of the steps, lying on its side.
    const mark = document.querySelector('.ribbon-mark')?.cloneNode(true);
    const [token, key] = ui.worlds.ends;
    line.append(element('span', '', token), element('i', '', ''), ...(mark ? [mark] : []));
    line.append(element('i', '', ''), element('span', '', key));
    binding.append(element('p', 'binding-words', ui.worlds.notKnown), line);
    this.#part(column, 'seen').before(binding);
  }

  #showBinding(column: HTMLElement, { comesTo }: LabStep, isMet: boolean): void {
    const verdict = comesTo?.find(({ world }) => world === column.dataset.world);
    const words = column.querySelector('.binding-words');
    const line = column.querySelector<HTMLElement>('.binding-line');
    if (!verdict || !words || !line) return;
    words.textContent = isMet ? verdict.words : ui.worlds.otherwise;
    line.dataset.state = isMet ? 'passed' : 'idle';
    line.toggleAttribute('data-breached', verdict.ribbon === 'cut');
  }

  #expectations(step: LabStep, world: string): HTMLElement[] {
    return step.expect
      .filter((each) => each.world === world)
      .map(({ words, process }) => {
        const row = element('li', '', '');
        row.dataset.state = 'idle';
        const role = actorOf(this.#lab, process)?.role ?? 'observer';
        row.append(element('span', 'words', `${words} `), sourceElement(process, role));
        return row;
      });
  }

  /** Consoles come with the first word of their process: there may be a dozen in each world. */
  #console(world: string, name: string): Console | undefined {
    const key = `${world}:${name}`;
    const known = this.#consoles.get(key);
    const column = this.#columns().find((each) => each.dataset.world === world);
    const actor = actorOf(this.#lab, name);
    if (known || !column || !actor) return known;
    const root = element('section', 'console', '');
    root.dataset.process = name;
    root.setAttribute('aria-label', `${this.#titleOf(world)}, ${name}: ${ui.lab.console}`);
    const head = element('h4', '', '');
    const state = element('span', 'console-state', '');
    state.dataset.processState = '';
    head.append(sourceElement(name, actor.role), state);
    root.append(head);
    // Who only prepares stands last.
    const place = (player = '') =>
      this.#players.includes(player) ? this.#players.indexOf(player) : Infinity;
    const all = [...this.#part(column, 'consoles').querySelectorAll<HTMLElement>('[data-process]')];
    const next = all.find((each) => place(each.dataset.process) > place(name));
    this.#part(column, 'consoles').insertBefore(root, next ?? null);
    const made = new Console(root, this.#around);
    this.#consoles.set(key, made);
    return made;
  }

  #titleOf(world: string): string {
    return this.#lab.worlds?.find(({ name }) => name === world)?.title ?? world;
  }

  #columns(): HTMLElement[] {
    return [...this.#root.querySelectorAll<HTMLElement>('[data-world]')];
  }

  #part(column: HTMLElement, name: string): HTMLElement {
    return column.querySelector(`[data-part="${name}"]`) as HTMLElement;
  }
}
