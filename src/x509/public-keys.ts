/** Public keys: SPKI (RFC 5280 §4.1.2.7), and what is inside it. */
import {
  type AlgorithmIdentifier,
  readAlgorithmIdentifier,
  readPssParameters,
} from './algorithm-identifier.ts';
import { type Curve, curveByOid } from './curves.ts';
import {
  type DerNode,
  Fields,
  readBitString,
  readDer,
  readObjectIdentifier,
  readUnsigned,
  Tag,
} from './der.ts';
import { X509Error } from './errors.ts';
import type { EcPublicKey, PublicKey, RsaPublicKey } from './keys.ts';
import { oids } from './oids.ts';

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
      throw unsupportedKey(`a public key of algorithm ${algorithm.oid}`);
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

export function rsaPublicKey(
  modulus: bigint,
  exponent: bigint,
  algorithm?: AlgorithmIdentifier,
): RsaPublicKey {
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

export function readCurve(parameters: DerNode | undefined): Curve {
  // RFC 5480 §2.1.1: the curve is named; curves spelt out as parameters "MUST NOT be used".
  if (parameters?.tag !== Tag.objectIdentifier) throw unsupportedKey('an EC key without a named curve');
  const oid = readObjectIdentifier(parameters);
  const curve = curveByOid(oid);
  if (!curve) throw unsupportedKey(`the elliptic curve ${oid}`);
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

export function readEdwardsKind({ oid, parameters }: AlgorithmIdentifier): 'ed25519' | 'x25519' {
  // RFC 8410 §3: "the parameters MUST be absent".
  if (parameters)
    throw new X509Error('bad-key', 'an Ed25519 or X25519 key with parameters', parameters.offset);
  return oid === oids.ed25519 ? 'ed25519' : 'x25519';
}

export function exactly(length: number, bytes: Uint8Array, what: string): Uint8Array {
  if (bytes.length === length) return bytes;
  throw new X509Error('bad-key', `a ${what} of ${bytes.length} bytes where ${length} are due`);
}

export function unsupportedKey(what: string): X509Error {
  return new X509Error('unsupported-key', `not supported: ${what}`);
}
