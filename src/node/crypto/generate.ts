/** New keys: `crypto.generateKeyPair` and `generateKey`. */
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import {
  type HashName,
  hashes,
  type PrivateKey,
  type PssParameters,
  type RsaPrivateKey,
  X509Error,
} from '../../x509/index.ts';
import { type ByteSource, bigintOf } from './bytes.ts';
import { digestName } from './digest.ts';
import { randomBytes } from './environment.ts';
import { invalidDigest, notInThisEngine } from './errors.ts';
import { Job } from './job.ts';
import { createCryptoKey } from './key-classes.ts';
import { KeyObjectHandle } from './key-handle.ts';
import { namedCurve } from './key-input.ts';
import { generateRsaNumbers } from './platform-keys.ts';
import { isProbablePrime } from './random.ts';
import { randomScalar } from './scalar.ts';

type Encoding = [
  publicFormat?: number,
  publicType?: number,
  privateFormat?: number,
  privateType?: number,
  cipher?: string | null,
  passphrase?: ByteSource | null,
];
type Exported = KeyObjectHandle | Buffer | string | object;

/** For Web Crypto: what the keys are said to be for. */
type ForWebCrypto = [algorithm: object, publicUsages: number, privateUsages: number, extractable: boolean];
type Pair = [Exported, Exported] | { publicKey: object; privateKey: object };

/** Makes the pair; then writes it out as asked, or hands over handles for KeyObjects, or CryptoKeys. */
abstract class KeyPairJob extends Job<Pair> {
  readonly #form: Encoding | ForWebCrypto;

  constructor(mode: number, form: Encoding | ForWebCrypto) {
    super(mode);
    this.#form = form;
  }

  protected abstract generate(): PrivateKey;

  protected generateInBackground(): Promise<PrivateKey | undefined> | undefined {
    return undefined;
  }

  protected override work(): Pair {
    return this.#written(this.generate());
  }

  protected override inBackground(): Promise<Pair | undefined> | undefined {
    return this.generateInBackground()?.then((key) => key && this.#written(key));
  }

  #written(key: PrivateKey): Pair {
    const publicHandle = KeyObjectHandle.public(key.publicKey);
    const privateHandle = KeyObjectHandle.private(key);
    if (typeof this.#form[0] === 'object') {
      const [algorithm, publicUsages, privateUsages, extractable] = this.#form as ForWebCrypto;
      return {
        publicKey: createCryptoKey(publicHandle, algorithm, publicUsages, true),
        privateKey: createCryptoKey(privateHandle, algorithm, privateUsages, extractable),
      };
    }
    const [publicFormat, publicType, privateFormat, privateType, cipher, passphrase] = this.#form as Encoding;
    return [
      publicFormat === undefined ? publicHandle : publicHandle.export(publicFormat, publicType),
      privateFormat === undefined
        ? privateHandle
        : privateHandle.export(privateFormat, privateType, cipher, passphrase),
    ];
  }
}

export class EcKeyPairGenJob extends KeyPairJob {
  readonly #curve;

  constructor(mode: number, curveName: string, _paramEncoding: number, ...form: Encoding | ForWebCrypto) {
    super(mode, form);
    this.#curve = namedCurve(curveName);
  }

  protected override generate(): PrivateKey {
    const { name, ecdsa } = this.#curve;
    const secret = randomScalar(this.#curve);
    return {
      kind: 'ec',
      curve: name,
      secret,
      publicKey: { kind: 'ec', curve: name, point: ecdsa.getPublicKey(secret, false) },
    };
  }
}

export const EVP_PKEY_X25519 = 1034;
export const EVP_PKEY_ED25519 = 1087;

export class NidKeyPairGenJob extends KeyPairJob {
  readonly #nid: number;

  constructor(mode: number, nid: number, ...form: Encoding | ForWebCrypto) {
    super(mode, form);
    if (nid !== EVP_PKEY_ED25519 && nid !== EVP_PKEY_X25519) throw notInThisEngine('This type of key');
    this.#nid = nid;
  }

  protected override generate(): PrivateKey {
    const secret = randomBytes(32);
    return this.#nid === EVP_PKEY_ED25519
      ? { kind: 'ed25519', secret, publicKey: { kind: 'ed25519', point: ed25519.getPublicKey(secret) } }
      : { kind: 'x25519', secret, publicKey: { kind: 'x25519', point: x25519.getPublicKey(secret) } };
  }
}

export const kKeyVariantRSA_SSA_PKCS1_v1_5 = 0;
export const kKeyVariantRSA_PSS = 1;
export const kKeyVariantRSA_OAEP = 2;

export class RsaKeyPairGenJob extends KeyPairJob {
  readonly #bits: number;
  readonly #exponent: bigint;
  readonly #kind: 'rsa' | 'rsa-pss';
  readonly #pss: PssParameters | undefined;

  constructor(mode: number, variant: number, bits: number, exponent: number, ...rest: unknown[]) {
    const restricted = variant === kKeyVariantRSA_PSS;
    super(mode, (restricted ? rest.slice(3) : rest) as Encoding | ForWebCrypto);
    this.#bits = bits;
    this.#exponent = BigInt(exponent);
    this.#kind = restricted ? 'rsa-pss' : 'rsa';
    if (restricted) this.#pss = pssParameters(...(rest.slice(0, 3) as [string?, string?, number?]));
  }

  protected override generate(): PrivateKey {
    return generateRsaKey(this.#kind, this.#bits, this.#exponent, this.#pss);
  }

  protected override async generateInBackground(): Promise<PrivateKey | undefined> {
    const key = await generateRsaNumbers(this.#bits, this.#exponent);
    return key && rsaKey(this.#kind, key, this.#pss);
  }
}

/** What `hashAlgorithm`, `mgf1HashAlgorithm` and `saltLength` bind an RSA-PSS key to; nothing when none is given. */
function pssParameters(hash?: string, mgfHash?: string, saltLength?: number): PssParameters | undefined {
  if (hash === undefined && mgfHash === undefined && saltLength === undefined) return undefined;
  const known = (name: string): HashName => {
    const found = digestName(name);
    if (found === undefined) throw invalidDigest(`Invalid digest: ${name}`);
    // Real Node makes a key for SHA-3, and can then neither sign with it nor write it down.
    if (!Object.hasOwn(hashes, found)) throw notInThisEngine(`An RSA-PSS key for ${name}`);
    return found as HashName;
  };
  const digest = known(hash ?? 'sha1');
  return {
    hash: digest,
    mgfHash: known(mgfHash ?? digest),
    saltLength: saltLength ?? (hash === undefined ? 20 : hashes[digest].outputLen),
  };
}

const SMALLEST_MODULUS = 512;

/** FIPS 186-5 A.1.3 in outline: two random primes of half the size each, far enough from powers of two. */
export function generateRsaKey(
  kind: 'rsa' | 'rsa-pss',
  bits: number,
  exponent: bigint,
  pss?: PssParameters,
): PrivateKey {
  if (bits < SMALLEST_MODULUS) throw new Error('error:1C8000AB:Provider routines::key size too small');
  if (exponent < 3n || exponent % 2n === 0n)
    throw new Error('error:020000B2:rsa routines::pub exponent out of range');
  for (;;) {
    const first = randomPrime(Math.ceil(bits / 2), exponent);
    const second = randomPrime(Math.floor(bits / 2), exponent);
    const modulus = first * second;
    if (first === second || modulus.toString(2).length !== bits) continue;
    const [p, q] = first > second ? [first, second] : [second, first];
    const privateExponent = inverse(exponent, leastCommonMultiple(p - 1n, q - 1n));
    const numbers = {
      publicKey: { modulus, exponent },
      privateExponent,
      primes: [p, q],
      primeExponents: [privateExponent % (p - 1n), privateExponent % (q - 1n)],
      coefficient: inverse(q, p),
    } as const;
    return rsaKey(kind, numbers, pss);
  }
}

type Numbers = Omit<RsaPrivateKey, 'kind' | 'publicKey'> & {
  readonly publicKey: { readonly modulus: bigint; readonly exponent: bigint };
};

/** A key of these numbers that is good for what `kind` says. */
function rsaKey(kind: 'rsa' | 'rsa-pss', numbers: Numbers, pss?: PssParameters): PrivateKey {
  const { modulus, exponent } = numbers.publicKey;
  return { ...numbers, kind, publicKey: { kind, modulus, exponent, ...(pss ? { pss } : {}) } };
}

/** Odd primes below 8192: a candidate is sifted by all of them before the slow test. */
const SIEVE: readonly number[] = (() => {
  const limit = 8192;
  const composite = new Uint8Array(limit);
  const primes: number[] = [];
  for (let number = 3; number < limit; number += 2) {
    if (composite[number]) continue;
    primes.push(number);
    for (let multiple = number * number; multiple < limit; multiple += 2 * number) composite[multiple] = 1;
  }
  return primes;
})();

/** FIPS 186-5 table B.1: five rounds are enough for a random candidate of 1024 bits, more for smaller ones. */
const ROUNDS = 5;

/** The two highest bits are set, so that a product of two has its full length. */
function randomPrime(bits: number, exponent: bigint): bigint {
  const size = BigInt(bits);
  for (;;) {
    const random = bigintOf(randomBytes(Math.ceil(bits / 8))) & ((1n << size) - 1n);
    const start = random | (3n << (size - 2n)) | 1n;
    const remainders = SIEVE.map((prime) => Number(start % BigInt(prime)));
    for (let step = 0; step < 4096; step += 2) {
      if (SIEVE.some((prime, index) => (remainders[index] + step) % prime === 0)) continue;
      const candidate = start + BigInt(step);
      if (candidate >> size !== 0n) break;
      if ((candidate - 1n) % exponent !== 0n && isProbablePrime(candidate, ROUNDS)) return candidate;
    }
  }
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}

function leastCommonMultiple(a: bigint, b: bigint): bigint {
  return (a / greatestCommonDivisor(a, b)) * b;
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [remainder, next] = [modulus, value % modulus];
  let [factor, nextFactor] = [0n, 1n];
  while (next !== 0n) {
    const quotient = remainder / next;
    [remainder, next] = [next, remainder - quotient * next];
    [factor, nextFactor] = [nextFactor, factor - quotient * nextFactor];
  }
  if (remainder !== 1n) throw new X509Error('bad-key', 'the public exponent has no inverse');
  return ((factor % modulus) + modulus) % modulus;
}

/** Key material for HMAC and AES: as many whole bytes as the bits asked for hold. */
export class SecretKeyGenJob extends Job<KeyObjectHandle | object> {
  readonly #bits: number;
  readonly #cryptoKey: [algorithm: object, usages: number, extractable: boolean] | undefined;

  constructor(mode: number, bits: number, algorithm?: object, usages?: number, extractable?: boolean) {
    super(mode);
    this.#bits = bits;
    if (algorithm) this.#cryptoKey = [algorithm, usages ?? 0, extractable ?? false];
  }

  protected override work(): KeyObjectHandle | object {
    const handle = KeyObjectHandle.secret(randomBytes(Math.floor(this.#bits / 8)));
    return this.#cryptoKey ? createCryptoKey(handle, ...this.#cryptoKey) : handle;
  }
}

/** DSA and finite-field Diffie-Hellman keys. */
export class UnavailableKeyPairGenJob {
  constructor() {
    throw notInThisEngine('This type of key');
  }
}
