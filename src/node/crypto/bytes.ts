/** Bytes as Node's JavaScript hands them to its native layer, and as that layer hands them back. */
import { Buffer } from 'node:buffer';

export type ByteSource = ArrayBufferLike | ArrayBufferView;

/** A view on the same memory, whatever kind of view or buffer came in. */
export function bytesOf(source: ByteSource): Uint8Array<ArrayBuffer> {
  if (ArrayBuffer.isView(source)) {
    return new Uint8Array(source.buffer as ArrayBuffer, source.byteOffset, source.byteLength);
  }
  return new Uint8Array(source as ArrayBuffer);
}

export const isByteSource = (value: unknown): value is ByteSource =>
  ArrayBuffer.isView(value) || Object.prototype.toString.call(value) === '[object ArrayBuffer]';

/** Text with an encoding, or bytes. Node's default for text is UTF-8. */
export function bytesOfChunk(chunk: string | ByteSource, encoding?: string): Uint8Array<ArrayBuffer> {
  if (typeof chunk !== 'string') return bytesOf(chunk);
  const known = encoding !== undefined && Buffer.isEncoding(encoding) ? encoding : 'utf8';
  return Buffer.from(chunk, known) as Uint8Array<ArrayBuffer>;
}

/** A Buffer on its own memory. `bytes` may be a view into something larger, so it is copied unless it owns its memory. */
export function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(toArrayBuffer(bytes));
}

export function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  const owns = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
  return (owns ? bytes.buffer : bytes.slice().buffer) as ArrayBuffer;
}

/** Output in the encoding asked for: Node takes an unknown one for `buffer`. */
export function encoded(bytes: Uint8Array, encoding: string | undefined): Buffer | string {
  const buffer = toBuffer(bytes);
  if (encoding && encoding !== 'buffer' && Buffer.isEncoding(encoding)) return buffer.toString(encoding);
  return buffer;
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let index = 0; index < a.length; index++) difference |= a[index] ^ b[index];
  return difference === 0;
}

export function bigintOf(bytes: Uint8Array): bigint {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex === '' ? 0n : BigInt(`0x${hex}`);
}

/** Big-endian, without leading zeros unless `length` asks for them. */
export function bytesOfBigint(value: bigint, length = 0): Uint8Array<ArrayBuffer> {
  let hex = value === 0n ? '' : value.toString(16);
  if (hex.length % 2 === 1) hex = `0${hex}`;
  const size = Math.max(length, hex.length / 2);
  const bytes = new Uint8Array(size);
  for (let index = 0; index < hex.length / 2; index++) {
    bytes[size - hex.length / 2 + index] = Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16);
  }
  return bytes;
}
