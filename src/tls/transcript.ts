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

  add(message: Uint8Array): void {
    if (this.#running) this.#running.update(message);
    else this.#waiting.push(message);
  }

  /** The cipher suite is chosen: from here on messages are hashed as they come. */
  begin(hash: Hash): void {
    if (this.#running) return;
    this.#running = hash.create();
    for (const message of this.#waiting) this.#running.update(message);
    this.#waiting = [];
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

  /** The hash of everything so far. */
  hash(): Uint8Array {
    if (!this.#running) throw new Error('no cipher suite yet');
    return this.#running.clone().digest();
  }
}
