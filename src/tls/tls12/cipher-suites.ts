import { type Aead, type Hash, type Suite, suiteOf } from '../cipher-suites.ts';
import { CipherSuite, nameOf } from '../codec/registries.ts';

/**
 * What a cipher suite of TLS 1.2 names: the AEAD for records and the hash of TLS 1.3's, and the kind of certificate beside.
 * Only those with an ephemeral key exchange and an AEAD are spoken here. RFC 5289, RFC 7905
 */
export interface Suite12 {
  readonly id: number;
  readonly name: string;
  readonly hash: Hash;
  readonly keyLength: number;
  readonly aead: Aead;
  /** How many bytes of a nonce the keys hold; the others travel with each record. RFC 5288 §3, RFC 7905 §2 */
  readonly fixedIvLength: number;
  /** Whether the certificate's key is one for ECDSA (or EdDSA) or for RSA. RFC 8422 §2 */
  readonly authentication: 'ECDSA' | 'RSA';
}

const GCM_FIXED_IV = 4;
const CHACHA_FIXED_IV = 12;

function suite12(id: number, like: number, fixedIvLength: number): Suite12 {
  const { hash, keyLength, aead } = suiteOf(like) as Suite;
  const name = nameOf(CipherSuite, id);
  const authentication = name.includes('_ECDSA_') ? 'ECDSA' : 'RSA';
  return { id, name, hash, keyLength, aead, fixedIvLength, authentication };
}

const { TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256 } = CipherSuite;

/** In the order of Node's default list. */
export const suites12: readonly Suite12[] = [
  suite12(CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256, GCM_FIXED_IV),
  suite12(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256, GCM_FIXED_IV),
  suite12(CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TLS_AES_256_GCM_SHA384, GCM_FIXED_IV),
  suite12(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TLS_AES_256_GCM_SHA384, GCM_FIXED_IV),
  suite12(
    CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    TLS_CHACHA20_POLY1305_SHA256,
    CHACHA_FIXED_IV,
  ),
  suite12(
    CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    TLS_CHACHA20_POLY1305_SHA256,
    CHACHA_FIXED_IV,
  ),
];

export const defaultCipherSuites12: readonly number[] = suites12.map(({ id }) => id);

export function suiteOf12(id: number): Suite12 | undefined {
  return suites12.find((suite) => suite.id === id);
}
