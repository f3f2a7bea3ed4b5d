import type { Bounds, Codec, Wire } from './wire.ts';

/** Writes fields into a growing buffer. What it is told to write must fit: a value out of bounds is our own mistake. */
export class Writer implements Wire {
  #target = new Uint8Array(256);
  #length = 0;

  more(value?: unknown): boolean {
    return value !== undefined;
  }

  uint(size: number, value: number | undefined, name: string): number {
    const number = present(value, name);
    if (number < 0 || number >= 0x100 ** size)
      throw new RangeError(`${name}: ${number} does not fit in ${size} bytes`);
    this.#put(this.#grow(size), size, number);
    return number;
  }

  bytes(length: number, value: Uint8Array | undefined, name: string): Uint8Array {
    const bytes = present(value, name);
    if (bytes.length !== length) throw new RangeError(`${name}: ${bytes.length} bytes instead of ${length}`);
    return this.rest(bytes, name);
  }

  rest(value: Uint8Array | undefined, name: string): Uint8Array {
    const bytes = present(value, name);
    const at = this.#grow(bytes.length);
    this.#target.set(bytes, at);
    return bytes;
  }

  vector(prefix: number, bounds: Bounds, value: Uint8Array | undefined, name: string): Uint8Array {
    return this.block(prefix, bounds, name, '', '', () => this.rest(value, name));
  }

  list<T>(
    prefix: number,
    bounds: Bounds,
    items: readonly T[] | undefined,
    name: string,
    _words: string,
    _section: string,
    item: Codec<T>,
  ): T[] {
    const values = present(items, name);
    return this.block(prefix, bounds, name, '', '', () => values.map((value) => item(this, value)));
  }

  block<T>(
    prefix: number,
    [min, max]: Bounds,
    name: string,
    _words: string,
    _section: string,
    body: (wire: Wire) => T,
  ): T {
    const at = this.#grow(prefix);
    const start = this.#length;
    const value = body(this);
    const length = this.#length - start;
    if (length < min || length > max) throw new RangeError(`${name}: ${length} bytes, not ${min} to ${max}`);
    this.#put(at, prefix, length);
    return value;
  }

  group<T>(_name: string, _words: string, _section: string, body: (wire: Wire) => T): T {
    return body(this);
  }

  /** Everything written so far, as a copy of exactly that size. */
  result(): Uint8Array {
    return this.#target.slice(0, this.#length);
  }

  /** Makes room and returns where it begins. */
  #grow(count: number): number {
    const start = this.#length;
    this.#length += count;
    if (this.#length > this.#target.length) {
      const larger = new Uint8Array(Math.max(this.#target.length * 2, this.#length));
      larger.set(this.#target.subarray(0, start));
      this.#target = larger;
    }
    return start;
  }

  #put(at: number, size: number, value: number): void {
    let left = value;
    for (let index = at + size - 1; index >= at; index--) {
      this.#target[index] = left % 0x100;
      left = Math.floor(left / 0x100);
    }
  }
}

function present<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new RangeError(`${name}: no value to write`);
  return value;
}

export function encode<T>(codec: Codec<T>, value: T): Uint8Array {
  const writer = new Writer();
  codec(writer, value);
  return writer.result();
}
