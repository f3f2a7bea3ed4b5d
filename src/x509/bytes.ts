/** Small conversions that every file here needs. */

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte];
  return text;
}

export function toBigInt(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`);
}

/** Big-endian bytes of a non-negative number, padded on the left to `length`; as few as possible when no length is given. */
export function fromBigInt(value: bigint, length?: number): Uint8Array {
  let hex = value.toString(16);
  if (hex.length % 2 === 1) hex = `0${hex}`;
  const size = hex.length / 2;
  const total = length ?? size;
  if (size > total && value !== 0n) throw new RangeError(`${size} bytes do not fit in ${total}`);
  const bytes = new Uint8Array(total);
  for (let index = 0; index < Math.min(size, total); index++) {
    bytes[total - 1 - index] = Number.parseInt(
      hex.slice(hex.length - 2 * index - 2, hex.length - 2 * index),
      16,
    );
  }
  return bytes;
}

export function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Plain equality: what is compared here (names, certificates, public keys) is not secret. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

/** One character per byte: what ISO 8859-1 says, and how raw bytes become text without loss. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
