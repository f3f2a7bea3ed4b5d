import type { PublicKey } from '../../x509/index.ts';
import { concat } from '../bytes.ts';
import { ECCurveType, NamedGroup } from '../codec/registries.ts';
import { type ServerEcdhParams, serverEcdhParams } from '../codec/tls12-messages.ts';
import { encode } from '../codec/writer.ts';
import { tlsError } from '../errors.ts';
import type { KeyPair } from '../key-exchange.ts';

/** Ephemeral Diffie-Hellman on curves, the only key exchange of TLS 1.2 that is spoken here. RFC 8422 */

const CURVES: readonly number[] = [
  NamedGroup.x25519,
  NamedGroup.secp256r1,
  NamedGroup.secp384r1,
  NamedGroup.secp521r1,
];

/** Whether a group is one for TLS 1.2: what came later is not. RFC 8422 §5.1.1 */
export function isCurve(group: number): boolean {
  return CURVES.includes(group);
}

const CERTIFIED: Readonly<Record<string, number>> = {
  'P-256': NamedGroup.secp256r1,
  'P-384': NamedGroup.secp384r1,
  'P-521': NamedGroup.secp521r1,
};

/** Whether a peer that knows these groups can read the key at all: its curve must be one of them. RFC 8422 §5.3 */
export function isReadable(key: PublicKey, groups: readonly number[]): boolean {
  return key.kind !== 'ec' || groups.includes(CERTIFIED[key.curve]);
}

/** Refuses a peer's certificate whose curve is none of those we named, as OpenSSL does. RFC 8422 §5.3, §5.1.1 */
export function checkCurve(key: PublicKey, groups: readonly number[]): void {
  if (key.kind === 'ec' && !isReadable(key, groups))
    throw tlsError('wrong-curve', { actual: `a certificate on ${key.curve}` });
}

export function paramsOf({ group, publicKey }: KeyPair): ServerEcdhParams {
  return { curveType: ECCurveType.named_curve, namedCurve: group, point: publicKey };
}

/** What the server signs: its key for this connection, and both randoms so that it is for this one alone. RFC 8422 §5.4 */
export function signedParams(
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
  params: ServerEcdhParams,
): Uint8Array {
  return concat([clientRandom, serverRandom, encode(serverEcdhParams, params)]);
}

/** Which cipher suites a certificate's key can be used with. RFC 8422 §2, §5.10 */
export function authenticationBy({ kind }: PublicKey): 'ECDSA' | 'RSA' | undefined {
  if (kind === 'ec' || kind === 'ed25519') return 'ECDSA';
  return kind === 'rsa' || kind === 'rsa-pss' ? 'RSA' : undefined;
}
