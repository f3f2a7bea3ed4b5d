import { ui } from '../../../text/index.ts';
import { element } from '../elements.ts';
import { createAnsiReader, type Piece } from './ansi.ts';
import { ConsoleLine } from './console-line.ts';
import { ConsoleTools } from './console-tools.ts';
import { type Mentioning, withMentions } from './mentions.ts';

/** Lines kept in the page; a program that prints without end must not fill it. */
const KEPT_LINES = 1000;
/** What may wait for the next frame. In a page that nobody looks at there is none for a long time. */
const WAITING_CHARACTERS = 200_000;
/** Who prints more than can be kept is drawn at this pace, not at that of the frames. */
const FLOOD_MILLISECONDS = 120;
/** Lines that are laid out together. Those out of sight are not laid out at all. */
const BLOCK_LINES = 50;
/** A longer line goes on in the next: it is drawn anew with each piece that comes. */
const LONGEST_LINE = 20_000;
/** A line's end, a return to its start, or as much of its text as goes into one line; no character is cut in two. */
const PARTS = new RegExp(`[\\n\\r]|[^\\n\\r]{1,${LONGEST_LINE}}`, 'gu');

type Stream = 'stdout' | 'stderr';

/** What consoles have in common. */
export interface Surroundings extends Mentioning {
  /** When the run began, by `performance.now()`. */
  began(): number;
  say(sentence: (count: number) => string): void;
}

/** One process's console. What a program prints becomes text nodes, never markup. */
export class Console {
  readonly name: string;
  readonly #root: HTMLElement;
  readonly #around: Surroundings;
  readonly #state: HTMLElement | null;
  #output: HTMLElement | undefined;
  #tools: ConsoleTools | undefined;
  #readers = { stdout: createAnsiReader(), stderr: createAnsiReader() };
  #waiting: { stream: Stream; text: string; time: number }[] = [];
  #waitingCharacters = 0;
  #lines: ConsoleLine[] = [];
  readonly #drawn = new Map<ConsoleLine, HTMLElement>();
  /** The line that is not ended yet, and the lines that are to be drawn, anew or at all. */
  #open: ConsoleLine | undefined;
  #undrawn = new Set<ConsoleLine>();
  #isDue = false;
  #left = 0;
  #filter = '';
  #height = 0;
  /** Where this run first complained: shown rather than the end. */
  #fault: ConsoleLine | undefined;

  constructor(root: HTMLElement, around: Surroundings) {
    this.#root = root;
    this.#around = around;
    this.#state = root.querySelector('[data-process-state]');
    this.name = root.dataset.process as string;
  }

  show(state: 'idle' | 'starting' | 'running' | 'listening' | 'ended', words: string): void {
    this.#root.dataset.state = state;
    delete this.#root.dataset.earlier;
    if (this.#state) this.#state.textContent = words;
  }

  /** Another run begins: what stands here stays to be read, and says of itself that it is of an earlier one. */
  age(): void {
    if (!this.#output || 'earlier' in this.#root.dataset) return;
    this.#root.dataset.earlier = '';
    if (this.#state) this.#state.textContent = ui.lab.state.earlier(this.#state.textContent ?? '');
  }

  /** Takes lines of the reader's for the process, or no more. */
  accept(write: ((text: string) => Promise<void>) | undefined): void {
    this.open();
    this.#tools?.accept(
      write &&
        ((line) => {
          this.#flushText();
          this.#begin('typed', performance.now() - this.#around.began()).write(line, '');
          this.#end();
          write(`${line}\n`);
        }),
    );
  }

  /** Empties it for a new run. It keeps its height, so that nothing below it moves. */
  clear(): void {
    this.#height = this.#output?.offsetHeight ?? 0;
    this.#output?.remove();
    this.#output = undefined;
    this.#waiting = [];
    this.#waitingCharacters = 0;
    this.#lines = [];
    this.#drawn.clear();
    this.#undrawn.clear();
    this.#open = undefined;
    this.#left = 0;
    this.#fault = undefined;
    this.#readers = { stdout: createAnsiReader(), stderr: createAnsiReader() };
  }

  /** As before the first run. */
  reset(): void {
    this.clear();
    this.#height = 0;
    this.#filter = '';
    this.#tools?.remove();
    this.#tools = undefined;
    this.show('idle', ui.lab.state.idle);
  }

  /** Brings it into view within the row of consoles; the page itself stays where it is. */
  reveal(): void {
    const list = this.#root.parentElement;
    if (!list || list.scrollHeight <= list.clientHeight) return;
    const above = this.#root.getBoundingClientRect().top - list.getBoundingClientRect().top;
    const below = above + this.#root.offsetHeight - list.clientHeight;
    if (above < 0) list.scrollTop += above;
    else if (below > 0) {
      list.scrollTop += Math.min(below, above);
      if (below < above) list.scrollTop += Math.min(restOfCutLine(list), above - below);
    }
  }

  /** What it has printed may have grown out of sight: whoever can see its head sees the rest as well. */
  revealRest(): void {
    const list = this.#root.parentElement?.getBoundingClientRect();
    const { top } = this.#root.getBoundingClientRect();
    if (list && top >= list.top && top < list.bottom) this.reveal();
  }

  /** Makes room for output, so that nothing moves when it arrives. */
  open(): HTMLElement {
    if (this.#output) return this.#output;
    const output = document.createElement('pre');
    output.className = 'output';
    output.tabIndex = 0;
    output.setAttribute('role', 'group');
    output.setAttribute('aria-label', `${this.name}: ${ui.lab.output}`);
    if (this.#height > 0) output.style.minHeight = `${this.#height}px`;
    this.#root.append(output);
    this.#output = output;
    this.#tools ??= new ConsoleTools(this.#root, this.name, {
      filter: (text) => this.#filterBy(text),
      copy: () => this.#copy(),
    });
    return output;
  }

  divide(words: string): void {
    this.#flushText();
    this.#fault = undefined;
    this.#begin('divider', performance.now() - this.#around.began()).write(words, '');
    this.#end();
  }

  /** What is printed waits for the next frame: a program may print thousands of lines between two. */
  write(stream: Stream, text: string): void {
    this.#waiting.push({ stream, text, time: performance.now() - this.#around.began() });
    this.#waitingCharacters += text.length;
    while (this.#waitingCharacters > WAITING_CHARACTERS && this.#waiting.length > 1) {
      const dropped = this.#waiting.shift()?.text ?? '';
      this.#waitingCharacters -= dropped.length;
      this.#left += linesIn(dropped);
    }
    this.#isNowDue();
  }

  /** Puts what waits into the page now, so that a verdict never stands beside a console that lags behind it. */
  flush(): void {
    this.#isDue = false;
    this.#flushText();
    if (this.#undrawn.size === 0) return;
    if (this.#lines.length > KEPT_LINES) this.#forget();
    const output = this.open();
    const wasAtEnd = output.scrollTop + output.clientHeight >= output.scrollHeight - 4;
    const lines = this.#lines.filter((line) => this.#undrawn.has(line));
    const follows = wasAtEnd || lines.some(({ kind }) => kind === 'divider');
    this.#undrawn.clear();
    for (const line of lines) {
      const drawn = this.#drawn.get(line);
      const element = this.#draw(line);
      if (drawn) drawn.replaceWith(element);
      else blockFor(output).append(element);
      this.#drawn.set(line, element);
    }
    if (this.#left > 0) output.dataset.left = ui.lab.shortened(this.#left);
    this.#sayHidden();
    if (!follows) return;
    // An error says what it is in its first line; the frames below it would push that out of sight.
    this.#fault ??= lines.find(({ kind, text }) => kind === 'err' || text.startsWith('not ok '));
    const fault = this.#fault && this.#drawn.get(this.#fault);
    if (fault?.isConnected) {
      output.scrollTop += fault.getBoundingClientRect().top - output.getBoundingClientRect().top;
    } else output.scrollTop = output.scrollHeight;
  }

  #isNowDue(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    const draw = () => requestAnimationFrame(() => this.#isDue && this.flush());
    if (this.#left === 0) draw();
    else setTimeout(draw, FLOOD_MILLISECONDS);
  }

  #flushText(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingCharacters = 0;
    for (const { stream, text, time } of waiting) {
      for (const piece of this.#readers[stream](text)) {
        this.#writePiece(stream === 'stderr' ? 'err' : 'out', piece, time);
      }
    }
  }

  #writePiece(kind: 'out' | 'err', { text, style, erases }: Piece, time: number): void {
    if (erases) {
      this.#open?.erase(erases);
      if (this.#open) this.#undrawn.add(this.#open);
      return;
    }
    for (const part of text.match(PARTS) ?? []) {
      if (this.#open?.kind !== kind || this.#open.length >= LONGEST_LINE) this.#begin(kind, time);
      if (part === '\n') this.#end();
      else if (part === '\r') this.#open?.return();
      else this.#open?.write(part, style);
    }
  }

  #begin(kind: ConsoleLine['kind'], time: number): ConsoleLine {
    const line = new ConsoleLine(kind, time);
    this.#open = line;
    this.#lines.push(line);
    this.#undrawn.add(line);
    if (this.#lines.length > 2 * KEPT_LINES) this.#forget();
    this.#isNowDue();
    return line;
  }

  #end(): void {
    if (this.#open) this.#undrawn.add(this.#open);
    this.#open = undefined;
    this.#isNowDue();
  }

  /** The earliest lines go, many at a time. */
  #forget(): void {
    const forgotten = this.#lines.splice(0, this.#lines.length - KEPT_LINES);
    this.#left += forgotten.length;
    for (const line of forgotten) {
      const drawn = this.#drawn.get(line);
      const block = drawn?.parentElement;
      drawn?.remove();
      if (block?.childElementCount === 0) block.remove();
      for (const kept of [this.#drawn, this.#undrawn]) kept.delete(line);
    }
  }

  #draw(line: ConsoleLine): HTMLElement {
    const made = element('span', line.kind === 'divider' ? 'divider' : `line ${line.kind}`, '');
    made.dataset.time = (line.time / 1000).toFixed(3);
    for (const { text, style } of line.pieces) {
      const nodes = line.kind === 'out' || line.kind === 'err' ? withMentions(text, this.#around) : [text];
      if (!style) made.append(...nodes);
      else {
        const styled = element('span', style, '');
        styled.append(...nodes);
        made.append(styled);
      }
    }
    made.append('\n');
    made.hidden = this.#isHidden(line);
    return made;
  }

  #isHidden(line: ConsoleLine): boolean {
    return this.#filter !== '' && line.kind !== 'divider' && !line.text.toLowerCase().includes(this.#filter);
  }

  #filterBy(text: string): void {
    this.#filter = text.toLowerCase();
    for (const [line, drawn] of this.#drawn) drawn.hidden = this.#isHidden(line);
    this.#sayHidden();
  }

  #sayHidden(): void {
    const hidden = this.#lines.filter((line) => this.#isHidden(line)).length;
    this.#tools?.tell(this.#filter === '' ? '' : ui.console.hidden(hidden));
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.#lines.map((line) => `${line.text}\n`).join(''));
      this.#around.say((count) => ui.console.copied(count, this.name, this.#lines.length));
      this.#tools?.tell(ui.console.isCopied);
    } catch {
      this.#around.say(ui.console.notCopied);
      this.#tools?.tell(ui.console.isNotCopied);
    }
  }
}

/** How many lines a text would be here: one that does not end is cut. */
function linesIn(text: string): number {
  let ends = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) ends += 1;
  return ends || Math.ceil(text.length / LONGEST_LINE);
}

/** How much is seen of a line that the upper edge of the list cuts: scrolled on by that, it is out of sight whole. */
function restOfCutLine(list: Element): number {
  const { top } = list.getBoundingClientRect();
  const cut = [...list.querySelectorAll<HTMLElement>(':scope > .console > .output')].find(
    (output) => output.getBoundingClientRect().bottom > top,
  );
  if (!cut) return 0;
  const { paddingBlockStart, lineHeight } = getComputedStyle(cut);
  const first = cut.getBoundingClientRect().top + Number.parseFloat(paddingBlockStart) - cut.scrollTop;
  const line = Number.parseFloat(lineHeight);
  const gone = top - first;
  return gone > 0 ? line - (gone % line) : 0;
}

/** Where the next line goes: into the last block, or a new one when that is full. */
function blockFor(output: HTMLElement): Element {
  const last = output.lastElementChild;
  if (last && last.childElementCount < BLOCK_LINES) return last;
  last?.classList.add('full');
  const block = element('span', 'block', '');
  output.append(block);
  return block;
}
