import { type Signal, useSignal } from '@preact/signals';
import { render } from 'preact';
import { filingWords } from '../../../text/index.ts';
import { ask } from '../dialogs.tsx';
import { Difference } from './difference.tsx';
import type { FileSet } from './file-set.ts';
import { lineDifference } from './line-difference.ts';

const { comparison: words } = filingWords;

type Other = 'start' | 'solution';

interface ComparisonOptions {
  path: string;
  set: FileSet;
  /** Nobody minds seeing a solution any more: the checks pass, or it has been shown. */
  isSolved: Signal<boolean>;
  onBack(): void;
}

/** Shows a file beside the start or a solution, in its sheet. Returns what takes it away again. */
export function showComparison(sheet: HTMLElement, options: ComparisonOptions): () => void {
  const host = document.createElement('div');
  host.className = 'comparison';
  sheet.append(host);
  sheet.toggleAttribute('data-compared', true);
  render(<Comparison {...options} />, host);
  return () => {
    render(null, host);
    host.remove();
    sheet.removeAttribute('data-compared');
  };
}

function Comparison({ path, set, isSolved, onBack }: ComparisonOptions) {
  const solution = set.solution(path);
  const other = useSignal<Other>(path in set.start ? 'start' : 'solution');
  const choose = async (wanted: Other) => {
    if (wanted === 'solution' && !isSolved.value && set.all[path] !== solution) {
      const { askTitle: title, askText: text, askConfirm: confirm } = words;
      if (!(await ask({ title, text, confirm }))) return;
      isSolved.value = true;
    }
    other.value = wanted;
  };
  const others: Other[] = [
    ...(path in set.start ? ['start' as const] : []),
    ...(solution === undefined ? [] : ['solution' as const]),
  ];
  const mine = set.all[path] ?? '';
  const [before, after] = other.value === 'start' ? [set.start[path], mine] : [mine, solution ?? ''];
  const lines = lineDifference(before, after);
  const count = (kind: 'added' | 'removed') => lines.filter((line) => line.kind === kind).length;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls
    <div role="group" aria-label={words.label(path)}>
      <p class="comparison-head">
        <span>{words.with}</span>
        {others.map((each) => (
          <button
            key={each}
            type="button"
            class="quiet-press"
            aria-pressed={other.value === each}
            onClick={() => choose(each)}
          >
            {words[each]}
          </button>
        ))}
        <button type="button" class="quiet-press back" onClick={onBack}>
          {words.back}
        </button>
      </p>
      <p class="comparison-sum" role="status">
        {before === after
          ? words.same[other.value]
          : `${words.direction[other.value]} ${words.count(count('added'), count('removed'))}`}
      </p>
      {before !== after && <Difference before={before} after={after} label={words.label(path)} />}
    </div>
  );
}
