import type { LabCheck } from '../../../lesson/index.ts';
import { ui } from '../../../text/index.ts';
import type { RunState } from '../../events.ts';
import { button, element } from '../elements.ts';
import type { LabData } from '../lab-data.ts';
import { inline, showOutcome, showState } from './verdicts.ts';

const { checkPanel: words } = ui;

/**
 * The checks beside the editor: the same verdicts as in the text, where the work is done. It says nothing aloud; each
 * verdict is spoken once, for both.
 */
export class CheckPanel {
  readonly #data: LabData;
  readonly #toggle: HTMLButtonElement;
  readonly #count = element('span', 'check-count', ui.lab.verdict.idle);
  readonly #body = element('div', 'check-panel-body', '');
  /** The reader has closed it: it stays so. */
  #isClosed = false;

  constructor(lab: HTMLElement, data: LabData, act: (action: string) => void) {
    this.#data = data;
    this.#toggle = button('', '', () => {
      this.#isClosed = this.#body.hidden === false;
      this.#show(this.#body.hidden === true);
    });
    this.#toggle.append(element('span', 'check-panel-title', ui.lesson.sections.checks), this.#count);
    this.#body.id = 'check-panel';
    this.#toggle.setAttribute('aria-controls', this.#body.id);

    const acts = element('p', 'check-panel-acts', '');
    const actions = {
      check: ui.lab.check,
      solve: ui.lab.solve,
      ...(data.fixCount > 0 && { fixes: ui.fixes.open }),
    };
    for (const [action, name] of Object.entries(actions)) {
      acts.append(button(name, action === 'check' ? 'press small' : 'quiet-press', () => act(action)));
    }
    const list = element('ul', '', '');
    list.append(...data.lab.checks.map((check) => this.#row(check)));
    this.#body.append(acts, list);

    const root = element('section', 'check-panel', '');
    root.setAttribute('aria-label', words.name);
    const head = element('h3', '', '');
    head.append(this.#toggle);
    root.append(head, this.#body);
    this.#show(false);
    lab.querySelector('.files')?.append(root);
    this.#mirror();
  }

  /** Opens it, unless the reader has closed it. */
  open(): void {
    if (!this.#isClosed) this.#show(true);
  }

  show(check: LabCheck, state: RunState, outcome: readonly HTMLElement[]): void {
    const row = this.#rowOf(check.name);
    if (!row) return;
    showState(row, state);
    showOutcome(row, outcome);
    this.#sum();
  }

  #show(isOpen: boolean): void {
    this.#body.hidden = !isOpen;
    this.#toggle.setAttribute('aria-expanded', String(isOpen));
  }

  /** Verdicts that were known before it came. */
  #mirror(): void {
    for (const { name } of this.#data.lab.checks) {
      const known = document.querySelector<HTMLElement>(`[data-check="${CSS.escape(name)}"]`)?.dataset.state;
      const row = this.#rowOf(name);
      if (row && known) showState(row, known as RunState);
    }
    this.#sum();
  }

  #sum(): void {
    const states = [...this.#body.querySelectorAll<HTMLElement>('[data-checked]')].map(
      ({ dataset }) => dataset.state,
    );
    const passed = states.filter((state) => state === 'passed').length;
    this.#count.textContent = states.includes('running')
      ? ui.lab.checking
      : states.every((state) => state === 'idle')
        ? ui.lab.verdict.idle
        : ui.lab.checksSummary(passed, states.length);
  }

  #rowOf(name: string): HTMLElement | null {
    return this.#body.querySelector(`[data-checked="${CSS.escape(name)}"]`);
  }

  #row(check: LabCheck): HTMLElement {
    const row = element('li', 'check', '');
    row.dataset.checked = check.name;
    row.dataset.state = 'idle';
    const title = inline('span', check.title);
    title.className = 'check-title';
    const outcome = element('div', 'outcome', '');
    outcome.dataset.outcome = '';
    outcome.hidden = true;
    row.append(title, verdictElement(), outcome, ...hints(check));
    return row;
  }
}

/** A verdict's mark and word, as the build draws them too. */
export function verdictElement(): HTMLElement {
  const verdict = element('span', 'verdict', '');
  verdict.dataset.verdict = '';
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'mark');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(document.createElementNS('http://www.w3.org/2000/svg', 'use'));
  const word = element('span', '', ui.lab.verdict.idle);
  word.dataset.word = '';
  verdict.append(svg, word);
  return verdict;
}

/** One hint after the other, from gentle to plain. */
function hints({ hints, title }: LabCheck): HTMLElement[] {
  const ladder = element('ol', 'panel-hints', '');
  ladder.setAttribute('aria-live', 'polite');
  let shown = 0;
  const more = button('', 'hint-more', () => {
    if (shown === hints.length) return;
    ladder.append(inline('li', hints[shown]));
    shown += 1;
    name();
  });
  const name = () => {
    const isLast = shown === hints.length;
    more.textContent = isLast ? words.noMoreHints : ui.lesson.hint(shown + 1, hints.length);
    more.setAttribute('aria-label', `${more.textContent}: ${title.replaceAll('`', '')}`);
    // It stays where it is, for whoever has the focus on it.
    more.setAttribute('aria-disabled', String(isLast));
  };
  name();
  return [ladder, more];
}
