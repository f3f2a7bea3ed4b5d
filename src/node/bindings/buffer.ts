/** `internalBinding('buffer')`: the C++ under Node's own lib/buffer.js, in JavaScript. */
import type { Any } from '../current.ts';
import {
  ASCII,
  BASE64,
  BASE64URL,
  decodeBytes,
  encodeText,
  encodingNumber,
  HEX,
  isAscii,
  LATIN1,
  UCS2,
  UTF8,
  utf8Length,
  writeUtf8,
} from './encodings.ts';

type View = ArrayBufferView | ArrayBuffer;
const bytesOf = (view: View): Uint8Array =>
  ArrayBuffer.isView(view)
    ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    : new Uint8Array(view);

/** As V8's `ToInteger` on an optional argument: negative offsets never reach here. */
const index = (value: unknown, fallback: number): number => {
  if (value === undefined) return fallback;
  const number = Math.trunc(Number(value));
  if (Number.isNaN(number)) return 0;
  if (number < 0) throw Object.assign(new RangeError('Index out of range'), { code: 'ERR_OUT_OF_RANGE' });
  return number;
};

/** The longest string V8 makes. */
const STRING_MAX = 2 ** 29 - 24;
let bufferPrototype: object = Uint8Array.prototype;

const slice = (encoding: number) => (buffer: Uint8Array, start?: unknown, end?: unknown) => {
  const stop = Math.min(index(end, buffer.length), buffer.length);
  const from = Math.min(index(start, 0), buffer.length);
  if (stop <= from) return '';
  const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset + from, stop - from);
  if (bytes.length > STRING_MAX)
    throw Object.assign(new Error('Cannot create a string longer than 0x1fffffe8 characters'), {
      code: 'ERR_STRING_TOO_LONG',
    });
  return decodeBytes(bytes, encoding);
};

const write =
  (encoding: number) => (buffer: Uint8Array, text: unknown, offset?: unknown, length?: unknown) => {
    if (typeof text !== 'string')
      throw Object.assign(new TypeError('argument must be a string'), { code: 'ERR_INVALID_ARG_TYPE' });
    const at = index(offset, 0);
    if (at > buffer.length)
      throw Object.assign(new RangeError('"offset" is outside of buffer bounds'), {
        code: 'ERR_BUFFER_OUT_OF_BOUNDS',
      });
    let room = Math.min(index(length, buffer.length - at), buffer.length - at);
    if (room === 0 || text === '') return 0;
    const target = new Uint8Array(buffer.buffer, buffer.byteOffset + at, room);
    if (encoding === UTF8) return writeUtf8(text, target);
    if (encoding === UCS2) room &= ~1;
    const bytes = encodeText(text, encoding);
    const count = Math.min(bytes.length, room);
    target.set(count === bytes.length ? bytes : bytes.subarray(0, count));
    return count;
  };

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  return Math.sign(a.length - b.length);
}

/** Where a search may start, or -1: `IndexOfOffset` of node_buffer.cc. */
function searchStart(length: number, offset: number, needle: number, forward: boolean): number {
  if (offset < 0) {
    if (offset + length >= 0) return length + offset;
    return forward || needle === 0 ? 0 : -1;
  }
  if (offset + needle <= length) return offset;
  if (needle === 0) return length;
  return forward ? -1 : length - 1;
}

function search(
  haystack: Uint8Array,
  needle: Uint8Array,
  offset: number,
  encoding: number,
  forward: boolean,
  end?: number,
): number {
  const within = end === undefined ? haystack : haystack.subarray(0, Math.max(0, end));
  const start = searchStart(within.length, offset, needle.length, forward);
  if (needle.length === 0) return start;
  if (start < 0 || within.length === 0 || needle.length > within.length) return -1;
  if (forward && start + needle.length > within.length) return -1;
  const unit = encoding === UCS2 ? 2 : 1;
  if (unit === 2 && (within.length < 2 || needle.length < 2)) return -1;
  const last = within.length - needle.length;
  let at = Math.min(start - (start % unit), forward ? Number.POSITIVE_INFINITY : last - (last % unit));
  for (; forward ? at <= last : at >= 0; at += forward ? unit : -unit) {
    let i = 0;
    while (i < needle.length && within[at + i] === needle[i]) i++;
    if (i === needle.length) return at;
  }
  return -1;
}

function indexOfNumber(
  view: Uint8Array,
  value: number,
  offset: number,
  forward: boolean,
  end?: number,
): number {
  const within = end === undefined ? view : view.subarray(0, Math.max(0, end));
  const start = searchStart(within.length, offset, 1, forward);
  if (start < 0 || within.length === 0) return -1;
  // The plain array's methods: a Buffer's own would come back here.
  const { indexOf, lastIndexOf } = Uint8Array.prototype;
  return (forward ? indexOf : lastIndexOf).call(within, value & 255, start);
}

function fill(
  view: Uint8Array,
  value: unknown,
  start: number,
  end: number,
  encoding: unknown,
): number | undefined {
  if (start > end || end > view.length) return -2;
  const target = view.subarray(start, end);
  if (target.length === 0) return undefined;
  const pattern =
    typeof value === 'string'
      ? encodeText(value, encodingNumber(encoding))
      : ArrayBuffer.isView(value)
        ? bytesOf(value)
        : new Uint8Array([Number(value) & 255]);
  if (pattern.length === 0) return -1;
  for (let at = 0; at < target.length; at += pattern.length) {
    target.set(at + pattern.length <= target.length ? pattern : pattern.subarray(0, target.length - at), at);
  }
  return undefined;
}

function swap(size: number) {
  return (view: Uint8Array) => {
    for (let at = 0; at + size <= view.length; at += size) view.subarray(at, at + size).reverse();
    return view;
  };
}

/** Web `atob` with Node's numbers for what is wrong : -1 a lone character, -2 a character out of place. */
function decodeWebBase64(input: string): string | number {
  const text = input.replace(/[\t\n\f\r ]/g, '');
  if (/[^A-Za-z0-9+/=]/.test(text)) return -2;
  const body = text.length % 4 === 0 ? text.replace(/={1,2}$/, '') : text;
  if (body.includes('=')) return -2;
  if (body.length % 4 === 1) return -1;
  return decodeBytes(encodeText(body, BASE64), LATIN1);
}

function encodeWebBase64(input: string): string | number {
  for (let i = 0; i < input.length; i++) if (input.charCodeAt(i) > 255) return -1;
  return decodeBytes(encodeText(input, LATIN1), BASE64);
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const buffer: Any = {
  kMaxLength: 2 ** 53 - 1,
  kStringMaxLength: STRING_MAX,
  setBufferPrototype(prototype: object) {
    bufferPrototype = prototype;
  },
  byteLengthUtf8: utf8Length,
  compare: (a: View, b: View) => compareBytes(bytesOf(a), bytesOf(b)),
  compareOffset(
    a: View,
    b: View,
    targetStart: number,
    sourceStart: number,
    targetEnd: number,
    sourceEnd: number,
  ) {
    const source = bytesOf(a).subarray(sourceStart, sourceEnd);
    return compareBytes(source, bytesOf(b).subarray(targetStart, targetEnd));
  },
  copy(source: View, target: View, targetStart: number, sourceStart: number, count: number) {
    bytesOf(target).set(bytesOf(source).subarray(sourceStart, sourceStart + count), targetStart);
  },
  copyArrayBuffer(to: ArrayBuffer, toOffset: number, from: ArrayBuffer, fromOffset: number, count: number) {
    new Uint8Array(to, toOffset, count).set(new Uint8Array(from, fromOffset, count));
  },
  createUnsafeArrayBuffer: (size: number) => new ArrayBuffer(size),
  createFromString(text: string, encoding: number) {
    const bytes = encodeText(text, encoding);
    return Object.setPrototypeOf(new Uint8Array(bytes), bufferPrototype);
  },
  fill,
  isAscii: (view: View) => isAscii(bytesOf(view)),
  isUtf8(view: View) {
    try {
      strict.decode(bytesOf(view));
      return true;
    } catch {
      return false;
    }
  },
  indexOfBuffer: (
    view: Uint8Array,
    value: View,
    offset: number,
    encoding: number,
    forward: boolean,
    end?: number,
  ) => search(bytesOf(view), bytesOf(value), offset, encoding, forward, end),
  indexOfString: (
    view: Uint8Array,
    value: string,
    offset: number,
    encoding: number,
    forward: boolean,
    end?: number,
  ) => search(bytesOf(view), encodeText(value, encoding), offset, encoding, forward, end),
  indexOfNumber,
  swap16: swap(2),
  swap32: swap(4),
  swap64: swap(8),
  atob: decodeWebBase64,
  btoa: encodeWebBase64,
  setDetachKey() {},
  asciiSlice: slice(ASCII),
  base64Slice: slice(BASE64),
  base64urlSlice: slice(BASE64URL),
  latin1Slice: slice(LATIN1),
  hexSlice: slice(HEX),
  ucs2Slice: slice(UCS2),
  utf8Slice: slice(UTF8),
  asciiWriteStatic: write(ASCII),
  latin1WriteStatic: write(LATIN1),
  utf8WriteStatic: write(UTF8),
  base64Write: write(BASE64),
  base64urlWrite: write(BASE64URL),
  hexWrite: write(HEX),
  ucs2Write: write(UCS2),
};
