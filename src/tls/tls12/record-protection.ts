import { NONCE_LENGTH, TAG_LENGTH } from '../cipher-suites.ts';
import { RECORD_HEADER_LENGTH } from '../codec/messages.ts';
import { tlsError } from '../errors.ts';
import type { RecordKeys } from '../key-schedule.ts';
import { type InnerRecord, MAX_PLAINTEXT, type Protection } from '../record-protection.ts';
import type { Suite12 } from './cipher-suites.ts';

const SEQUENCE_LENGTH = 8;

/** Encrypts or decrypts the records of one direction. RFC 5246 §6.2.3.3 */
export class RecordProtection12 implements Protection {
  readonly hidesType = false;
  /** TLS 1.2 has no way to change keys but a new handshake, which we do not do. */
  readonly worn = false;
  readonly #suite: Suite12;
  readonly #keys: RecordKeys;
  /** How many bytes of each nonce stand before the encrypted content. */
  readonly #explicitLength: number;
  #sequence = 0;

  constructor(suite: Suite12, keys: RecordKeys) {
    this.#suite = suite;
    this.#keys = keys;
    this.#explicitLength = NONCE_LENGTH - suite.fixedIvLength;
  }

  update(): void {
    throw tlsError('internal-error');
  }

  seal(type: number, content: Uint8Array): Uint8Array {
    const sequence = this.#nextSequence();
    // RFC 5288 §3 lets the sender choose what never comes twice: the sequence number does not.
    const explicit = sequence.subarray(SEQUENCE_LENGTH - this.#explicitLength);
    const aead = this.#aead(sequence, explicit, [type, 0x03, 0x03], content.length);
    const length = explicit.length + content.length + TAG_LENGTH;
    const record = new Uint8Array(RECORD_HEADER_LENGTH + length);
    record.set([type, 0x03, 0x03, length >> 8, length & 0xff]);
    record.set(explicit, RECORD_HEADER_LENGTH);
    record.set(aead.encrypt(content), RECORD_HEADER_LENGTH + explicit.length);
    return record;
  }

  open(header: Uint8Array, encrypted: Uint8Array): InnerRecord {
    const least = this.#explicitLength + TAG_LENGTH;
    if (encrypted.length < least)
      throw tlsError('encrypted-length-too-short', { expected: least, actual: encrypted.length });
    const explicit = encrypted.subarray(0, this.#explicitLength);
    const start = [...header.subarray(0, 3)];
    const aead = this.#aead(this.#nextSequence(), explicit, start, encrypted.length - least);
    let content: Uint8Array;
    try {
      content = aead.decrypt(encrypted.subarray(this.#explicitLength));
    } catch {
      throw tlsError('bad-record-mac');
    }
    if (content.length > MAX_PLAINTEXT)
      throw tlsError('data-length-too-long', { expected: MAX_PLAINTEXT, actual: content.length });
    return { type: header[0], content };
  }

  /** The additional data names the record's number, type and version, and the length of what is inside. */
  #aead(
    sequence: Uint8Array,
    explicit: Uint8Array,
    start: readonly number[],
    length: number,
  ): ReturnType<Suite12['aead']> {
    const additionalData = new Uint8Array(SEQUENCE_LENGTH + RECORD_HEADER_LENGTH);
    additionalData.set(sequence);
    additionalData.set([...start, length >> 8, length & 0xff], SEQUENCE_LENGTH);
    return this.#suite.aead(this.#keys.key, this.#nonce(sequence, explicit), additionalData);
  }

  /** AES-GCM: the fixed part, then the one in the record. ChaCha20: as TLS 1.3 has it. RFC 5288 §3, RFC 7905 §2 */
  #nonce(sequence: Uint8Array, explicit: Uint8Array): Uint8Array {
    const nonce = new Uint8Array(NONCE_LENGTH);
    nonce.set(this.#keys.iv);
    if (explicit.length > 0) nonce.set(explicit, this.#keys.iv.length);
    else
      for (const [index, byte] of sequence.entries()) nonce[NONCE_LENGTH - SEQUENCE_LENGTH + index] ^= byte;
    return nonce;
  }

  #nextSequence(): Uint8Array {
    if (this.#sequence >= Number.MAX_SAFE_INTEGER) throw tlsError('sequence-number-exhausted');
    const bytes = new Uint8Array(SEQUENCE_LENGTH);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(this.#sequence));
    this.#sequence += 1;
    return bytes;
  }
}
