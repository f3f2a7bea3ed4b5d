import { keepSetting } from '../../progress/index.ts';
import type { BootStep, Capabilities, Sandbox } from '../../sandbox/index.ts';
import { engineWords } from '../../text/index.ts';
import { button } from './elements.ts';
import type { LabData } from './lab-data.ts';

const words = engineWords.route;

type Content = Node | string;

function make(tag: string, attributes: Record<string, string>, ...content: Content[]): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...content);
  return element;
}

/** What stands above the lab on a page of the other engine: how far it is, what came of it, and what it cannot do. */
export class EnginePanel {
  readonly #lab: HTMLElement;
  readonly #data: LabData;
  readonly #said = make('p', { class: 'engine-said', role: 'status' });
  readonly #more = make('div', {});
  /** Which port stands for which, by the lab's name for it. */
  readonly #ports = new Map<string, number>();
  readonly #table = make('ul', { 'data-ports': '' });

  constructor(lab: HTMLElement, data: LabData) {
    this.#lab = lab;
    this.#data = data;
    const panel = make('div', { class: 'engine', 'data-engine': '' }, this.#said, this.#more);
    lab.querySelector('.lab-head')?.after(panel);
  }

  /** Somebody followed a link to this page, and has chosen nothing yet. */
  offer(): void {
    this.#said.textContent = words.offer;
    const choose = button(words.choose, 'quiet-press', () => {
      keepSetting('engine', 'webcontainer');
      location.reload();
    });
    this.#more.replaceChildren(
      make('p', {}, words.asks),
      make('p', { class: 'engine-acts' }, choose, this.#own()),
    );
  }

  /** The lab needs what only the other engine has; its page is a step further, and starts nothing by itself. */
  lead(): void {
    this.#said.textContent = words.needed;
    const there = make('a', { href: `/lessons/${this.#data.slug}/webcontainer/` }, words.there);
    this.#more.replaceChildren(make('p', {}, words.asks), make('p', { class: 'engine-acts' }, there));
  }

  progress(step: BootStep): void {
    this.#lab.dataset.engineStep = step;
    this.#said.textContent = engineWords.steps[step];
    // It may take long: nobody has to wait for it.
    if (!this.#more.hasChildNodes()) this.#more.append(make('p', { class: 'engine-acts' }, this.#own()));
  }

  ready(sandbox: Sandbox): void {
    const { capabilities, probe, standsIn = false } = sandbox;
    this.#said.textContent = words.running(probe?.node ?? '', standsIn);
    const rows = Object.entries(capabilities).flatMap(([name, capability]) =>
      capability.can
        ? []
        : [
            make('dt', {}, engineWords.capabilities[name as keyof Capabilities]),
            make('dd', {}, capability.reason, ...(name === 'ownAddresses' ? [this.#table] : [])),
          ],
    );
    const cannot = make(
      'details',
      {},
      make('summary', {}, words.cannot(rows.length / 2)),
      make('dl', { tabindex: '0' }, ...rows),
    );
    this.#more.replaceChildren(cannot, make('p', { class: 'engine-acts' }, this.#own()));
    this.#withhold(capabilities);
    sandbox.on('listen', ({ at: { host, port, behind } }) => {
      if (behind === undefined) return;
      this.#ports.set(`${host}:${port}`, behind);
      const lines = [...this.#ports].map(([name, port]) => make('li', {}, words.behind(name, port)));
      this.#table.replaceChildren(...lines);
    });
  }

  failed(problem: unknown): void {
    this.#lab.dataset.engineStep = 'failed';
    const message = problem instanceof Error ? problem.message : String(problem);
    this.#said.textContent = `${message} ${words.instead}`;
    const retry = button(words.retry, 'quiet-press', () => location.reload());
    const notes = make('a', { href: '/engine-check/hosts/' }, words.notes);
    this.#more.replaceChildren(make('p', { class: 'engine-acts' }, retry, this.#own(), notes));
    this.#restore();
  }

  /** The way back: a full load of the lesson's own page. */
  #own(): HTMLElement {
    return button(words.own, 'quiet-press', () => {
      keepSetting('engine', 'embedded');
      location.href = `/lessons/${this.#data.slug}/${location.hash}`;
    });
  }

  /** What this engine cannot do is not offered: the reason stands in its place. */
  #withhold({ browsers, wireTap }: Capabilities): void {
    if (!wireTap.can) this.#hide('wire', wireTap.reason);
    if (browsers.can) return;
    const { steps, exercise, browsers: people = [] } = this.#data.lab;
    for (const { name } of people) this.#hide(`browser:${name}`, browsers.reason);
    const isScene = (act: unknown) => typeof act === 'object' && act !== null && 'browser' in act;
    const [withheld, others] = [true, false].map((scene) =>
      steps.filter(({ run }) => run.some(isScene) === scene),
    );
    for (const { id } of withheld) this.#refuse(`[data-step="${CSS.escape(id)}"] button`, browsers.reason);
    if (exercise.before?.some(isScene)) this.#refuse('[data-action="check"]', browsers.reason);
    if (!others.some(({ worlds }) => worlds)) this.#hide('worlds', browsers.reason);
    if (others.length > 0) return;
    this.#said.append(` ${words.nothing}`);
    this.#refuse('[data-action="run-all"]');
  }

  /** Its tab is gone, and keeps the reason for whoever asks for it by a link or a key. */
  #hide(sheet: string, reason: string): void {
    const tab = this.#lab.querySelector<HTMLElement>(`[data-file="${CSS.escape(sheet)}"]`);
    if (!tab) return;
    const isShown = tab.getAttribute('aria-selected') === 'true';
    tab.hidden = true;
    tab.dataset.withheld = reason;
    const first = this.#lab.querySelector<HTMLElement>('[role="tab"]:not([hidden])')?.dataset.file;
    if (isShown) this.#lab.dispatchEvent(new CustomEvent('lab-open', { detail: first }));
  }

  /** Where no reason is given, it stands elsewhere. */
  #refuse(selector: string, reason?: string): void {
    for (const each of document.querySelectorAll<HTMLElement>(selector)) {
      if (each.getAttribute('aria-disabled') === 'true') continue;
      each.setAttribute('aria-disabled', 'true');
      each.dataset.withheld = '';
      if (reason) each.parentElement?.after(make('p', { class: 'cannot' }, reason));
    }
  }

  /** Our own engine has taken over, and can do it all. */
  #restore(): void {
    for (const each of document.querySelectorAll<HTMLElement>('[data-withheld]')) {
      delete each.dataset.withheld;
      each.removeAttribute('aria-disabled');
      each.hidden = false;
    }
    for (const each of document.querySelectorAll('.cannot')) each.remove();
  }
}
