import { gcm } from '@noble/ciphers/aes.js';
import { sha256, sha384 } from '@noble/hashes/sha2.js';
import { chacha20Poly1305 } from './chacha20.ts';
import { CipherSuite } from './codec/registries.ts';

export type Hash = typeof sha256 | typeof sha384;

/** One-shot authenticated encryption: the tag is appended, and checked before anything is returned. */
export type Aead = (
  key: Uint8Array,
  nonce: Uint8Array,
  additionalData: Uint8Array,
) => { encrypt(plaintext: Uint8Array): Uint8Array; decrypt(ciphertext: Uint8Array): Uint8Array };

/** What a cipher suite of TLS 1.3 names: an AEAD for records, a hash for everything else. Appendix B.4. */
export interface Suite {
  readonly id: number;
  readonly name: string;
  readonly hash: Hash;
  readonly keyLength: number;
  readonly aead: Aead;
  /** How many full records may be encrypted under one key before it must be replaced. §5.5 */
  readonly recordLimit: number;
}

/** All AEADs of TLS 1.3 that we speak use 16 bytes of tag and 12 of nonce. */
export const TAG_LENGTH = 16;
export const NONCE_LENGTH = 12;

/** §5.5: about 2^24.5 full records for AES-GCM; for ChaCha20 the sequence number would wrap first. */
const GCM_RECORDS = 2 ** 24;
const CHACHA_RECORDS = 2 ** 48;

export const suites: readonly Suite[] = [
  {
    id: CipherSuite.TLS_AES_256_GCM_SHA384,
    name: 'TLS_AES_256_GCM_SHA384',
    hash: sha384,
    keyLength: 32,
    aead: gcm,
    recordLimit: GCM_RECORDS,
  },
  {
    id: CipherSuite.TLS_CHACHA20_POLY1305_SHA256,
    name: 'TLS_CHACHA20_POLY1305_SHA256',
    hash: sha256,
    keyLength: 32,
    aead: chacha20Poly1305,
    recordLimit: CHACHA_RECORDS,
  },
  {
    id: CipherSuite.TLS_AES_128_GCM_SHA256,
    name: 'TLS_AES_128_GCM_SHA256',
    hash: sha256,
    keyLength: 16,
    aead: gcm,
    recordLimit: GCM_RECORDS,
  },
];

/** OpenSSL's order, which is also Node's. */
export const defaultCipherSuites: readonly number[] = suites.map(({ id }) => id);

export function suiteOf(id: number): Suite | undefined {
  return suites.find((suite) => suite.id === id);
}
