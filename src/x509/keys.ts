/** Keys and the structures they are stored in: SPKI (RFC 5280 §4.1.2.7), PKCS#8 (RFC 5958), PKCS#1 (RFC 8017 A.1), SEC1 (RFC 5915). */
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import {
  type AlgorithmIdentifier,
  type PssParameters,
  readAlgorithmIdentifier,
  readPssParameters,
  writeAlgorithmIdentifier,
  writePssParameters,
} from './algorithm-identifier.ts';
import { bitLength, equal } from './bytes.ts';
import { type Curve, type CurveName, curveByOid, curves } from './curves.ts';
import {
  contextConstructed,
  contextPrimitive,
  type DerNode,
  Fields,
  readBitString,
  readDer,
  readObjectIdentifier,
  readOctetString,
  readSmallInteger,
  readUnsigned,
  Tag,
  writeBitString,
  writeDer,
  writeInteger,
  writeNull,
  writeObjectIdentifier,
  writeOctetString,
  writeSequence,
} from './der.ts';
import { decryptPrivateKey } from './encrypted-key.ts';
import { X509Error } from './errors.ts';
import { oids } from './oids.ts';
import { readPem } from './pem.ts';

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

// Reading public keys

// Keys hold copies: the caller's bytes may be a view of a buffer that is used again.

/** Reads a SubjectPublicKeyInfo. */
export function readPublicKey(spki: Uint8Array): PublicKey {
  return decodePublicKey(readPublicKeyInfo(readDer(Uint8Array.from(spki))));
}

/** The frame of a SubjectPublicKeyInfo, whatever the key: what kind it is of and its bits. */
export interface PublicKeyInfo {
  readonly algorithm: AlgorithmIdentifier;
  readonly key: Uint8Array;
}

export function readPublicKeyInfo(node: DerNode): PublicKeyInfo {
  const fields = new Fields(node);
  const algorithm = readAlgorithmIdentifier(fields.take());
  const key = readBitString(fields.take());
  fields.end();
  return { algorithm, key };
}

export function decodePublicKey({ algorithm, key }: PublicKeyInfo): PublicKey {
  switch (algorithm.oid) {
    case oids.rsaEncryption:
    case oids.rsaPss:
      return readRsaPublicKey(key, algorithm);
    case oids.ecPublicKey:
      return ecPublicKey(readCurve(algorithm.parameters), key);
    case oids.ed25519:
    case oids.x25519:
      return { kind: readEdwardsKind(algorithm), point: exactly(32, key, 'public key') };
    default:
      throw unsupported(`a public key of algorithm ${algorithm.oid}`);
  }
}

/** Reads an RSAPublicKey (PKCS#1), which is also what SPKI holds for RSA. */
export function readRsaPublicKey(der: Uint8Array, algorithm?: AlgorithmIdentifier): RsaPublicKey {
  const fields = new Fields(readDer(der));
  const modulus = readUnsigned(fields.take());
  const exponent = readUnsigned(fields.take());
  fields.end();
  return rsaPublicKey(modulus, exponent, algorithm);
}

function rsaPublicKey(modulus: bigint, exponent: bigint, algorithm?: AlgorithmIdentifier): RsaPublicKey {
  // An even modulus or exponent is no RSA key, and arithmetic with it would be meaningless.
  if (modulus < 3n || modulus % 2n === 0n || exponent < 3n || exponent % 2n === 0n) {
    throw new X509Error('bad-key', 'an RSA key whose modulus or exponent is even or too small');
  }
  if (algorithm?.oid !== oids.rsaPss) return { kind: 'rsa', modulus, exponent };
  const { parameters } = algorithm;
  return parameters && parameters.tag !== Tag.null
    ? { kind: 'rsa-pss', modulus, exponent, pss: readPssParameters(parameters) }
    : { kind: 'rsa-pss', modulus, exponent };
}

function readCurve(parameters: DerNode | undefined): Curve {
  // RFC 5480 §2.1.1: the curve is named; curves spelt out as parameters "MUST NOT be used".
  if (parameters?.tag !== Tag.objectIdentifier) throw unsupported('an EC key without a named curve');
  const oid = readObjectIdentifier(parameters);
  const curve = curveByOid(oid);
  if (!curve) throw unsupported(`the elliptic curve ${oid}`);
  return curve;
}

/** Checks that the point is on its curve, and writes it uncompressed whichever way it came. */
export function ecPublicKey(curve: Curve, encoded: Uint8Array): EcPublicKey {
  try {
    const { Point } = curve.ecdsa;
    const point = Point.fromBytes(encoded);
    return { kind: 'ec', curve: curve.name, point: encoded[0] === 4 ? encoded : point.toBytes(false) };
  } catch {
    throw new X509Error('bad-key', `the public key is not a point of ${curve.name}`);
  }
}

function readEdwardsKind({ oid, parameters }: AlgorithmIdentifier): 'ed25519' | 'x25519' {
  // RFC 8410 §3: "the parameters MUST be absent".
  if (parameters)
    throw new X509Error('bad-key', 'an Ed25519 or X25519 key with parameters', parameters.offset);
  return oid === oids.ed25519 ? 'ed25519' : 'x25519';
}

// Reading private keys

/** What PEM calls the structures, and so which reader a label asks for. */
type PrivateKeyLabel = 'PRIVATE KEY' | 'RSA PRIVATE KEY' | 'EC PRIVATE KEY' | 'ENCRYPTED PRIVATE KEY';

/** Reads a private key in DER: PKCS#8 unless the label says otherwise. */
export function readPrivateKey(
  der: Uint8Array,
  label: PrivateKeyLabel = 'PRIVATE KEY',
  passphrase?: string | Uint8Array,
): PrivateKey {
  switch (label) {
    case 'PRIVATE KEY':
      return readPkcs8(Uint8Array.from(der));
    case 'RSA PRIVATE KEY':
      return readRsaPrivateKey(der);
    case 'EC PRIVATE KEY':
      return readEcPrivateKey(Uint8Array.from(der));
    case 'ENCRYPTED PRIVATE KEY':
      if (passphrase === undefined) throw needsPassphrase();
      return readPkcs8(decryptPrivateKey(der, passphrase));
  }
}

/** The first private key in a PEM text. */
export function readPrivateKeyPem(text: string, passphrase?: string | Uint8Array): PrivateKey {
  for (const { label, bytes, headers } of readPem(text)) {
    if (!label.endsWith('PRIVATE KEY')) continue;
    if (headers?.['Proc-Type']?.includes('ENCRYPTED')) {
      if (passphrase === undefined) throw needsPassphrase();
      throw unsupported(
        'a private key in OpenSSL\'s traditional encryption; convert it with "openssl pkcs8 -topk8"',
      );
    }
    switch (label) {
      case 'PRIVATE KEY':
      case 'RSA PRIVATE KEY':
      case 'EC PRIVATE KEY':
      case 'ENCRYPTED PRIVATE KEY':
        return readPrivateKey(bytes, label, passphrase);
      default:
        throw unsupported(`a "${label}"`);
    }
  }
  throw new X509Error('bad-pem', 'there is no private key in this text');
}

function readPkcs8(der: Uint8Array): PrivateKey {
  const fields = new Fields(readDer(der));
  const version = readSmallInteger(fields.take());
  if (version > 1) throw unsupported(`a private key of PKCS#8 version ${version}`);
  const algorithm = readAlgorithmIdentifier(fields.take());
  const key = readOctetString(fields.take());
  fields.takeIf(contextConstructed(0)); // attributes, which say nothing about the key
  const stored = fields.takeIf(contextPrimitive(1));
  const storedPublic = stored && readBitString(stored, contextPrimitive(1));
  fields.end();
  switch (algorithm.oid) {
    case oids.rsaEncryption:
    case oids.rsaPss:
      return readRsaPrivateKey(key, algorithm);
    case oids.ecPublicKey:
      return readEcPrivateKey(key, readCurve(algorithm.parameters));
    case oids.ed25519:
    case oids.x25519: {
      const kind = readEdwardsKind(algorithm);
      const secret = exactly(32, readOctetString(readDer(key)), 'private key');
      const derive = kind === 'ed25519' ? ed25519.getPublicKey : x25519.getPublicKey;
      return { kind, secret, publicKey: { kind, point: storedPublic ?? derive(secret) } } as PrivateKey;
    }
    default:
      throw unsupported(`a private key of algorithm ${algorithm.oid}`);
  }
}

function readRsaPrivateKey(der: Uint8Array, algorithm?: AlgorithmIdentifier): RsaPrivateKey {
  const fields = new Fields(readDer(der));
  if (readSmallInteger(fields.take()) !== 0) throw unsupported('an RSA key of more than two primes');
  const number = () => readUnsigned(fields.take());
  const [modulus, exponent, privateExponent] = [number(), number(), number()];
  const [p, q, pExponent, qExponent, coefficient] = [number(), number(), number(), number(), number()];
  fields.end();
  if (p < 3n || q < 3n) throw new X509Error('bad-key', 'an RSA private key without its primes');
  const publicKey = rsaPublicKey(modulus, exponent, algorithm);
  return {
    kind: publicKey.kind,
    publicKey,
    privateExponent,
    primes: [p, q],
    primeExponents: [pExponent, qExponent],
    coefficient,
  };
}

function readEcPrivateKey(der: Uint8Array, outerCurve?: Curve): EcPrivateKey {
  const fields = new Fields(readDer(der));
  if (readSmallInteger(fields.take()) !== 1) throw unsupported('an EC private key of another version');
  const octets = readOctetString(fields.take());
  const parameters = fields.takeIf(contextConstructed(0));
  const stored = fields.takeIf(contextConstructed(1));
  fields.end();
  const innerCurve = parameters && readCurve(new Fields(parameters, parameters.tag).take());
  const curve = outerCurve ?? innerCurve;
  if (!curve) throw unsupported('an EC key without a named curve');
  if (innerCurve && innerCurve !== curve)
    throw new X509Error('bad-key', 'the key names two different curves');
  // Some writers leave leading zeros out, against RFC 5915 §3; OpenSSL reads what they write.
  const secret = exactly(curve.size, padded(octets, curve.size), 'private key');
  if (!curve.ecdsa.utils.isValidSecretKey(secret)) {
    throw new X509Error('bad-key', `the private key is not between 1 and the order of ${curve.name}`);
  }
  const publicKey = stored
    ? ecPublicKey(curve, readBitString(new Fields(stored, stored.tag).take()))
    : ({ kind: 'ec', curve: curve.name, point: curve.ecdsa.getPublicKey(secret, false) } as const);
  return { kind: 'ec', curve: curve.name, secret, publicKey };
}

/** A big-endian number with zeros before it. */
function padded(number: Uint8Array, length: number): Uint8Array {
  const result = new Uint8Array(Math.max(length, number.length));
  result.set(number, result.length - number.length);
  return result;
}

function exactly(length: number, bytes: Uint8Array, what: string): Uint8Array {
  if (bytes.length === length) return bytes;
  throw new X509Error('bad-key', `a ${what} of ${bytes.length} bytes where ${length} are due`);
}

function unsupported(what: string): X509Error {
  return new X509Error('unsupported-key', `not supported: ${what}`);
}

function needsPassphrase(): X509Error {
  return new X509Error('needs-passphrase', 'the private key is encrypted and no passphrase was given');
}

// Writing

/** SubjectPublicKeyInfo. */
export function writePublicKey(key: PublicKey): Uint8Array {
  return writeSequence(writeKeyAlgorithm(key), writeBitString(publicKeyBits(key)));
}

function publicKeyBits(key: PublicKey): Uint8Array {
  return isRsa(key) ? writeRsaPublicKey(key) : key.point;
}

/** RSAPublicKey (PKCS#1). */
export function writeRsaPublicKey({ modulus, exponent }: RsaPublicKey): Uint8Array {
  return writeSequence(writeInteger(modulus), writeInteger(exponent));
}

function writeKeyAlgorithm(key: PublicKey): Uint8Array {
  switch (key.kind) {
    case 'rsa':
      return writeAlgorithmIdentifier(oids.rsaEncryption, writeNull());
    case 'rsa-pss':
      return writeAlgorithmIdentifier(oids.rsaPss, key.pss && writePssParameters(key.pss));
    case 'ec':
      return writeAlgorithmIdentifier(oids.ecPublicKey, writeObjectIdentifier(curves[key.curve].oid));
    default:
      return writeAlgorithmIdentifier(oids[key.kind]);
  }
}

/** PKCS#8, unencrypted. */
export function writePrivateKey(key: PrivateKey): Uint8Array {
  const inner = isRsa(key)
    ? writeRsaPrivateKey(key)
    : key.kind === 'ec'
      ? writeEcPrivateKey(key, { namesCurve: false })
      : writeOctetString(key.secret);
  return writeSequence(writeInteger(0n), writeKeyAlgorithm(key.publicKey), writeOctetString(inner));
}

/** RSAPrivateKey (PKCS#1). */
export function writeRsaPrivateKey(key: RsaPrivateKey): Uint8Array {
  const { modulus, exponent } = key.publicKey;
  const numbers = [
    modulus,
    exponent,
    key.privateExponent,
    ...key.primes,
    ...key.primeExponents,
    key.coefficient,
  ];
  return writeSequence(writeInteger(0n), ...numbers.map(writeInteger));
}

/** ECPrivateKey (SEC1). Inside PKCS#8 the curve is already named outside. */
export function writeEcPrivateKey(key: EcPrivateKey, { namesCurve } = { namesCurve: true }): Uint8Array {
  const curve = writeDer(contextConstructed(0), writeObjectIdentifier(curves[key.curve].oid));
  return writeSequence(
    writeInteger(1n),
    writeOctetString(key.secret),
    ...(namesCurve ? [curve] : []),
    writeDer(contextConstructed(1), writeBitString(key.publicKey.point)),
  );
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
