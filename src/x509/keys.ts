/** What a key is, here and for the rest of the engine. Reading is in public-keys.ts and private-keys.ts, writing in key-writing.ts. */

import type { PssParameters } from './algorithm-identifier.ts';
import { bitLength, equal } from './bytes.ts';
import { type CurveName, curves } from './curves.ts';

export type PublicKey = RsaPublicKey | EcPublicKey | Ed25519PublicKey | X25519PublicKey;
export type PrivateKey = RsaPrivateKey | EcPrivateKey | Ed25519PrivateKey | X25519PrivateKey;

export interface RsaPublicKey {
  /** `rsa-pss` is a key that may sign nothing but RSA-PSS (RFC 4055 §1.2); a key of kind `rsa` signs both ways. */
  readonly kind: 'rsa' | 'rsa-pss';
  readonly modulus: bigint;
  readonly exponent: bigint;
  /** Only for `rsa-pss`: the hash it insists on and the least salt it takes. Absent means no restriction. */
  readonly pss?: PssParameters;
}
export interface EcPublicKey {
  readonly kind: 'ec';
  readonly curve: CurveName;
  /** Uncompressed: 0x04, x, y. Known to be on the curve. */
  readonly point: Uint8Array;
}
export interface Ed25519PublicKey {
  readonly kind: 'ed25519';
  readonly point: Uint8Array;
}
export interface X25519PublicKey {
  readonly kind: 'x25519';
  readonly point: Uint8Array;
}

/**
 * `publicKey` is the public half as the file states it, when it states one, and is not compared with the secret half:
 * OpenSSL does not either, which is how a forged key (someone's public half, one's own secret half) gets as far as the wire.
 */
export interface RsaPrivateKey {
  readonly kind: 'rsa' | 'rsa-pss';
  readonly publicKey: RsaPublicKey;
  readonly privateExponent: bigint;
  readonly primes: readonly [p: bigint, q: bigint];
  /** Private exponent modulo p - 1, and modulo q - 1. */
  readonly primeExponents: readonly [bigint, bigint];
  /** Inverse of q modulo p. */
  readonly coefficient: bigint;
}
export interface EcPrivateKey {
  readonly kind: 'ec';
  readonly curve: CurveName;
  readonly secret: Uint8Array;
  readonly publicKey: EcPublicKey;
}
export interface Ed25519PrivateKey {
  readonly kind: 'ed25519';
  readonly secret: Uint8Array;
  readonly publicKey: Ed25519PublicKey;
}
export interface X25519PrivateKey {
  readonly kind: 'x25519';
  readonly secret: Uint8Array;
  readonly publicKey: X25519PublicKey;
}

/** Whether two public keys are the same key, as Node asks before it accepts a certificate with a private key. */
export function samePublicKey(a: PublicKey, b: PublicKey): boolean {
  if (isRsa(a)) {
    return isRsa(b) && a.kind === b.kind && a.modulus === b.modulus && a.exponent === b.exponent;
  }
  if (a.kind === 'ec' && b.kind === 'ec' && a.curve !== b.curve) return false;
  return !isRsa(b) && a.kind === b.kind && equal(a.point, b.point);
}

type RsaKey<Key> = Extract<Key, { readonly modulus: bigint } | { readonly primes: unknown }>;

/** TypeScript cannot tell by `kind` alone that a key is not RSA, since RSA has two kinds. */
export function isRsa<Key extends PublicKey | PrivateKey>(key: Key): key is RsaKey<Key> {
  return key.kind === 'rsa' || key.kind === 'rsa-pss';
}

/** Bits of strength people quote for a key: the modulus for RSA, the field for curves. */
export function keyBits(key: PublicKey): number {
  if (key.kind === 'ec') return curves[key.curve].bits;
  if (key.kind === 'ed25519' || key.kind === 'x25519') return 256;
  return bitLength(key.modulus);
}
