/** PEM: DER as text between BEGIN and END lines. RFC 7468, and RFC 1421 §4.6 for the headers of old encrypted keys. */
import { concat } from './bytes.ts';
import { X509Error } from './errors.ts';

export interface PemBlock {
  /** What stands after BEGIN: `CERTIFICATE`, `PRIVATE KEY` … */
  readonly label: string;
  readonly bytes: Uint8Array;
  /** Headers such as `DEK-Info`, which only OpenSSL's traditional encrypted keys have. */
  readonly headers?: Readonly<Record<string, string>>;
}

const BEGIN = /^-----BEGIN ([^\r\n]*?)-----[ \t]*$/;

/**
 * All the blocks of a text, in order. Text outside blocks is ignored (RFC 7468 §2), as tools write comments there;
 * inside a block nothing is forgiven but white space.
 */
export function readPem(text: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  const lines = text.split(/\r\n|\n|\r/);
  for (let index = 0; index < lines.length; index++) {
    const begin = BEGIN.exec(lines[index]);
    if (!begin) continue;
    const label = begin[1];
    const start = index + 1;
    const endLine = `-----END ${label}-----`;
    do {
      index++;
      if (index >= lines.length) throw new X509Error('bad-pem', `the block "${label}" has no END line`);
      if (BEGIN.test(lines[index]))
        throw new X509Error('bad-pem', `the block "${label}" is not closed before the next`);
    } while (lines[index].trimEnd() !== endLine);
    blocks.push(readBlock(label, lines.slice(start, index)));
  }
  return blocks;
}

function readBlock(label: string, lines: readonly string[]): PemBlock {
  const body: string[] = [];
  const headers: Record<string, string> = {};
  let lastHeader: string | undefined;
  let inHeaders = lines.length > 0 && lines[0].includes(':');
  for (const line of lines) {
    if (!inHeaders) body.push(line);
    else if (line.trim() === '') inHeaders = false;
    else if (/^[ \t]/.test(line) && lastHeader) headers[lastHeader] += line.trim();
    else {
      const colon = line.indexOf(':');
      if (colon < 1) throw new X509Error('bad-pem', `the block "${label}" has a malformed header`);
      lastHeader = line.slice(0, colon);
      headers[lastHeader] = line.slice(colon + 1).trim();
    }
  }
  const bytes = readBase64(body.join(''), label);
  return lastHeader === undefined ? { label, bytes } : { label, bytes, headers };
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Int8Array(128).fill(-1);
for (let value = 0; value < 64; value++) VALUES[ALPHABET.charCodeAt(value)] = value;

/** Strict base64 (RFC 4648 §3.5): the whole alphabet, right padding, spare bits zero. `atob` forgives the last two. */
function readBase64(spaced: string, label: string): Uint8Array {
  const text = spaced.replace(/[ \t]+/g, '');
  const bad = () => new X509Error('bad-pem', `the block "${label}" is not well-formed base64`);
  if (text.length % 4 !== 0) throw bad();
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const digits = text.length - padding;
  let accumulator = 0;
  let bits = 0;
  let length = 0;
  for (let index = 0; index < digits; index++) {
    const value = VALUES[text.charCodeAt(index)] ?? -1;
    if (value < 0) throw bad();
    accumulator = ((accumulator << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[length++] = (accumulator >> bits) & 0xff;
    }
  }
  if ((accumulator & ((1 << bits) - 1)) !== 0) throw bad();
  return bytes;
}

/** One block with lines of 64 characters and a newline at its end (RFC 7468 §3). */
export function writePem(label: string, bytes: Uint8Array): string {
  const whole = Math.floor(bytes.length / 3) * 3;
  const left = bytes.length - whole;
  const padded = left === 0 ? bytes : concat(bytes, new Uint8Array(3 - left));
  let text = '';
  for (let index = 0; index < padded.length; index += 3) {
    const group = (padded[index] << 16) | (padded[index + 1] << 8) | padded[index + 2];
    for (const shift of [18, 12, 6, 0]) text += ALPHABET[(group >> shift) & 63];
  }
  if (left > 0) text = text.slice(0, left - 3) + '='.repeat(3 - left);
  const lines = text.match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
