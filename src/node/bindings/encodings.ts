/** Text to bytes and back in Node's encodings, exactly as its C++ StringBytes does it: lenient where Node is lenient. */
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Node's `enum encoding`; the index is the number the library passes around. */
export const ENCODINGS = [
  'ascii',
  'utf8',
  'base64',
  'utf16le',
  'latin1',
  'hex',
  'buffer',
  'base64url',
] as const;
export type Encoding = (typeof ENCODINGS)[number];
export const [ASCII, UTF8, BASE64, UCS2, LATIN1, HEX, BUFFER, BASE64URL] = [0, 1, 2, 3, 4, 5, 6, 7];

/** The number of an encoding by any of its names; unknown names mean UTF-8, as Node's ParseEncoding has it. */
export function encodingNumber(name: unknown): number {
  switch (String(name).toLowerCase()) {
    case 'ascii':
      return ASCII;
    case 'base64':
      return BASE64;
    case 'base64url':
      return BASE64URL;
    case 'ucs2':
    case 'ucs-2':
    case 'utf16le':
    case 'utf-16le':
      return UCS2;
    case 'latin1':
    case 'binary':
      return LATIN1;
    case 'hex':
      return HEX;
    case 'buffer':
      return BUFFER;
    default:
      return UTF8;
  }
}

/** Bytes per `String.fromCharCode` call: few enough for every engine's argument limit. */
const CHUNK = 8192;

function fromCodes(
  codes: ArrayLike<number> & { subarray(start: number, end: number): ArrayLike<number> },
): string {
  if (codes.length <= CHUNK) return String.fromCharCode.apply(null, codes as never);
  let text = '';
  for (let at = 0; at < codes.length; at += CHUNK) {
    text += String.fromCharCode.apply(null, codes.subarray(at, at + CHUNK) as never);
  }
  return text;
}

const latin1Text = (bytes: Uint8Array): string => fromCodes(bytes);
const asciiText = (bytes: Uint8Array): string => fromCodes(bytes.map((byte) => byte & 0x7f));

function ucs2Text(bytes: Uint8Array): string {
  const units = new Uint16Array(bytes.length >> 1);
  for (let i = 0; i < units.length; i++) units[i] = bytes[2 * i] | (bytes[2 * i + 1] << 8);
  return fromCodes(units);
}

const HEX_PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
function hexText(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += HEX_PAIRS[bytes[i]];
  return text;
}

const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const URL_SAFE = STANDARD.replace('+/', '-_');

function base64Text(bytes: Uint8Array, alphabet: string, padded: boolean): string {
  let text = '';
  let at = 0;
  for (; at + 2 < bytes.length; at += 3) {
    const group = (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2];
    text +=
      alphabet[group >> 18] +
      alphabet[(group >> 12) & 63] +
      alphabet[(group >> 6) & 63] +
      alphabet[group & 63];
  }
  const rest = bytes.length - at;
  if (rest === 1) text += alphabet[bytes[at] >> 2] + alphabet[(bytes[at] & 3) << 4] + (padded ? '==' : '');
  if (rest === 2) {
    const group = (bytes[at] << 8) | bytes[at + 1];
    text +=
      alphabet[group >> 10] + alphabet[(group >> 4) & 63] + alphabet[(group & 15) << 2] + (padded ? '=' : '');
  }
  return text;
}

export function decodeBytes(bytes: Uint8Array, encoding: number): string {
  switch (encoding) {
    case ASCII:
      return asciiText(bytes);
    case BASE64:
      return base64Text(bytes, STANDARD, true);
    case BASE64URL:
      return base64Text(bytes, URL_SAFE, false);
    case UCS2:
      return ucs2Text(bytes);
    case LATIN1:
      return latin1Text(bytes);
    case HEX:
      return hexText(bytes);
    default:
      return bytes.length < 24 && isAscii(bytes) ? latin1Text(bytes) : decoder.decode(bytes);
  }
}

export function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] > 0x7f) return false;
  return true;
}

/** Both alphabets in one table, as Node accepts either; 255 marks every other character. */
const SIXTETS = new Uint8Array(256).fill(255);
for (const alphabet of [STANDARD, URL_SAFE]) {
  for (let i = 0; i < 64; i++) SIXTETS[alphabet.charCodeAt(i)] = i;
}

/** Skips what is no base64 character and stops at the padding. */
function base64Bytes(text: string): Uint8Array {
  const out = new Uint8Array(((text.length + 3) >> 2) * 3);
  let length = 0;
  let bits = 0;
  let group = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x3d) break;
    const sixtet = code < 256 ? SIXTETS[code] : 255;
    if (sixtet === 255) continue;
    group = ((group << 6) | sixtet) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[length++] = (group >> bits) & 0xff;
    }
  }
  return out.subarray(0, length);
}

const nibble = (code: number): number => {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
};

/** Stops at the first pair that is not hexadecimal. */
function hexBytes(text: string): Uint8Array {
  const out = new Uint8Array(text.length >> 1);
  for (let i = 0; i < out.length; i++) {
    const high = nibble(text.charCodeAt(2 * i));
    const low = nibble(text.charCodeAt(2 * i + 1));
    if (high < 0 || low < 0) return out.subarray(0, i);
    out[i] = (high << 4) | low;
  }
  return out;
}

function latin1Bytes(text: string): Uint8Array {
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return out;
}

function ucs2Bytes(text: string): Uint8Array {
  const out = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    out[2 * i] = code & 0xff;
    out[2 * i + 1] = code >> 8;
  }
  return out;
}

export function encodeText(text: string, encoding: number): Uint8Array {
  switch (encoding) {
    case ASCII:
    case LATIN1:
      return latin1Bytes(text);
    case BASE64:
    case BASE64URL:
      return base64Bytes(text);
    case UCS2:
      return ucs2Bytes(text);
    case HEX:
      return hexBytes(text);
    default:
      return encoder.encode(text);
  }
}

/** UTF-8 into `target`, never splitting a character. Returns the bytes written. */
export const writeUtf8 = (text: string, target: Uint8Array): number =>
  encoder.encodeInto(text, target).written;

export function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    if (code < 0x800) length++;
    else {
      length += 2;
      const next = code >= 0xd800 && code < 0xdc00 ? text.charCodeAt(i + 1) : 0;
      if (next >= 0xdc00 && next < 0xe000) i++; // a pair: four bytes for two units
    }
  }
  return length;
}
