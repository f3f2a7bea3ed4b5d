import type { ECDSA } from '@noble/curves/abstract/weierstrass.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';

export type CurveName = 'P-256' | 'P-384' | 'P-521';

export interface Curve {
  readonly name: CurveName;
  readonly oid: string;
  /** What OpenSSL, and so Node's `asn1Curve`, calls it. */
  readonly asn1Name: string;
  readonly bits: number;
  /** Bytes of one coordinate, and of a private key. */
  readonly size: number;
  readonly ecdsa: ECDSA;
}

export const curves: Readonly<Record<CurveName, Curve>> = {
  'P-256': {
    name: 'P-256',
    oid: '1.2.840.10045.3.1.7',
    asn1Name: 'prime256v1',
    bits: 256,
    size: 32,
    ecdsa: p256,
  },
  'P-384': { name: 'P-384', oid: '1.3.132.0.34', asn1Name: 'secp384r1', bits: 384, size: 48, ecdsa: p384 },
  'P-521': { name: 'P-521', oid: '1.3.132.0.35', asn1Name: 'secp521r1', bits: 521, size: 66, ecdsa: p521 },
};

export function curveByOid(oid: string): Curve | undefined {
  return Object.values(curves).find((curve) => curve.oid === oid);
}
