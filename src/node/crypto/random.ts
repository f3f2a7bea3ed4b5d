/** Random bytes, primes, and the comparison whose time does not depend on the content. */
import { type ByteSource, bigintOf, bytesOf, bytesOfBigint, sameBytes, toArrayBuffer } from './bytes.ts';
import { fillRandom, randomBytes } from './environment.ts';
import { invalidArgumentType, outOfRange, timingSafeLength } from './errors.ts';
import { Job } from './job.ts';

export class RandomBytesJob extends Job<undefined> {
  readonly #target: Uint8Array;

  constructor(mode: number, target: ByteSource, offset: number, size: number) {
    super(mode);
    this.#target = bytesOf(target).subarray(offset, offset + size);
  }

  protected override work(): undefined {
    fillRandom(this.#target);
  }
}

/** Native code keeps secrets out of swap; here it is memory like any other. */
export function secureBuffer(length: number): Buffer | Uint8Array {
  return new Uint8Array(length);
}

export function timingSafeEqual(a: ByteSource, b: ByteSource): boolean {
  for (const [name, value] of [
    ['buf1', a],
    ['buf2', b],
  ] as const) {
    if (!ArrayBuffer.isView(value) && !(value instanceof ArrayBuffer)) {
      throw invalidArgumentType(
        `The "${name}" argument must be an instance of ArrayBuffer, Buffer, TypedArray, or DataView.`,
      );
    }
  }
  if (a.byteLength !== b.byteLength) throw timingSafeLength();
  return sameBytes(bytesOf(a), bytesOf(b));
}

export function modularPower(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

const SMALL_PRIMES = [
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
].map(BigInt);

/** Miller-Rabin with random bases, FIPS 186-5 B.3.1. */
export function isProbablePrime(candidate: bigint, rounds = 24): boolean {
  if (candidate < 2n) return false;
  for (const prime of SMALL_PRIMES) if (candidate % prime === 0n) return candidate === prime;
  let odd = candidate - 1n;
  let twos = 0;
  for (; (odd & 1n) === 0n; odd >>= 1n) twos++;
  const length = Math.ceil(candidate.toString(16).length / 2);
  nextRound: for (let round = 0; round < rounds; round++) {
    const base = 2n + (bigintOf(randomBytes(length)) % (candidate - 3n));
    let power = modularPower(base, odd, candidate);
    if (power === 1n || power === candidate - 1n) continue;
    for (let step = 1; step < twos; step++) {
      power = (power * power) % candidate;
      if (power === candidate - 1n) continue nextRound;
    }
    return false;
  }
  return true;
}

export class CheckPrimeJob extends Job<boolean> {
  readonly #candidate: bigint;

  constructor(mode: number, candidate: ByteSource, _checks: number) {
    super(mode);
    this.#candidate = bigintOf(bytesOf(candidate));
  }

  protected override work(): boolean {
    return isProbablePrime(this.#candidate);
  }
}

export class RandomPrimeJob extends Job<ArrayBuffer> {
  readonly #bits: number;
  readonly #safe: boolean;
  readonly #add: bigint;
  readonly #remainder: bigint;

  constructor(mode: number, bits: number, safe: boolean, add?: ByteSource, remainder?: ByteSource) {
    super(mode);
    this.#bits = bits;
    this.#safe = safe;
    this.#add = add ? bigintOf(bytesOf(add)) : 0n;
    this.#remainder = remainder ? bigintOf(bytesOf(remainder)) : safe ? 3n : 1n;
    if (this.#add > 0n) {
      if (this.#add >> BigInt(bits) > 0n) throw outOfRange('invalid options.add');
      if (this.#add <= this.#remainder && remainder) throw outOfRange('invalid options.rem');
    }
  }

  protected override work(): ArrayBuffer {
    for (;;) {
      const prime = this.#candidate();
      if (this.#safe && !isProbablePrime((prime - 1n) / 2n)) continue;
      if (isProbablePrime(prime)) return toArrayBuffer(bytesOfBigint(prime, Math.ceil(this.#bits / 8)));
    }
  }

  /** Odd, with the two highest bits set as OpenSSL has it (one bit only for very small ones), and ≡ remainder (mod add). */
  #candidate(): bigint {
    const bits = BigInt(this.#bits);
    const top = this.#bits > 2 ? 3n << (bits - 2n) : 1n << (bits - 1n);
    const random = bigintOf(randomBytes(Math.ceil(this.#bits / 8))) & ((1n << bits) - 1n);
    const odd = random | top | (this.#bits > 1 ? 1n : 0n);
    if (this.#add === 0n) return odd;
    return odd - (odd % this.#add) + this.#remainder;
  }
}
