/** PEM: DER as text between BEGIN and END lines. RFC 7468, and RFC 1421 §4.6 for the headers of old encrypted keys. */
import { X509Error } from './errors.ts';

export interface PemBlock {
  /** What stands after BEGIN: `CERTIFICATE`, `PRIVATE KEY` … */
  readonly label: string;
  readonly bytes: Uint8Array;
  /** Headers such as `DEK-Info`, which only OpenSSL's traditional encrypted keys have. */
  readonly headers?: Readonly<Record<string, string>>;
}

const BEGIN = /^-----BEGIN ((?:(?!-----).)*)-----$/;

const fault = (reason: string) => new X509Error('bad-pem', reason);

/**
 * The blocks of a text, each when it is asked for: who needs the first alone is not bothered by what comes after. Text outside
 * blocks is ignored (RFC 7468 §2), as tools write comments there; inside, a blank line parts headers from the rest, as
 * OpenSSL has it and in whose words the faults are. `bytes` fails where it is read.
 */
export function* pemBlocks(text: string): Generator<PemBlock, void> {
  // A byte order mark may come first; of the ends of lines white space and the like do not count.
  const lines = text
    .replace(/^(?:\ufeff|\xef\xbb\xbf)/, '')
    .split('\n')
    .map((line) => line.replace(/[\0- ]+$/, ''));
  for (let at = 0; at < lines.length; ) {
    const label = BEGIN.exec(lines[at++])?.[1];
    if (label === undefined) continue;
    const upper: string[] = [];
    let lower: string[] | undefined;
    while (!lines[at]?.startsWith('-----END ')) {
      const line = lines[at++];
      if (line === undefined || (line === '' && lower)) throw fault('bad end line');
      if (line === '') lower = [];
      else (lower ?? upper).push(line);
    }
    if (lines[at++] !== `-----END ${label}-----`) throw fault('bad end line');
    const hasHeaders = upper.length > 0 && (lower !== undefined || upper.some((line) => line.includes(':')));
    const body = hasHeaders ? (lower ?? []) : [...upper, ...(lower ?? [])];
    yield {
      label,
      get bytes() {
        return readBase64(body.join(''));
      },
      ...(hasHeaders && { headers: readHeaders(upper) }),
    };
  }
}

/** All of them, and nothing at all where one is at fault. */
export const readPem = (text: string): PemBlock[] => Array.from(pemBlocks(text), (block) => ({ ...block })); // reads the bytes

/** What a block holds; undefined where that cannot be read, or is nothing. */
export function contentOf(block: PemBlock): Uint8Array | undefined {
  try {
    return block.bytes.length > 0 ? block.bytes : undefined;
  } catch {
    return undefined;
  }
}

function readHeaders(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  let last = '';
  for (const line of lines) {
    const [, name, value] = /^([^\s:][^:]*):(.*)/.exec(line) ?? [];
    if (name) last = name;
    headers[last] = `${name ? '' : (headers[last] ?? '')}${(value ?? line).trim()}`;
  }
  return headers;
}

// As the platform has them: a program may put others on the global object.
const { atob, btoa } = globalThis;

/** Strict base64 (RFC 4648 §3.5): what `atob` forgives, such as padding left out or spare bits, does not come back from `btoa`. */
function readBase64(spaced: string): Uint8Array {
  const text = spaced.replace(/[ \t]+/g, '');
  try {
    const octets = atob(text);
    if (btoa(octets) === text) return Uint8Array.from(octets, (octet) => octet.charCodeAt(0));
  } catch {
    // Refused below, in OpenSSL's words.
  }
  throw fault('bad base64 decode');
}

/** One block with lines of 64 characters and a newline at its end (RFC 7468 §3). */
export function writePem(label: string, bytes: Uint8Array): string {
  let octets = '';
  for (const byte of bytes) octets += String.fromCharCode(byte);
  const lines = btoa(octets).match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
