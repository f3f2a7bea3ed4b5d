/**
 * RSA signatures: the paddings of RFC 8017 over the modular power of @noble/curves.
 *
 * Why not the signatures of micro-rsa-dsa-dh: they know only the full private exponent (some four times slower than the
 * Chinese remainder theorem, 7 ms where 2 will do), draw their salt from a generator nobody can replace, cannot verify a
 * signature whose salt length is not known, and give a signature one byte short when the modulus has 8n + 1 bits.
 * MGF1 does come from there.
 */
import { pow } from '@noble/curves/abstract/modular.js';
import { mgf1 } from 'micro-rsa-dsa-dh/rsa.js';
import type { PssParameters } from './algorithm-identifier.ts';
import { bitLength, concat, equal, fromBigInt, toBigInt } from './bytes.ts';
import { writeNull, writeObjectIdentifier, writeOctetString, writeSequence } from './der.ts';
import { X509Error } from './errors.ts';
import { type HashName, hashes } from './hashes.ts';
import type { RsaPrivateKey, RsaPublicKey } from './keys.ts';
import { oidOfHash } from './oids.ts';

/** OpenSSL's bounds (OPENSSL_RSA_MAX_MODULUS_BITS, OPENSSL_RSA_SMALL_MODULUS_BITS): beyond them a public operation could be made to take for ever. */
const MAX_MODULUS_BITS = 16384;
const SMALL_MODULUS_BITS = 3072;
const MAX_EXPONENT_BITS = 64;

/** Bytes of a signature, `k` in RFC 8017. */
export function modulusLength({ modulus }: RsaPublicKey): number {
  return Math.ceil(bitLength(modulus) / 8);
}

/**
 * RSASP1 (RFC 8017 §5.2.1) by the Chinese remainder theorem. As OpenSSL, it checks the result with the public key and, if
 * that fails, uses the private exponent instead: a faulty result would give the primes away, and a key whose parts do not
 * belong together is to behave as it does in Node.
 */
export function rsaPrivate(key: RsaPrivateKey, message: bigint): bigint {
  const { modulus, exponent } = key.publicKey;
  const [p, q] = key.primes;
  const [pExponent, qExponent] = key.primeExponents;
  const modP = pow(message % p, pExponent, p);
  const modQ = pow(message % q, qExponent, q);
  const difference = (((modP - modQ) % p) + p) % p;
  const result = modQ + ((difference * key.coefficient) % p) * q;
  if (result < modulus && pow(result, exponent, modulus) === message) return result;
  return pow(message, key.privateExponent, modulus);
}

/** RSAVP1 (§5.2.2) on bytes: the encoded message, or undefined for what cannot be a signature of this key. */
function recover(key: RsaPublicKey, signature: Uint8Array, length: number): Uint8Array | undefined {
  const { modulus, exponent } = key;
  const bits = bitLength(modulus);
  if (bits > MAX_MODULUS_BITS || (bits > SMALL_MODULUS_BITS && bitLength(exponent) > MAX_EXPONENT_BITS))
    return undefined;
  if (signature.length !== modulusLength(key)) return undefined;
  const value = toBigInt(signature);
  if (value >= modulus) return undefined;
  const message = pow(value, exponent, modulus);
  return bitLength(message) > 8 * length ? undefined : fromBigInt(message, length);
}

/** EMSA-PKCS1-v1_5 (§9.2): 00 01 ff … ff 00 DigestInfo. */
function encodePkcs1(hash: HashName, message: Uint8Array, length: number): Uint8Array {
  const digestInfo = writeDigestInfo(hash, hashes[hash](message));
  if (length < digestInfo.length + 11)
    throw new X509Error('key-too-small', `the RSA key is too small for ${hash}`);
  const encoded = new Uint8Array(length).fill(0xff);
  encoded.set([0, 1]);
  encoded[length - digestInfo.length - 1] = 0;
  encoded.set(digestInfo, length - digestInfo.length);
  return encoded;
}

function writeDigestInfo(hash: HashName, digest: Uint8Array): Uint8Array {
  return writeSequence(
    writeSequence(writeObjectIdentifier(oidOfHash(hash)), writeNull()),
    writeOctetString(digest),
  );
}

export function signPkcs1(hash: HashName, key: RsaPrivateKey, message: Uint8Array): Uint8Array {
  const length = modulusLength(key.publicKey);
  return fromBigInt(rsaPrivate(key, toBigInt(encodePkcs1(hash, message, length))), length);
}

/** RSASSA-PKCS1-v1_5 (§8.2.2): encodes again and compares, so no lenient parsing of the padding can be fooled. */
export function verifyPkcs1(
  hash: HashName,
  key: RsaPublicKey,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const length = modulusLength(key);
  const encoded = recover(key, signature, length);
  return encoded !== undefined && equal(encoded, encodePkcs1(hash, message, length));
}

/** EMSA-PSS (§9.1.1). */
export function signPss(
  { hash, mgfHash, saltLength }: PssParameters,
  key: RsaPrivateKey,
  message: Uint8Array,
  random: (bytes: Uint8Array) => void,
): Uint8Array {
  const bits = bitLength(key.publicKey.modulus) - 1;
  const length = Math.ceil(bits / 8);
  const { outputLen } = hashes[hash];
  if (length < outputLen + saltLength + 2) {
    throw new X509Error(
      'key-too-small',
      `the RSA key is too small for RSA-PSS with ${hash} and ${saltLength} bytes of salt`,
    );
  }
  const salt = new Uint8Array(saltLength);
  random(salt);
  const digest = pssDigest(hash, message, salt);
  const block = new Uint8Array(length - outputLen - 1);
  block[block.length - saltLength - 1] = 1;
  block.set(salt, block.length - saltLength);
  maskBlock(block, digest, mgfHash, bits);
  const encoded = concat(block, digest, Uint8Array.of(0xbc));
  return fromBigInt(rsaPrivate(key, toBigInt(encoded)), modulusLength(key.publicKey));
}

/** EMSA-PSS (§9.1.2). Without a salt length any is taken, as OpenSSL does when told to find out. */
export function verifyPss(
  { hash, mgfHash, saltLength }: Omit<PssParameters, 'saltLength'> & { saltLength?: number | undefined },
  key: RsaPublicKey,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const bits = bitLength(key.modulus) - 1;
  const length = Math.ceil(bits / 8);
  const { outputLen } = hashes[hash];
  const encoded = recover(key, signature, length);
  if (!encoded || length < outputLen + (saltLength ?? 0) + 2 || encoded[length - 1] !== 0xbc) return false;
  const block = encoded.slice(0, length - outputLen - 1);
  const digest = encoded.subarray(length - outputLen - 1, length - 1);
  const spareBits = 8 * length - bits;
  if (spareBits > 0 && block[0] >> (8 - spareBits) !== 0) return false;
  maskBlock(block, digest, mgfHash, bits);
  const separator = block.findIndex((byte) => byte !== 0);
  if (separator < 0 || block[separator] !== 1) return false;
  const salt = block.subarray(separator + 1);
  if (saltLength !== undefined && salt.length !== saltLength) return false;
  return equal(digest, pssDigest(hash, message, salt));
}

/** The hash of eight zero bytes, the message's hash and the salt. */
function pssDigest(hash: HashName, message: Uint8Array, salt: Uint8Array): Uint8Array {
  return hashes[hash](concat(new Uint8Array(8), hashes[hash](message), salt));
}

/** Masks or unmasks DB in place and clears the bits that the modulus has no room for. */
function maskBlock(block: Uint8Array, digest: Uint8Array, hash: HashName, bits: number): void {
  const mask = mgf1(hashes[hash])(digest, { dkLen: block.length });
  for (let index = 0; index < block.length; index++) block[index] ^= mask[index];
  block[0] &= 0xff >> (8 * Math.ceil(bits / 8) - bits);
}
