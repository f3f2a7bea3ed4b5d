/** PEM: DER as text between BEGIN and END lines. RFC 7468, and RFC 1421 §4.6 for the headers of old encrypted keys. */
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

// As the platform has them: a program may put others on the global object.
const { atob, btoa } = globalThis;

/** Strict base64 (RFC 4648 §3.5): what `atob` forgives, such as padding left out or spare bits, does not come back from `btoa`. */
function readBase64(spaced: string, label: string): Uint8Array {
  const text = spaced.replace(/[ \t]+/g, '');
  try {
    const octets = atob(text);
    if (btoa(octets) === text) return Uint8Array.from(octets, (octet) => octet.charCodeAt(0));
  } catch {
    // Refused below, in our words.
  }
  throw new X509Error('bad-pem', `the block "${label}" is not well-formed base64`);
}

/** One block with lines of 64 characters and a newline at its end (RFC 7468 §3). */
export function writePem(label: string, bytes: Uint8Array): string {
  let octets = '';
  for (const byte of bytes) octets += String.fromCharCode(byte);
  const lines = btoa(octets).match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
