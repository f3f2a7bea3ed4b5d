import type { Registry } from './registries.ts';

/**
 * One description of a message both reads and writes it: the description calls a method for each field, and a `Reader`
 * takes the value from the bytes while a `Writer` puts the given value into them. So the two directions cannot disagree,
 * and each call carries the field's name as the RFC spells it, what it is for, and where that is written ('§4.1.2' means
 * RFC 8446). Only a Reader with an annotator attached looks at those words; to everyone else they cost nothing.
 */
export type Codec<T> = (wire: Wire, value?: T) => T;

/** A codec whose value nobody looks at: enough to annotate with. */
export type AnyCodec = (wire: Wire, value?: never) => unknown;

/** What the bytes of a `rest` are: the body of the handshake message, or of the extension in such a message, of this type. */
export interface Content {
  readonly type: number;
  /** For an extension, the message it stands in. */
  readonly home?: string;
}

/** Least and most bytes a vector may hold, as the RFC's `<min..max>`. */
export type Bounds = readonly [min: number, max: number];

/** How a field's value is put into words: as a name of a registry, as text, in hex, or (by default) as a number or hex bytes. */
export type Format = Registry | 'text' | 'hex' | 'seconds';

export interface Wire {
  /** Whether bytes are left in the bracket being read. A Writer cannot know: it says whether the value is there. */
  more(value?: unknown): boolean;
  /** A number of `size` bytes, most significant first. */
  uint(
    size: number,
    value: number | undefined,
    name: string,
    words: string,
    section: string,
    format?: Format,
  ): number;
  /** Exactly `length` bytes. */
  bytes(
    length: number,
    value: Uint8Array | undefined,
    name: string,
    words: string,
    section: string,
  ): Uint8Array;
  /** All the bytes left in the bracket; `content` says what they are, for an annotator to look inside. */
  rest(
    value: Uint8Array | undefined,
    name: string,
    words: string,
    section: string,
    content?: Content,
  ): Uint8Array;
  /** `opaque name<min..max>`: a length, then that many bytes. */
  vector(
    prefix: number,
    bounds: Bounds,
    value: Uint8Array | undefined,
    name: string,
    words: string,
    section: string,
    format?: Format,
  ): Uint8Array;
  /** `Item name<min..max>`: a length, then items until exactly that many bytes are used. */
  list<T>(
    prefix: number,
    bounds: Bounds,
    items: readonly T[] | undefined,
    name: string,
    words: string,
    section: string,
    item: Codec<T>,
  ): T[];
  /** A length, then a structure that uses exactly that many bytes. */
  block<T>(
    prefix: number,
    bounds: Bounds,
    name: string,
    words: string,
    section: string,
    body: (wire: Wire) => T,
  ): T;
  /** A structure without a length of its own: it groups fields for the reader's eye. */
  group<T>(name: string, words: string, section: string, body: (wire: Wire) => T): T;
}

/** Bytes that do not follow the description. `field` is named as the RFC spells it. */
export class DecodeError extends Error {
  readonly field: string;
  readonly expected: string;
  readonly actual: string;
  constructor(field: string, expected: string, actual: string) {
    super(`${field}: expected ${expected}, found ${actual}`);
    this.name = 'DecodeError';
    this.field = field;
    this.expected = expected;
    this.actual = actual;
  }
}

const encoder = new TextEncoder();

/** Names travel as bytes; we hold them one character per byte, as Node does. */
export function bytesToText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

export function textToBytes(text: string): Uint8Array {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 0xff) return encoder.encode(text);
  }
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
