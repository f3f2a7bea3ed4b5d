/** Finding in the file that is edited: the browser's own search sees only the lines that the editor has drawn. */
import { type Extension, StateEffect, StateField, type Text } from '@codemirror/state';
import { Decoration, EditorView, keymap, type Panel, showPanel } from '@codemirror/view';
import { filingWords } from '../../../text/index.ts';
import { button, element } from '../elements.ts';

const words = filingWords.finding;

interface Finding {
  readonly isOpen: boolean;
  readonly wanted: string;
  /** Where it stands: offsets into the file, in order. */
  readonly places: readonly number[];
}

/** Literally, in upper or lower case. */
function placesOf(wanted: string, text: Text): number[] {
  if (!wanted) return [];
  const literal = wanted.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
  return [...text.toString().matchAll(new RegExp(literal, 'gi'))].map(({ index }) => index);
}

const change = StateEffect.define<Partial<Finding>>();
const mark = Decoration.mark({ class: 'cm-found' });

const finding = StateField.define<Finding>({
  create: () => ({ isOpen: false, wanted: '', places: [] }),
  update(value, { effects, docChanged, newDoc }) {
    const changes = effects.filter((effect) => effect.is(change));
    if (changes.length === 0 && !(docChanged && value.isOpen)) return value;
    const next = Object.assign({ ...value }, ...changes.map((effect) => effect.value));
    return { ...next, places: next.isOpen ? placesOf(next.wanted, newDoc) : [] };
  },
  provide: (field) => [
    showPanel.from(field, ({ isOpen }) => (isOpen ? bar : null)),
    EditorView.decorations.from(field, ({ wanted, places }) =>
      Decoration.set(places.map((from) => mark.range(from, from + wanted.length))),
    ),
  ],
});

/** Selects the place that the reader is sent to, and scrolls there. Without one the key is the browser's. */
function choose(view: EditorView, from: number | undefined): boolean {
  if (from === undefined) return false;
  view.dispatch({
    selection: { anchor: from, head: from + view.state.field(finding).wanted.length },
    effects: EditorView.scrollIntoView(from, { y: 'center' }),
  });
  return true;
}

/** To the next place, and from the last one to the first. */
function next(view: EditorView, from = view.state.selection.main.from + 1): boolean {
  const { places } = view.state.field(finding);
  return choose(view, places.find((place) => place >= from) ?? places[0]);
}

function previous(view: EditorView): boolean {
  const { places } = view.state.field(finding);
  return choose(view, places.findLast((place) => place < view.state.selection.main.from) ?? places.at(-1));
}

/** Opens the bar, with what is selected if that is part of a line. */
export function openFinding(view: EditorView): true {
  const { from, to } = view.state.selection.main;
  const selected = view.state.sliceDoc(from, to);
  const wanted = selected && !selected.includes('\n') ? selected : view.state.field(finding).wanted;
  view.dispatch({ effects: change.of({ isOpen: true, wanted }) });
  const field = view.dom.querySelector<HTMLInputElement>('.cm-finding input');
  field?.focus();
  field?.select();
  return true;
}

function close(view: EditorView): void {
  view.dispatch({ effects: change.of({ isOpen: false }) });
  view.focus();
}

function bar(view: EditorView): Panel {
  const dom = element('div', 'cm-finding', '');
  dom.setAttribute('role', 'search');
  const field = document.createElement('input');
  field.type = 'text';
  field.spellcheck = false;
  field.ariaLabel = words.label;
  const count = element('output', '', '');
  const shut = button('×', 'quiet-press', () => close(view));
  shut.ariaLabel = words.close;
  const steps = [
    button('↑', 'quiet-press', () => previous(view)),
    button('↓', 'quiet-press', () => next(view)),
  ];
  for (const [index, step] of steps.entries()) step.ariaLabel = words.steps[index];
  dom.append(field, count, ...steps, shut);

  const tell = () => {
    const { wanted, places } = view.state.field(finding);
    if (field.value !== wanted) field.value = wanted;
    const at = places.indexOf(view.state.selection.main.from) + 1;
    const text = wanted ? words.count(at, places.length) : '';
    if (count.textContent !== text) count.textContent = text;
  };
  tell();
  field.addEventListener('input', () => {
    view.dispatch({ effects: change.of({ wanted: field.value }) });
    next(view, view.state.selection.main.from);
  });
  dom.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close(view);
    else if (event.key !== 'Enter' || event.target !== field) return;
    else if (event.shiftKey) previous(view);
    else next(view);
    event.preventDefault();
    event.stopPropagation();
  });
  return { dom, top: true, update: tell };
}

const look = EditorView.theme({
  '.cm-panels': { backgroundColor: 'var(--paper)', color: 'var(--ink)', borderColor: 'var(--hairline)' },
  '.cm-finding': { display: 'flex', alignItems: 'center', gap: '0.4rem', padding: '0.3rem 0.75rem' },
  '.cm-finding input': {
    flex: '1',
    minWidth: '4rem',
    minHeight: '1.75rem',
    padding: '0.15rem 0.4rem',
    border: '1px solid var(--hairline-strong)',
    borderRadius: '2px',
    background: 'transparent',
    color: 'inherit',
    fontFamily: 'var(--font-code)',
  },
  // Around the field it would touch the count.
  '.cm-finding input:focus-visible': { outlineOffset: '-2px' },
  '.cm-found': {
    backgroundColor: 'color-mix(in srgb, var(--ribbon) 14%, transparent)',
    outline: '1px solid var(--hairline-strong)',
  },
});

/**
 * Ctrl+F (Cmd+F) opens a bar over the text; pressed again there, it is the browser's own. Enter and Shift+Enter, F3 and
 * Shift+F3 walk from place to place; Esc closes.
 */
export const findsText: Extension = [
  finding,
  look,
  keymap.of([
    { key: 'Mod-f', run: openFinding },
    { key: 'F3', run: (view) => next(view), shift: previous },
  ]),
];
