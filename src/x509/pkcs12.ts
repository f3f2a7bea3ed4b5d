/** PKCS #12 (RFC 7292), Node's `pfx`: a private key, its certificate and perhaps others, under one passphrase. */
import { hmac } from '@noble/hashes/hmac.js';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm-identifier.ts';
import { concat, equal } from './bytes.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import {
  contextConstructed,
  contextPrimitive,
  type DerNode,
  Fields,
  readDer,
  readObjectIdentifier,
  readOctetString,
  readSmallInteger,
  Tag,
} from './der.ts';
import { decryptContent, decryptPrivateKey, deriveKey, hmacHash, mayIterate } from './encrypted-key.ts';
import { X509Error } from './errors.ts';
import { type HashName, hashes } from './hashes.ts';
import { type PrivateKey, samePublicKey } from './keys.ts';
import { hashByOid } from './oids.ts';
import { readPrivateKey } from './private-keys.ts';

export interface Pfx {
  /** The first key in the file. */
  readonly key: PrivateKey | undefined;
  /** The first certificate of that key. */
  readonly certificate: Certificate | undefined;
  /** The others, in order. */
  readonly others: readonly Certificate[];
}

const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const PBMAC1 = '1.2.840.113549.1.5.14';
const KEY_BAG = '1.2.840.113549.1.12.10.1.1';
const SHROUDED_KEY_BAG = '1.2.840.113549.1.12.10.1.2';
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3';
const CONTENTS_BAG = '1.2.840.113549.1.12.10.1.6';
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1';

/**
 * Reads a PFX in DER as OpenSSL's PKCS12_parse does: the code that vouches for the whole (MAC) is checked first, and a
 * passphrase that does not fit it is `mac-failure`. Without a code nothing is vouched for, and nothing is refused.
 * `passphrase` is UTF-8. What is encrypted otherwise than with PBES2 and AES is `unsupported-encryption`, or
 * `obsolete-encryption` where OpenSSL itself has put it aside.
 */
export function readPfx(bytes: Uint8Array, passphrase: Uint8Array = new Uint8Array(0)): Pfx {
  const fields = new Fields(readDer(Uint8Array.from(bytes)));
  if (readSmallInteger(fields.take()) !== 3) throw bad('a PFX of another version than 3');
  const content = readContent(fields.take());
  const mac = fields.takeIf(Tag.sequence);
  fields.end();
  if (content.oid !== DATA) throw bad('a PFX sealed with a public key');
  const safe = readOctetString(readDer(content.value.content));
  if (mac) checkMac(mac, safe, passphrase);

  const keys: PrivateKey[] = [];
  const certificates: Certificate[] = [];
  for (const node of new Fields(readDer(safe)).rest()) {
    for (const bag of readBags(node, passphrase)) readBag(bag, passphrase, keys, certificates);
  }
  const [key] = keys;
  const own = certificates.findIndex(
    ({ publicKey }) => key && publicKey && samePublicKey(publicKey, key.publicKey),
  );
  return {
    key,
    certificate: certificates[own],
    others: certificates.filter((_, index) => index !== own),
  };
}

/** ContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, content [0] EXPLICIT ANY }. */
function readContent(node: DerNode): { oid: string; value: DerNode } {
  const fields = new Fields(node);
  const oid = readObjectIdentifier(fields.take());
  const value = fields.take(contextConstructed(0));
  fields.end();
  return { oid, value };
}

/** One of the AuthenticatedSafe's parts, in clear or encrypted. */
function readBags(node: DerNode, passphrase: Uint8Array): readonly DerNode[] {
  const { oid, value } = readContent(node);
  const content = readDer(value.content);
  if (oid === DATA) return new Fields(readDer(readOctetString(content))).rest();
  if (oid !== ENCRYPTED_DATA)
    throw new X509Error('unsupported-algorithm', `a PFX with a part of type ${oid}`);
  const fields = new Fields(content);
  readSmallInteger(fields.take());
  const encrypted = new Fields(fields.take());
  readObjectIdentifier(encrypted.take());
  const scheme = readAlgorithmIdentifier(encrypted.take());
  const text = readOctetString(encrypted.take(), contextPrimitive(0));
  return new Fields(readDer(decryptContent(scheme, text, passphrase))).rest();
}

/** SafeBag ::= SEQUENCE { bagId, bagValue [0] EXPLICIT, bagAttributes SET OPTIONAL }; the attributes are names for people. */
function readBag(
  node: DerNode,
  passphrase: Uint8Array,
  keys: PrivateKey[],
  certificates: Certificate[],
): void {
  const fields = new Fields(node);
  const oid = readObjectIdentifier(fields.take());
  const { content } = fields.take(contextConstructed(0));
  fields.takeIf(Tag.set);
  fields.end();
  switch (oid) {
    case KEY_BAG:
      if (keys.length === 0) keys.push(readPrivateKey(content));
      return;
    case SHROUDED_KEY_BAG:
      if (keys.length === 0) keys.push(readPrivateKey(decryptPrivateKey(content, passphrase)));
      return;
    case CERTIFICATE_BAG: {
      const { oid: type, value } = readContent(readDer(content));
      if (type === X509_CERTIFICATE)
        certificates.push(readCertificate(readOctetString(readDer(value.content))));
      return;
    }
    case CONTENTS_BAG:
      for (const inner of new Fields(readDer(content)).rest()) {
        readBag(inner, passphrase, keys, certificates);
      }
  }
}

/** MacData ::= SEQUENCE { mac DigestInfo, macSalt OCTET STRING, iterations INTEGER DEFAULT 1 }. */
function checkMac(node: DerNode, safe: Uint8Array, passphrase: Uint8Array): void {
  const fields = new Fields(node);
  const info = new Fields(fields.take());
  const algorithm = readAlgorithmIdentifier(info.take());
  const expected = readOctetString(info.take());
  info.end();
  const salt = readOctetString(fields.take());
  const iterations = fields.takeIf(Tag.integer);
  fields.end();
  const count = iterations ? readSmallInteger(iterations) : 1;
  // OpenSSL tries no passphrase at all and then an empty one, which are not the same here.
  const candidates =
    passphrase.length > 0 ? [bmpString(passphrase)] : [new Uint8Array(0), Uint8Array.of(0, 0)];
  const codes =
    algorithm.oid === PBMAC1
      ? [pbmac1(algorithm, passphrase, safe)]
      : candidates.map((password) => classicMac(algorithm.oid, password, salt, count, safe));
  if (codes.some((code) => equal(code, expected))) return;
  throw new X509Error('mac-failure', 'the passphrase does not fit the PFX, or the PFX has been changed');
}

function classicMac(
  oid: string,
  password: Uint8Array,
  salt: Uint8Array,
  count: number,
  safe: Uint8Array,
): Uint8Array {
  const hash = hashByOid(oid);
  if (!hash) throw new X509Error('unsupported-algorithm', `a PFX that is vouched for with ${oid}`);
  const key = deriveMacKey(hash, password, salt, count);
  return hmac(hashes[hash], key, safe);
}

/** RFC 9579 §3: the code's key comes from PBKDF2. */
function pbmac1({ parameters }: AlgorithmIdentifier, passphrase: Uint8Array, safe: Uint8Array): Uint8Array {
  if (!parameters) throw bad('PBMAC1 without parameters');
  const fields = new Fields(parameters);
  const derivation = readAlgorithmIdentifier(fields.take());
  const hash = hmacHash(readAlgorithmIdentifier(fields.take()).oid);
  fields.end();
  return hmac(hashes[hash], deriveKey(derivation, passphrase, hashes[hash].outputLen), safe);
}

/** Appendix B.1: the passphrase in two bytes per character, and a null character at its end. */
function bmpString(utf8: Uint8Array): Uint8Array {
  const text = `${new TextDecoder().decode(utf8)}\0`;
  const bytes = new Uint8Array(2 * text.length);
  for (let index = 0; index < text.length; index++) {
    bytes[2 * index] = text.charCodeAt(index) >> 8;
    bytes[2 * index + 1] = text.charCodeAt(index) & 0xff;
  }
  return bytes;
}

/** Appendix B.3, "ID byte" 3. */
const FOR_A_MAC = 3;

/** Appendix B.2, for a key as long as the hash, which takes a single round. */
function deriveMacKey(hash: HashName, password: Uint8Array, salt: Uint8Array, count: number): Uint8Array {
  if (!mayIterate(count)) throw new X509Error('unsupported-algorithm', `a PFX with ${count} iterations`);
  const { blockLen } = hashes[hash];
  const diversifier = new Uint8Array(blockLen).fill(FOR_A_MAC);
  let key = hashes[hash](concat(diversifier, stretch(salt, blockLen), stretch(password, blockLen)));
  for (let round = 1; round < count; round++) key = hashes[hash](key);
  return key;
}

/** Repeated until it fills whole blocks; nothing stays nothing. */
function stretch(bytes: Uint8Array, blockLength: number): Uint8Array {
  const stretched = new Uint8Array(Math.ceil(bytes.length / blockLength) * blockLength);
  return stretched.map((_, index) => bytes[index % bytes.length]);
}

const bad = (what: string) => new X509Error('bad-der', what);
