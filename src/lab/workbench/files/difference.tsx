import { useLayoutEffect, useRef } from 'preact/hooks';
import { ui } from '../../../text/index.ts';
import { lineDifference } from './line-difference.ts';

const { dialog: words } = ui.lab;

const marks = { same: '  ', removed: '− ', added: '+ ' };

/** Lines of context above the first change, where the text begins further up. */
const CONTEXT_LINES = 3;

/**
 * What differs, line by line: a mark and, for who listens, a word before each line that is not the same. Where the text
 * scrolls, it begins at the first change.
 */
export function Difference({ before, after, label }: { before: string; after: string; label: string }) {
  const text = useRef<HTMLPreElement>(null);
  useLayoutEffect(() => {
    const lines = [...(text.current?.children ?? [])] as HTMLElement[];
    const first = lines.findIndex(({ className }) => className !== 'same');
    const top = lines[Math.max(0, first - CONTEXT_LINES)];
    if (text.current && top) text.current.scrollTop = top.offsetTop - lines[0].offsetTop;
  }, [before, after]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls
    <pre ref={text} class="difference" tabIndex={0} role="group" aria-label={label}>
      {lineDifference(before, after).map(({ kind, text }, index) => (
        <span key={index} class={kind}>
          {kind !== 'same' && <span class="visually-hidden">{words[kind]}: </span>}
          {marks[kind]}
          {text}
        </span>
      ))}
    </pre>
  );
}
