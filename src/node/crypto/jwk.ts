/** Keys as JSON: RFC 7517, 7518 §6, 8037. The order of the properties is the one Node writes. */

import { Buffer } from 'node:buffer';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { type CurveName, curves, ecPublicKey, type PrivateKey, type PublicKey } from '../../x509/index.ts';
import { bigintOf, bytesOfBigint, concatBytes } from './bytes.ts';
import { invalidCurve, invalidJwk, jwkUnsupportedKeyType } from './errors.ts';

export type Jwk = Record<string, unknown>;

const write = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const read = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64url'));

export function writeSecretJwk(secret: Uint8Array, target: Jwk): Jwk {
  return Object.assign(target, { kty: 'oct', k: write(secret) });
}

export function writePublicJwk(key: PublicKey, target: Jwk): Jwk {
  switch (key.kind) {
    case 'rsa':
      return Object.assign(target, {
        kty: 'RSA',
        n: write(bytesOfBigint(key.modulus)),
        e: write(bytesOfBigint(key.exponent)),
      });
    case 'ec': {
      const { size } = curves[key.curve];
      const [x, y] = [key.point.subarray(1, 1 + size), key.point.subarray(1 + size)];
      return Object.assign(target, { kty: 'EC', x: write(x), y: write(y), crv: key.curve });
    }
    case 'ed25519':
    case 'x25519':
      return Object.assign(target, { crv: octetCurve(key.kind), x: write(key.point), kty: 'OKP' });
    default:
      throw jwkUnsupportedKeyType();
  }
}

export function writePrivateJwk(key: PrivateKey, target: Jwk): Jwk {
  switch (key.kind) {
    case 'rsa': {
      const [p, q] = key.primes;
      const [dp, dq] = key.primeExponents;
      // Base64urlUInt (RFC 7518 §2): as few bytes as the number needs.
      const number = (value: bigint) => write(bytesOfBigint(value));
      return Object.assign(writePublicJwk(key.publicKey, target), {
        d: number(key.privateExponent),
        p: number(p),
        q: number(q),
        dp: number(dp),
        dq: number(dq),
        qi: number(key.coefficient),
      });
    }
    case 'ec':
      return Object.assign(writePublicJwk(key.publicKey, target), { d: write(key.secret) });
    case 'ed25519':
    case 'x25519':
      return Object.assign(target, {
        crv: octetCurve(key.kind),
        d: write(key.secret),
        x: write(key.publicKey.point),
        kty: 'OKP',
      });
    default:
      throw jwkUnsupportedKeyType();
  }
}

const octetCurve = (kind: 'ed25519' | 'x25519') => (kind === 'ed25519' ? 'Ed25519' : 'X25519');

export function readSecretJwk(jwk: Jwk): Uint8Array {
  if (jwk.kty !== 'oct' || typeof jwk.k !== 'string') throw invalidJwk('Invalid JWK secret key');
  return read(jwk.k);
}

export interface ReadJwk {
  publicKey: PublicKey;
  privateKey?: PrivateKey;
}

/**
 * The public half is taken as stated and not compared with the private one, for EC and RSA keys: OpenSSL does not
 * compare them either, and that is how a forged key gets as far as a signature nobody can verify.
 */
export function readJwk(jwk: Jwk): ReadJwk {
  if (typeof jwk.kty !== 'string') throw invalidJwk('Invalid JWK format');
  switch (jwk.kty) {
    case 'EC':
      return readEcJwk(jwk);
    case 'RSA':
      return readRsaJwk(jwk);
    case 'OKP':
      return readOctetJwk(jwk);
    default:
      throw invalidJwk(`${jwk.kty} is not a supported JWK key type`);
  }
}

function readEcJwk(jwk: Jwk): ReadJwk {
  if (typeof jwk.crv !== 'string') throw invalidJwk('Invalid JWK EC key');
  const { x, y, d } = jwk;
  const optional = (value: unknown) => value === undefined || typeof value === 'string';
  if (!Object.hasOwn(curves, jwk.crv)) throw invalidCurve();
  if (typeof x !== 'string' || typeof y !== 'string' || !optional(d)) throw invalidJwk('Invalid JWK EC key');
  const curve = curves[jwk.crv as CurveName];
  const [xBytes, yBytes] = [x, y].map((text) => padded(read(text), curve.size));
  let publicKey: ReturnType<typeof ecPublicKey>;
  try {
    publicKey = ecPublicKey(curve, concatBytes([Uint8Array.of(4), xBytes, yBytes]));
  } catch {
    throw invalidJwk('Invalid JWK EC key');
  }
  if (typeof d !== 'string') return { publicKey };
  const secret = padded(read(d), curve.size);
  if (!curve.ecdsa.utils.isValidSecretKey(secret)) throw invalidJwk('Invalid JWK EC key');
  return { publicKey, privateKey: { kind: 'ec', curve: curve.name, secret, publicKey } };
}

function padded(bytes: Uint8Array, size: number): Uint8Array {
  return bytes.length >= size ? bytes : concatBytes([new Uint8Array(size - bytes.length), bytes]);
}

function readRsaJwk(jwk: Jwk): ReadJwk {
  const number = (name: string): bigint => {
    const value = jwk[name];
    if (typeof value !== 'string') throw invalidJwk('Invalid JWK RSA key');
    return bigintOf(read(value));
  };
  const publicKey = { kind: 'rsa', modulus: number('n'), exponent: number('e') } as const;
  if (jwk.d === undefined) return { publicKey };
  const privateKey = {
    kind: 'rsa',
    publicKey,
    privateExponent: number('d'),
    primes: [number('p'), number('q')],
    primeExponents: [number('dp'), number('dq')],
    coefficient: number('qi'),
  } as const;
  return { publicKey, privateKey };
}

function readOctetJwk(jwk: Jwk): ReadJwk {
  const bad = () => invalidJwk('Invalid JWK OKP key');
  const { crv, x, d } = jwk;
  if ((crv !== 'Ed25519' && crv !== 'X25519') || typeof x !== 'string') throw bad();
  if (d !== undefined && typeof d !== 'string') throw bad();
  const kind = crv === 'Ed25519' ? 'ed25519' : 'x25519';
  const point = read(x);
  if (d === undefined) {
    if (point.length !== 32) throw bad();
    return { publicKey: { kind, point } };
  }
  const secret = read(d);
  if (secret.length !== 32) throw bad();
  // With a private part OpenSSL derives the public one and never looks at `x`.
  const publicKey = {
    kind,
    point: kind === 'ed25519' ? ed25519.getPublicKey(secret) : x25519.getPublicKey(secret),
  };
  return { publicKey: publicKey as PublicKey, privateKey: { kind, secret, publicKey } as PrivateKey };
}
