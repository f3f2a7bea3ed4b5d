import { ui } from '../../../text/index.ts';
import { lineDifference } from './line-difference.ts';

const { dialog: words } = ui.lab;

const marks = { same: '  ', removed: '− ', added: '+ ' };

/** What differs, line by line: a mark and, for who listens, a word before each line that is not the same. */
export function Difference({ before, after, label }: { before: string; after: string; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls
    <pre class="difference" tabIndex={0} role="group" aria-label={label}>
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
