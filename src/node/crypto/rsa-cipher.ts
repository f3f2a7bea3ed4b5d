/** RSA encryption: OAEP and PKCS #1 v1.5 (RFC 8017 §7), and signing without a digest, its mirror image. */
import {
  type PrivateKey,
  type PublicKey,
  type RsaPrivateKey,
  type RsaPublicKey,
  rsaPrivate,
} from '../../x509/index.ts';
import { errorLine, opensslError } from '../bindings/openssl-errors.ts';
import {
  type ByteSource,
  bigintOf,
  bytesOf,
  bytesOfBigint,
  concatBytes,
  sameBytes,
  toArrayBuffer,
  toBuffer,
} from './bytes.ts';
import { type Digest, findDigest } from './digest.ts';
import { randomBytes } from './environment.ts';
import { invalidOaepDigest } from './errors.ts';
import { Job } from './job.ts';
import type { Jwk } from './jwk.ts';
import { type KeyObjectHandle, privateKeyArgument, publicKeyArgument } from './key-handle.ts';
import { modularPower } from './random.ts';

const RSA_PKCS1_PADDING = 1;
const RSA_NO_PADDING = 3;
const RSA_PKCS1_OAEP_PADDING = 4;

type Arguments = [
  data: KeyObjectHandle | ByteSource | Jwk,
  format: number | undefined,
  type: number | undefined,
  passphrase: ByteSource | undefined,
  curveName: string | undefined,
  buffer: ByteSource,
  padding: number,
  oaepHash?: string,
  oaepLabel?: ByteSource,
];

function rsaError(reason: string, number: string): Error {
  const line = errorLine('rsa routines', reason, number);
  return opensslError('rsa routines', reason, number, [line]);
}

const tooLarge = () => rsaError('data too large for key size', '0200006E');
const oaepDecodingError = () => rsaError('oaep decoding error', '02000079');

function requireRsa<Key extends PublicKey | PrivateKey>(key: Key): Key & { kind: 'rsa' | 'rsa-pss' } {
  if (key.kind === 'rsa' || key.kind === 'rsa-pss') return key as Key & { kind: 'rsa' | 'rsa-pss' };
  throw opensslError('digital envelope routines', 'operation not supported for this keytype', '03000096');
}

/** A key for RSA-PSS signs and does nothing else (RFC 4055 §1.2). */
function requireCipherKey<Key extends PublicKey | PrivateKey>(key: Key): Key & { kind: 'rsa' } {
  const rsa = requireRsa(key);
  if (rsa.kind === 'rsa') return rsa as Key & { kind: 'rsa' };
  throw opensslError('Provider routines', 'operation not supported for this keytype', '1C8000B2');
}

const lengthOf = (key: RsaPublicKey) => bytesOfBigint(key.modulus).length;

function raisePublic(key: RsaPublicKey, block: Uint8Array): Uint8Array {
  const value = bigintOf(block);
  if (value >= key.modulus) throw rsaError('data too large for modulus', '02000084');
  return bytesOfBigint(modularPower(value, key.exponent, key.modulus), lengthOf(key));
}

function raisePrivate(key: RsaPrivateKey, block: Uint8Array): Uint8Array {
  const value = bigintOf(block);
  if (value >= key.publicKey.modulus) throw rsaError('data too large for modulus', '02000084');
  return bytesOfBigint(rsaPrivate(key, value), lengthOf(key.publicKey));
}

/** MGF1, RFC 8017 B.2.1. */
function mask(digest: Digest, seed: Uint8Array, length: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let counter = 0, total = 0; total < length; counter++, total += digest.outputLen) {
    parts.push(digest(concatBytes([seed, bytesOfBigint(BigInt(counter), 4)])));
  }
  return concatBytes(parts).subarray(0, length);
}

const xor = (a: Uint8Array, b: Uint8Array) => a.map((byte, index) => byte ^ b[index]);

/** EME-OAEP encoding, RFC 8017 §7.1.1. */
function oaepDigest(name = 'sha1'): Digest {
  const digest = findDigest(name);
  if (!digest) throw invalidOaepDigest();
  return digest;
}

function oaepEncode(message: Uint8Array, length: number, digest: Digest, label: Uint8Array): Uint8Array {
  const size = digest.outputLen;
  if (message.length > length - 2 * size - 2) throw tooLarge();
  const padding = new Uint8Array(length - message.length - 2 * size - 2);
  const block = concatBytes([digest(label), padding, Uint8Array.of(1), message]);
  const seed = randomBytes(size);
  const maskedBlock = xor(block, mask(digest, seed, block.length));
  const maskedSeed = xor(seed, mask(digest, maskedBlock, size));
  return concatBytes([Uint8Array.of(0), maskedSeed, maskedBlock]);
}

/** EME-OAEP decoding, §7.1.2. One error for whatever is wrong: telling them apart is Manger's attack. */
function oaepDecode(encoded: Uint8Array, digest: Digest, label: Uint8Array): Uint8Array {
  const size = digest.outputLen;
  if (encoded.length < 2 * size + 2) throw oaepDecodingError();
  const maskedBlock = encoded.subarray(1 + size);
  const seed = xor(encoded.subarray(1, 1 + size), mask(digest, maskedBlock, size));
  const block = xor(maskedBlock, mask(digest, seed, maskedBlock.length));
  let separator = size;
  while (separator < block.length && block[separator] === 0) separator++;
  const good =
    encoded[0] === 0 && sameBytes(block.subarray(0, size), digest(label)) && block[separator] === 1;
  if (!good) throw oaepDecodingError();
  return block.slice(separator + 1);
}

/** EME-PKCS1-v1_5 (§7.2.1) for encryption with random filling, EMSA-PKCS1-v1_5 (§9.2) with 0xff. */
function pkcs1Encode(message: Uint8Array, length: number, blockType: 1 | 2): Uint8Array {
  if (message.length > length - 11) throw tooLarge();
  const filling = new Uint8Array(length - message.length - 3).fill(0xff);
  if (blockType === 2)
    for (let index = 0; index < filling.length; index++)
      do filling[index] = randomBytes(1)[0];
      while (filling[index] === 0);
  return concatBytes([Uint8Array.of(0, blockType), filling, Uint8Array.of(0), message]);
}

function pkcs1Decode(encoded: Uint8Array, blockType: 1 | 2): Uint8Array | undefined {
  const separator = encoded.indexOf(0, 2);
  const good = encoded[0] === 0 && encoded[1] === blockType && separator >= 10;
  if (!good || (blockType === 1 && encoded.subarray(2, separator).some((byte) => byte !== 0xff)))
    return undefined;
  return encoded.slice(separator + 1);
}

const unsupportedPadding = () =>
  opensslError('Provider routines', 'illegal or unsupported padding mode', '1C8000A5');

function exactly(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length > length) throw tooLarge();
  if (bytes.length < length) throw rsaError('data too small for key size', '0200007A');
  return bytes;
}

export function publicEncrypt(
  ...[data, format, type, passphrase, curve, buffer, padding, hash, label]: Arguments
): Buffer {
  const key = requireCipherKey(publicKeyArgument(data, format, type, passphrase, curve));
  const message = bytesOf(buffer);
  const length = lengthOf(key);
  const encode = () => {
    if (padding === RSA_PKCS1_OAEP_PADDING)
      return oaepEncode(message, length, oaepDigest(hash), label ? bytesOf(label) : new Uint8Array(0));
    if (padding === RSA_PKCS1_PADDING) return pkcs1Encode(message, length, 2);
    if (padding === RSA_NO_PADDING) return exactly(message, length);
    throw unsupportedPadding();
  };
  return toBuffer(raisePublic(key, encode()));
}

export function privateDecrypt(
  ...[data, format, type, passphrase, curve, buffer, padding, hash, label]: Arguments
): Buffer {
  const key = requireCipherKey(privateKeyArgument(data, format, type, passphrase, curve));
  const encoded = raisePrivate(key as RsaPrivateKey, bytesOf(buffer));
  if (padding === RSA_PKCS1_OAEP_PADDING) {
    return toBuffer(oaepDecode(encoded, oaepDigest(hash), label ? bytesOf(label) : new Uint8Array(0)));
  }
  if (padding === RSA_NO_PADDING) return toBuffer(encoded);
  if (padding !== RSA_PKCS1_PADDING) throw unsupportedPadding();
  // OpenSSL 3.2 and later never say that the padding is wrong (Bleichenbacher's attack): they give random bytes instead.
  return toBuffer(
    pkcs1Decode(encoded, 2) ?? randomBytes(randomBytes(1)[0] % Math.max(1, encoded.length - 11)),
  );
}

export function privateEncrypt(
  ...[data, format, type, passphrase, curve, buffer, padding]: Arguments
): Buffer {
  const key = requireRsa(privateKeyArgument(data, format, type, passphrase, curve)) as RsaPrivateKey;
  const length = lengthOf(key.publicKey);
  if (key.kind === 'rsa-pss') throw unsupportedPadding();
  if (padding === RSA_NO_PADDING) return toBuffer(raisePrivate(key, exactly(bytesOf(buffer), length)));
  if (padding !== RSA_PKCS1_PADDING) throw unsupportedPadding();
  return toBuffer(raisePrivate(key, pkcs1Encode(bytesOf(buffer), length, 1)));
}

export function publicDecrypt(
  ...[data, format, type, passphrase, curve, buffer, padding]: Arguments
): Buffer {
  const key = requireCipherKey(publicKeyArgument(data, format, type, passphrase, curve));
  const encoded = raisePublic(key, bytesOf(buffer));
  if (padding === RSA_NO_PADDING) return toBuffer(encoded);
  if (padding !== RSA_PKCS1_PADDING) throw unsupportedPadding();
  const message = pkcs1Decode(encoded, 1);
  if (!message) throw rsaError('invalid padding', '0200008A');
  return toBuffer(message);
}

export const kWebCryptoCipherEncrypt = 0;
export const kWebCryptoCipherDecrypt = 1;

/** RSA-OAEP, for Web Crypto. */
export class RSACipherJob extends Job<ArrayBuffer> {
  readonly #work: () => Buffer;

  constructor(
    mode: number,
    cipherMode: number,
    key: KeyObjectHandle,
    data: ByteSource,
    _variant: number,
    hash: string,
    label: ByteSource | undefined,
  ) {
    super(mode);
    const operation = cipherMode === kWebCryptoCipherEncrypt ? publicEncrypt : privateDecrypt;
    const none = undefined;
    const [input, copied] = [bytesOf(data).slice(), label && bytesOf(label).slice()];
    this.#work = () => operation(key, none, none, none, none, input, RSA_PKCS1_OAEP_PADDING, hash, copied);
  }

  protected override work(): ArrayBuffer {
    return toArrayBuffer(this.#work());
  }
}
