/**
 * DER, the one unambiguous encoding of ASN.1 (X.690 §10). The reader is ours, not a library's, for three reasons:
 * it must refuse what is not DER (two readers that differ over lax bytes are how certificates get forged); each node
 * must know its offset, because the wire view points at bytes; and the general ASN.1 packages on npm cost more bytes
 * than all of this folder.
 */
import { concat, fromBigInt, toBigInt } from './bytes.ts';
import { X509Error } from './errors.ts';

/** Identifier octets as they stand in the encoding, class and constructed bit included (X.690 §8.1.2). */
export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** `[n]` holding a primitive value, as IMPLICIT tagging of a string or an integer gives. */
export const contextPrimitive = (number: number): number => 0x80 | number;
/** `[n]` holding other elements, as EXPLICIT tagging always gives. */
export const contextConstructed = (number: number): number => 0xa0 | number;

/** One element: identifier, length, content. */
export interface DerNode {
  readonly tag: number;
  /** The content octets. A view of the source, as is `bytes`. */
  readonly content: Uint8Array;
  /** The whole element: header and content. */
  readonly bytes: Uint8Array;
  /** Where the element begins in the outermost source that was read. */
  readonly offset: number;
  /** Octets of identifier and length, so the content begins at `offset + headerLength`. */
  readonly headerLength: number;
}

function bad(message: string, offset: number): X509Error {
  return new X509Error('bad-der', message, offset);
}

/** EXTERNAL, EMBEDDED PDV, SEQUENCE, SET. */
const HOLDERS: readonly number[] = [8, 11, 16, 17];

/** Reads one element at `position`; `base` is where `source` itself lies in the outermost bytes. */
function readAt(source: Uint8Array, position: number, base: number): DerNode {
  const offset = base + position;
  if (position + 2 > source.length) throw bad('the element has no room for its tag and length', offset);
  const tag = source[position];
  if ((tag & 0x1f) === 0x1f) throw bad('tag numbers above 30 do not occur in X.509', offset);
  // §10.2: strings are never in pieces, so of the universal types only these four hold other elements.
  if (tag < 0x40 && (tag === 0 || HOLDERS.includes(tag & 0x1f) !== (tag & 0x20) > 0)) {
    throw bad(`a universal type with the tag 0x${tag.toString(16)}`, offset);
  }
  let length = source[position + 1];
  let headerLength = 2;
  if (length === 0x80) throw bad('DER has no indefinite lengths', offset + 1);
  if (length > 0x80) {
    const octets = length & 0x7f;
    if (octets > 4) throw bad('the length itself is longer than four bytes', offset + 1);
    if (position + 2 + octets > source.length) throw bad('the length is cut short', offset + 1);
    length = 0;
    for (let index = 0; index < octets; index++) length = length * 256 + source[position + 2 + index];
    // X.690 §10.1: the definite form with the fewest octets.
    if (length < 0x80 || length < 256 ** (octets - 1))
      throw bad('the length is not in its shortest form', offset + 1);
    headerLength += octets;
  }
  const start = position + headerLength;
  if (length > source.length - start) {
    throw bad(`the element says ${length} bytes, but ${source.length - start} are left`, offset + 1);
  }
  return {
    tag,
    content: source.subarray(start, start + length),
    bytes: source.subarray(position, start + length),
    offset,
    headerLength,
  };
}

/** Reads bytes that must be exactly one element. `base` shifts offsets when `source` is itself part of something larger. */
export function readDer(source: Uint8Array, base = 0): DerNode {
  const node = readAt(source, 0, base);
  if (node.bytes.length !== source.length)
    throw bad('bytes follow the end of the element', base + node.bytes.length);
  return node;
}

/** Reads the one element at the start of `source` and leaves what follows alone. */
export function readDerPrefix(source: Uint8Array): DerNode {
  return readAt(source, 0, 0);
}

/** The elements inside a constructed element. */
export function children(node: DerNode): DerNode[] {
  if ((node.tag & 0x20) === 0) throw bad('expected an element that holds others', node.offset);
  const found: DerNode[] = [];
  for (let position = 0; position < node.content.length; ) {
    const child = readAt(node.content, position, node.offset + node.headerLength);
    found.push(child);
    position += child.bytes.length;
  }
  return found;
}

/** Walks the fields of a SEQUENCE (or SET) in order, as its ASN.1 definition lists them. */
export class Fields {
  readonly #nodes: readonly DerNode[];
  readonly #end: number;
  #next = 0;

  constructor(node: DerNode, tag: number = Tag.sequence) {
    expectTag(node, tag);
    this.#nodes = children(node);
    this.#end = node.offset + node.bytes.length;
  }

  /** The next field, which must be there, with this tag if one is named. */
  take(tag?: number): DerNode {
    const node = this.#nodes[this.#next];
    if (!node) throw new X509Error('missing-field', 'a field is missing', this.#end);
    if (tag !== undefined) expectTag(node, tag);
    this.#next++;
    return node;
  }

  /** The next field if it has this tag. */
  takeIf(tag: number): DerNode | undefined {
    return this.#nodes[this.#next]?.tag === tag ? this.#nodes[this.#next++] : undefined;
  }

  /** What has not been taken yet. */
  rest(): readonly DerNode[] {
    const rest = this.#nodes.slice(this.#next);
    this.#next = this.#nodes.length;
    return rest;
  }

  /** Nothing may be left. */
  end(): void {
    const node = this.#nodes[this.#next];
    if (node) throw bad('an unexpected field', node.offset);
  }
}

export function expectTag(node: DerNode, tag: number): DerNode {
  if (node.tag === tag) return node;
  throw new X509Error(
    'wrong-tag',
    `expected tag 0x${tag.toString(16)}, found 0x${node.tag.toString(16)}`,
    node.offset,
  );
}

/** X.690 §11.1: TRUE is 0xff and nothing else. */
export function readBoolean(node: DerNode): boolean {
  expectTag(node, Tag.boolean);
  const [value] = node.content;
  if (node.content.length !== 1 || (value !== 0 && value !== 0xff))
    throw bad('a malformed BOOLEAN', node.offset);
  return value === 0xff;
}

/** The content octets of an INTEGER: two's complement in the fewest octets (X.690 §8.3.2). */
export function readIntegerBytes(node: DerNode, tag: number = Tag.integer): Uint8Array {
  const { content } = expectTag(node, tag);
  if (content.length === 0) throw bad('an INTEGER without content', node.offset);
  const redundant = content[0] === 0 ? content[1] < 0x80 : content[0] === 0xff && content[1] >= 0x80;
  if (content.length > 1 && redundant) throw bad('an INTEGER that is not in its shortest form', node.offset);
  return content;
}

export function readInteger(node: DerNode, tag: number = Tag.integer): bigint {
  const content = readIntegerBytes(node, tag);
  return content[0] < 0x80 ? toBigInt(content) : toBigInt(content) - (1n << BigInt(8 * content.length));
}

/** A non-negative INTEGER, which every number in a key is. */
export function readUnsigned(node: DerNode): bigint {
  const value = readInteger(node);
  if (value < 0n) throw bad('a negative INTEGER where only a positive one makes sense', node.offset);
  return value;
}

/** An INTEGER small enough to count with: versions, path lengths, iteration counts. */
export function readSmallInteger(node: DerNode, tag: number = Tag.integer): number {
  const content = readIntegerBytes(node, tag);
  if (content[0] >= 0x80 || content.length > 4) throw bad('a number that is out of range', node.offset);
  return Number(toBigInt(content));
}

/** A BIT STRING of whole octets: keys and signatures. */
export function readBitString(node: DerNode, tag: number = Tag.bitString): Uint8Array {
  const { bytes, unusedBits } = readBits(node, tag);
  if (unusedBits !== 0) throw bad('a BIT STRING that should be whole octets is not', node.offset);
  return bytes;
}

/** Any BIT STRING. X.690 §11.2.1: unused bits are zero. */
export function readBits(
  node: DerNode,
  tag: number = Tag.bitString,
): { bytes: Uint8Array; unusedBits: number } {
  const { content } = expectTag(node, tag);
  const unusedBits = content[0];
  if (content.length === 0 || unusedBits > 7 || (content.length === 1 && unusedBits !== 0)) {
    throw bad('a malformed BIT STRING', node.offset);
  }
  if ((content[content.length - 1] & ((1 << unusedBits) - 1)) !== 0 && content.length > 1) {
    throw bad('a BIT STRING with unused bits that are not zero', node.offset);
  }
  return { bytes: content.subarray(1), unusedBits };
}

/**
 * The signature of a certificate or a revocation list. One that is no whole number of octets cannot be right, yet what it
 * stands on can be looked at, as with OpenSSL: it comes out empty, and no key has made that.
 */
export function readSignature(node: DerNode): Uint8Array {
  const { bytes, unusedBits } = readBits(node);
  return unusedBits === 0 ? bytes : new Uint8Array(0);
}

export function readOctetString(node: DerNode, tag: number = Tag.octetString): Uint8Array {
  return expectTag(node, tag).content;
}

export function readNull(node: DerNode): void {
  if (expectTag(node, Tag.null).content.length !== 0) throw bad('a NULL with content', node.offset);
}

/** Octets of one arc: 19 hold the 128 bits of a UUID (2.25.…), the widest in use. More would only keep BigInt busy. */
const MAX_ARC_OCTETS = 19;

/** Dotted form, `1.2.840.113549`. X.690 §8.19. */
export function readObjectIdentifier(node: DerNode, tag: number = Tag.objectIdentifier): string {
  const { content } = expectTag(node, tag);
  if (content.length === 0 || content[content.length - 1] >= 0x80) {
    throw bad('an OBJECT IDENTIFIER cut short', node.offset);
  }
  const arcs: bigint[] = [];
  let arc = 0n;
  let octets = 0;
  for (const octet of content) {
    if (octets === 0 && octet === 0x80) {
      throw bad('an OBJECT IDENTIFIER arc that is not in its shortest form', node.offset);
    }
    if (++octets > MAX_ARC_OCTETS) throw bad('an OBJECT IDENTIFIER arc beyond 128 bits', node.offset);
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    if (octet >= 0x80) continue;
    if (arcs.length === 0) {
      // The first two arcs share a number; only under 2 may the second be 40 or more.
      const root = arc < 40n ? 0n : arc < 80n ? 1n : 2n;
      arcs.push(root, arc - root * 40n);
    } else arcs.push(arc);
    arc = 0n;
    octets = 0;
  }
  return arcs.join('.');
}

// The writer: enough to write keys.

export function writeDer(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = concat(...contents);
  const length = content.length;
  if (length < 0x80) return concat(Uint8Array.of(tag, length), content);
  const octets = fromBigInt(BigInt(length));
  return concat(Uint8Array.of(tag, 0x80 | octets.length), octets, content);
}

export function writeSequence(...contents: readonly Uint8Array[]): Uint8Array {
  return writeDer(Tag.sequence, ...contents);
}

export function writeInteger(value: bigint): Uint8Array {
  const bytes = fromBigInt(value);
  return writeDer(Tag.integer, bytes[0] >= 0x80 ? concat(Uint8Array.of(0), bytes) : bytes);
}

export function writeOctetString(bytes: Uint8Array): Uint8Array {
  return writeDer(Tag.octetString, bytes);
}

export function writeBitString(bytes: Uint8Array, tag: number = Tag.bitString): Uint8Array {
  return writeDer(tag, Uint8Array.of(0), bytes);
}

export function writeNull(): Uint8Array {
  return Uint8Array.of(Tag.null, 0);
}

export function writeObjectIdentifier(dotted: string): Uint8Array {
  const [root, second, ...rest] = dotted.split('.').map(BigInt);
  const content: number[] = [];
  for (const arc of [root * 40n + second, ...rest]) {
    const groups = [Number(arc & 0x7fn)];
    for (let left = arc >> 7n; left > 0n; left >>= 7n) groups.unshift(Number(left & 0x7fn) | 0x80);
    content.push(...groups);
  }
  return writeDer(Tag.objectIdentifier, Uint8Array.from(content));
}
