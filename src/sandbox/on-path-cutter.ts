/** Cuts what one end sends into what somebody without keys can tell apart: the records of TLS, or else segments. */

export interface Piece {
  readonly bytes: Uint8Array;
  readonly name: string;
}

const HEADER = 5;
/** RFC 8446 §5.2, and TLS 1.2's larger allowance (RFC 5246 §6.2.3). */
const MAX_CONTENT = 2 ** 14 + 2048;
const FULL_RECORD = 2 ** 14;
const [CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA] = [20, 21, 22, 23];

/** Handshake messages that may travel in the clear. RFC 8446 §4, RFC 5246 §7.4 */
const HANDSHAKE_NAMES: Readonly<Record<number, string>> = {
  1: 'ClientHello',
  2: 'ServerHello',
  4: 'NewSessionTicket',
  11: 'Certificate',
  12: 'ServerKeyExchange',
  13: 'CertificateRequest',
  14: 'ServerHelloDone',
  15: 'CertificateVerify',
  16: 'ClientKeyExchange',
};

/** The names that a rule may give, in the order in which they come up in a handshake. */
export const pathNames: readonly string[] = [
  ...new Set([...Object.values(HANDSHAKE_NAMES), 'ChangeCipherSpec', 'alert', 'encrypted record', 'data']),
];

export class Cutter {
  #waiting: Uint8Array = new Uint8Array(0);
  /** What is spoken is no TLS, or no more: then a segment is all there is. */
  #isPlain = false;

  /** What is whole with these bytes. A record waits until it is. */
  push(bytes: Uint8Array): Piece[] {
    const all = this.#waiting.length === 0 ? bytes : joined(this.#waiting, bytes);
    const pieces: Piece[] = [];
    let at = 0;
    while (!this.#isPlain && at < all.length) {
      const rest = all.subarray(at);
      const length = rest.length < HEADER ? 0 : HEADER + rest[3] * 256 + rest[4];
      if (!isRecord(rest) || length > HEADER + MAX_CONTENT) this.#isPlain = true;
      else if (length === 0 || rest.length < length) break;
      else {
        const record = rest.subarray(0, length);
        pieces.push({ bytes: record, name: nameOf(record) });
        at += length;
      }
    }
    this.#waiting = this.#isPlain ? new Uint8Array(0) : all.slice(at);
    if (this.#isPlain && at < all.length) pieces.push({ bytes: all.subarray(at), name: 'data' });
    return pieces;
  }

  /** Takes what never became whole. */
  rest(): Uint8Array {
    const rest = this.#waiting;
    this.#waiting = new Uint8Array(0);
    return rest;
  }
}

/** RFC 8446 §5.1: a type from 20 to 23, then 03. */
function isRecord([type, major]: Uint8Array): boolean {
  return type >= CHANGE_CIPHER_SPEC && type <= APPLICATION_DATA && (major === undefined || major === 3);
}

/** What a record is to somebody without keys. A handshake message in the clear tells its length, and that fits its record. */
function nameOf(record: Uint8Array): string {
  const [type] = record;
  const content = record.subarray(HEADER);
  if (type === CHANGE_CIPHER_SPEC) return 'ChangeCipherSpec';
  if (type === ALERT && content.length === 2) return 'alert';
  if (type !== HANDSHAKE) return 'encrypted record';
  const name = HANDSHAKE_NAMES[content[0]];
  const length = 4 + content[1] * 0x10000 + content[2] * 0x100 + content[3];
  const fits = length <= content.length || content.length === FULL_RECORD;
  return name !== undefined && fits ? name : 'encrypted record';
}

/** A copy of these bytes, one after the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
