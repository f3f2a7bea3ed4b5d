import { concat } from './bytes.ts';
import type { Sender, WireRecord } from './model.ts';

const HEADER_LENGTH = 5;
/** RFC 8446 §5.2, and TLS 1.2's larger allowance (RFC 5246 §6.2.3). */
const MAX_CONTENT = 2 ** 14 + 2048;

/** Cuts one direction of a connection into TLS records. RFC 8446 §5.1 */
export class RecordSplitter {
  readonly #sender: Sender;
  /** Bytes of a record that is not whole yet, as they came. */
  #parts: Uint8Array[] = [];
  #length = 0;
  /** How many bytes have been cut off. */
  #at = 0;
  /** What came is no record: the rest cannot be cut. */
  isLost = false;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** Gives the records that are whole with these bytes; `order` numbers them. */
  push(bytes: Uint8Array, time: number, order: () => number): WireRecord[] {
    const records: WireRecord[] = [];
    this.#parts.push(bytes);
    this.#length += bytes.length;
    while (!this.isLost && this.#length >= HEADER_LENGTH) {
      const header = this.#peek(HEADER_LENGTH);
      const length = HEADER_LENGTH + header[3] * 256 + header[4];
      if (header[1] !== 3 || length > HEADER_LENGTH + MAX_CONTENT) this.isLost = true;
      if (this.isLost || this.#length < length) break;
      const at = this.#at;
      const record = this.#take(length);
      records.push({ sender: this.#sender, time, order: order(), at, bytes: record, outerType: record[0] });
    }
    return records;
  }

  #peek(length: number): Uint8Array {
    if (this.#parts[0].length < length) this.#parts = [concat(this.#parts)];
    return this.#parts[0].subarray(0, length);
  }

  #take(length: number): Uint8Array {
    if (this.#parts[0].length < length) this.#parts = [concat(this.#parts)];
    const [first] = this.#parts;
    if (first.length === length) this.#parts.shift();
    else this.#parts[0] = first.subarray(length);
    this.#length -= length;
    this.#at += length;
    return first.subarray(0, length);
  }
}

export const contentOf = (record: WireRecord): Uint8Array => record.bytes.subarray(HEADER_LENGTH);
export const headerOf = (record: WireRecord): Uint8Array => record.bytes.subarray(0, HEADER_LENGTH);
