import { hexNumber, nameOf } from './registries.ts';
import { type AnyCodec, bytesToText, type Content, type Format } from './wire.ts';

/**
 * What one field, or one structure of fields, says. A note without children is a leaf; the leaves of a message
 * cover each of its bytes exactly once. A structure that holds nothing has a length of 0 and no children.
 */
export interface Note {
  /** As the RFC spells it. */
  readonly name: string;
  /** The value in words; empty for a structure of several fields. */
  value: string;
  readonly offset: number;
  length: number;
  /** What the field is for. */
  readonly words: string;
  /** Where that is written, e.g. `RFC 8446 §4.1.2`. */
  readonly section: string;
  readonly children: Note[];
}

/** Collects notes while a Reader reads. */
export class Annotator {
  readonly notes: Note[] = [];
  readonly #open: Note[] = [];
  readonly #base: number;
  /** How to read what stands inside messages and extensions; undefined for what nobody can explain. */
  readonly codecOf: (content: Content) => AnyCodec | undefined;

  /** `base` is added to every offset, for a message that lies within something larger. */
  constructor(base: number, codecOf: Annotator['codecOf']) {
    this.#base = base;
    this.codecOf = codecOf;
  }

  open(name: string, words: string, section: string, offset: number): void {
    const note = this.#note(name, '', offset, 0, words, section);
    this.#siblings().push(note);
    this.#open.push(note);
  }

  close(end: number): void {
    const note = this.#open.pop();
    if (note) note.length = end + this.#base - note.offset;
  }

  number(
    name: string,
    value: number,
    offset: number,
    length: number,
    words: string,
    section: string,
    format?: Format,
  ): void {
    this.#siblings().push(
      this.#note(name, numberText(value, length, format), offset, length, words, section),
    );
  }

  bytes(
    name: string,
    value: Uint8Array,
    offset: number,
    words: string,
    section: string,
    format?: Format,
  ): void {
    const text = bytesText(value, format);
    this.#siblings().push(this.#note(name, text, offset, value.length, words, section));
  }

  /** What a vector of plain bytes says, told at the vector as well as at its leaf. */
  say(value: Uint8Array, format?: Format): void {
    const vector = this.#open.at(-1);
    if (vector) vector.value = bytesText(value, format);
  }

  /** Nothing more can be read: what is left up to `end` becomes one leaf where the reading stopped. */
  giveUp(rest: Uint8Array, end: number): void {
    const start = Math.max(0, lastEnd(this.notes) - this.#base);
    if (start < end)
      this.bytes(
        'undecoded',
        rest.subarray(start),
        start,
        'These bytes do not follow the description.',
        '§4',
      );
    while (this.#open.length > 0) this.close(end);
  }

  /** A place to come back to when a guess at what some bytes hold turns out wrong. */
  mark(): Mark {
    return { depth: this.#open.length, siblings: this.#siblings().length };
  }

  rollBack(mark: Mark): void {
    this.#open.length = mark.depth;
    this.#siblings().length = mark.siblings;
  }

  #siblings(): Note[] {
    return this.#open.at(-1)?.children ?? this.notes;
  }

  #note(name: string, value: string, offset: number, length: number, words: string, section: string): Note {
    const where = section.startsWith('§') ? `RFC 8446 ${section}` : section;
    return { name, value, offset: offset + this.#base, length, words, section: where, children: [] };
  }
}

interface Mark {
  readonly depth: number;
  readonly siblings: number;
}

function numberText(value: number, length: number, format?: Format): string {
  if (format === 'hex') return hexNumber(value, length);
  if (format === 'seconds') return `${value} s`;
  if (typeof format === 'object') return `${nameOf(format, value)} (${hexNumber(value, length)})`;
  return String(value);
}

function bytesText(value: Uint8Array, format?: Format): string {
  return format === 'text' ? bytesToText(value) : hex(value);
}

/** Where the last leaf ends; leaves come in the order of their bytes. */
function lastEnd(notes: readonly Note[]): number {
  for (const { children, offset, length } of notes.toReversed()) {
    const end = children.length > 0 ? lastEnd(children) : offset + length;
    if (end > 0) return end;
  }
  return 0;
}

export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}
