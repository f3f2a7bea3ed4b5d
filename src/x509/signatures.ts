/** Signing and verifying, whatever the key: the one place where certificates, TLS and `node:crypto` ask for it. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { type AlgorithmIdentifier, hasNoParameters, readPssParameters } from './algorithm-identifier.ts';
import { curves } from './curves.ts';
import { X509Error } from './errors.ts';
import { type HashName, hashes } from './hashes.ts';
import type { PrivateKey, PublicKey, RsaPublicKey } from './keys.ts';
import { oids } from './oids.ts';
import { signPkcs1, signPss, verifyPkcs1, verifyPss } from './rsa.ts';

export type SignatureAlgorithm =
  | { readonly family: 'rsa-pkcs1'; readonly hash: HashName }
  | {
      readonly family: 'rsa-pss';
      readonly hash: HashName;
      /** The hash inside MGF1; the same as `hash` when not given, as TLS and nearly everybody has it. */
      readonly mgfHash?: HashName;
      /** Signing: as long as the hash when not given. Verifying: any length when not given. */
      readonly saltLength?: number;
    }
  | { readonly family: 'ecdsa'; readonly hash: HashName }
  | { readonly family: 'ed25519' };

const ALGORITHMS: Readonly<Record<string, SignatureAlgorithm>> = {
  '1.2.840.113549.1.1.4': { family: 'rsa-pkcs1', hash: 'md5' },
  '1.2.840.113549.1.1.5': { family: 'rsa-pkcs1', hash: 'sha1' },
  '1.2.840.113549.1.1.14': { family: 'rsa-pkcs1', hash: 'sha224' },
  '1.2.840.113549.1.1.11': { family: 'rsa-pkcs1', hash: 'sha256' },
  '1.2.840.113549.1.1.12': { family: 'rsa-pkcs1', hash: 'sha384' },
  '1.2.840.113549.1.1.13': { family: 'rsa-pkcs1', hash: 'sha512' },
  '1.2.840.10045.4.1': { family: 'ecdsa', hash: 'sha1' },
  '1.2.840.10045.4.3.1': { family: 'ecdsa', hash: 'sha224' },
  '1.2.840.10045.4.3.2': { family: 'ecdsa', hash: 'sha256' },
  '1.2.840.10045.4.3.3': { family: 'ecdsa', hash: 'sha384' },
  '1.2.840.10045.4.3.4': { family: 'ecdsa', hash: 'sha512' },
  [oids.ed25519]: { family: 'ed25519' },
};

/** The algorithm an AlgorithmIdentifier names; undefined for one not known here, or with parameters it must not have. */
export function signatureAlgorithm(identifier: AlgorithmIdentifier): SignatureAlgorithm | undefined {
  const { oid, parameters } = identifier;
  if (oid === oids.rsaPss) {
    try {
      return parameters && { family: 'rsa-pss', ...readPssParameters(parameters) };
    } catch {
      return undefined;
    }
  }
  const algorithm = ALGORITHMS[oid];
  return algorithm && hasNoParameters(identifier) ? algorithm : undefined;
}

/** Whether this algorithm can be used with this key at all. */
export function fits(algorithm: SignatureAlgorithm, key: PublicKey): boolean {
  switch (algorithm.family) {
    case 'rsa-pkcs1':
      return key.kind === 'rsa';
    case 'rsa-pss':
      return key.kind === 'rsa' || (key.kind === 'rsa-pss' && withinRestriction(algorithm, key));
    case 'ecdsa':
      return key.kind === 'ec';
    case 'ed25519':
      return key.kind === 'ed25519';
  }
}

/** RFC 4055 §3.3: a key with parameters signs with that hash and at least that much salt. */
function withinRestriction(
  { hash, mgfHash = hash, saltLength }: SignatureAlgorithm & { family: 'rsa-pss' },
  { pss }: RsaPublicKey,
): boolean {
  if (!pss) return true;
  return (
    pss.hash === hash && pss.mgfHash === mgfHash && (saltLength === undefined || saltLength >= pss.saltLength)
  );
}

/**
 * Signs. ECDSA signatures are in DER, as TLS and certificates have them, with RFC 6979's deterministic nonce.
 * `random` fills the salt of RSA-PSS; the platform's generator does when none is given.
 */
export function sign(
  algorithm: SignatureAlgorithm,
  key: PrivateKey,
  message: Uint8Array,
  random: (bytes: Uint8Array) => void = (bytes) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>),
): Uint8Array {
  if (!fits(algorithm, key.publicKey)) {
    throw new X509Error(
      'unsupported-algorithm',
      `a key of kind "${key.kind}" cannot sign with ${algorithm.family}`,
    );
  }
  if (key.kind === 'rsa' || key.kind === 'rsa-pss') {
    if (algorithm.family === 'rsa-pkcs1') return signPkcs1(algorithm.hash, key, message);
    if (algorithm.family === 'rsa-pss') {
      const { hash, mgfHash = hash, saltLength = hashes[hash].outputLen } = algorithm;
      return signPss({ hash, mgfHash, saltLength }, key, message, random);
    }
  }
  if (key.kind === 'ec' && algorithm.family === 'ecdsa') {
    const { ecdsa } = curves[key.curve];
    return ecdsa.sign(hashes[algorithm.hash](message), key.secret, {
      prehash: false,
      lowS: false,
      format: 'der',
    });
  }
  if (key.kind === 'ed25519') return ed25519.sign(message, key.secret);
  throw new X509Error('unsupported-algorithm', `a key of kind "${key.kind}" does not sign`);
}

/** Whether the signature is good. False, never an exception, for anything malformed: to a caller it is all the same. */
export function verify(
  algorithm: SignatureAlgorithm,
  key: PublicKey,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  try {
    if (!fits(algorithm, key)) return false;
    if (key.kind === 'rsa' || key.kind === 'rsa-pss') {
      if (algorithm.family === 'rsa-pkcs1') return verifyPkcs1(algorithm.hash, key, message, signature);
      if (algorithm.family !== 'rsa-pss') return false;
      const { hash, mgfHash = hash, saltLength } = algorithm;
      return verifyPss({ hash, mgfHash, saltLength }, key, message, signature);
    }
    if (key.kind === 'ec' && algorithm.family === 'ecdsa') {
      const { ecdsa } = curves[key.curve];
      const options = { prehash: false, lowS: false, format: 'der' } as const;
      return ecdsa.verify(signature, hashes[algorithm.hash](message), key.point, options);
    }
    // RFC 8032 §5.1.7 as written; ZIP 215 would accept encodings that OpenSSL refuses.
    return key.kind === 'ed25519' && ed25519.verify(signature, message, key.point, { zip215: false });
  } catch {
    return false;
  }
}
