/**
 * AES in CBC, ECB, CTR and GCM mode, and ChaCha20-Poly1305, each taking its input in pieces: Node's ciphers are
 * streams, while the library underneath works on whole messages.
 */

import { ghash } from '@noble/ciphers/_polyval.js';
import { cbc, ctr, ecb } from '@noble/ciphers/aes.js';
import { opensslError } from '../bindings/openssl-errors.ts';
import { concatBytes } from './bytes.ts';
import { chacha20, poly1305 } from './chacha20.ts';

const BLOCK = 16;
const NOTHING = new Uint8Array(0);

export interface Mode {
  update(bytes: Uint8Array): Uint8Array;
  final(): Uint8Array;
  /** Block modes only. */
  padding?: boolean;
  /** Authenticated modes only. */
  authenticate?(data: Uint8Array): void;
  tag?(): Uint8Array;
}

const provider = (reason: string, number: string) => {
  const library = 'Provider routines';
  return opensslError(library, reason, number, [`error:${number}:${library}::${reason}`]);
};
const badDecrypt = () => provider('bad decrypt', '1C800064');
const wrongFinalBlockLength = () => provider('wrong final block length', '1C80006B');

/** CBC (SP 800-38A §6.2) and ECB (§6.1) with the padding of PKCS #7, which can be switched off. */
export function blockMode(key: Uint8Array, iv: Uint8Array | null, encrypting: boolean): Mode {
  let pending: Uint8Array = NOTHING;
  let chain = iv ?? NOTHING;
  const transform = (blocks: Uint8Array): Uint8Array => {
    if (blocks.length === 0) return NOTHING;
    const raw = { disablePadding: true };
    const cipher = iv ? cbc(key, chain, raw) : ecb(key, raw);
    const output = encrypting ? cipher.encrypt(blocks) : cipher.decrypt(blocks);
    if (iv) chain = (encrypting ? output : blocks).slice(-BLOCK);
    return output;
  };
  return {
    padding: true,
    update(bytes) {
      const whole = concatBytes([pending, bytes]);
      // The last block may be padding, so a decryption holds it back.
      const held =
        !encrypting && this.padding && whole.length > 0 && whole.length % BLOCK === 0
          ? BLOCK
          : whole.length % BLOCK;
      pending = whole.slice(whole.length - held);
      return transform(whole.subarray(0, whole.length - held));
    },
    final() {
      if (!this.padding) {
        if (pending.length > 0) throw wrongFinalBlockLength();
        return NOTHING;
      }
      if (encrypting) {
        const count = BLOCK - pending.length;
        return transform(concatBytes([pending, new Uint8Array(count).fill(count)]));
      }
      if (pending.length !== BLOCK) throw wrongFinalBlockLength();
      const last = transform(pending);
      const count = last[BLOCK - 1];
      if (count === 0 || count > BLOCK) throw badDecrypt();
      for (let index = BLOCK - count; index < BLOCK; index++) if (last[index] !== count) throw badDecrypt();
      return last.slice(0, BLOCK - count);
    },
  };
}

/** Exclusive-or with a keystream that is made block by block; `blocksFrom(n, count)` gives blocks n, n + 1, … of it. */
function streamMode(blockSize: number, blocksFrom: (block: number, count: number) => Uint8Array) {
  let rest: Uint8Array = NOTHING;
  let block = 0;
  return (bytes: Uint8Array): Uint8Array => {
    const output = new Uint8Array(bytes.length);
    const missing = bytes.length - rest.length;
    if (missing > 0) {
      const count = Math.ceil(missing / blockSize);
      rest = concatBytes([rest, blocksFrom(block, count)]);
      block += count;
    }
    for (let index = 0; index < bytes.length; index++) output[index] = bytes[index] ^ rest[index];
    rest = rest.subarray(bytes.length);
    return output;
  };
}

/** The counter block `steps` after `start`; `width` is how many of its last bytes count (SP 800-38A §B.1). */
function advanced(start: Uint8Array, steps: number, width: number): Uint8Array {
  const block = start.slice();
  let carry = steps;
  for (let index = BLOCK - 1; index >= BLOCK - width && carry > 0; index--) {
    const sum = block[index] + (carry % 256);
    block[index] = sum & 255;
    carry = Math.floor(carry / 256) + (sum >> 8);
  }
  return block;
}

/** CTR, SP 800-38A §6.5. */
export function counterMode(key: Uint8Array, iv: Uint8Array): Mode {
  return {
    update: streamMode(BLOCK, (block, count) =>
      ctr(key, advanced(iv, block, BLOCK)).encrypt(new Uint8Array(count * BLOCK)),
    ),
    final: () => NOTHING,
  };
}

/** A one-time authenticator that takes whole blocks, fed with pieces of any size. */
class Authenticator {
  readonly #state: { update(bytes: Uint8Array): unknown; digest(): Uint8Array };
  #pending: Uint8Array = NOTHING;
  length = 0;

  constructor(state: { update(bytes: Uint8Array): unknown; digest(): Uint8Array }) {
    this.#state = state;
  }

  update(bytes: Uint8Array): void {
    this.length += bytes.length;
    const whole = concatBytes([this.#pending, bytes]);
    const full = whole.length - (whole.length % BLOCK);
    if (full > 0) this.#state.update(whole.subarray(0, full));
    this.#pending = whole.slice(full);
  }

  /** Fills the current block with zeros. */
  pad(): void {
    if (this.#pending.length > 0)
      this.#state.update(concatBytes([this.#pending, new Uint8Array(BLOCK - this.#pending.length)]));
    this.#pending = NOTHING;
  }

  digest(lengths: Uint8Array): Uint8Array {
    this.pad();
    this.#state.update(lengths);
    return this.#state.digest();
  }
}

function authenticatedMode(
  encrypting: boolean,
  stream: (bytes: Uint8Array) => Uint8Array,
  authenticator: Authenticator,
  finish: (additional: number, text: number) => Uint8Array,
): Mode {
  let additional = 0;
  let text = 0;
  const begin = () => {
    if (text === 0) authenticator.pad();
  };
  return {
    authenticate(data) {
      additional += data.length;
      authenticator.update(data);
    },
    update(bytes) {
      begin();
      text += bytes.length;
      const output = stream(bytes);
      authenticator.update(encrypting ? output : bytes);
      return output;
    },
    final: () => NOTHING,
    tag() {
      begin();
      return finish(additional, text);
    },
  };
}

/** GCM, SP 800-38D §7. */
export function galoisCounterMode(key: Uint8Array, iv: Uint8Array, encrypting: boolean): Mode {
  const encryptBlock = (block: Uint8Array) => ecb(key, { disablePadding: true }).encrypt(block);
  const hashKey = encryptBlock(new Uint8Array(BLOCK));
  const bits = (additional: number, text: number): Uint8Array => {
    const lengths = new DataView(new ArrayBuffer(BLOCK));
    lengths.setBigUint64(0, BigInt(additional) * 8n);
    lengths.setBigUint64(8, BigInt(text) * 8n);
    return new Uint8Array(lengths.buffer);
  };
  let first: Uint8Array = concatBytes([iv, Uint8Array.of(0, 0, 0, 1)]);
  if (iv.length !== 12) {
    const hashed = new Authenticator(ghash.create(hashKey));
    hashed.update(iv);
    first = hashed.digest(bits(0, iv.length));
  }
  const authenticator = new Authenticator(ghash.create(hashKey));
  const stream = streamMode(BLOCK, (block, count) => {
    const output = new Uint8Array(count * BLOCK);
    // Only the last four bytes count here, so the counter of CTR mode cannot be used across their overflow.
    let done = 0;
    while (done < count) {
      const start = advanced(first, block + done + 1, 4);
      const untilOverflow = 2 ** 32 - new DataView(start.buffer, start.byteOffset).getUint32(12);
      const piece = Math.min(count - done, untilOverflow);
      output.set(ctr(key, start).encrypt(new Uint8Array(piece * BLOCK)), done * BLOCK);
      done += piece;
    }
    return output;
  });
  return authenticatedMode(encrypting, stream, authenticator, (additional, text) => {
    const tag = authenticator.digest(bits(additional, text));
    const mask = encryptBlock(first);
    return tag.map((byte, index) => byte ^ mask[index]);
  });
}

/** RFC 8439 §2.8. */
export function chacha20Poly1305Mode(key: Uint8Array, iv: Uint8Array, encrypting: boolean): Mode {
  const nonce = concatBytes([new Uint8Array(12 - iv.length), iv]);
  const oneTimeKey = chacha20(key, nonce, new Uint8Array(32), undefined, 0);
  const authenticator = new Authenticator(poly1305.create(oneTimeKey));
  const stream = streamMode(64, (block, count) =>
    chacha20(key, nonce, new Uint8Array(count * 64), undefined, block + 1),
  );
  return authenticatedMode(encrypting, stream, authenticator, (additional, text) => {
    const lengths = new DataView(new ArrayBuffer(BLOCK));
    lengths.setBigUint64(0, BigInt(additional), true);
    lengths.setBigUint64(8, BigInt(text), true);
    return authenticator.digest(new Uint8Array(lengths.buffer));
  });
}
