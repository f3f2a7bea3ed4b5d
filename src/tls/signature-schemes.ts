import { type PrivateKey, type PublicKey, type SignatureAlgorithm, sign, verify } from '../x509/index.ts';
import type { Version } from './api.ts';
import { SignatureScheme as Id, ProtocolVersion, spell } from './codec/registries.ts';
import { textToBytes } from './codec/wire.ts';
import { type TlsError, tlsError } from './errors.ts';
import type { Random } from './key-exchange.ts';

/** A signature as TLS names it: in one number the kind of key, its curve where it has one, and the hash. §4.2.3 */
export interface SignatureScheme {
  readonly id: number;
  readonly name: string;
  readonly algorithm: SignatureAlgorithm;
  readonly keyKind: PublicKey['kind'];
  readonly curve?: string;
  /** PKCS #1 v1.5 signatures may stand in certificates, in TLS 1.3 never in CertificateVerify. §4.4.3 */
  readonly onlyInCertificates?: true;
}

const ecdsa = (
  id: number,
  name: string,
  curve: string,
  hash: 'sha256' | 'sha384' | 'sha512',
): SignatureScheme => ({
  id,
  name,
  algorithm: { family: 'ecdsa', hash },
  keyKind: 'ec',
  curve,
});

const SALT_LENGTHS = { sha256: 32, sha384: 48, sha512: 64 } as const;

/** §4.2.3: the salt is as long as the hash, and MGF1 uses the same hash. */
const pss = (
  id: number,
  name: string,
  keyKind: 'rsa' | 'rsa-pss',
  hash: keyof typeof SALT_LENGTHS,
): SignatureScheme => ({
  id,
  name,
  algorithm: { family: 'rsa-pss', hash, saltLength: SALT_LENGTHS[hash] },
  keyKind,
});

const pkcs1 = (id: number, name: string, hash: keyof typeof SALT_LENGTHS): SignatureScheme => ({
  id,
  name,
  algorithm: { family: 'rsa-pkcs1', hash },
  keyKind: 'rsa',
  onlyInCertificates: true,
});

/** In OpenSSL's order of preference. */
export const schemes: readonly SignatureScheme[] = [
  ecdsa(Id.ecdsa_secp256r1_sha256, 'ecdsa_secp256r1_sha256', 'P-256', 'sha256'),
  ecdsa(Id.ecdsa_secp384r1_sha384, 'ecdsa_secp384r1_sha384', 'P-384', 'sha384'),
  ecdsa(Id.ecdsa_secp521r1_sha512, 'ecdsa_secp521r1_sha512', 'P-521', 'sha512'),
  { id: Id.ed25519, name: 'ed25519', algorithm: { family: 'ed25519' }, keyKind: 'ed25519' },
  pss(Id.rsa_pss_pss_sha256, 'rsa_pss_pss_sha256', 'rsa-pss', 'sha256'),
  pss(Id.rsa_pss_pss_sha384, 'rsa_pss_pss_sha384', 'rsa-pss', 'sha384'),
  pss(Id.rsa_pss_pss_sha512, 'rsa_pss_pss_sha512', 'rsa-pss', 'sha512'),
  pss(Id.rsa_pss_rsae_sha256, 'rsa_pss_rsae_sha256', 'rsa', 'sha256'),
  pss(Id.rsa_pss_rsae_sha384, 'rsa_pss_rsae_sha384', 'rsa', 'sha384'),
  pss(Id.rsa_pss_rsae_sha512, 'rsa_pss_rsae_sha512', 'rsa', 'sha512'),
  pkcs1(Id.rsa_pkcs1_sha256, 'rsa_pkcs1_sha256', 'sha256'),
  pkcs1(Id.rsa_pkcs1_sha384, 'rsa_pkcs1_sha384', 'sha384'),
  pkcs1(Id.rsa_pkcs1_sha512, 'rsa_pkcs1_sha512', 'sha512'),
];

export const defaultSignatureSchemes: readonly number[] = schemes.map(({ id }) => id);

export function schemeOf(id: number): SignatureScheme | undefined {
  return schemes.find((scheme) => scheme.id === id);
}

/** Whether this key may sign a handshake like this. TLS 1.2 has PKCS #1 too, and ties no curve to a hash. RFC 5246 §7.4.1.4.1 */
export function fitsKey(scheme: SignatureScheme, key: PublicKey, version: Version = 0x0304): boolean {
  const tls13 = version === ProtocolVersion['TLSv1.3'];
  if ((tls13 && scheme.onlyInCertificates) || scheme.keyKind !== key.kind) return false;
  if (key.kind === 'ec') return !tls13 || scheme.curve === key.curve;
  if (key.kind === 'rsa' || key.kind === 'rsa-pss') return longEnough(scheme, key.modulus);
  return true;
}

/** RFC 8017 §9.1.1: the modulus must have room for the hash, a salt of that length, and two bytes. */
function longEnough({ algorithm }: SignatureScheme, modulus: bigint): boolean {
  if (algorithm.family !== 'rsa-pss') return true;
  const encodedBits = modulus.toString(2).length - 1;
  return Math.ceil(encodedBits / 8) >= 2 * (algorithm.saltLength ?? 0) + 2;
}

/** The first of these schemes that the key can make. */
export function chooseScheme(
  shared: readonly number[],
  key: PublicKey,
  version?: Version,
): SignatureScheme | undefined {
  return shared.map(schemeOf).find((scheme) => scheme && fitsKey(scheme, key, version));
}

/** Why there is no scheme to sign with: none at all is shared, or none of those fits the key. OpenSSL tells them apart. */
export function noScheme(own: readonly number[], peers: readonly number[], key: PublicKey): TlsError {
  const nothingShared = peers.length > 0 && !own.some((id) => peers.includes(id));
  return tlsError(nothingShared ? 'no-shared-signature-algorithms' : 'no-suitable-signature-algorithm', {
    expected: nothingShared ? own.map((id) => spell(Id, id)) : `one for a key of kind ${key.kind}`,
    actual: peers.map((id) => spell(Id, id)),
  });
}

/**
 * What CertificateVerify signs: 64 spaces, so that no TLS 1.2 signature can be mistaken for it; who signs; a zero byte;
 * and the hash of everything said so far. §4.4.3
 */
export function signedContent(signer: 'client' | 'server', transcriptHash: Uint8Array): Uint8Array {
  const context = textToBytes(`${' '.repeat(64)}TLS 1.3, ${signer} CertificateVerify\0`);
  const content = new Uint8Array(context.length + transcriptHash.length);
  content.set(context);
  content.set(transcriptHash, context.length);
  return content;
}

export function makeSignature(
  scheme: SignatureScheme,
  key: PrivateKey,
  content: Uint8Array,
  random: Random,
): Uint8Array {
  try {
    return sign(scheme.algorithm, key, content, random);
  } catch (cause) {
    throw tlsError('signing-failed', { cause });
  }
}

export function checkSignature(
  scheme: SignatureScheme,
  key: PublicKey,
  content: Uint8Array,
  signature: Uint8Array,
): boolean {
  return verify(scheme.algorithm, key, content, signature);
}

/** A scheme as a result tells it. */
export function named({ id, name }: SignatureScheme): { id: number; name: string } {
  return { id, name };
}
