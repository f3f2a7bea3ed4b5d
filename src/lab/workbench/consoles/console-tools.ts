import { effect, signal } from '@preact/signals';
import { keepSetting, settingOf } from '../../../progress/index.ts';
import { ui } from '../../../text/index.ts';
import { button } from '../elements.ts';

/** Whether consoles show when each line was printed: one choice for all of them. */
const showsTimes = signal<boolean>(settingOf('timestamps'));

const { console: words } = ui;

let made = 0;

/** The row of controls of one console, which the reader opens where it is wanted. */
export class ConsoleTools {
  readonly #root: HTMLElement;
  readonly #toggle = button(words.tools, 'console-more');
  readonly #row = document.createElement('div');
  readonly #note = document.createElement('span');
  readonly #form = document.createElement('form');
  readonly #unwatch: () => void;
  #send: ((line: string) => void) | undefined;

  constructor(root: HTMLElement, name: string, on: { filter(text: string): void; copy(): void }) {
    this.#root = root;
    made += 1;
    this.#row.id = `console-tools-${made}`;
    this.#row.className = 'console-tools';
    this.#row.setAttribute('role', 'group');
    this.#row.setAttribute('aria-label', words.toolsOf(name));
    this.#row.hidden = true;
    this.#toggle.setAttribute('aria-controls', this.#row.id);
    this.#toggle.setAttribute('aria-expanded', 'false');
    this.#toggle.setAttribute('aria-label', words.toolsOf(name));
    this.#toggle.addEventListener('click', () => this.#open(this.#row.hidden === true));

    const filter = field(words.filter);
    filter.type = 'search';
    this.#note.id = `${this.#row.id}-note`;
    filter.setAttribute('aria-describedby', this.#note.id);
    filter.addEventListener('input', () => on.filter(filter.value));
    const times = button(words.times, '');
    times.title = words.timesHelp;
    times.addEventListener('click', () => {
      showsTimes.value = !showsTimes.value;
      keepSetting('timestamps', showsTimes.value || undefined);
    });
    this.#unwatch = effect(() => {
      times.setAttribute('aria-pressed', String(showsTimes.value));
      root.toggleAttribute('data-times', showsTimes.value);
    });
    const copy = button(words.copy, '');
    copy.addEventListener('click', () => on.copy());
    this.#note.className = 'console-note';
    this.#row.append(filter, times, copy, this.#note, this.#input());
    root.querySelector('h3, h4')?.after(this.#toggle, this.#row);
  }

  /** Says something beside the controls, until it says something else. What is spoken is spoken elsewhere. */
  tell(text: string): void {
    if (this.#note.textContent !== text) this.#note.textContent = text;
  }

  /** Whoever runs reads lines; who has ended does not. */
  accept(send: ((line: string) => void) | undefined): void {
    this.#send = send;
    for (const control of this.#form.querySelectorAll('button')) {
      control.setAttribute('aria-disabled', String(!send));
    }
    const [line] = this.#form.getElementsByTagName('input');
    // Not disabled: that would take the focus from whoever is writing.
    line.readOnly = !send;
  }

  remove(): void {
    this.#unwatch();
    this.#toggle.remove();
    this.#row.remove();
    this.#root.removeAttribute('data-times');
  }

  #open(isOpen: boolean): void {
    this.#row.hidden = !isOpen;
    this.#toggle.setAttribute('aria-expanded', String(isOpen));
  }

  #input(): HTMLElement {
    const line = field(words.input);
    const send = button(words.send, '');
    send.type = 'submit';
    this.#form.append(line, send);
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (!this.#send) return;
      this.#send(line.value);
      line.value = '';
      line.focus();
    });
    this.accept(undefined);
    return this.#form;
  }
}

function field(name: string): HTMLInputElement {
  const made = document.createElement('input');
  made.autocomplete = 'off';
  made.spellcheck = false;
  made.setAttribute('autocapitalize', 'off');
  // The placeholder goes when one writes; who listens has the name.
  made.placeholder = name;
  made.setAttribute('aria-label', name);
  return made;
}
