/** Private keys: PKCS#8 (RFC 5958), PKCS#1 (RFC 8017 A.1), SEC1 (RFC 5915), and PEM. */
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm-identifier.ts';
import type { Curve } from './curves.ts';
import {
  contextConstructed,
  contextPrimitive,
  Fields,
  readBitString,
  readDer,
  readOctetString,
  readSmallInteger,
  readUnsigned,
} from './der.ts';
import { decryptPrivateKey } from './encrypted-key.ts';
import { X509Error } from './errors.ts';
import type { EcPrivateKey, PrivateKey, RsaPrivateKey } from './keys.ts';
import { oids } from './oids.ts';
import { contentOf, pemBlocks } from './pem.ts';
import {
  ecPublicKey,
  exactly,
  readCurve,
  readEdwardsKind,
  rsaPublicKey,
  unsupportedKey,
} from './public-keys.ts';

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

/** The first private key in a PEM text. Blocks that hold nothing that can be read are passed over, as OpenSSL's decoders do. */
export function readPrivateKeyPem(text: string, passphrase?: string | Uint8Array): PrivateKey {
  for (const block of pemBlocks(text)) {
    const { label, headers } = block;
    if (!label.endsWith('PRIVATE KEY')) continue;
    const bytes = contentOf(block);
    if (!bytes) continue;
    if (headers && !headers['Proc-Type']) throw new X509Error('bad-pem', 'not proc type');
    if (headers?.['Proc-Type']?.includes('ENCRYPTED')) {
      if (passphrase === undefined) throw needsPassphrase();
      throw unsupportedKey(
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
        throw unsupportedKey(`a "${label}"`);
    }
  }
  throw new X509Error('bad-pem', 'there is no private key in this text');
}

function readPkcs8(der: Uint8Array): PrivateKey {
  const fields = new Fields(readDer(der));
  const version = readSmallInteger(fields.take());
  if (version > 1) throw unsupportedKey(`a private key of PKCS#8 version ${version}`);
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
      throw unsupportedKey(`a private key of algorithm ${algorithm.oid}`);
  }
}

function readRsaPrivateKey(der: Uint8Array, algorithm?: AlgorithmIdentifier): RsaPrivateKey {
  const fields = new Fields(readDer(der));
  if (readSmallInteger(fields.take()) !== 0) throw unsupportedKey('an RSA key of more than two primes');
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
  if (readSmallInteger(fields.take()) !== 1) throw unsupportedKey('an EC private key of another version');
  const octets = readOctetString(fields.take());
  const parameters = fields.takeIf(contextConstructed(0));
  const stored = fields.takeIf(contextConstructed(1));
  fields.end();
  const innerCurve = parameters && readCurve(new Fields(parameters, parameters.tag).take());
  const curve = outerCurve ?? innerCurve;
  if (!curve) throw unsupportedKey('an EC key without a named curve');
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

function needsPassphrase(): X509Error {
  return new X509Error('needs-passphrase', 'the private key is encrypted and no passphrase was given');
}
