import type { Suite } from './cipher-suites.ts';
import { ContentType } from './codec/registries.ts';
import { TlsError, tlsError } from './errors.ts';
import { type InnerRecord, type Protection, RecordProtection } from './record-protection.ts';
import { type Record, RecordReader } from './record-reader.ts';

/** A peer may send empty records to hide when it speaks, but not keep us busy with nothing. BoringSSL stops here too. */
const MAX_EMPTY_RECORDS = 32;
const MAX_CHANGE_CIPHER_SPECS = 32;

/** The records that arrive, decrypted once there are keys, without those that mean nothing. §5 */
export class Incoming {
  readonly #reader = new RecordReader();
  #protection: Protection | undefined;
  #emptyInARow = 0;
  #changeCipherSpecs = 0;
  #earlyDataToSkip = 0;
  #plaintextAlerts = false;
  #tls12 = false;
  /** §5: from the first ClientHello until the peer's Finished, a change_cipher_spec may come and means nothing. */
  allowsChangeCipherSpec = false;

  push(bytes: Uint8Array): void {
    this.#reader.push(bytes);
  }

  /** How many bytes wait to be read. */
  get waiting(): number {
    return this.#reader.available;
  }

  clear(): void {
    this.#reader.clear();
  }

  /**
   * What comes next is encrypted under this secret. A client that cannot read our ServerHello has no keys
   * to say so with: so a server still takes an alert in clear until the first record decrypts.
   */
  protect(suite: Suite, trafficSecret: Uint8Array, { plaintextAlerts = false } = {}): void {
    this.#protection = new RecordProtection(suite, trafficSecret);
    this.#reader.allowsEncrypted = true;
    this.#plaintextAlerts = plaintextAlerts;
  }

  /** TLS 1.2 was chosen: from here on a change_cipher_spec is a message that counts. RFC 5246 §7.1 */
  speakTls12(): void {
    if (this.#changeCipherSpecs > 0) throw tlsError('unexpected-change-cipher-spec');
    this.#tls12 = true;
    this.#reader.tls12 = true;
  }

  /** TLS 1.2: what comes next is encrypted like this. */
  protectWith(protection: Protection): void {
    this.#protection = protection;
    this.#reader.allowsEncrypted = true;
  }

  updateKeys(): void {
    this.#protection?.update();
  }

  /** §4.2.10: a server that takes no 0-RTT data must read past what the client sent on a guess. */
  skipEarlyData(bytes: number): void {
    this.#earlyDataToSkip = bytes;
    this.#reader.allowsEncrypted = true;
  }

  stopSkippingEarlyData(): void {
    this.#earlyDataToSkip = 0;
  }

  /** The next record that means something, or `undefined` until more bytes come. */
  next(): (InnerRecord & { readonly header: Uint8Array; readonly encrypted: boolean }) | undefined {
    for (;;) {
      const record = this.#reader.next();
      if (!record) return undefined;
      const { header } = record;
      if (record.type === ContentType.change_cipher_spec && !this.#tls12) {
        this.#dropChangeCipherSpec(record);
        continue;
      }
      const inner = this.#protection ? this.#open(this.#protection, record) : this.#inClear(record);
      if (!inner) continue;
      this.#checkEmpty(inner);
      return { type: inner.type, content: inner.content, header, encrypted: inner !== record };
    }
  }

  #open(protection: Protection, record: Record): InnerRecord | undefined {
    if (!protection.hidesType) return protection.open(record.header, record.content);
    if (record.type === ContentType.alert && this.#plaintextAlerts) return record;
    if (record.type !== ContentType.application_data)
      throw tlsError('plaintext-after-keys', { expected: ContentType.application_data, actual: record.type });
    try {
      const inner = protection.open(record.header, record.content);
      this.#earlyDataToSkip = 0;
      this.#plaintextAlerts = false;
      // §5: it would be a change_cipher_spec that somebody took the trouble to encrypt.
      if (inner.type === ContentType.change_cipher_spec)
        throw tlsError('bad-record-type', { actual: inner.type });
      return inner;
    } catch (error) {
      if (!this.#earlyDataToSkip || !isUndecryptable(error)) throw error;
      this.#skip(record);
      return undefined;
    }
  }

  #inClear(record: Record): Record | undefined {
    switch (record.type) {
      case ContentType.handshake:
      case ContentType.alert:
        return record;
      case ContentType.application_data:
        if (!this.#earlyDataToSkip) throw tlsError('data-before-finished');
        this.#skip(record);
        return undefined;
      case ContentType.change_cipher_spec:
        return record;
      default:
        throw tlsError('bad-record-type', { actual: record.type });
    }
  }

  #skip(record: Record): void {
    this.#earlyDataToSkip -= record.content.length;
    if (this.#earlyDataToSkip <= 0) throw tlsError('too-much-skipped-early-data');
  }

  #dropChangeCipherSpec({ content }: Record): void {
    if (!this.allowsChangeCipherSpec) throw tlsError('unexpected-change-cipher-spec');
    if (content.length !== 1 || content[0] !== 1) throw tlsError('bad-change-cipher-spec');
    this.#changeCipherSpecs += 1;
    if (this.#changeCipherSpecs > MAX_CHANGE_CIPHER_SPECS) throw tlsError('too-many-change-cipher-specs');
  }

  #checkEmpty({ type, content }: InnerRecord): void {
    if (content.length > 0) {
      this.#emptyInARow = 0;
      return;
    }
    // §5.4: only application data may be empty.
    if (type !== ContentType.application_data) throw tlsError('empty-fragment', { actual: type });
    this.#emptyInARow += 1;
    if (this.#emptyInARow > MAX_EMPTY_RECORDS) throw tlsError('too-many-empty-records');
  }
}

function isUndecryptable(error: unknown): boolean {
  return (
    error instanceof TlsError &&
    (error.reason === 'bad-record-mac' || error.reason === 'encrypted-length-too-short')
  );
}
