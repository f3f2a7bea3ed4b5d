import type { Annotator } from './annotator.ts';
import { type Bounds, type Codec, type Content, DecodeError, type Format, type Wire } from './wire.ts';

const LENGTH_WORDS = 'How many bytes follow.';

/**
 * Reads fields from bytes. Every length is a bracket: whatever is described inside must use it up exactly.
 * Byte values are views of the source, not copies.
 */
export class Reader implements Wire {
  readonly #source: Uint8Array;
  readonly #notes: Annotator | undefined;
  #offset = 0;
  #limit: number;

  constructor(source: Uint8Array, notes?: Annotator) {
    this.#source = source;
    this.#limit = source.length;
    this.#notes = notes;
  }

  more(): boolean {
    return this.#offset < this.#limit;
  }

  uint(size: number, _value: unknown, name: string, words: string, section: string, format?: Format): number {
    const start = this.#offset;
    const value = this.#number(size, name);
    this.#notes?.number(name, value, start, size, words, section, format);
    return value;
  }

  bytes(length: number, _value: unknown, name: string, words: string, section: string): Uint8Array {
    return this.#take(length, name, words, section);
  }

  rest(
    _value: unknown,
    name: string,
    words: string,
    section: string,
    content?: Content,
    format?: Format,
  ): Uint8Array {
    const start = this.#offset;
    const inside = content && this.#notes?.codecOf(content);
    if (!this.#notes || !inside) return this.#take(this.#limit - start, name, words, section, format);
    const mark = this.#notes.mark();
    const limit = this.#limit;
    try {
      inside(this);
      this.#exhausted(name);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#notes.rollBack(mark);
      this.#offset = start;
      this.#limit = limit;
      this.#take(this.#limit - start, name, words, section);
    }
    return this.#source.subarray(start, this.#limit);
  }

  vector(
    prefix: number,
    bounds: Bounds,
    _value: unknown,
    name: string,
    words: string,
    section: string,
    format?: Format,
  ): Uint8Array {
    return this.block(prefix, bounds, name, words, section, () => {
      const value = this.rest(undefined, name, words, section, undefined, format);
      this.#notes?.say(value, format);
      return value;
    });
  }

  list<T>(
    prefix: number,
    bounds: Bounds,
    _items: unknown,
    name: string,
    words: string,
    section: string,
    item: Codec<T>,
  ): T[] {
    return this.block(prefix, bounds, name, words, section, () => {
      const items: T[] = [];
      while (this.more()) items.push(item(this));
      return items;
    });
  }

  block<T>(
    prefix: number,
    [min, max]: Bounds,
    name: string,
    words: string,
    section: string,
    body: (wire: Wire) => T,
  ): T {
    const start = this.#offset;
    this.#notes?.open(name, words, section, start);
    const length = this.#number(prefix, name);
    this.#notes?.number('length', length, start, prefix, LENGTH_WORDS, section);
    if (length < min || length > max) throw new DecodeError(name, `${min} to ${max} bytes`, `${length}`);
    const outer = this.#limit;
    const end = this.#offset + length;
    if (end > outer) throw new DecodeError(name, `${length} bytes`, `${outer - this.#offset}`);
    this.#limit = end;
    const value = body(this);
    this.#exhausted(name);
    this.#limit = outer;
    this.#notes?.close(end);
    return value;
  }

  group<T>(name: string, words: string, section: string, body: (wire: Wire) => T): T {
    this.#notes?.open(name, words, section, this.#offset);
    const value = body(this);
    this.#notes?.close(this.#offset);
    return value;
  }

  /** The message must end where its description ends. */
  finish(name: string): void {
    this.#exhausted(name);
  }

  #exhausted(name: string): void {
    if (this.more())
      throw new DecodeError(name, 'nothing more', `${this.#limit - this.#offset} trailing bytes`);
  }

  #number(size: number, name: string): number {
    if (this.#offset + size > this.#limit)
      throw new DecodeError(name, `${size} bytes`, `${this.#limit - this.#offset}`);
    let value = 0;
    for (let index = 0; index < size; index++) value = value * 0x100 + this.#source[this.#offset++];
    return value;
  }

  #take(length: number, name: string, words: string, section: string, format?: Format): Uint8Array {
    const start = this.#offset;
    if (start + length > this.#limit)
      throw new DecodeError(name, `${length} bytes`, `${this.#limit - start}`);
    this.#offset = start + length;
    const value = this.#source.subarray(start, this.#offset);
    if (length > 0) this.#notes?.bytes(name, value, start, words, section, format);
    return value;
  }
}

/** Reads one whole value; bytes left over are an error. */
export function decode<T>(codec: Codec<T>, source: Uint8Array, name: string): T {
  const reader = new Reader(source);
  const value = codec(reader);
  reader.finish(name);
  return value;
}
