import type { Piece } from './ansi.ts';

type Styled = Pick<Piece, 'text' | 'style'>;

/** A line of a console as a terminal holds it: text that may be written over from its start. */
export class ConsoleLine {
  readonly kind: 'out' | 'err' | 'typed' | 'divider';
  /** Milliseconds since the run began. */
  readonly time: number;
  #pieces: Styled[] = [];
  #length = 0;
  #cursor = 0;

  constructor(kind: ConsoleLine['kind'], time: number) {
    this.kind = kind;
    this.time = time;
  }

  get pieces(): readonly Styled[] {
    return this.#pieces;
  }

  get text(): string {
    return this.#pieces.map(({ text }) => text).join('');
  }

  get length(): number {
    return this.#length;
  }

  /** Writes at the cursor, over what stands there. The text holds no line end. */
  write(text: string, style: string): void {
    if (text === '') return;
    if (this.#cursor === this.#length) {
      const last = this.#pieces.at(-1);
      if (last?.style === style) last.text += text;
      else this.#pieces.push({ text, style });
    } else {
      const end = this.#cursor + text.length;
      this.#pieces = [...this.#cut(0, this.#cursor), { text, style }, ...this.#cut(end, this.#length)];
    }
    this.#cursor += text.length;
    this.#length = Math.max(this.#length, this.#cursor);
  }

  /** Back to the line's start: what comes next is written over it. */
  return(): void {
    this.#cursor = 0;
  }

  erase(what: 'rest' | 'line'): void {
    if (what === 'line') this.#cursor = 0;
    this.#pieces = this.#cut(0, this.#cursor);
    this.#length = this.#cursor;
  }

  #cut(from: number, to: number): Styled[] {
    let at = 0;
    return this.#pieces.flatMap(({ text, style }) => {
      const part = text.slice(Math.max(0, from - at), Math.max(0, to - at));
      at += text.length;
      return part ? [{ text: part, style }] : [];
    });
  }
}
