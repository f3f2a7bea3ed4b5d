/** AES and ChaCha20-Poly1305 as Web Crypto uses them: whole messages, the tag behind the ciphertext. */
import { aeskw } from '@noble/ciphers/aes.js';
import { opensslError } from '../bindings/openssl-errors.ts';
import { type ByteSource, bytesOf, concatBytes, sameBytes, toArrayBuffer } from './bytes.ts';
import {
  blockMode,
  chacha20Poly1305Mode,
  counterMode,
  galoisCounterMode,
  type Mode,
} from './cipher-modes.ts';
import { Job } from './job.ts';
import type { KeyObjectHandle } from './key-handle.ts';
import { kWebCryptoCipherEncrypt } from './rsa-cipher.ts';

const MODES = ['CTR', 'CBC', 'GCM', 'KW'] as const;
const SIZES = [128, 192, 256] as const;

/** `kKeyVariantAES_CBC_256` and its like. AES-OCB has none here, which is how Node sees that it is not there. */
export const aesVariants: Readonly<Record<string, number>> = Object.fromEntries(
  MODES.flatMap((mode) => SIZES.map((size) => `kKeyVariantAES_${mode}_${size}`)).map((name, index) => [
    name,
    index,
  ]),
);

const cipherFailed = () => new Error('Cipher job failed');
const TAG = 16;

function throughMode(mode: Mode, data: Uint8Array): Uint8Array {
  const first = mode.update(data);
  return concatBytes([first, mode.final()]);
}

function authenticated(
  mode: Mode,
  encrypting: boolean,
  data: Uint8Array,
  tagLength: number,
  additional: Uint8Array | undefined,
): Uint8Array {
  if (additional) mode.authenticate?.(additional);
  const tag = () => (mode.tag as () => Uint8Array)().subarray(0, tagLength);
  if (encrypting) return concatBytes([throughMode(mode, data), tag()]);
  if (data.length < tagLength) throw cipherFailed();
  const opened = throughMode(mode, data.subarray(0, data.length - tagLength));
  if (!sameBytes(tag(), data.subarray(data.length - tagLength))) throw cipherFailed();
  return opened;
}

/** RFC 3394. */
function wrapped(key: Uint8Array, encrypting: boolean, data: Uint8Array): Uint8Array {
  if (data.length % 8 !== 0) {
    throw opensslError('Provider routines', 'invalid input length', '1C8000E6', [UPDATE_ERROR]);
  }
  try {
    return encrypting ? aeskw(key).encrypt(data) : aeskw(key).decrypt(data);
  } catch {
    throw opensslError('Provider routines', 'cipher operation failed', '1C800066', [UPDATE_ERROR]);
  }
}
const UPDATE_ERROR = 'error:030000BD:digital envelope routines::update error';

/** AES-CTR where the counter is a part of the block only: it starts again at zero when it overflows. */
function counter(key: Uint8Array, block: Uint8Array, length: number, data: Uint8Array): Uint8Array {
  const mask = (1n << BigInt(length)) - 1n;
  let initial = 0n;
  for (const byte of block) initial = (initial << 8n) | BigInt(byte);
  const blocks = BigInt(Math.ceil(data.length / block.length));
  if (blocks > mask + 1n) throw cipherFailed();
  const untilOverflow = mask + 1n - (initial & mask);
  if (blocks <= untilOverflow) return throughMode(counterMode(key, block), data);
  const split = Number(untilOverflow) * block.length;
  let rest = initial & ~mask;
  const restarted = new Uint8Array(block.length);
  for (let index = block.length - 1; index >= 0; index--, rest >>= 8n) restarted[index] = Number(rest & 255n);
  return concatBytes([
    throughMode(counterMode(key, block), data.subarray(0, split)),
    throughMode(counterMode(key, restarted), data.subarray(split)),
  ]);
}

export class AESCipherJob extends Job<ArrayBuffer> {
  readonly #work: () => Uint8Array;

  constructor(
    mode: number,
    cipherMode: number,
    keyHandle: KeyObjectHandle,
    input: ByteSource,
    variant: number,
    iv?: ByteSource,
    length?: number,
    additional?: ByteSource,
  ) {
    super(mode);
    const encrypting = cipherMode === kWebCryptoCipherEncrypt;
    const key = keyHandle.secret();
    const data = bytesOf(input).slice();
    const start = iv ? bytesOf(iv).slice() : new Uint8Array(0);
    const associated = additional && bytesOf(additional).slice();
    this.#work = () => {
      switch (MODES[Math.floor(variant / SIZES.length)]) {
        case 'CTR':
          return counter(key, start, length as number, data);
        case 'CBC':
          return throughMode(blockMode(key, start, encrypting), data);
        case 'GCM':
          return authenticated(
            galoisCounterMode(key, start, encrypting),
            encrypting,
            data,
            length ?? TAG,
            associated,
          );
        case 'KW':
          return wrapped(key, encrypting, data);
      }
    };
  }

  protected override work(): ArrayBuffer {
    return toArrayBuffer(this.#work());
  }
}

export class ChaCha20Poly1305CipherJob extends Job<ArrayBuffer> {
  readonly #work: () => Uint8Array;

  constructor(
    mode: number,
    cipherMode: number,
    keyHandle: KeyObjectHandle,
    input: ByteSource,
    iv: ByteSource,
    additional?: ByteSource,
  ) {
    super(mode);
    const encrypting = cipherMode === kWebCryptoCipherEncrypt;
    const data = bytesOf(input).slice();
    const nonce = bytesOf(iv).slice();
    const associated = additional && bytesOf(additional).slice();
    this.#work = () =>
      authenticated(
        chacha20Poly1305Mode(keyHandle.secret(), nonce, encrypting),
        encrypting,
        data,
        TAG,
        associated,
      );
  }

  protected override work(): ArrayBuffer {
    return toArrayBuffer(this.#work());
  }
}
