import { concat } from './bytes.ts';
import type { Hash } from './cipher-suites.ts';
import { handshake } from './codec/messages.ts';
import { HandshakeType } from './codec/registries.ts';
import { encode } from './codec/writer.ts';

/**
 * The hash of every handshake message so far, in order: what signatures, Finished and all keys are bound to. §4.4.1
 * Which hash it is, is known only once the server has chosen a cipher suite; until then messages are kept.
 */
export class Transcript {
  #waiting: Uint8Array[] = [];
  #running: ReturnType<Hash['create']> | undefined;
  #keeps = false;

  add(message: Uint8Array): void {
    this.#running?.update(message);
    if (!this.#running || this.#keeps) this.#waiting.push(message);
  }

  /** The cipher suite is chosen: from here on messages are hashed as they come. */
  begin(hash: Hash): void {
    if (this.#running) return;
    this.#running = hash.create();
    for (const message of this.#waiting) this.#running.update(message);
    if (!this.#keeps) this.#waiting = [];
  }

  /** CertificateVerify of TLS 1.2 signs the messages with a hash of its own: they are kept until then. RFC 5246 §7.4.8 */
  keepMessages(): void {
    this.#keeps = true;
  }

  /** Everything so far, which is then kept no longer. */
  takeMessages(): Uint8Array {
    const messages = concat(this.#waiting);
    this.#waiting = [];
    this.#keeps = false;
    return messages;
  }

  /**
   * Before a HelloRetryRequest the first ClientHello is replaced by a made-up message that holds its hash, so that a server
   * needs to remember nothing but that hash, and may keep it in the cookie. §4.4.1
   */
  replaceFirstHello(hash: Hash): void {
    const body = this.hash();
    this.#running = hash.create();
    this.#running.update(encode(handshake, { type: HandshakeType.message_hash, body }));
  }

  /** The hash of everything so far and of `more`, as the hash of a pre-shared key wants it. §4.2.11.2 */
  hashWith(hash: Hash, more: Uint8Array): Uint8Array {
    const running = this.#running?.clone() ?? hash.create();
    for (const message of this.#waiting) running.update(message);
    return running.update(more).digest();
  }

  /** The hash of everything so far. */
  hash(): Uint8Array {
    if (!this.#running) throw new Error('no cipher suite yet');
    return this.#running.clone().digest();
  }
}
