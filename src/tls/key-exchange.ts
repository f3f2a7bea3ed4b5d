import { x25519 } from '@noble/curves/ed25519.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { concat } from './bytes.ts';
import { NamedGroup } from './codec/registries.ts';

/** An ephemeral key pair of one group. */
export interface KeyPair {
  readonly group: number;
  readonly secretKey: Uint8Array;
  /** As it travels in `key_exchange`. §4.2.8.2 */
  readonly publicKey: Uint8Array;
}

export type Random = (bytes: Uint8Array) => void;

/** A group for ephemeral key exchange. What the peer sent may be anything: where it is no share of the group, both throw. §4.2.7 */
export interface Group {
  readonly id: number;
  readonly name: string;
  /** A client's key pair; in Diffie-Hellman also a server's. */
  generate(random: Random): KeyPair;
  /** A server's share in answer to a client's, and the shared secret. */
  answer(peerShare: Uint8Array, random: Random): { share: Uint8Array; secret: Uint8Array };
  /** The shared secret, from our pair and the peer's share. §7.4.2 */
  agree(own: KeyPair, peerShare: Uint8Array): Uint8Array;
}

/** In Diffie-Hellman both sides do the same. */
function diffieHellman(group: Omit<Group, 'answer'>): Group {
  return {
    ...group,
    answer(peerShare, random) {
      const own = group.generate(random);
      return { share: own.publicKey, secret: group.agree(own, peerShare) };
    },
  };
}

function montgomery(id: number, name: string, curve: typeof x25519): Group {
  return diffieHellman({
    id,
    name,
    generate(random) {
      const secretKey = new Uint8Array(32);
      random(secretKey);
      return { group: id, secretKey, publicKey: curve.getPublicKey(secretKey) };
    },
    // The library refuses the points that lead to an all-zero secret, as §7.4.2 demands.
    agree: (own, peerKey) => curve.getSharedSecret(own.secretKey, peerKey),
  });
}

function weierstrass(id: number, name: string, curve: typeof p256, seedLength: number): Group {
  return diffieHellman({
    id,
    name,
    generate(random) {
      const seed = new Uint8Array(seedLength);
      random(seed);
      const secretKey = curve.utils.randomSecretKey(seed);
      return { group: id, secretKey, publicKey: curve.getPublicKey(secretKey, false) };
    },
    agree(own, peerKey) {
      // §4.2.8.2: only the uncompressed form exists in TLS 1.3, though the library would read others.
      if (peerKey[0] !== 4) throw new Error('not an uncompressed point');
      // §7.4.2: the secret is the x coordinate alone, without the leading form byte.
      return curve.getSharedSecret(own.secretKey, peerKey).subarray(1, 1 + (peerKey.length - 1) / 2);
    },
  });
}

/** FIPS 203 §8, in bytes. */
const MLKEM768 = { key: 1184, cipherText: 1088, secretKey: 2400 } as const;

/**
 * ML-KEM-768 and X25519 side by side: whoever would know the secret must break both, so that what is recorded today stays
 * secret from a quantum computer of tomorrow. Each share and the secret are ML-KEM's part, then X25519's.
 * draft-ietf-tls-ecdhe-mlkem §4; a key encapsulation, so that the server answers a key and not the other way about.
 */
function hybrid(id: number, name: string, classical: Group): Group {
  return {
    id,
    name,
    generate(random) {
      const seed = new Uint8Array(64);
      random(seed);
      const pair = ml_kem768.keygen(seed);
      const other = classical.generate(random);
      return {
        group: id,
        secretKey: concat([pair.secretKey, other.secretKey]),
        publicKey: concat([pair.publicKey, other.publicKey]),
      };
    },
    answer(peerShare, random) {
      const [key, otherKey] = split(peerShare, MLKEM768.key);
      const message = new Uint8Array(32);
      random(message);
      // The library checks that the key is one (FIPS 203 §7.2), as the draft's §4.2 demands.
      const { cipherText, sharedSecret } = ml_kem768.encapsulate(key, message);
      const other = classical.answer(otherKey, random);
      return { share: concat([cipherText, other.share]), secret: concat([sharedSecret, other.secret]) };
    },
    agree(own, peerShare) {
      const [cipherText, otherKey] = split(peerShare, MLKEM768.cipherText);
      const [secretKey, otherSecretKey] = split(own.secretKey, MLKEM768.secretKey);
      const sharedSecret = ml_kem768.decapsulate(cipherText, secretKey);
      return concat([sharedSecret, classical.agree({ ...own, secretKey: otherSecretKey }, otherKey)]);
    },
  };
}

/** ML-KEM's part, and the 32 bytes of X25519's. */
function split(bytes: Uint8Array, at: number): [Uint8Array, Uint8Array] {
  if (bytes.length !== at + 32) throw new Error(`${bytes.length} bytes, not ${at + 32}`);
  return [bytes.subarray(0, at), bytes.subarray(at)];
}

const x25519Group = montgomery(NamedGroup.x25519, 'X25519', x25519);

/** Seeds are 1.5 times the key's length, so that reducing them modulo the order leaves no bias worth having. */
export const groups: readonly Group[] = [
  hybrid(NamedGroup.X25519MLKEM768, 'X25519MLKEM768', x25519Group),
  x25519Group,
  weierstrass(NamedGroup.secp256r1, 'prime256v1', p256, 48),
  weierstrass(NamedGroup.secp384r1, 'secp384r1', p384, 72),
  weierstrass(NamedGroup.secp521r1, 'secp521r1', p521, 99),
];

/**
 * What is used unless the owner says otherwise, as OpenSSL 3.5: groups in tiers. A server takes one of the best tier that
 * the client speaks, even if it must ask for a share, but within a tier rather one whose share it has. §4.2.8
 */
export const defaultGroupTiers: readonly (readonly number[])[] = [
  [NamedGroup.X25519MLKEM768],
  [NamedGroup.x25519, NamedGroup.secp256r1],
  [NamedGroup.secp384r1, NamedGroup.secp521r1],
];

export const defaultGroups: readonly number[] = defaultGroupTiers.flat();

/** Sent at once: with the new group one that every server knows. */
export const defaultKeyShareGroups: readonly number[] = [NamedGroup.X25519MLKEM768, NamedGroup.x25519];

export function groupOf(id: number): Group | undefined {
  return groups.find((group) => group.id === id);
}
