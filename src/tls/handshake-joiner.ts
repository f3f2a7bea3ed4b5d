import { HandshakeType, spell } from './codec/registries.ts';
import { tlsError } from './errors.ts';

/** A whole handshake message. `bytes` has the four bytes of header that `body` lacks. */
export interface Message {
  readonly type: number;
  readonly body: Uint8Array;
  readonly bytes: Uint8Array;
}

const HEADER_LENGTH = 4;

/** How long a body of each kind may be. OpenSSL's limits; what is not listed may fill one record. */
const MAX_LENGTHS: Readonly<Record<number, number>> = {
  [HandshakeType.client_hello]: 131_396,
  [HandshakeType.server_hello]: 65_607,
  [HandshakeType.encrypted_extensions]: 20_000,
  [HandshakeType.certificate_request]: 102_400,
  [HandshakeType.certificate]: 102_400,
  [HandshakeType.new_session_ticket]: 131_338,
  [HandshakeType.hello_request]: 0,
  [HandshakeType.server_key_exchange]: 102_400,
  [HandshakeType.server_hello_done]: 0,
  [HandshakeType.client_key_exchange]: 2048,
  [HandshakeType.key_update]: 1,
};
const MAX_OTHER = 16_384;

/** Puts handshake messages together from the records they are spread over. §5.1 */
export class HandshakeJoiner {
  #buffer = new Uint8Array(512);
  #length = 0;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  add(fragment: Uint8Array): void {
    const needed = this.#length + fragment.length;
    if (needed > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(fragment, this.#length);
    this.#length = needed;
  }

  /**
   * The next message, or `undefined` until it is whole. A type that is not `expected` is refused as soon as it shows, not
   * after its body has been collected.
   */
  next(expected: readonly number[], waitingFor: string): Message | undefined {
    if (this.#length === 0) return undefined;
    const type = this.#buffer[0];
    if (!expected.includes(type))
      throw tlsError('unexpected-message', {
        expected: expected.map((id) => spell(HandshakeType, id, 1)),
        actual: `${spell(HandshakeType, type, 1)} in ${waitingFor}`,
      });
    if (this.#length < HEADER_LENGTH) return undefined;
    const length = (this.#buffer[1] << 16) | (this.#buffer[2] << 8) | this.#buffer[3];
    const most = MAX_LENGTHS[type] ?? MAX_OTHER;
    if (length > most) throw tlsError('excessive-message-size', { expected: most, actual: length });
    const end = HEADER_LENGTH + length;
    if (this.#length < end) return undefined;
    // Copied: states keep parts of messages while this buffer is used again.
    const bytes = this.#buffer.slice(0, end);
    this.#buffer.copyWithin(0, end, this.#length);
    this.#length -= end;
    return { type, body: bytes.subarray(HEADER_LENGTH), bytes };
  }
}
