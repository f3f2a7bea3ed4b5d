import { computed, effect, signal } from '@preact/signals';
import { editsOf, keepEdits } from '../../progress/index.ts';
import { ui } from '../../text/index.ts';
import { element } from './consoles.ts';
import type { Editor } from './editor.ts';
import type { LabData } from './lab-data.ts';

const KEEP_AFTER_MILLISECONDS = 300;

/** The lab's files as the reader has them: shown as the build coloured them until they are edited. */
export class LabFiles {
  readonly #data: LabData;
  readonly #root: HTMLElement;
  readonly #onRun: (path: string) => void;
  readonly #onChange: (paths: readonly string[]) => void;
  readonly #texts;
  readonly #pristine = new Map<string, string>();
  #open: { path: string; editor: Editor } | undefined;
  /** Where the reader was in files that were left while they were edited. */
  readonly #left = new Map<string, ReturnType<Editor['close']>>();
  #createEditor: typeof import('./editor.ts').createEditor | undefined;
  #keeping: ReturnType<typeof setTimeout> | undefined;

  /** Paths whose text differs from the start. */
  readonly changed;

  constructor(
    root: HTMLElement,
    data: LabData,
    on: {
      run(path: string): void;
      /** The reader, or what the reader asked for, has changed these files. */
      change(paths: readonly string[]): void;
    },
  ) {
    this.#root = root;
    this.#data = data;
    this.#onRun = on.run;
    this.#onChange = on.change;
    this.#texts = signal<Readonly<Record<string, string>>>(data.files);
    this.changed = computed(() =>
      Object.keys(this.#texts.value).filter((path) => this.#texts.value[path] !== data.files[path]),
    );
    effect(() => this.#markTabs(this.changed.value));
    root.addEventListener('lab-shown', (event) => this.#follow((event as CustomEvent<string>).detail));
  }

  get all(): Readonly<Record<string, string>> {
    return this.#texts.value;
  }

  get shown(): string {
    return this.#root.querySelector<HTMLElement>('[data-sheet][data-shown]')?.dataset.sheet ?? '';
  }

  get isEditing(): boolean {
    return this.#open !== undefined;
  }

  /** Changed files that are the reader's own work: a solution that was asked for is nobody's loss. */
  get own(): string[] {
    return this.changed.value.filter((path) => this.all[path] !== this.#data.solution[path]?.text);
  }

  /** Edits kept from an earlier visit. Those made to another state of the lesson are not taken: they are returned. */
  restore(): Record<string, string> | undefined {
    const edits = editsOf(this.#data.slug);
    if (!edits) return undefined;
    if (edits.base !== this.#data.version) return edits.files;
    this.#lay(edits.files);
    return undefined;
  }

  /** Lays these texts over the files; an open editor follows. */
  replace(files: Readonly<Record<string, string>>): void {
    const differing = Object.keys(files).filter((path) => files[path] !== this.all[path]);
    this.#lay(files);
    if (differing.length > 0) this.#onChange(differing);
  }

  #lay(files: Readonly<Record<string, string>>): void {
    this.#texts.value = { ...this.#texts.value, ...files };
    for (const [path, text] of Object.entries(files)) {
      this.#left.delete(path);
      if (this.#open?.path === path) this.#open.editor.setText(text);
      this.#show(path, text);
    }
    this.#keep();
  }

  /** Back to the start: no editor is left open. */
  reset(): void {
    this.#open?.editor.close();
    this.#open = undefined;
    this.replace(this.#data.files);
    this.#root.dispatchEvent(new CustomEvent('lab-editing'));
  }

  async edit(path: string): Promise<void> {
    const sheet = this.#sheet(path);
    if (!sheet || !('editable' in sheet.dataset)) return;
    const { createEditor } = await import('./editor.ts');
    this.#createEditor = createEditor;
    this.#mount(path);
    this.#open?.editor.focus();
  }

  /** One editor is open at a time, in the file that is shown; a file that was left has it back when it is shown again. */
  #follow(path: string): void {
    if (this.#open?.path === path) return;
    this.#unmount();
    if (this.#left.has(path)) this.#mount(path);
  }

  #mount(path: string): void {
    const parent = this.#sheet(path);
    if (this.#open?.path === path || !parent || !this.#createEditor) return;
    this.#unmount();
    const editor = this.#createEditor({
      parent,
      text: this.all[path],
      left: this.#left.get(path),
      path,
      label: ui.lab.editorName(path),
      describedBy: 'editor-help',
      onChange: (text) => {
        this.#texts.value = { ...this.#texts.value, [path]: text };
        this.#keep();
        this.#onChange([path]);
      },
      onRun: () => this.#onRun(path),
    });
    this.#open = { path, editor };
    this.#root.dispatchEvent(new CustomEvent('lab-editing'));
  }

  #unmount(): void {
    if (!this.#open) return;
    const { path, editor } = this.#open;
    this.#open = undefined;
    this.#left.set(path, editor.close());
    this.#show(path, this.all[path]);
  }

  #sheet(path: string): HTMLElement | null {
    return this.#root.querySelector(`[data-sheet="${CSS.escape(path)}"]`);
  }

  /** A text that the build has coloured is shown so; any other is shown plain, a line an element. */
  #show(path: string, text: string): void {
    const code = this.#sheet(path)?.querySelector('code');
    if (!code) return;
    if (!this.#pristine.has(path)) this.#pristine.set(path, code.innerHTML);
    const solved = this.#data.solution[path];
    if (text === this.#data.files[path]) code.innerHTML = this.#pristine.get(path) ?? '';
    else if (text === solved?.text) code.innerHTML = solved.html;
    else {
      const lines = text.replace(/\n$/, '').split('\n');
      code.replaceChildren(...lines.flatMap((line, at) => [at > 0 ? '\n' : '', element('span', 'l', line)]));
    }
  }

  #keep(): void {
    clearTimeout(this.#keeping);
    this.#keeping = setTimeout(() => this.keepNow(), KEEP_AFTER_MILLISECONDS);
  }

  /** Keeps what is not kept yet. */
  keepNow(): void {
    if (this.#keeping === undefined) return;
    clearTimeout(this.#keeping);
    this.#keeping = undefined;
    const files = Object.fromEntries(this.changed.value.map((path) => [path, this.all[path]]));
    keepEdits(this.#data.slug, { base: this.#data.version, files });
  }

  #markTabs(changed: readonly string[]): void {
    for (const tab of this.#root.querySelectorAll<HTMLElement>('[data-file]')) {
      if (changed.includes(tab.dataset.file as string)) tab.dataset.changed = ui.lab.changed;
      else delete tab.dataset.changed;
    }
  }
}
