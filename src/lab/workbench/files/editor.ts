/** The editor, loaded when somebody edits: CodeMirror 6 in the colours of the page. */
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from '@codemirror/commands';
import { javascriptLanguage } from '@codemirror/lang-javascript';
import { jsonLanguage } from '@codemirror/lang-json';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { findsText, openFinding } from './finding.ts';

export interface EditorOptions {
  parent: HTMLElement;
  text: string;
  /** What `close` gave when this file was left: its cursor and its history come back with it. */
  left: EditorState | undefined;
  path: string;
  /** What assistive technology calls it. */
  label: string;
  /** Id of the sentence that says how to run and how to leave. */
  describedBy: string;
  onChange(text: string): void;
  onRun(): void;
}

export interface Editor {
  focus(): void;
  /** Opens the bar that finds text, for those who have no Ctrl+F. */
  find(): void;
  setText(text: string): void;
  /** Takes the editor out of the page and gives what to hand in when the file is opened again. */
  close(): EditorState;
}

const colours = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--code-token-comment)', fontStyle: 'italic' },
  {
    tag: [tags.keyword, tags.operatorKeyword, tags.modifier],
    color: 'var(--code-token-keyword)',
    fontWeight: '560',
  },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--code-token-string)' },
  {
    tag: [tags.number, tags.bool, tags.null, tags.definition(tags.variableName)],
    color: 'var(--code-token-constant)',
  },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName)],
    color: 'var(--code-token-function)',
  },
  { tag: [tags.punctuation, tags.bracket], color: 'var(--code-token-punctuation)' },
]);

const look = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'transparent' },
  '&.cm-focused': { outline: '2px solid var(--ink)', outlineOffset: '-2px' },
  '.cm-scroller': {
    fontFamily: 'var(--font-code)',
    fontVariantLigatures: 'none',
    lineHeight: '1.55',
    overflow: 'auto',
  },
  // Numbers and text stand where they stand before the editor comes.
  '.cm-lineNumbers .cm-gutterElement': { minWidth: 'calc(0.75rem + 2.7em)', padding: '0 1.1em 0 0' },
  '.cm-line': { padding: '0 0.75rem 0 0' },
  '.cm-content': { caretColor: 'var(--ink)', padding: '0.6rem 0' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--code-token-comment)', border: '0' },
  '.cm-activeLine, .cm-activeLineGutter': {
    backgroundColor: 'color-mix(in srgb, var(--ink) 5%, transparent)',
  },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--ribbon) 26%, transparent)',
  },
  // Where the system forces its colours, a drawn ground has none but this.
  '@media (forced-colors: active)': {
    '.cm-selectionBackground': {
      forcedColorAdjust: 'none',
      backgroundColor: 'color-mix(in srgb, Highlight 40%, Canvas) !important',
    },
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'transparent',
    outline: '1px solid var(--hairline-strong)',
  },
});

function languageOf(path: string) {
  if (/\.[cm]?js$/.test(path)) return [javascriptLanguage];
  return path.endsWith('.json') ? [jsonLanguage] : [];
}

export function createEditor(options: EditorOptions): Editor {
  const run = () => {
    options.onRun();
    return true;
  };
  const view = new EditorView({
    parent: options.parent,
    state:
      options.left ??
      EditorState.create({
        doc: options.text,
        extensions: [
          lineNumbers(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          ...languageOf(options.path),
          syntaxHighlighting(colours),
          look,
          findsText,
          // Esc, then Tab, leaves the editor: CodeMirror lets the next Tab through after Esc.
          keymap.of([
            { key: 'Mod-Enter', run },
            { key: 'Ctrl-Enter', run },
            ...defaultKeymap,
            ...historyKeymap,
            indentWithTab,
          ]),
          EditorView.contentAttributes.of({
            'aria-label': options.label,
            'aria-describedby': options.describedBy,
            spellcheck: 'false',
            tabindex: '0',
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) options.onChange(update.state.doc.toString());
          }),
        ],
      }),
  });
  return {
    focus: () => view.focus(),
    find: () => openFinding(view),
    setText(text) {
      if (text === view.state.doc.toString()) return;
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text },
        // One step of its own to take back, however soon after the last key.
        annotations: isolateHistory.of('full'),
      });
    },
    close() {
      view.destroy();
      return view.state;
    },
  };
}

/** Puts the cursor of the editor in this element at a place of its text, and the reader with it. */
export function showPlace(parent: HTMLElement, line: number, column = 1): void {
  const dom = parent.querySelector<HTMLElement>('.cm-editor');
  const view = dom && EditorView.findFromDOM(dom);
  if (!view) return;
  const { from, to } = view.state.doc.line(Math.min(line, view.state.doc.lines));
  const anchor = Math.min(from + column - 1, to);
  view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
  view.focus();
}
