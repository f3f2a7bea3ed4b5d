import { concat } from './bytes.ts';
import type { Suite } from './cipher-suites.ts';
import { RECORD_HEADER_LENGTH } from './codec/messages.ts';
import { ContentType } from './codec/registries.ts';
import { MAX_PLAINTEXT, type Protection, RecordProtection } from './record-protection.ts';

export type RecordListener = (type: number, record: Uint8Array) => void;

/** The records to send: cut to size, encrypted once there are keys, kept until the owner takes them. §5 */
export class Outgoing {
  #protection: Protection | undefined;
  #records: Uint8Array[] = [];
  #ownLimit = MAX_PLAINTEXT;
  #peerLimit = MAX_PLAINTEXT;
  #changeCipherSpecSent = false;
  readonly #onRecord: RecordListener;
  #onFirstUse: (() => void) | undefined;
  /** Appendix D.4: to be sent before the first encrypted record, so that middleboxes see what they know. */
  changeCipherSpecDue = false;

  constructor(onRecord: RecordListener) {
    this.#onRecord = onRecord;
  }

  /** What is sent next is encrypted under this secret. `onFirstUse` runs when that happens. */
  protect(suite: Suite, trafficSecret: Uint8Array, onFirstUse?: () => void): void {
    this.#protection = new RecordProtection(suite, trafficSecret);
    this.#onFirstUse = onFirstUse;
  }

  /** TLS 1.2: what is sent next is encrypted like this, once change_cipher_spec has said so. RFC 5246 §7.1 */
  changeCipherSpec(protection: Protection): void {
    this.send(ContentType.change_cipher_spec, Uint8Array.of(1));
    this.#protection = protection;
  }

  updateKeys(): void {
    this.#protection?.update();
  }

  /** The keys must be replaced before more is sent. */
  get worn(): boolean {
    return this.#protection?.worn ?? false;
  }

  /** RFC 8449 §4: in TLS 1.3 the peer's limit counts the type byte as well. */
  limitRecords(recordSizeLimit: number): void {
    this.#peerLimit = Math.min(MAX_PLAINTEXT, recordSizeLimit - 1);
  }

  /** The owner's wish for shorter records. */
  limitFragments(length: number): void {
    this.#ownLimit = length;
  }

  get fragmentLength(): number {
    return Math.min(this.#ownLimit, this.#peerLimit);
  }

  /** Sends content of any length as one record, or as many as it needs. */
  send(type: number, content: Uint8Array, legacyVersion = 0x0303): void {
    if (this.#protection) this.sendChangeCipherSpecIfDue();
    const onFirstUse = this.#onFirstUse;
    this.#onFirstUse = undefined;
    onFirstUse?.();
    const step = this.fragmentLength;
    for (let start = 0; start < content.length; start += step) {
      const fragment = content.subarray(start, start + step);
      this.#queue(type, this.#protection?.seal(type, fragment) ?? inClear(type, fragment, legacyVersion));
    }
  }

  sendChangeCipherSpecIfDue(): void {
    if (!this.changeCipherSpecDue || this.#changeCipherSpecSent) return;
    this.#changeCipherSpecSent = true;
    const type = ContentType.change_cipher_spec;
    this.#queue(type, inClear(type, Uint8Array.of(1), 0x0303));
  }

  get isEmpty(): boolean {
    return this.#records.length === 0;
  }

  take(): Uint8Array {
    const bytes = concat(this.#records);
    this.#records = [];
    return bytes;
  }

  #queue(type: number, record: Uint8Array): void {
    this.#records.push(record);
    this.#onRecord(type, record);
  }
}

function inClear(type: number, content: Uint8Array, version: number): Uint8Array {
  const record = new Uint8Array(RECORD_HEADER_LENGTH + content.length);
  record.set([type, version >> 8, version & 0xff, content.length >> 8, content.length & 0xff]);
  record.set(content, RECORD_HEADER_LENGTH);
  return record;
}
