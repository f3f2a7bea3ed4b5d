import { ui } from '../../text/index.ts';
import { createAnsiReader, type Piece } from './ansi.ts';

/** Lines kept in the page; a program that prints without end must not fill it. */
const KEPT_LINES = 1000;

/** One process's console. What a program prints becomes text nodes, never markup. */
export class Console {
  readonly #root: HTMLElement;
  readonly #state: HTMLElement | null;
  #output: HTMLElement | undefined;
  #readers = { stdout: createAnsiReader(), stderr: createAnsiReader() };
  #line: { element: HTMLElement; stream: 'stdout' | 'stderr' } | undefined;
  #waiting: DocumentFragment | undefined;
  #left = 0;
  /** Where this run first complained: shown rather than the end. */
  #fault: HTMLElement | undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#state = root.querySelector('[data-process-state]');
  }

  show(state: 'idle' | 'starting' | 'running' | 'listening' | 'ended', words: string): void {
    this.#root.dataset.state = state;
    if (this.#state) this.#state.textContent = words;
  }

  /** Empties it for a new run. */
  clear(): void {
    this.#output?.remove();
    this.#output = undefined;
    this.#line = undefined;
    this.#waiting = undefined;
    this.#left = 0;
    this.#fault = undefined;
    this.#readers = { stdout: createAnsiReader(), stderr: createAnsiReader() };
  }

  /** Brings it into view within the row of consoles; the page itself stays where it is. */
  reveal(): void {
    const list = this.#root.parentElement;
    if (!list || list.scrollHeight <= list.clientHeight) return;
    const above = this.#root.getBoundingClientRect().top - list.getBoundingClientRect().top;
    const below = above + this.#root.offsetHeight - list.clientHeight;
    if (above < 0) list.scrollTop += above;
    else if (below > 0) list.scrollTop += Math.min(below, above);
  }

  /** Makes room for output, so that nothing moves when it arrives. */
  open(): HTMLElement {
    if (this.#output) return this.#output;
    const output = document.createElement('pre');
    output.className = 'output';
    output.tabIndex = 0;
    output.setAttribute('role', 'group');
    output.setAttribute('aria-label', `${this.#root.dataset.process}: ${ui.lab.output}`);
    this.#root.append(output);
    this.#output = output;
    return output;
  }

  divide(words: string): void {
    this.#line = undefined;
    this.#fault = undefined;
    this.#add(element('span', 'divider', `${words}\n`));
  }

  write(stream: 'stdout' | 'stderr', text: string): void {
    for (const piece of this.#readers[stream](text)) this.#writePiece(stream, piece);
  }

  #writePiece(stream: 'stdout' | 'stderr', { text, style }: Piece): void {
    const parts = text.split('\n');
    parts.forEach((part, index) => {
      const isLast = index === parts.length - 1;
      if (isLast && part === '') return;
      if (!this.#line || this.#line.stream !== stream) {
        const line = element('span', stream === 'stderr' ? 'line err' : 'line', '');
        this.#line = { element: line, stream };
        this.#add(line);
      }
      this.#line.element.append(style ? element('span', style, part) : part);
      if (isLast) return;
      this.#line.element.append('\n');
      this.#line = undefined;
    });
  }

  /** Lines are put into the page once a frame: a program may print thousands of them between two. */
  #add(line: HTMLElement): void {
    if (!this.#waiting) {
      this.#waiting = document.createDocumentFragment();
      requestAnimationFrame(() => this.flush());
    }
    this.#waiting.append(line);
    if (this.#waiting.childNodes.length > KEPT_LINES) {
      this.#waiting.firstChild?.remove();
      this.#left += 1;
    }
  }

  /** Puts what waits into the page now, so that a verdict never stands beside a console that lags behind it. */
  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (!waiting) return;
    const output = this.open();
    const wasAtEnd = output.scrollTop + output.clientHeight >= output.scrollHeight - 4;
    const follows = wasAtEnd || waiting.querySelector('.divider') !== null;
    this.#fault ??= firstFault(waiting);
    output.append(waiting);
    while (output.childNodes.length > KEPT_LINES) {
      output.firstChild?.remove();
      this.#left += 1;
    }
    if (this.#left > 0) output.dataset.left = ui.lab.shortened(this.#left);
    if (!follows) return;
    // An error says what it is in its first line; the frames below it would push that out of sight.
    if (this.#fault?.isConnected) {
      output.scrollTop += this.#fault.getBoundingClientRect().top - output.getBoundingClientRect().top;
    } else output.scrollTop = output.scrollHeight;
  }
}

/** The first line on stderr, or of a check that failed. */
function firstFault(lines: DocumentFragment): HTMLElement | undefined {
  return [...lines.querySelectorAll<HTMLElement>('.line')].find(
    (line) => line.classList.contains('err') || line.textContent.startsWith('not ok '),
  );
}

export function element(name: string, className: string, text: string): HTMLElement {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}
