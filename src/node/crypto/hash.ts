/** The native halves of `crypto.Hash`, `crypto.hash()`, `crypto.Hmac`, and the Web Crypto jobs for both. */
import { hmac } from '@noble/hashes/hmac.js';
import { opensslError } from '../bindings/openssl-errors.ts';
import { type ByteSource, bytesOf, bytesOfChunk, encoded, sameBytes, toArrayBuffer } from './bytes.ts';
import { type Digest, type DigestState, findDigest } from './digest.ts';
import { invalidDigest } from './errors.ts';
import { Job } from './job.ts';
import { KeyObjectHandle } from './key-handle.ts';

/** An output length other than the digest's own is for extendable-output functions only. */
function checkLength({ extendable, outputLen }: Digest, outputLength: number | undefined): void {
  if (extendable || outputLength === undefined || outputLength === outputLen) return;
  throw opensslError('digital envelope routines', 'not XOF or invalid length', '030000B2');
}

/** A length of zero is allowed for an extendable-output function, and its digest is nothing. */
function finish(state: DigestState, outputLength: number | undefined): Uint8Array {
  if (outputLength === 0) return new Uint8Array(0);
  return outputLength === undefined || outputLength === state.outputLen
    ? state.digest()
    : state.xof(outputLength);
}

export class Hash {
  readonly #digest: Digest;
  readonly #state: DigestState;
  readonly #outputLength: number | undefined;
  #result: Uint8Array | undefined;

  /** A copy has the state of the other, and an output length of its own. */
  constructor(algorithm: string | Hash, outputLength: number | undefined) {
    const isCopy = algorithm instanceof Hash;
    const digest = isCopy ? algorithm.#digest : findDigest(algorithm);
    if (!digest) throw new Error('Digest method not supported');
    checkLength(digest, outputLength);
    this.#digest = digest;
    this.#state = isCopy ? algorithm.#state.clone() : digest.create();
    this.#outputLength = outputLength;
  }

  update(data: string | ByteSource, encoding?: string): boolean {
    if (this.#result) return false;
    this.#state.update(bytesOfChunk(data, encoding));
    return true;
  }

  digest(encoding?: string): Buffer | string {
    this.#result ??= finish(this.#state, this.#outputLength);
    return encoded(this.#result, encoding);
  }
}

export function oneShotDigest(
  algorithm: string,
  _id: number,
  _cache: object,
  input: string | ByteSource,
  outputEncoding: string,
  _encodingId: number,
  outputLength: number | undefined,
): Buffer | string {
  const digest = findDigest(algorithm);
  if (!digest) throw new Error(`Digest method ${algorithm} is not supported`);
  if (!digest.extendable && (outputLength ?? digest.outputLen) !== digest.outputLen) {
    const text = `Output length ${outputLength} is invalid for ${algorithm}, which does not support XOF`;
    throw new Error(text);
  }
  return encoded(finish(digest.create().update(bytesOfChunk(input)), outputLength), outputEncoding);
}

export class HashJob extends Job<ArrayBuffer> {
  readonly #algorithm: string;
  readonly #data: Uint8Array;
  readonly #bits: number | undefined;

  constructor(mode: number, algorithm: string, data: ByteSource, bits?: number) {
    super(mode);
    this.#algorithm = algorithm;
    this.#data = bytesOf(data).slice();
    this.#bits = bits;
  }

  protected override work(): ArrayBuffer {
    const digest = findDigest(this.#algorithm);
    if (!digest) throw invalidDigest(`Invalid digest: ${this.#algorithm}`);
    const length = this.#bits === undefined ? undefined : this.#bits / 8;
    checkLength(digest, length || undefined);
    return toArrayBuffer(finish(digest.create().update(this.#data), length));
  }
}

/** The digest a keyed or derived operation names; Node reports an unknown one as a TypeError with the name. */
export function requireDigest(name: string): Digest {
  const digest = findDigest(name);
  if (!digest) throw invalidDigest(`Invalid digest: ${name}`);
  return digest;
}

export function secretOf(key: KeyObjectHandle | ByteSource): Uint8Array {
  return key instanceof KeyObjectHandle ? key.secret() : bytesOf(key);
}

export class Hmac {
  #state: DigestState | undefined;

  init(algorithm: string, key: KeyObjectHandle | ByteSource): void {
    this.#state = startHmac(algorithm, secretOf(key));
  }

  update(data: string | ByteSource, encoding?: string): boolean {
    this.#state?.update(bytesOfChunk(data, encoding));
    return this.#state !== undefined;
  }

  digest(encoding?: string): Buffer | string {
    const result = this.#state?.digest() ?? new Uint8Array(0);
    this.#state = undefined;
    return encoded(result, encoding);
  }
}

function startHmac(algorithm: string, key: Uint8Array): DigestState {
  return hmac.create(requireDigest(algorithm) as never, key) as unknown as DigestState;
}

const kSignJobModeVerify = 1;

export class HmacJob extends Job<ArrayBuffer | boolean> {
  readonly #digest: () => Uint8Array;
  readonly #expected: Uint8Array | undefined;

  constructor(
    mode: number,
    signMode: number,
    algorithm: string,
    key: KeyObjectHandle,
    data: ByteSource,
    signature?: ByteSource,
  ) {
    super(mode);
    const message = bytesOf(data).slice();
    this.#digest = () => startHmac(algorithm, key.secret()).update(message).digest();
    this.#expected = signMode === kSignJobModeVerify && signature ? bytesOf(signature).slice() : undefined;
  }

  protected override work(): ArrayBuffer | boolean {
    const actual = this.#digest();
    return this.#expected ? sameBytes(actual, this.#expected) : toArrayBuffer(actual);
  }
}
