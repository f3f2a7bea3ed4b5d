/** Keys from secrets and passwords: HKDF (RFC 5869), PBKDF2 (RFC 8018), scrypt (RFC 7914). */
import { hkdf } from '@noble/hashes/hkdf.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { scrypt } from '@noble/hashes/scrypt.js';
import { type ByteSource, bytesOf, toArrayBuffer } from './bytes.ts';
import { invalidKeyLength, invalidScryptParameters } from './errors.ts';
import { requireDigest, secretOf } from './hash.ts';
import { Job } from './job.ts';
import type { KeyObjectHandle } from './key-handle.ts';

/** A job whose work is known when its arguments have been checked. */
abstract class DerivationJob extends Job<ArrayBuffer> {
  readonly #derive: () => Uint8Array;

  constructor(mode: number, derive: () => Uint8Array) {
    super(mode);
    this.#derive = derive;
  }

  protected override work(): ArrayBuffer {
    return toArrayBuffer(this.#derive());
  }
}

export class HKDFJob extends DerivationJob {
  constructor(
    mode: number,
    algorithm: string,
    key: KeyObjectHandle | ByteSource,
    salt: ByteSource,
    info: ByteSource,
    length: number,
  ) {
    const digest = requireDigest(algorithm);
    if (length > digest.outputLen * 255) throw invalidKeyLength();
    const [secret, saltCopy, infoCopy] = [
      secretOf(key).slice(),
      bytesOf(salt).slice(),
      bytesOf(info).slice(),
    ];
    super(mode, () => {
      if (length === 0) throw new Error('Deriving bits failed');
      return hkdf(digest as never, secret, saltCopy, infoCopy, length);
    });
  }
}

export class PBKDF2Job extends DerivationJob {
  constructor(
    mode: number,
    password: KeyObjectHandle | ByteSource,
    salt: ByteSource,
    iterations: number,
    length: number,
    algorithm: string,
  ) {
    const digest = requireDigest(algorithm);
    const [secret, saltCopy] = [secretOf(password).slice(), bytesOf(salt).slice()];
    super(mode, () =>
      length === 0
        ? new Uint8Array(0)
        : pbkdf2(digest as never, secret, saltCopy, { c: iterations, dkLen: length }),
    );
  }
}

const MEMORY_LIMIT_EXCEEDED = 'error:030000AC:digital envelope routines::memory limit exceeded';

export class ScryptJob extends DerivationJob {
  constructor(
    mode: number,
    password: ByteSource,
    salt: ByteSource,
    cost: number,
    blockSize: number,
    parallelization: number,
    memoryLimit: number,
    length: number,
  ) {
    const isPowerOfTwo = cost >= 2 && Number.isInteger(Math.log2(cost));
    if (!isPowerOfTwo || blockSize < 1 || parallelization < 1) {
      throw invalidScryptParameters('Invalid scrypt params');
    }
    // RFC 7914 §6: p blocks of 128·r bytes, and N + 2 of them as the work area.
    const memory = parallelization * 128 * blockSize + 32 * blockSize * (cost + 2) * 4;
    // What RFC 7914 §2 does not allow is for OpenSSL beyond the limit, too.
    const isTooMuch = Math.log2(cost) >= 16 * blockSize || blockSize * parallelization > 2 ** 30 - 1;
    if (isTooMuch || memory > memoryLimit)
      throw invalidScryptParameters(`Invalid scrypt params: ${MEMORY_LIMIT_EXCEEDED}`);
    const [secret, saltCopy] = [bytesOf(password).slice(), bytesOf(salt).slice()];
    super(mode, () =>
      length === 0
        ? new Uint8Array(0)
        : scrypt(secret, saltCopy, {
            N: cost,
            r: blockSize,
            p: parallelization,
            dkLen: length,
            maxmem: memory + 2 ** 20,
          }),
    );
  }
}
