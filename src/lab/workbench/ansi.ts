/**
 * A terminal's colours, read from what a program prints. Only colours and weights are understood; every other control
 * sequence is dropped, and what remains is text.
 */
export interface Piece {
  text: string;
  /** CSS classes, e.g. `ansi-red ansi-bold`; empty for plain text. */
  style: string;
}

const colours = ['grey', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', ''];
const weights: Record<number, string> = { 1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline' };
const endsOf: Record<number, string[]> = { 22: ['bold', 'dim'], 23: ['italic'], 24: ['underline'] };

// biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences are what is looked for
const sequence = /\u001b(?:\[([0-9;?]*)[ -/]*([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the start of a sequence whose rest has not come yet
const unfinished = /\u001b(?:\[[0-9;?]*[ -/]*|\][^\u0007\u001b]*)?$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what would show as a box
const others = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** Reads one stream piece by piece: a sequence may be cut in two, and a colour lasts until it is changed. */
export function createAnsiReader(): (text: string) => Piece[] {
  let rest = '';
  let colour = '';
  const on = new Set<string>();

  function apply(codes: string): void {
    for (const code of codes === '' ? [0] : codes.split(';').map(Number)) {
      if (code === 0) {
        on.clear();
        colour = '';
      } else if (weights[code]) on.add(weights[code]);
      else if (endsOf[code]) for (const weight of endsOf[code]) on.delete(weight);
      else if (code >= 30 && code <= 37) colour = colours[code - 30];
      else if (code >= 90 && code <= 97) colour = colours[code - 90];
      else if (code === 39) colour = '';
    }
  }

  const style = () =>
    [colour, ...on]
      .filter(Boolean)
      .map((name) => `ansi-${name}`)
      .join(' ');

  return (text) => {
    const whole = rest + text;
    rest = unfinished.exec(whole)?.[0] ?? '';
    // A sequence that never ends is no sequence.
    if (rest.length > 200) rest = '';
    const readable = whole.slice(0, whole.length - rest.length);
    const pieces: Piece[] = [];
    let from = 0;
    const take = (to: number) => {
      const plain = readable.slice(from, to).replaceAll('\r\n', '\n').replace(others, '');
      if (plain) pieces.push({ text: plain, style: style() });
    };
    for (const match of readable.matchAll(sequence)) {
      take(match.index);
      from = match.index + match[0].length;
      if (match[2] === 'm') apply(match[1]);
    }
    take(readable.length);
    return pieces;
  };
}
