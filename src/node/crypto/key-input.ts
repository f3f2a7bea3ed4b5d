/** Reads the keys that programs hand over, in PEM, DER, JWK or raw form, and fails as OpenSSL under Node does. */

import { Buffer } from 'node:buffer';
import {
  type CurveName,
  curves,
  ecPublicKey,
  type PemBlock,
  type PrivateKey,
  type PublicKey,
  pemBlocks,
  readCertificate,
  readPrivateKey,
  readPrivateKeyPem,
  readPublicKey,
  readRsaPublicKey,
  X509Error,
} from '../../x509/index.ts';
import { errorLine, opensslError } from '../bindings/openssl-errors.ts';
import { type ByteSource, bytesOf } from './bytes.ts';
import { invalidCurve, invalidJwk, missingPassphrase, notInThisEngine } from './errors.ts';
import { type Jwk, readJwk } from './jwk.ts';
import {
  kKeyEncodingPKCS1,
  kKeyEncodingSEC1,
  kKeyEncodingSPKI,
  kKeyFormatDER,
  kKeyFormatJWK,
  kKeyFormatPEM,
  kKeyFormatRawPrivate,
  kKeyFormatRawPublic,
} from './key-constants.ts';
import { decryptPrivateKey } from './key-encryption.ts';

const UNSUPPORTED = ['DECODER routines', 'unsupported', '1E08010C'] as const;
const WRONG_TAG = ['asn1 encoding routines', 'wrong tag', '068000A8'] as const;
const NESTED = ['asn1 encoding routines', 'nested asn1 error', '0688010A'] as const;
const NOT_PROC_TYPE = ['PEM routines', 'not proc type', '0480006B'] as const;
const BAD_HEADER = ['asn1 encoding routines', 'bad object header', '06800066'] as const;
const TOO_LONG = ['asn1 encoding routines', 'too long', '0680009B'] as const;
const NOT_ENOUGH_DATA = ['asn1 encoding routines', 'not enough data', '0680008E'] as const;
const BAD_DECRYPT = ['Provider routines', 'bad decrypt', '1C800064'] as const;
const CIPHER_FINAL = ['PKCS12 routines', 'pkcs12 cipherfinal error', '11800074'] as const;
const CANCELLED = ['common libcrypto routines', 'interrupted or cancelled', '07880109'] as const;

type Entry = readonly [library: string, reason: string, number: string];

function failure(entry: Entry, ...stack: Entry[]): Error {
  return opensslError(
    ...entry,
    stack.map((line) => errorLine(...line)),
  );
}

/** The length of the whole is at byte 1: some of it is not there. */
const isCutShort = ({ offset }: X509Error) => offset === 1;

/** What OpenSSL's queue holds after its decoders have given up on a private key. */
function privateKeyFailure(error: unknown): Error {
  const code = error instanceof X509Error ? error.code : undefined;
  switch (code) {
    case 'needs-passphrase':
      return failure(
        CANCELLED,
        ['PEM routines', 'bad password read', '04800068'],
        CANCELLED,
        ['Provider routines', 'unable to get passphrase', '1C80009F'],
        CANCELLED,
        CANCELLED,
      );
    case 'wrong-passphrase':
      return failure(BAD_DECRYPT, CIPHER_FINAL, BAD_DECRYPT, CIPHER_FINAL, BAD_DECRYPT);
    case 'unsupported-encryption':
      return notInThisEngine(`This private key (${(error as X509Error).message})`);
    case 'bad-der':
    case 'missing-field':
    case 'wrong-tag':
      return isCutShort(error as X509Error)
        ? failure(UNSUPPORTED, NESTED, BAD_HEADER, TOO_LONG, UNSUPPORTED)
        : failure(UNSUPPORTED, NESTED, WRONG_TAG, UNSUPPORTED);
    default:
      return (error as Error).message === NOT_PROC_TYPE[1]
        ? failure(NOT_PROC_TYPE, NOT_PROC_TYPE)
        : failure(UNSUPPORTED, UNSUPPORTED);
  }
}

export function privateKeyFromPem(text: string, passphrase?: Uint8Array): PrivateKey {
  const encrypted = traditionallyEncrypted(text);
  if (encrypted) return decryptTraditional(encrypted, passphrase);
  try {
    return readPrivateKeyPem(text, passphrase);
  } catch (error) {
    throw privateKeyFailure(error);
  }
}

/** A key in OpenSSL's older encryption, which stands in the PEM headers (RFC 1421 §4.6). */
function traditionallyEncrypted(text: string): PemBlock | undefined {
  if (!text.includes('DEK-Info:')) return undefined;
  try {
    for (const block of pemBlocks(text))
      if (block.label.endsWith('PRIVATE KEY') && block.headers?.['DEK-Info']) return { ...block };
    return undefined;
  } catch {
    return undefined;
  }
}

function decryptTraditional({ label, bytes, headers }: PemBlock, passphrase?: Uint8Array): PrivateKey {
  if (!passphrase) {
    throw failure(CANCELLED, ['PEM routines', 'bad password read', '04800068'], CANCELLED, CANCELLED);
  }
  const [cipher] = (headers?.['DEK-Info'] ?? '').split(',');
  if (/^DES-/i.test(cipher)) throw notInThisEngine(`A private key encrypted with ${cipher}`);
  try {
    return readPrivateKey(
      decryptPrivateKey(bytes, headers?.['DEK-Info'] ?? '', passphrase),
      label as 'RSA PRIVATE KEY',
    );
  } catch {
    throw failure(BAD_DECRYPT, ['PEM routines', 'bad decrypt', '04800065'], BAD_DECRYPT);
  }
}

function publicKeyFromPem(text: string, passphrase?: Uint8Array): PublicKey {
  let error: unknown;
  try {
    for (const block of pemBlocks(text)) {
      const { label, headers } = block;
      if (label.endsWith('PRIVATE KEY')) return privateKeyFromPem(text, passphrase).publicKey;
      // Unlike where a private key is looked for, the first block that cannot be read is the end.
      const { bytes } = block;
      if (bytes.length === 0) break;
      if (headers) throw failure(NOT_PROC_TYPE, NOT_PROC_TYPE);
      if (label === 'PUBLIC KEY') return readPublicKey(bytes);
      if (label === 'RSA PUBLIC KEY') return readRsaPublicKey(bytes);
      if (label === 'CERTIFICATE') return certifiedKey(bytes);
    }
  } catch (caught) {
    error = caught;
  }
  if (!(error instanceof X509Error)) throw error ?? failure(UNSUPPORTED, UNSUPPORTED);
  // OpenSSL's second attempt, at a private key, begins from the top.
  if (error.code === 'bad-pem') return privateKeyFromPem(text, passphrase).publicKey;
  if (/^(?:bad-der|missing-field|wrong-tag)$/.test(error.code)) {
    if (isCutShort(error)) throw failure(TOO_LONG, UNSUPPORTED, NESTED, BAD_HEADER, TOO_LONG);
    throw failure(WRONG_TAG, UNSUPPORTED, NESTED, WRONG_TAG);
  }
  throw failure(UNSUPPORTED, UNSUPPORTED);
}

function certifiedKey(der: Uint8Array): PublicKey {
  const { publicKey, publicKeyError } = readCertificate(der);
  if (!publicKey) throw publicKeyError;
  return publicKey;
}

function privateKeyFromDer(
  der: Uint8Array,
  encoding: number | null | undefined,
  passphrase?: Uint8Array,
): PrivateKey {
  const label =
    encoding === kKeyEncodingPKCS1
      ? 'RSA PRIVATE KEY'
      : encoding === kKeyEncodingSEC1
        ? 'EC PRIVATE KEY'
        : 'PRIVATE KEY';
  try {
    if (label !== 'PRIVATE KEY') return readPrivateKey(der, label);
    try {
      return readPrivateKey(der, label);
    } catch (error) {
      // Encrypted PKCS#8 has no label in DER; it shows by its shape alone.
      try {
        return readPrivateKey(der, 'ENCRYPTED PRIVATE KEY', passphrase);
      } catch (second) {
        throw second instanceof X509Error && isAboutEncryption(second) && looksEncrypted(der)
          ? second
          : error;
      }
    }
  } catch (error) {
    if (!(error instanceof X509Error && isAboutEncryption(error))) {
      throw failure(NOT_ENOUGH_DATA, NOT_ENOUGH_DATA);
    }
    if (error.code === 'needs-passphrase') throw missingPassphrase();
    if (error.code === 'wrong-passphrase') throw failure(BAD_DECRYPT, CIPHER_FINAL, BAD_DECRYPT);
    throw privateKeyFailure(error);
  }
}

const isAboutEncryption = ({ code }: X509Error) => /passphrase$|^unsupported-encryption$/.test(code);

/** EncryptedPrivateKeyInfo begins with an AlgorithmIdentifier, PrivateKeyInfo with a version number. RFC 5958. */
function looksEncrypted(der: Uint8Array): boolean {
  const header = der[1] >= 0x80 ? 2 + (der[1] & 0x7f) : 2;
  return der[0] === 0x30 && der[header] === 0x30;
}

function publicKeyFromDer(
  der: Uint8Array,
  encoding: number | null | undefined,
  passphrase?: Uint8Array,
): PublicKey {
  if (encoding !== kKeyEncodingPKCS1 && encoding !== kKeyEncodingSPKI) {
    return privateKeyFromDer(der, encoding, passphrase).publicKey;
  }
  try {
    return encoding === kKeyEncodingSPKI ? readPublicKey(der) : readRsaPublicKey(der);
  } catch {
    if (encoding === kKeyEncodingPKCS1) {
      try {
        return readPrivateKey(der, 'RSA PRIVATE KEY').publicKey;
      } catch {
        // Neither: the message below says so.
      }
    }
    const lines: readonly Entry[] = [NESTED, BAD_HEADER, TOO_LONG];
    const stack = lines.map((line) => errorLine(...line));
    if (encoding === kKeyEncodingPKCS1)
      stack.unshift(errorLine('asn1 encoding routines', 'ASN1 lib', '0688000D'));
    throw Object.assign(new Error('Failed to read asymmetric key'), { opensslErrorStack: stack });
  }
}

const invalidKeyData = () =>
  Object.assign(new TypeError('Invalid key data'), { code: 'ERR_INVALID_ARG_VALUE' });

export function namedCurve(name: string): (typeof curves)[CurveName] {
  const found = Object.values(curves).find((curve) => curve.asn1Name === name || curve.name === name);
  if (!found) throw invalidCurve();
  return found;
}

/** `name` as Node's KeyObject has it, or as Web Crypto has it. */
function rawPublicKey(bytes: Uint8Array, name: string, curveName: string | null | undefined): PublicKey {
  const type = name.toLowerCase();
  if (type === 'ec') {
    const curve = namedCurve(curveName ?? '');
    try {
      return ecPublicKey(curve, bytes.slice());
    } catch {
      throw invalidKeyData();
    }
  }
  if (type !== 'ed25519' && type !== 'x25519') throw invalidKeyTypeName(name);
  if (bytes.length !== 32) throw invalidKeyData();
  return { kind: type, point: bytes.slice() };
}

const invalidKeyTypeName = (type: string) =>
  Object.assign(new TypeError(`Invalid asymmetricKeyType: ${type}`), { code: 'ERR_INVALID_ARG_VALUE' });

function rawPrivateKey(bytes: Uint8Array, name: string, curveName: string | null | undefined): PrivateKey {
  const type = name.toLowerCase();
  const secret = bytes.slice();
  if (type === 'ec') {
    const curve = namedCurve(curveName ?? '');
    if (secret.length !== curve.size || !curve.ecdsa.utils.isValidSecretKey(secret)) throw invalidKeyData();
    const publicKey = ecPublicKey(curve, curve.ecdsa.getPublicKey(secret, false));
    return { kind: 'ec', curve: curve.name, secret, publicKey };
  }
  if (type !== 'ed25519' && type !== 'x25519') throw invalidKeyTypeName(name);
  if (secret.length !== 32) throw invalidKeyData();
  const jwk = {
    kty: 'OKP',
    crv: type === 'ed25519' ? 'Ed25519' : 'X25519',
    x: '',
    d: Buffer.from(secret).toString('base64url'),
  };
  return readJwk(jwk).privateKey as PrivateKey;
}

type KeyData = ByteSource | Jwk;
const passphraseBytes = (passphrase: ByteSource | null | undefined) =>
  passphrase === null || passphrase === undefined ? undefined : bytesOf(passphrase);

export function readPrivateKeyInput(
  data: KeyData,
  format: number | null | undefined,
  type: number | string | null | undefined,
  passphrase: ByteSource | null | undefined,
  curveName: string | null | undefined,
): PrivateKey {
  switch (format) {
    case kKeyFormatPEM:
      return privateKeyFromPem(textOf(data as ByteSource), passphraseBytes(passphrase));
    case kKeyFormatDER:
      return privateKeyFromDer(
        bytesOf(data as ByteSource).slice(),
        type as number,
        passphraseBytes(passphrase),
      );
    case kKeyFormatJWK: {
      const { privateKey } = readJwk(data as Jwk);
      if (!privateKey) throw invalidJwk('JWK does not contain private key material');
      return privateKey;
    }
    case kKeyFormatRawPrivate:
      return rawPrivateKey(bytesOf(data as ByteSource), type as string, curveName);
    default:
      throw invalidKeyData();
  }
}

export function readPublicKeyInput(
  data: KeyData,
  format: number | null | undefined,
  type: number | string | null | undefined,
  passphrase: ByteSource | null | undefined,
  curveName: string | null | undefined,
): PublicKey {
  switch (format) {
    case kKeyFormatPEM:
      return publicKeyFromPem(textOf(data as ByteSource), passphraseBytes(passphrase));
    case kKeyFormatDER:
      return publicKeyFromDer(
        bytesOf(data as ByteSource).slice(),
        type as number,
        passphraseBytes(passphrase),
      );
    case kKeyFormatJWK:
      return readJwk(data as Jwk).publicKey;
    case kKeyFormatRawPublic:
      return rawPublicKey(bytesOf(data as ByteSource), type as string, curveName);
    default:
      return rawPrivateKey(bytesOf(data as ByteSource), type as string, curveName).publicKey;
  }
}

/** PEM is ASCII; bytes beyond it can only stand in comments. */
export function textOf(data: string | ByteSource): string {
  return typeof data === 'string' ? data : Buffer.from(bytesOf(data)).toString('latin1');
}
