/**
 * A terminal's control sequences, read from what a program prints. Colours, weights, the return to the line's start and
 * the erasing of a line are understood; every other sequence is dropped, and what remains is text.
 */
export interface Piece {
  /** May hold line ends, and `\r` where the next text is written over the line. */
  text: string;
  /** CSS classes, e.g. `ansi-red ansi-bold`; empty for plain text. */
  style: string;
  /** Instead of text: the line is emptied, from the cursor on or whole. */
  erases?: 'rest' | 'line';
}

/** The eight colours in their order. Black is grey, so that it can be read by day and by night; white is the ink's colour. */
const colours = ['grey', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', ''];
const weights: Record<number, string> = {
  1: 'bold',
  2: 'dim',
  3: 'italic',
  4: 'underline',
  7: 'inverse',
  9: 'struck',
};
const endsOf: Record<number, string[]> = {
  22: ['bold', 'dim'],
  23: ['italic'],
  24: ['underline'],
  27: ['inverse'],
  29: ['struck'],
};

const sequence =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences are what is looked for
  /\u001b(?:\[([0-9;:?<=>]*)[ -/]*([@-~])|[\]P^_X][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]*[0-~])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the start of a sequence whose rest has not come yet
const unfinished = /\u001b(?:\[[0-9;:?<=>]*[ -/]*|[\]P^_X][^\u0007\u001b]*\u001b?|[ -/]*)?$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what would show as a box
const others = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/**
 * Which of the eight colours is nearest to one of the 256, or to one of the 16 million. The page shows none but its own:
 * only of those is it known that they can be read on its ground, in both themes.
 */
function nearest(red: number, green: number, blue: number): string {
  const [least, most] = [Math.min(red, green, blue), Math.max(red, green, blue)];
  if (most - least < 40) return most > 170 ? '' : 'grey';
  const middle = (least + most) / 2;
  const bits = (red > middle ? 1 : 0) + (green > middle ? 2 : 0) + (blue > middle ? 4 : 0);
  return colours[bits];
}

/** One of a terminal's 256 colours: 16 with names, a cube of 6 × 6 × 6, and 24 greys. */
function ofPalette(index: number): string {
  if (index < 16) return colours[index % 8];
  if (index >= 232) return index > 248 ? '' : 'grey';
  const level = (step: number) => (step === 0 ? 0 : 55 + 40 * step);
  const cube = index - 16;
  return nearest(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

/** Reads one stream piece by piece: a sequence may be cut in two, and a colour lasts until it is changed. */
export function createAnsiReader(): (text: string) => Piece[] {
  let rest = '';
  let colour = '';
  /** Of the ground; undefined for the page's own. */
  let ground: string | undefined;
  const on = new Set<string>();

  function apply(parameters: string): void {
    const codes = parameters.split(/[;:]/).map(Number);
    for (let at = 0; at < codes.length; at += 1) {
      const code = codes[at];
      if (code === 38 || code === 48) {
        const isPalette = codes[at + 1] === 5;
        const [red = 0, green = 0, blue = 0] = codes.slice(at + 2);
        const found = isPalette ? ofPalette(red) : nearest(red, green, blue);
        if (code === 38) colour = found;
        // Dark grounds are what a terminal has anyway.
        else ground = found === 'grey' ? undefined : found;
        at += isPalette ? 2 : 4;
      } else applyOne(code);
    }
  }

  function applyOne(code: number): void {
    if (code === 0) {
      on.clear();
      colour = '';
      ground = undefined;
    } else if (weights[code]) on.add(weights[code]);
    else if (endsOf[code]) for (const weight of endsOf[code]) on.delete(weight);
    else if (code >= 30 && code <= 37) colour = colours[code - 30];
    else if (code >= 90 && code <= 97) colour = colours[code - 90];
    else if (code === 39) colour = '';
    // A terminal's own ground is black: who asks for it asks for nothing.
    else if (code >= 41 && code <= 47) ground = colours[code - 40];
    else if (code >= 101 && code <= 107) ground = colours[code - 100];
    else if (code === 40 || code === 49 || code === 100) ground = undefined;
  }

  /** A coloured ground is that colour turned inside out: its text then has the page's ground, and can be read. */
  const style = () =>
    [ground ?? colour, ...on, ground !== undefined && !on.has('inverse') ? 'inverse' : '']
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
      const [, parameters, final] = match;
      if (final === 'm') apply(parameters);
      else if (final === 'K')
        pieces.push({ text: '', style: '', erases: parameters === '2' ? 'line' : 'rest' });
    }
    take(readable.length);
    return pieces;
  };
}
