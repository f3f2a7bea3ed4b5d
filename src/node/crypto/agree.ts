/** Key agreement: `crypto.createECDH` and `crypto.diffieHellman` over the NIST curves and X25519 (RFC 7748). */
import { x25519 } from '@noble/curves/ed25519.js';
import { type Curve, curves, ecPublicKey, type PrivateKey, type PublicKey } from '../../x509/index.ts';
import { opensslError } from '../bindings/openssl-errors.ts';
import { type ByteSource, bytesOf, toArrayBuffer, toBuffer } from './bytes.ts';
import { invalidKeyType, notInThisEngine, operationFailed } from './errors.ts';
import { Job } from './job.ts';
import type { Jwk } from './jwk.ts';
import { encodePoint, type KeyObjectHandle, privateKeyArgument, publicKeyArgument } from './key-handle.ts';
import { namedCurve } from './key-input.ts';
import { randomScalar } from './scalar.ts';

function sharedSecret(curve: Curve, secret: Uint8Array, point: Uint8Array): Uint8Array {
  return curve.ecdsa.getSharedSecret(secret, point, true).slice(1);
}

export class ECDH {
  readonly #curve: Curve;
  #secret: Uint8Array | undefined;
  #point: Uint8Array | undefined;

  constructor(curveName: string) {
    this.#curve = namedCurve(curveName);
  }

  generateKeys(): void {
    this.#use(randomScalar(this.#curve));
  }

  #use(secret: Uint8Array): void {
    this.#secret = secret;
    this.#point = this.#curve.ecdsa.getPublicKey(secret, false);
  }

  /** A string for an error, as Node's JavaScript expects. */
  computeSecret(otherKey: ByteSource): Buffer | string {
    if (!this.#secret) return 'ERR_CRYPTO_ECDH_INVALID_KEY_PAIR';
    try {
      return toBuffer(sharedSecret(this.#curve, this.#secret, bytesOf(otherKey)));
    } catch {
      return 'ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY';
    }
  }

  getPublicKey(form: number): Buffer {
    if (!this.#point) throw operationFailed('Failed to get ECDH public key');
    return toBuffer(encodePoint({ kind: 'ec', curve: this.#curve.name, point: this.#point }, form));
  }

  getPrivateKey(): Buffer {
    if (!this.#secret) throw operationFailed('Failed to get ECDH private key');
    return toBuffer(this.#secret.slice());
  }

  setPrivateKey(key: ByteSource): void {
    const given = bytesOf(key);
    const secret = new Uint8Array(this.#curve.size);
    if (given.length > secret.length) throw badPrivateKey();
    secret.set(given, secret.length - given.length);
    if (!this.#curve.ecdsa.utils.isValidSecretKey(secret)) throw badPrivateKey();
    this.#use(secret);
  }

  setPublicKey(key: ByteSource): void {
    try {
      this.#point = ecPublicKey(this.#curve, bytesOf(key).slice()).point;
    } catch {
      throw operationFailed('Failed to convert Buffer to EC_POINT');
    }
  }
}

const badPrivateKey = () => invalidKeyType('Private key is not valid for specified curve.');

export function ECDHConvertKey(key: ByteSource, curveName: string, form: number): Buffer {
  const curve = namedCurve(curveName);
  try {
    return toBuffer(encodePoint(ecPublicKey(curve, bytesOf(key).slice()), form));
  } catch {
    throw operationFailed('Failed to convert Buffer to EC_POINT');
  }
}

function agree(privateKey: PrivateKey, publicKey: PublicKey): Uint8Array {
  if (privateKey.kind === 'x25519' && publicKey.kind === 'x25519') {
    try {
      return x25519.getSharedSecret(privateKey.secret, publicKey.point);
    } catch {
      // RFC 7748 §6.1: an all-zero result means a point of small order.
      throw opensslError('Provider routines', 'failed during derivation', '1C8000A4');
    }
  }
  if (privateKey.kind === 'ec' && publicKey.kind === 'ec') {
    if (privateKey.curve !== publicKey.curve) {
      throw opensslError('Provider routines', 'mismatching domain parameters', '1C8000CB');
    }
    return sharedSecret(curves[privateKey.curve], privateKey.secret, publicKey.point);
  }
  throw opensslError('digital envelope routines', 'different key types', '03000065');
}

type KeyArguments = [
  data: KeyObjectHandle | ByteSource | Jwk,
  format?: number,
  type?: number,
  passphrase?: ByteSource,
  curveName?: string,
];

export class DHBitsJob extends Job<ArrayBuffer> {
  readonly #publicKey: PublicKey;
  readonly #privateKey: PrivateKey;

  constructor(mode: number, ...keys: [...KeyArguments, ...KeyArguments]) {
    super(mode);
    this.#publicKey = publicKeyArgument(...(keys.slice(0, 5) as KeyArguments));
    this.#privateKey = privateKeyArgument(...(keys.slice(5) as KeyArguments));
  }

  protected override work(): ArrayBuffer {
    return toArrayBuffer(agree(this.#privateKey, this.#publicKey));
  }
}

/** Finite-field Diffie-Hellman: no lesson and no protocol here uses it. */
export class DiffieHellman {
  constructor() {
    throw notInThisEngine('Finite-field Diffie-Hellman');
  }
}
