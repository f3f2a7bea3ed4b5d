import { NONCE_LENGTH, type Suite, TAG_LENGTH } from './cipher-suites.ts';
import { RECORD_HEADER_LENGTH } from './codec/messages.ts';
import { ContentType } from './codec/registries.ts';
import { tlsError } from './errors.ts';
import { nextTrafficSecret, type RecordKeys, recordKeys } from './key-schedule.ts';

/** §5.1: how much a record may hold. */
export const MAX_PLAINTEXT = 2 ** 14;
/** §5.2: how much longer encryption may make it. */
export const MAX_EXPANSION = 256;

/** What a decrypted record holds. */
export interface InnerRecord {
  readonly type: number;
  readonly content: Uint8Array;
}

/** What encrypts or decrypts the records of one direction: each version has its own way. */
export interface Protection {
  /** Whether every encrypted record calls itself application_data, as in TLS 1.3. */
  readonly hidesType: boolean;
  /** The keys have protected so many records that they must be replaced before the next. */
  readonly worn: boolean;
  update(): void;
  /** A whole record, header included. */
  seal(type: number, content: Uint8Array): Uint8Array;
  open(header: Uint8Array, encrypted: Uint8Array): InnerRecord;
}

/** Encrypts or decrypts the records of one direction, under one secret after another. §5.2, §5.3 */
export class RecordProtection implements Protection {
  readonly hidesType = true;
  readonly #suite: Suite;
  #secret: Uint8Array;
  #keys: RecordKeys;
  #sequence = 0;
  readonly #nonce = new Uint8Array(NONCE_LENGTH);

  constructor(suite: Suite, trafficSecret: Uint8Array) {
    this.#suite = suite;
    this.#secret = trafficSecret;
    this.#keys = recordKeys(suite, trafficSecret);
  }

  /** The keys have protected so many records that they must be replaced before the next. §5.5 */
  get worn(): boolean {
    return this.#sequence >= this.#suite.recordLimit;
  }

  /** Moves on to the next secret of this direction. §7.2 */
  update(): void {
    this.#secret = nextTrafficSecret(this.#suite.hash, this.#secret);
    this.#keys = recordKeys(this.#suite, this.#secret);
    this.#sequence = 0;
  }

  /** A whole record, header included, that hides its type behind application_data. §5.2 */
  seal(type: number, content: Uint8Array): Uint8Array {
    const inner = new Uint8Array(content.length + 1);
    inner.set(content);
    inner[content.length] = type;
    const length = inner.length + TAG_LENGTH;
    const record = new Uint8Array(RECORD_HEADER_LENGTH + length);
    record.set([ContentType.application_data, 0x03, 0x03, length >> 8, length & 0xff]);
    const header = record.subarray(0, RECORD_HEADER_LENGTH);
    const sealed = this.#suite.aead(this.#keys.key, this.#nextNonce(), header).encrypt(inner);
    record.set(sealed, RECORD_HEADER_LENGTH);
    return record;
  }

  /** The header is authenticated with the content. A record that does not decrypt does not count. */
  open(header: Uint8Array, encrypted: Uint8Array): InnerRecord {
    if (encrypted.length < TAG_LENGTH + 1)
      throw tlsError('encrypted-length-too-short', { expected: TAG_LENGTH + 1, actual: encrypted.length });
    const aead = this.#suite.aead(this.#keys.key, this.#nextNonce(), header);
    let inner: Uint8Array;
    try {
      inner = aead.decrypt(encrypted);
    } catch {
      this.#sequence -= 1;
      throw tlsError('bad-record-mac');
    }
    if (inner.length > MAX_PLAINTEXT + 1)
      throw tlsError('data-length-too-long', { expected: MAX_PLAINTEXT + 1, actual: inner.length });
    return unpad(inner);
  }

  /** §5.3: the sequence number, written over the nonce base with XOR. */
  #nextNonce(): Uint8Array {
    const nonce = this.#nonce;
    nonce.set(this.#keys.iv);
    let left = this.#sequence;
    if (left >= Number.MAX_SAFE_INTEGER) throw tlsError('sequence-number-exhausted');
    for (let index = NONCE_LENGTH - 1; left > 0; index--) {
      nonce[index] ^= left % 0x100;
      left = Math.floor(left / 0x100);
    }
    this.#sequence += 1;
    return nonce;
  }
}

/** The type is the last byte that is not zero; the zeros after it are padding. §5.4 */
function unpad(inner: Uint8Array): InnerRecord {
  let end = inner.length - 1;
  while (end >= 0 && inner[end] === 0) end -= 1;
  if (end < 0) throw tlsError('no-content-type');
  return { type: inner[end], content: inner.subarray(0, end) };
}
