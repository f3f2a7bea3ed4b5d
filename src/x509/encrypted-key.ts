/** What is encrypted under a passphrase with PBES2 (RFC 8018 §6.2): PBKDF2 or scrypt makes the key, AES-CBC decrypts. */
import { cbc } from '@noble/ciphers/aes.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { scrypt } from '@noble/hashes/scrypt.js';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm-identifier.ts';
import { type DerNode, Fields, readDer, readOctetString, readSmallInteger, Tag } from './der.ts';
import { X509Error } from './errors.ts';
import { type HashName, hashes } from './hashes.ts';

const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
const SCRYPT = '1.3.6.1.4.1.11591.4.11';
const AES_CBC_KEY_LENGTH: Readonly<Record<string, number>> = {
  '2.16.840.1.101.3.4.1.2': 16,
  '2.16.840.1.101.3.4.1.22': 24,
  '2.16.840.1.101.3.4.1.42': 32,
};
const HMAC_HASH: Readonly<Record<string, HashName>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};
/** A file that asks for more work than this would freeze the page; tools use at most a million. */
const MAX_ITERATIONS = 10_000_000;

/** Whether a key is derived with so many iterations here. */
export function mayIterate(iterations: number): boolean {
  return iterations >= 1 && iterations <= MAX_ITERATIONS;
}

const MAX_SCRYPT_MEMORY = 256 * 1024 * 1024;

/** RC2 and RC4 under a passphrase (RFC 7292 appendix C), which OpenSSL keeps for its legacy provider; Node does not load it. */
const OBSOLETE = /^1\.2\.840\.113549\.1\.12\.1\.[1256]$/;

/** No library that the engine may use has it. */
const TRIPLE_DES_CBC = '1.2.840.113549.3.7';
const TRIPLE_DES = /^1\.2\.840\.113549\.1\.12\.1\.[34]$/;

/** The PKCS#8 structure inside an EncryptedPrivateKeyInfo. */
export function decryptPrivateKey(der: Uint8Array, passphrase: string | Uint8Array): Uint8Array {
  const fields = new Fields(readDer(der));
  const scheme = readAlgorithmIdentifier(fields.take());
  const encrypted = readOctetString(fields.take());
  fields.end();
  return decryptContent(scheme, encrypted, passphrase);
}

/** Throws `wrong-passphrase` when the padding shows that decryption failed. */
export function decryptContent(
  scheme: AlgorithmIdentifier,
  encrypted: Uint8Array,
  passphrase: string | Uint8Array,
): Uint8Array {
  if (OBSOLETE.test(scheme.oid))
    throw new X509Error('obsolete-encryption', `encrypted with ${scheme.oid}, which is RC2 or RC4`);
  if (TRIPLE_DES.test(scheme.oid)) throw unsupported('Triple DES');
  if (scheme.oid !== PBES2 || !scheme.parameters) throw unsupported(`encryption scheme ${scheme.oid}`);
  const parameters = new Fields(scheme.parameters);
  const derivation = readAlgorithmIdentifier(parameters.take());
  const cipher = readAlgorithmIdentifier(parameters.take());
  parameters.end();
  if (cipher.oid === TRIPLE_DES_CBC) throw unsupported('Triple DES');
  const keyLength = AES_CBC_KEY_LENGTH[cipher.oid];
  if (!keyLength || !cipher.parameters) throw unsupported(`cipher ${cipher.oid}`);
  const iv = readOctetString(cipher.parameters);
  if (iv.length !== 16)
    throw new X509Error('bad-key', 'an AES-CBC initialisation vector that is not 16 bytes');
  const password = typeof passphrase === 'string' ? new TextEncoder().encode(passphrase) : passphrase;
  const key = deriveKey(derivation, password, keyLength);
  try {
    return cbc(key, iv).decrypt(encrypted);
  } catch {
    throw new X509Error('wrong-passphrase', 'what is encrypted does not decrypt with this passphrase');
  }
}

/** The hash of an HMAC, by its object identifier. */
export function hmacHash(oid: string): HashName {
  const hash = HMAC_HASH[oid];
  if (!hash) throw unsupported(`the pseudo-random function ${oid}`);
  return hash;
}

/** PBKDF2 (RFC 8018 §5.2) or scrypt (RFC 7914 §7). */
export function deriveKey(
  { oid, parameters }: { oid: string; parameters: DerNode | undefined },
  password: Uint8Array,
  keyLength: number,
): Uint8Array {
  if (!parameters) throw unsupported(`key derivation ${oid} without parameters`);
  const fields = new Fields(parameters);
  const salt = readOctetString(fields.take());
  if (oid === PBKDF2) {
    const iterations = readSmallInteger(fields.take());
    const statedLength = fields.takeIf(Tag.integer);
    const prf = fields.takeIf(Tag.sequence);
    fields.end();
    const hash = prf ? hmacHash(readAlgorithmIdentifier(prf).oid) : 'sha1';
    checkLength(statedLength, keyLength);
    if (!mayIterate(iterations)) throw unsupported(`${iterations} iterations of PBKDF2`);
    return pbkdf2(hashes[hash], password, salt, { c: iterations, dkLen: keyLength });
  }
  if (oid === SCRYPT) {
    const [N, r, p] = [fields.take(), fields.take(), fields.take()].map((node) => readSmallInteger(node));
    checkLength(fields.takeIf(Tag.integer), keyLength);
    fields.end();
    if (128 * N * r * p > MAX_SCRYPT_MEMORY) throw unsupported('scrypt with that much memory');
    return scrypt(password, salt, { N, r, p, dkLen: keyLength });
  }
  throw unsupported(`key derivation ${oid}`);
}

function checkLength(stated: DerNode | undefined, keyLength: number): void {
  if (stated && readSmallInteger(stated) !== keyLength) {
    throw new X509Error('bad-key', 'the derived key has another length than the cipher takes', stated.offset);
  }
}

function unsupported(what: string): X509Error {
  return new X509Error(
    'unsupported-encryption',
    `not supported for what is encrypted under a passphrase: ${what}`,
  );
}
