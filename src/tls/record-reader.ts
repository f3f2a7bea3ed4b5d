import { RECORD_HEADER_LENGTH, recordHeader } from './codec/messages.ts';
import { decode } from './codec/reader.ts';
import { ContentType } from './codec/registries.ts';
import { bytesToText } from './codec/wire.ts';
import { tlsError } from './errors.ts';
import { MAX_EXPANSION, MAX_PLAINTEXT } from './record-protection.ts';

export interface Record {
  readonly type: number;
  readonly header: Uint8Array;
  readonly content: Uint8Array;
}

/**
 * Cuts the incoming stream into records. Bytes wait here until their record is whole: at most one record is ever copied,
 * however the stream was cut on its way.
 */
export class RecordReader {
  readonly #chunks: Uint8Array[] = [];
  #available = 0;
  #first = true;
  /** Once true, records of application_data may be longer than 2^14, as encryption adds to them. */
  allowsEncrypted = false;
  /** Once true, every record must name the version agreed on, and any may be encrypted. RFC 5246 §6.2.1 */
  tls12 = false;

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    // Copied, since the caller may use its buffer again while we wait for the rest of a record.
    this.#chunks.push(chunk.slice());
    this.#available += chunk.length;
  }

  /** How many bytes wait. */
  get available(): number {
    return this.#available;
  }

  /** Drops whatever waits: nobody will read it any more. */
  clear(): void {
    this.#chunks.length = 0;
    this.#available = 0;
  }

  /** The next whole record, or `undefined` until more bytes come. */
  next(): Record | undefined {
    if (this.#available < RECORD_HEADER_LENGTH) return undefined;
    const start = this.#peek(RECORD_HEADER_LENGTH);
    const { type, length } = this.#checkHeader(start);
    if (this.#available < RECORD_HEADER_LENGTH + length) return undefined;
    const whole = this.#take(RECORD_HEADER_LENGTH + length);
    this.#first = false;
    return {
      type,
      header: whole.subarray(0, RECORD_HEADER_LENGTH),
      content: whole.subarray(RECORD_HEADER_LENGTH),
    };
  }

  #checkHeader(bytes: Uint8Array): { type: number; length: number } {
    const { type, legacyRecordVersion, length } = decode(recordHeader, bytes, 'TLSPlaintext');
    // §5.1 tells us to ignore the version; but a first record of another protocol deserves a better answer than a
    // wait for 20,000 more bytes, and OpenSSL looks at the major version for that.
    if (legacyRecordVersion >> 8 !== 0x03)
      throw this.#first ? notTls(bytes) : badVersion(legacyRecordVersion);
    if (this.tls12 && legacyRecordVersion !== 0x0303)
      throw tlsError('wrong-version-number', {
        expected: '0x0303',
        actual: `0x${legacyRecordVersion.toString(16)}`,
        // OpenSSL suspects an alert of being fatal, and answers none with another.
        ...(type === ContentType.alert ? {} : { alert: 'protocol_version' }),
      });
    if (this.allowsEncrypted && (this.tls12 || type === ContentType.application_data)) {
      if (legacyRecordVersion !== 0x0303) throw badVersion(legacyRecordVersion);
      if (length > MAX_PLAINTEXT + MAX_EXPANSION)
        throw tlsError('encrypted-length-too-long', {
          expected: MAX_PLAINTEXT + MAX_EXPANSION,
          actual: length,
        });
    } else if (length > MAX_PLAINTEXT) {
      throw tlsError('packet-length-too-long', { expected: MAX_PLAINTEXT, actual: length });
    }
    return { type, length };
  }

  #peek(count: number): Uint8Array {
    const first = this.#chunks[0];
    if (first.length >= count) return first.subarray(0, count);
    const bytes = this.#take(count);
    this.#chunks.unshift(bytes);
    this.#available += count;
    return bytes;
  }

  #take(count: number): Uint8Array {
    this.#available -= count;
    const first = this.#chunks[0];
    if (first.length >= count) {
      if (first.length === count) this.#chunks.shift();
      else this.#chunks[0] = first.subarray(count);
      return first.subarray(0, count);
    }
    const bytes = new Uint8Array(count);
    let filled = 0;
    let used = 0;
    while (filled < count) {
      const chunk = this.#chunks[used];
      const part = chunk.subarray(0, count - filled);
      bytes.set(part, filled);
      filled += part.length;
      if (part.length < chunk.length) this.#chunks[used] = chunk.subarray(part.length);
      else used += 1;
    }
    this.#chunks.splice(0, used);
    return bytes;
  }
}

const HTTP_METHODS = ['GET ', 'POST ', 'HEAD ', 'PUT '];

/** Names the mistake people make most: speaking plain HTTP to a TLS port. OpenSSL looks for the same words. */
function notTls(bytes: Uint8Array) {
  const text = bytesToText(bytes);
  if (HTTP_METHODS.some((method) => text.startsWith(method))) return tlsError('http-request');
  if (text.startsWith('CONNE')) return tlsError('https-proxy-request');
  return tlsError('wrong-version-number', { actual: text });
}

function badVersion(version: number) {
  return tlsError('bad-record-version', { expected: '0x0303', actual: `0x${version.toString(16)}` });
}
