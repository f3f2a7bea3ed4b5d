/** The native half of KeyObject and CryptoKey. Immutable after `init`. */
import {
  curves,
  type PrivateKey,
  type PublicKey,
  samePublicKey,
  writeEcPrivateKey,
  writePem,
  writePrivateKey,
  writePublicKey,
  writeRsaPrivateKey,
  writeRsaPublicKey,
} from '../../x509/index.ts';
import { type ByteSource, bytesOf, bytesOfBigint, sameBytes, toArrayBuffer, toBuffer } from './bytes.ts';
import { unknownCipher } from './errors.ts';
import { type Jwk, readSecretJwk, writePrivateJwk, writePublicJwk, writeSecretJwk } from './jwk.ts';
import {
  kKeyEncodingPKCS1,
  kKeyEncodingSEC1,
  kKeyFormatDER,
  kKeyFormatJWK,
  kKeyTypePrivate,
  kKeyTypePublic,
  kKeyTypeSecret,
  POINT_CONVERSION_COMPRESSED,
} from './key-constants.ts';
import { encryptPrivateKey } from './key-encryption.ts';
import { readPrivateKeyInput, readPublicKeyInput } from './key-input.ts';

type Content =
  | { type: typeof kKeyTypeSecret; secret: Uint8Array }
  | { type: typeof kKeyTypePublic; publicKey: PublicKey }
  | { type: typeof kKeyTypePrivate; publicKey: PublicKey; privateKey: PrivateKey };

const incompatible = () =>
  Object.assign(new Error('The selected key encoding is incompatible with the key type'), {
    code: 'ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS',
  });

export class KeyObjectHandle {
  #content: Content = { type: kKeyTypeSecret, secret: new Uint8Array(0) };

  static secret(secret: Uint8Array): KeyObjectHandle {
    return KeyObjectHandle.#of({ type: kKeyTypeSecret, secret });
  }
  static public(publicKey: PublicKey): KeyObjectHandle {
    return KeyObjectHandle.#of({ type: kKeyTypePublic, publicKey });
  }
  static private(privateKey: PrivateKey): KeyObjectHandle {
    return KeyObjectHandle.#of({ type: kKeyTypePrivate, privateKey, publicKey: privateKey.publicKey });
  }
  static #of(content: Content): KeyObjectHandle {
    const handle = new KeyObjectHandle();
    handle.#content = content;
    return handle;
  }

  init(
    keyType: number,
    data: KeyObjectHandle | ByteSource | Jwk,
    format?: number | null,
    type?: number | string | null,
    passphrase?: ByteSource | null,
    curveName?: string | null,
  ): void {
    if (keyType === kKeyTypeSecret) {
      const secret = format === kKeyFormatJWK ? readSecretJwk(data as Jwk) : bytesOf(data as ByteSource);
      this.#content = { type: kKeyTypeSecret, secret: secret.slice() };
    } else if (keyType === kKeyTypePublic) {
      const publicKey =
        data instanceof KeyObjectHandle
          ? data.publicKey()
          : readPublicKeyInput(data, format, type, passphrase, curveName);
      this.#content = { type: kKeyTypePublic, publicKey };
    } else {
      const privateKey =
        data instanceof KeyObjectHandle
          ? data.privateKey()
          : readPrivateKeyInput(data, format, type, passphrase, curveName);
      this.#content = { type: kKeyTypePrivate, privateKey, publicKey: privateKey.publicKey };
    }
  }

  // For the rest of the binding.

  secret(): Uint8Array {
    if (this.#content.type !== kKeyTypeSecret) throw new TypeError('not a secret key');
    return this.#content.secret;
  }
  publicKey(): PublicKey {
    if (this.#content.type === kKeyTypeSecret) throw new TypeError('not an asymmetric key');
    return this.#content.publicKey;
  }
  privateKey(): PrivateKey {
    if (this.#content.type !== kKeyTypePrivate) throw new TypeError('not a private key');
    return this.#content.privateKey;
  }

  // What Node's JavaScript calls.

  getKeyType(): number {
    return this.#content.type;
  }
  getSymmetricKeySize(): number {
    return this.secret().length;
  }
  getAsymmetricKeyType(): string {
    return this.publicKey().kind;
  }
  /** Whether the public point belongs to the curve, which reading a key has established. */
  checkEcKeyData(): boolean {
    return this.publicKey().kind === 'ec';
  }

  keyDetail(target: Record<string, unknown>): object {
    const key = this.publicKey();
    if (key.kind === 'ec') return Object.assign(target, { namedCurve: curves[key.curve].asn1Name });
    if (key.kind !== 'rsa' && key.kind !== 'rsa-pss') return target;
    Object.assign(target, {
      modulusLength: key.modulus.toString(2).length,
      publicExponent: toArrayBuffer(bytesOfBigint(key.exponent)),
    });
    if (key.pss) {
      const { hash, mgfHash, saltLength } = key.pss;
      Object.assign(target, { hashAlgorithm: hash, mgf1HashAlgorithm: mgfHash, saltLength });
    }
    return target;
  }

  equals(other: KeyObjectHandle): boolean {
    const [mine, theirs] = [this.#content, other.#content];
    if (mine.type !== theirs.type) return false;
    if (mine.type === kKeyTypeSecret) return sameBytes(mine.secret, (theirs as typeof mine).secret);
    return samePublicKey(mine.publicKey, (theirs as typeof mine).publicKey);
  }

  export(
    format?: number,
    encoding?: number,
    cipher?: string | null,
    passphrase?: ByteSource | null,
  ): Buffer | string | object {
    if (this.#content.type === kKeyTypeSecret) return toBuffer(this.#content.secret.slice());
    if (format === kKeyFormatJWK) return this.exportJwk({});
    const { label, der } =
      this.#content.type === kKeyTypePublic ? this.#publicDer(encoding) : this.#privateDer(encoding);
    if (cipher === undefined || cipher === null) return written(format, label, der);
    const encrypted = encryptPrivateKey(label, der, cipher, bytesOf(passphrase as ByteSource));
    if (!encrypted) throw unknownCipher();
    return typeof encrypted === 'string' ? encrypted : written(format, 'ENCRYPTED PRIVATE KEY', encrypted);
  }

  #publicDer(encoding: number | undefined) {
    const key = this.publicKey();
    if (encoding === kKeyEncodingPKCS1 && key.kind === 'rsa') {
      return { label: 'RSA PUBLIC KEY', der: writeRsaPublicKey(key) };
    }
    return { label: 'PUBLIC KEY', der: writePublicKey(key) };
  }

  #privateDer(encoding: number | undefined) {
    const key = this.privateKey();
    if (encoding === kKeyEncodingPKCS1 && key.kind === 'rsa') {
      return { label: 'RSA PRIVATE KEY', der: writeRsaPrivateKey(key) };
    }
    if (encoding === kKeyEncodingSEC1 && key.kind === 'ec') {
      return { label: 'EC PRIVATE KEY', der: writeEcPrivateKey(key) };
    }
    return { label: 'PRIVATE KEY', der: writePrivateKey(key) };
  }

  exportJwk(target: Jwk): Jwk {
    switch (this.#content.type) {
      case kKeyTypeSecret:
        return writeSecretJwk(this.#content.secret, target);
      case kKeyTypePublic:
        return writePublicJwk(this.#content.publicKey, target);
      case kKeyTypePrivate:
        return writePrivateJwk(this.#content.privateKey, target);
    }
  }

  rawPublicKey(): Buffer {
    const key = this.publicKey();
    if (key.kind !== 'ed25519' && key.kind !== 'x25519') throw incompatible();
    return toBuffer(key.point.slice());
  }
  rawPrivateKey(): Buffer {
    const key = this.privateKey();
    if (key.kind !== 'ed25519' && key.kind !== 'x25519') throw incompatible();
    return toBuffer(key.secret.slice());
  }
  rawSeed(): Buffer {
    throw incompatible();
  }
  exportECPublicRaw(form: number): Buffer {
    const key = this.publicKey();
    if (key.kind !== 'ec') throw incompatible();
    return toBuffer(encodePoint(key, form));
  }
  exportECPrivateRaw(): Buffer {
    const key = this.privateKey();
    if (key.kind !== 'ec') throw incompatible();
    return toBuffer(key.secret.slice());
  }
}

function written(format: number | undefined, label: string, der: Uint8Array): Buffer | string {
  return format === kKeyFormatDER ? toBuffer(der.slice()) : writePem(label, der);
}

/** SEC 1 §2.3.3; the hybrid form (X9.62) says the parity of y twice. */
export function encodePoint(key: PublicKey & { kind: 'ec' }, form: number): Uint8Array {
  const uncompressed = key.point.slice();
  const parity = uncompressed[uncompressed.length - 1] & 1;
  if (form === POINT_CONVERSION_COMPRESSED) {
    const compressed = uncompressed.slice(0, 1 + curves[key.curve].size);
    compressed[0] = 2 + parity;
    return compressed;
  }
  if (form !== 4) uncompressed[0] = 6 + parity;
  return uncompressed;
}

/** The key an operation was called with: a KeyObject's, or one read on the spot. */
export function privateKeyArgument(
  data: KeyObjectHandle | ByteSource | Jwk,
  format?: number,
  type?: number | string,
  passphrase?: ByteSource | null,
  curveName?: string | null,
): PrivateKey {
  if (data instanceof KeyObjectHandle) return data.privateKey();
  return readPrivateKeyInput(data, format, type, passphrase, curveName);
}

export function publicKeyArgument(
  data: KeyObjectHandle | ByteSource | Jwk,
  format?: number,
  type?: number | string,
  passphrase?: ByteSource | null,
  curveName?: string | null,
): PublicKey {
  if (data instanceof KeyObjectHandle) return data.publicKey();
  return readPublicKeyInput(data, format, type, passphrase, curveName);
}
