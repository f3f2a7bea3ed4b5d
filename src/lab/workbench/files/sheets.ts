import { element } from '../elements.ts';
import type { FileSet } from './file-set.ts';

/** The id by which a tab names its sheet: `a-b.js` and `a/b.js` are two, and neither is a file of the lesson's. */
const idOf = (path: string) => `own-${path}`;

/** Where files are shown: as the build has coloured them, or plain where it has not. */
export class Sheets {
  readonly #root: HTMLElement;
  readonly #files: FileSet;
  /** The build's HTML of the solution's files. */
  readonly #solved: Readonly<Record<string, { html: string }>>;
  readonly #pristine = new Map<string, string>();

  constructor(root: HTMLElement, files: FileSet, solved: Readonly<Record<string, { html: string }>>) {
    this.#root = root;
    this.#files = files;
    this.#solved = solved;
  }

  of(path: string): HTMLElement | null {
    return this.#root.querySelector(`[data-sheet="${CSS.escape(path)}"]`);
  }

  /** The file that is shown now; empty while a pane is. */
  get shown(): string {
    return this.#root.querySelector<HTMLElement>('[data-sheet][data-shown]')?.dataset.sheet ?? '';
  }

  /** Brings a file's sheet to what the file is now: made, struck through, or gone. */
  refresh(path: string): void {
    const { all, start } = this.#files;
    const text = all[path] ?? start[path];
    if (text === undefined) {
      this.of(path)?.remove();
      return;
    }
    const sheet = this.of(path) ?? (path in start ? null : this.#make(path));
    if (!sheet) return;
    sheet.toggleAttribute('data-editable', this.#files.canEdit(path));
    sheet.toggleAttribute('data-deleted', !(path in all));
    this.#show(path, sheet, text);
  }

  #make(path: string): HTMLElement {
    const sheet = element('div', 'sheet', '');
    sheet.id = idOf(path);
    sheet.dataset.sheet = path;
    const text = element('pre', '', '');
    text.tabIndex = 0;
    text.setAttribute('role', 'group');
    text.setAttribute('aria-label', path);
    text.append(element('code', '', ''));
    sheet.append(element('h3', 'sheet-name', path), text);
    this.#root.querySelector('.sheets')?.append(sheet);
    return sheet;
  }

  /** A text that the build has coloured is shown so; any other is shown plain, a line an element. */
  #show(path: string, sheet: HTMLElement, text: string): void {
    const code = sheet.querySelector('code');
    if (!code) return;
    if (!this.#pristine.has(path)) this.#pristine.set(path, code.innerHTML);
    if (text === this.#files.start[path]) code.innerHTML = this.#pristine.get(path) ?? '';
    else if (text === this.#files.solution(path)) code.innerHTML = this.#solved[path].html;
    else {
      const lines = text.replace(/\n$/, '').split('\n');
      code.replaceChildren(...lines.flatMap((line, at) => [at > 0 ? '\n' : '', element('span', 'l', line)]));
    }
  }
}
