import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import { filingWords } from '../../../text/index.ts';
import { element } from '../elements.ts';
import { showComparison } from './comparison.tsx';
import type { LabFiles } from './files.ts';

const words = filingWords;

/** Below the file that is shown: how it stands to the start, and what can be done with it. */
export function openFileBar(root: HTMLElement, files: LabFiles): void {
  const bar = element('div', 'file-bar', '');
  const acts = element('div', 'file-acts', '');
  acts.setAttribute('role', 'group');
  acts.setAttribute('aria-label', words.bar);
  const help = root.querySelector('[data-editor-help]') as HTMLElement;
  help.after(bar);
  bar.append(help, acts);
  const toCompare = () => acts.querySelector<HTMLElement>('[data-compare]')?.focus();
  showComparisons(files, toCompare);
  render(<FileActs files={files} />, acts);
}

/** Each compared file has its comparison in its sheet; the way back leads to the button that showed it. */
function showComparisons(files: LabFiles, onBack: () => void): void {
  const isSolved = signal(false);
  const open = new Map<string, () => void>();
  effect(() => {
    const wanted = files.compared.value;
    for (const [path, end] of open) {
      if (wanted.has(path)) continue;
      open.delete(path);
      end();
    }
    for (const path of wanted) {
      const sheet = files.sheet(path);
      if (open.has(path) || !sheet) continue;
      isSolved.value ||= document.querySelector('[data-exercise][data-state="passed"]') !== null;
      const back = () => {
        files.compare(path, false);
        onBack();
      };
      open.set(path, showComparison(sheet, { path, set: files.set, isSolved, onBack: back }));
    }
  });
}

function FileActs({ files }: { files: LabFiles }) {
  const { set } = files;
  const path = files.shown.value;
  const mark = set.marks.value.get(path);
  const isFile = path in set.all || path in set.start;
  const isMine = set.canEdit(path) || mark !== undefined;
  const undo = files.undo.value;
  const canClose = isFile && files.isClosable(path);
  if (!isFile && !undo) return null;
  return (
    <>
      <span class="file-mark" role="status">
        {mark && !files.isKept.value && words.notKeptWhy}
        {isFile && !isMine && words.readOnly}
      </span>
      {undo && undo.path !== path && (
        <Act name="undo" label={words.undo.deleted(undo.path)} onPress={() => files.takeBack()} />
      )}
      {files.edited.value === path && <Act name="find" label={words.find} onPress={() => files.find()} />}
      {isMine && mark !== 'deleted' && (
        <Act
          name="compare"
          label={words.compare}
          isPressed={files.compared.value.has(path)}
          onPress={() => files.compare(path, !files.compared.value.has(path))}
        />
      )}
      {isMine && path in set.start && mark !== 'deleted' && <Reset files={files} path={path} />}
      {mark === 'deleted' ? (
        <Act name="delete" label={words.restore} onPress={() => bringBack(files, path)} />
      ) : (
        set.canDelete(path) && <Act name="delete" label={words.delete} onPress={() => files.remove(path)} />
      )}
      {canClose && <Act name="close" label={words.close} onPress={() => files.close(path)} />}
    </>
  );
}

/** The text that was deleted in this visit, or else the start. */
function bringBack(files: LabFiles, path: string): void {
  if (files.undo.value?.path === path) files.takeBack();
  else files.resetOne(path);
}

/** One button for both ways, so that the focus stays where it is. */
function Reset({ files, path }: { files: LabFiles; path: string }) {
  const undo = files.undo.value;
  const canUndo = undo?.path === path && undo.kind === 'reset';
  const isIdle = !canUndo && !files.set.marks.value.has(path);
  return (
    <Act
      name="reset"
      label={canUndo ? words.undo.reset : words.reset}
      isIdle={isIdle}
      onPress={() => (canUndo ? files.takeBack() : files.resetOne(path))}
    />
  );
}

interface ActOptions {
  name: 'find' | 'compare' | 'reset' | 'delete' | 'close' | 'undo';
  label: string;
  isPressed?: boolean;
  /** There is nothing to do; it can still be reached, so that the focus is not lost. */
  isIdle?: boolean;
  onPress(): void;
}

function Act({ name, label, isPressed, isIdle = false, onPress }: ActOptions) {
  return (
    <button
      type="button"
      class="quiet-press"
      {...{ [`data-${name}`]: '' }}
      aria-pressed={isPressed}
      aria-disabled={isIdle}
      onClick={isIdle ? undefined : onPress}
    >
      {label}
    </button>
  );
}
