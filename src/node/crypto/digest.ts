/** The message digests by the names OpenSSL knows them under. */
import { md5, ripemd160, sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512, sha512_224, sha512_256 } from '@noble/hashes/sha2.js';
import { sha3_224, sha3_256, sha3_384, sha3_512, shake128, shake256 } from '@noble/hashes/sha3.js';

export interface DigestState {
  update(bytes: Uint8Array): DigestState;
  digest(): Uint8Array;
  /** Of an extendable-output function: so many bytes of its output. */
  xof(length: number): Uint8Array;
  clone(): DigestState;
  readonly outputLen: number;
}

export interface Digest {
  (message: Uint8Array): Uint8Array;
  create(): DigestState;
  readonly outputLen: number;
  readonly blockLen: number;
  /** An extendable-output function (FIPS 202): its output may have any length. */
  readonly extendable?: true;
}

const extendable = (digest: typeof shake128): Digest =>
  Object.assign((message: Uint8Array) => digest(message), {
    create: () => digest.create() as unknown as DigestState,
    outputLen: digest.outputLen,
    blockLen: digest.blockLen,
    extendable: true as const,
  });

const DIGESTS: Record<string, Digest> = {
  md5: md5 as unknown as Digest,
  ripemd160: ripemd160 as unknown as Digest,
  sha1: sha1 as unknown as Digest,
  sha224: sha224 as unknown as Digest,
  sha256: sha256 as unknown as Digest,
  'sha3-224': sha3_224 as unknown as Digest,
  'sha3-256': sha3_256 as unknown as Digest,
  'sha3-384': sha3_384 as unknown as Digest,
  'sha3-512': sha3_512 as unknown as Digest,
  sha384: sha384 as unknown as Digest,
  sha512: sha512 as unknown as Digest,
  'sha512-224': sha512_224 as unknown as Digest,
  'sha512-256': sha512_256 as unknown as Digest,
  shake128: extendable(shake128),
  shake256: extendable(shake256),
};

const ALIASES: Record<string, string> = {
  rmd160: 'ripemd160',
  ripemd: 'ripemd160',
  'sha512/224': 'sha512-224',
  'sha512/256': 'sha512-256',
};

/** The lower-case name OpenSSL gives the digest, or `undefined` where there is none. OpenSSL ignores case and knows RSA-, -RSA and SHA2- forms. */
export function digestName(name: string): string | undefined {
  let plain = name.toLowerCase();
  plain = plain
    .replace(/^rsa-/, '')
    .replace(/^sha2-/, 'sha')
    .replace(/^sha-(?=\d)/, 'sha');
  plain = plain.replace(/withrsa(encryption)?$/, '');
  plain = ALIASES[plain] ?? plain;
  return Object.hasOwn(DIGESTS, plain) ? plain : undefined;
}

export function findDigest(name: string): Digest | undefined {
  const known = digestName(name);
  return known === undefined ? undefined : DIGESTS[known];
}

/** What `crypto.getHashes()` lists, in OpenSSL's order. */
export function digestNames(): string[] {
  const signatures = [
    'MD5',
    'RIPEMD160',
    'SHA1',
    'SHA224',
    'SHA256',
    'SHA3-224',
    'SHA3-256',
    'SHA3-384',
    'SHA3-512',
    'SHA384',
    'SHA512',
    'SHA512/224',
    'SHA512/256',
  ];
  return [...signatures.map((name) => `RSA-${name}`), ...Object.keys(DIGESTS)];
}
