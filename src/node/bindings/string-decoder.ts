/**
 * `internalBinding('string_decoder')`: keeps the bytes of a character that a chunk cut in two.
 * The state lives in a small buffer whose layout Node's lib/string_decoder.js reads (`lastNeed`, `lastTotal`, `lastChar`).
 */
import type { Any } from '../current.ts';
import { BASE64, BASE64URL, decodeBytes, ENCODINGS, UCS2, UTF8 } from './encodings.ts';

const [START, END, MISSING, BUFFERED, ENCODING, SIZE] = [0, 4, 4, 5, 6, 7];

const viewOf = (view: ArrayBufferView) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

/** How many bytes at the end of `bytes` begin a character that is not complete, and how many it still needs. */
function incomplete(bytes: Uint8Array, encoding: number): { buffered: number; missing: number } {
  if (encoding === UTF8) return incompleteUtf8(bytes);
  if (encoding === BASE64 || encoding === BASE64URL) {
    const buffered = bytes.length % 3;
    return { buffered, missing: buffered === 0 ? 0 : 3 - buffered };
  }
  // UTF-16: half a unit, or a high surrogate whose other half is to come.
  const odd = bytes.length % 2;
  const whole = bytes.length - odd;
  const lastHigh = whole >= 2 && (bytes[whole - 1] & 0xfc) === 0xd8;
  if (lastHigh) return { buffered: 2 + odd, missing: 2 - odd };
  return { buffered: odd, missing: odd };
}

function incompleteUtf8(bytes: Uint8Array): { buffered: number; missing: number } {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back];
    if ((byte & 0xc0) === 0x80) continue;
    const size = (byte & 0xe0) === 0xc0 ? 2 : (byte & 0xf0) === 0xe0 ? 3 : (byte & 0xf8) === 0xf0 ? 4 : 1;
    return size > back ? { buffered: back, missing: size - back } : { buffered: 0, missing: 0 };
  }
  return { buffered: 0, missing: 0 };
}

/** A continuation byte that cannot follow ends the character at once: it becomes U+FFFD and decoding goes on. */
function brokenOff(state: Uint8Array, next: Uint8Array): boolean {
  return state[ENCODING] === UTF8 && next.length > 0 && (next[0] & 0xc0) !== 0x80;
}

function decode(state: Uint8Array, chunk: ArrayBufferView): string {
  const encoding = state[ENCODING];
  const bytes = viewOf(chunk);
  if (encoding !== UTF8 && encoding !== UCS2 && encoding !== BASE64 && encoding !== BASE64URL)
    return decodeBytes(bytes, encoding);
  if (bytes.length === 0) return '';
  if (encoding === UCS2 && state[BUFFERED] === 1 && bytes.length === 1) {
    // The second half of a unit alone: Node gives the unit out even when it is half of a pair.
    state[START + 1] = bytes[0];
    state[BUFFERED] = 0;
    state[MISSING] = 0;
    return decodeBytes(state.slice(START, START + 2), UCS2);
  }
  let all = bytes;
  if (state[BUFFERED] > 0) {
    if (brokenOff(state, bytes)) state[MISSING] = 0;
    all = new Uint8Array(state[BUFFERED] + bytes.length);
    all.set(state.subarray(START, START + state[BUFFERED]));
    all.set(bytes, state[BUFFERED]);
  }
  const { buffered, missing } = incomplete(all, encoding);
  state.set(all.subarray(all.length - buffered), START);
  state[BUFFERED] = buffered;
  state[MISSING] = missing;
  return decodeBytes(all.subarray(0, all.length - buffered), encoding);
}

function flush(state: Uint8Array): string {
  let buffered = state[BUFFERED];
  if (state[ENCODING] === UCS2 && buffered % 2 === 1) buffered--;
  const text = buffered === 0 ? '' : decodeBytes(state.slice(START, START + buffered), state[ENCODING]);
  state[BUFFERED] = 0;
  state[MISSING] = 0;
  return text;
}

export const stringDecoder: Any = {
  encodings: ENCODINGS,
  kIncompleteCharactersStart: START,
  kIncompleteCharactersEnd: END,
  kMissingBytes: MISSING,
  kBufferedBytes: BUFFERED,
  kEncodingField: ENCODING,
  kNumFields: SIZE,
  kSize: SIZE,
  decode,
  flush,
};
