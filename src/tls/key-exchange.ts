import { x25519 } from '@noble/curves/ed25519.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { NamedGroup } from './codec/registries.ts';

/** An ephemeral key pair of one group. */
export interface KeyPair {
  readonly group: number;
  readonly secretKey: Uint8Array;
  /** As it travels in `key_exchange`. §4.2.8.2 */
  readonly publicKey: Uint8Array;
}

export type Random = (bytes: Uint8Array) => void;

/** A group for ephemeral Diffie-Hellman. §4.2.7, §7.4.2 */
export interface Group {
  readonly id: number;
  readonly name: string;
  generate(random: Random): KeyPair;
  /** The shared secret. Throws when the peer's key is not a valid public key of this group. */
  agree(own: KeyPair, peerKey: Uint8Array): Uint8Array;
}

function montgomery(id: number, name: string, curve: typeof x25519): Group {
  return {
    id,
    name,
    generate(random) {
      const secretKey = new Uint8Array(32);
      random(secretKey);
      return { group: id, secretKey, publicKey: curve.getPublicKey(secretKey) };
    },
    // The library refuses the points that lead to an all-zero secret, as §7.4.2 demands.
    agree: (own, peerKey) => curve.getSharedSecret(own.secretKey, peerKey),
  };
}

function weierstrass(id: number, name: string, curve: typeof p256, seedLength: number): Group {
  return {
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
  };
}

/** Seeds are 1.5 times the key's length, so that reducing them modulo the order leaves no bias worth having. */
export const groups: readonly Group[] = [
  montgomery(NamedGroup.x25519, 'X25519', x25519),
  weierstrass(NamedGroup.secp256r1, 'prime256v1', p256, 48),
  weierstrass(NamedGroup.secp384r1, 'secp384r1', p384, 72),
  weierstrass(NamedGroup.secp521r1, 'secp521r1', p521, 99),
];

export const defaultGroups: readonly number[] = groups.map(({ id }) => id);

export function groupOf(id: number): Group | undefined {
  return groups.find((group) => group.id === id);
}
