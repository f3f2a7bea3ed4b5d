import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { filingWords } from '../../../text/index.ts';
import type { LabFiles } from './files.ts';
import { rowAfter, rowNamed, type TreeRow, treeRows } from './tree-rows.ts';

const words = filingWords;
/** Letters typed within this many milliseconds belong to one name. */
const TYPED_TOGETHER = 700;

/** Every file of the lab as a tree: arrow keys, Home, End, letters, and Enter to open. */
export function Tree({ files, onOpen }: { files: LabFiles; onOpen(path: string): void }) {
  const folded = useSignal<ReadonlySet<string>>(new Set());
  const focused = useSignal('');
  const typed = useRef({ text: '', at: 0 });
  const list = useRef<HTMLUListElement>(null);
  const rows = treeRows(files.set.paths, folded.value);
  const atShown = rows.findIndex(({ path }) => path === files.shown.value);
  const atFocused = rows.findIndex(({ path }) => path === focused.value);
  /** The one line that Tab reaches. */
  const stop = atFocused >= 0 ? atFocused : Math.max(atShown, 0);

  const go = (index: number) => {
    focused.value = rows[index].path;
    list.current?.children[index].querySelector<HTMLElement>('[role="treeitem"]')?.focus();
  };
  const fold = (path: string, isWanted: boolean) => {
    const others = [...folded.value].filter((each) => each !== path);
    folded.value = new Set(isWanted ? [...others, path] : others);
  };
  const act = ({ path, isFolder, isFolded }: TreeRow) => {
    if (isFolder) fold(path, !isFolded);
    else onOpen(path);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows[stop];
    if ([...event.key].length > 1) typed.current.text = '';
    if (event.key === 'Enter' || event.key === ' ') act(row);
    else if (event.key === 'ArrowRight' && row.isFolded) fold(row.path, false);
    else if (event.key === 'ArrowLeft' && row.isFolder && !row.isFolded) fold(row.path, true);
    else {
      const index = rowAfter(event.key, stop, rows) ?? byLetters(event);
      if (index === undefined) return;
      go(index);
    }
    event.preventDefault();
  };
  const byLetters = ({ key, timeStamp }: KeyboardEvent) => {
    if ([...key].length !== 1) return undefined;
    const { text, at } = typed.current;
    typed.current = { text: timeStamp - at < TYPED_TOGETHER ? text + key : key, at: timeStamp };
    return rowNamed(typed.current.text, stop, rows) ?? stop;
  };

  return (
    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a tree's lines are a list where nothing else is known
    <ul role="tree" aria-label={words.treeLabel} ref={list} onKeyDown={onKey}>
      {rows.map((row, index) => (
        <li key={row.path} role="none">
          <Line
            row={row}
            files={files}
            isStop={index === stop}
            onPress={() => {
              go(index);
              act(row);
            }}
          />
        </li>
      ))}
    </ul>
  );
}

interface LineOptions {
  row: TreeRow;
  files: LabFiles;
  isStop: boolean;
  onPress(): void;
}

function Line({ row, files, isStop, onPress }: LineOptions) {
  const { path, name, level, isFolder, isFolded, place, siblings } = row;
  const mark = files.set.marks.value.get(path);
  const said = [
    ...(files.tabs.value.includes(path) ? [words.opened] : []),
    ...(mark ? [words.marks[mark]] : []),
    ...(mark && !files.isKept.value ? [words.notKept] : []),
  ];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree hears the keys of all its lines
    <div
      role="treeitem"
      aria-level={level}
      aria-posinset={place}
      aria-setsize={siblings}
      aria-expanded={isFolder ? !isFolded : undefined}
      aria-selected={isFolder ? undefined : files.shown.value === path}
      tabIndex={isStop ? 0 : -1}
      style={{ '--level': level }}
      data-path={path}
      data-mark={mark}
      onClick={onPress}
    >
      <span class="tree-name">{name}</span>
      {said.length > 0 && <span class="tree-mark"> {said.join(', ')}</span>}
    </div>
  );
}
