import { effect, type Signal, signal } from '@preact/signals';
import { type Edits, editsOf, keepEdits, onKeptElsewhere } from '../../../progress/index.ts';
import { filingWords, ui } from '../../../text/index.ts';
import type { LabData } from '../lab-data.ts';
import type { Editor } from './editor.ts';
import { FileSet } from './file-set.ts';
import { Sheets } from './sheets.ts';

const KEEP_AFTER_MILLISECONDS = 300;

/** An act on one file that can be taken back with one press. */
export interface Undo {
  path: string;
  kind: 'reset' | 'deleted';
  text: string;
}

/** The lab's files as the reader has them, and where they stand in the page: sheets, tabs, one editor. */
export class LabFiles {
  readonly set: FileSet;
  /** The file or the pane that is shown. */
  readonly shown: Signal<string>;
  /** The file that has the editor; empty while none has. */
  readonly edited = signal('');
  /** What has a tab. */
  readonly tabs: Signal<readonly string[]>;
  /** Whether this browser keeps what is changed. */
  readonly isKept = signal(true);
  readonly undo = signal<Undo | undefined>(undefined);
  /** Files that are shown beside another state of theirs. */
  readonly compared = signal<ReadonlySet<string>>(new Set());
  /** Those that the page came with stay. */
  readonly #firstTabs: readonly string[];
  readonly #data: LabData;
  readonly #root: HTMLElement;
  readonly #on: FileEvents;
  readonly #sheets: Sheets;
  #open: { path: string; editor: Editor } | undefined;
  /** Where the reader was in files that were left while they were edited. */
  readonly #left = new Map<string, ReturnType<Editor['close']>>();
  #createEditor: typeof import('./editor.ts').createEditor | undefined;
  #keeping: ReturnType<typeof setTimeout> | undefined;

  constructor(root: HTMLElement, data: LabData, on: FileEvents) {
    this.#root = root;
    this.#data = data;
    this.#on = on;
    const { files, solution, lab } = data;
    this.set = new FileSet({ files, solution, editable: lab.editable, rights: lab.files });
    this.#sheets = new Sheets(root, this.set, solution);
    this.shown = signal(this.#sheets.shown);
    const tabbed = [...root.querySelectorAll<HTMLElement>('[data-file]')];
    const pathOf = (tab: HTMLElement) => tab.dataset.file as string;
    this.#firstTabs = tabbed.filter((tab) => !tab.querySelector('[data-close]')).map(pathOf);
    this.tabs = signal(tabbed.map(pathOf));
    effect(() => this.#markTabs());
    onKeptElsewhere(() => this.#meet());
    root.addEventListener('lab-tabbed', (event) => {
      const path = (event as CustomEvent<string>).detail;
      this.tabs.value = [...this.tabs.value.filter((each) => each !== path), path];
    });
    root.addEventListener('lab-shown', (event) => this.#follow((event as CustomEvent<string>).detail));
    root.addEventListener('lab-closed', (event) => {
      const path = (event as CustomEvent<string>).detail;
      this.tabs.value = this.tabs.value.filter((each) => each !== path);
    });
  }

  get all(): Readonly<Record<string, string>> {
    return this.set.all;
  }

  get isEditing(): boolean {
    return this.#open !== undefined;
  }

  get own(): string[] {
    return this.set.own;
  }

  sheet(path: string): HTMLElement | null {
    return this.#sheets.of(path);
  }

  /** Edits kept from an earlier visit. Those made to another state of the lesson are not taken: they are returned. */
  restore(): Edits | undefined {
    const edits = this.#kept();
    if (!edits) return undefined;
    if (edits.base !== this.#data.version) return edits;
    this.#lay(edits.files, edits.removed);
    return undefined;
  }

  /** What this browser keeps of this lesson's files, as far as the lab can have it. */
  #kept(): Edits | undefined {
    const edits = editsOf(this.#data.slug);
    return edits && this.set.sift(edits);
  }

  /** Lays these texts over the files, and takes those away; an open editor follows. */
  replace(files: Readonly<Record<string, string>>, removed: readonly string[] = []): void {
    const changed = this.#lay(files, removed);
    if (changed.length > 0) this.#on.change(changed);
  }

  /** Another tab of this lesson has changed the files: so are they here, or each tab would forget what the other did. */
  #meet(): void {
    // What was just written here is kept next, and the other tab meets it.
    if (this.#keeping !== undefined) return;
    const { version, files: start } = this.#data;
    const { base, files, removed = [] } = this.#kept() ?? { base: version, files: {} };
    if (base !== version) return;
    const theirs = Object.entries({ ...start, ...files }).filter(([path]) => !removed.includes(path));
    const differing = theirs.filter(([path, text]) => text !== this.all[path]);
    const there = new Set(theirs.map(([path]) => path));
    const gone = Object.keys(this.all).filter((path) => !there.has(path));
    if (differing.length + gone.length > 0) this.replace(Object.fromEntries(differing), gone);
  }

  #lay(files: Readonly<Record<string, string>>, removed: readonly string[] = []): string[] {
    const changed = [...this.set.write(files), ...this.set.remove(removed)];
    this.undo.value = undefined;
    for (const path of removed) if (this.#open?.path === path) this.#closeEditor();
    for (const path of [...Object.keys(files), ...removed]) {
      this.#left.delete(path);
      if (this.#open?.path === path) this.#open.editor.setText(this.all[path]);
      this.#refresh(path);
    }
    this.#tell('lab-editing', '');
    this.#keep();
    return changed;
  }

  /** A file of the reader's own has a tab as long as it is there. */
  #refresh(path: string): void {
    const isOwn = !(path in this.set.start);
    if (isOwn && !(path in this.all)) this.#tell('lab-gone', path);
    this.#sheets.refresh(path);
    if (isOwn && path in this.all) this.#tell('lab-tab', path);
  }

  /** Back to the start: no editor is left open. */
  reset(): void {
    for (const path of this.compared.value) this.compare(path, false);
    this.#closeEditor();
    const added = Object.keys(this.all).filter((path) => !(path in this.#data.files));
    this.replace(this.#data.files, added);
  }

  /** One file back to the start; what the reader had can be taken again. */
  resetOne(path: string): void {
    const text = this.all[path];
    this.replace({ [path]: this.#data.files[path] });
    this.undo.value = { path, kind: 'reset', text };
    this.#on.say(filingWords.spoken.reset(path));
  }

  /** Makes an empty file and opens it for writing. Its name has been judged (`nameFault`). */
  async create(path: string): Promise<void> {
    this.replace({ [path]: '' });
    this.#on.say(filingWords.spoken.created(path));
    this.show(path);
    await this.edit(path);
  }

  /** A file of the lesson stays to be seen, struck through; one of the reader's own goes with its tab. */
  remove(path: string): void {
    const text = this.all[path];
    this.compare(path, false);
    if (!(path in this.set.start)) this.close(path);
    this.replace({}, [path]);
    this.undo.value = { path, kind: 'deleted', text };
    this.#on.say(filingWords.spoken.deleted(path));
  }

  takeBack(): void {
    const undo = this.undo.value;
    if (!undo) return;
    const { path, kind, text } = undo;
    this.replace({ [path]: text });
    if (kind === 'deleted' && this.shown.value !== path) this.show(path, true);
    const { restored, undone } = filingWords.spoken;
    this.#on.say(kind === 'deleted' ? restored(path) : undone(path));
  }

  /** `entering`: the focus goes to its tab. */
  show(path: string, entering = false): void {
    this.#tell(entering ? 'lab-enter' : 'lab-open', path);
  }

  isClosable(path: string): boolean {
    return this.tabs.value.includes(path) && !this.#firstTabs.includes(path);
  }

  close(path: string): void {
    this.#tell('lab-close', path);
  }

  /** Shows a file beside another state of its own, in place of its text; or its text again. */
  compare(path: string, isWanted: boolean): void {
    if (this.compared.value.has(path) === isWanted) return;
    const others = [...this.compared.value].filter((each) => each !== path);
    this.compared.value = new Set(isWanted ? [...others, path] : others);
  }

  async edit(path: string): Promise<void> {
    if (!this.set.canEdit(path) || !this.sheet(path)) return;
    const { createEditor } = await import('./editor.ts');
    this.#createEditor = createEditor;
    this.compare(path, false);
    this.#mount(path);
    this.#open?.editor.focus();
  }

  find(): void {
    this.#open?.editor.find();
  }

  /** One editor is open at a time, in the file that is shown; a file that was left has it back when it is shown again. */
  #follow(path: string): void {
    this.shown.value = path;
    if (this.set.marks.value.get(path) === 'deleted') this.#sheets.refresh(path);
    if (this.#open?.path === path) return;
    this.#unmount();
    if (this.#left.has(path)) this.#mount(path);
  }

  #mount(path: string): void {
    const parent = this.sheet(path);
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
        this.set.write({ [path]: text });
        if (this.undo.value?.path === path) this.undo.value = undefined;
        this.#keep();
        this.#on.change([path]);
      },
      onRun: () => this.#on.run(path),
    });
    this.#open = { path, editor };
    this.edited.value = path;
    this.#tell('lab-editing', path);
  }

  #unmount(): void {
    if (!this.#open) return;
    const { path, editor } = this.#open;
    this.#open = undefined;
    this.edited.value = '';
    this.#left.set(path, editor.close());
    this.#sheets.refresh(path);
  }

  #closeEditor(): void {
    this.#open?.editor.close();
    this.#open = undefined;
    this.edited.value = '';
  }

  #tell(event: string, path: string): void {
    this.#root.dispatchEvent(new CustomEvent(event, { detail: path }));
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
    this.isKept.value = keepEdits(this.#data.slug, { base: this.#data.version, ...this.set.edits });
  }

  #markTabs(): void {
    const marks = this.set.marks.value;
    const { notKept } = filingWords;
    for (const path of this.tabs.value) {
      const tab = this.#root.querySelector<HTMLElement>(`[data-file="${CSS.escape(path)}"]`);
      const mark = marks.get(path);
      if (!tab) continue;
      const words = mark && filingWords.marks[mark] + (this.isKept.value ? '' : `, ${notKept}`);
      // Shown after the name: a tab that can be closed ends with its cross.
      for (const place of [tab, tab.querySelector<HTMLElement>('span')]) {
        if (words && place) place.dataset.changed = words;
        else delete place?.dataset.changed;
      }
    }
  }
}

interface FileEvents {
  run(path: string): void;
  /** The reader, or what the reader asked for, has changed these files. */
  change(paths: readonly string[]): void;
  say(sentence: (count: number) => string): void;
}
