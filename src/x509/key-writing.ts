/** Keys in the structures that files hold: the reverse of public-keys.ts and private-keys.ts. */
import { writeAlgorithmIdentifier, writePssParameters } from './algorithm-identifier.ts';
import { curves } from './curves.ts';
import {
  contextConstructed,
  writeBitString,
  writeDer,
  writeInteger,
  writeNull,
  writeObjectIdentifier,
  writeOctetString,
  writeSequence,
} from './der.ts';
import {
  type EcPrivateKey,
  isRsa,
  type PrivateKey,
  type PublicKey,
  type RsaPrivateKey,
  type RsaPublicKey,
} from './keys.ts';
import { oids } from './oids.ts';

/** SubjectPublicKeyInfo. */
export function writePublicKey(key: PublicKey): Uint8Array {
  return writeSequence(writeKeyAlgorithm(key), writeBitString(publicKeyBits(key)));
}

function publicKeyBits(key: PublicKey): Uint8Array {
  return isRsa(key) ? writeRsaPublicKey(key) : key.point;
}

/** RSAPublicKey (PKCS#1). */
export function writeRsaPublicKey({ modulus, exponent }: RsaPublicKey): Uint8Array {
  return writeSequence(writeInteger(modulus), writeInteger(exponent));
}

function writeKeyAlgorithm(key: PublicKey): Uint8Array {
  switch (key.kind) {
    case 'rsa':
      return writeAlgorithmIdentifier(oids.rsaEncryption, writeNull());
    case 'rsa-pss':
      return writeAlgorithmIdentifier(oids.rsaPss, key.pss && writePssParameters(key.pss));
    case 'ec':
      return writeAlgorithmIdentifier(oids.ecPublicKey, writeObjectIdentifier(curves[key.curve].oid));
    default:
      return writeAlgorithmIdentifier(oids[key.kind]);
  }
}

/** PKCS#8, unencrypted. */
export function writePrivateKey(key: PrivateKey): Uint8Array {
  const inner = isRsa(key)
    ? writeRsaPrivateKey(key)
    : key.kind === 'ec'
      ? writeEcPrivateKey(key, { namesCurve: false })
      : writeOctetString(key.secret);
  return writeSequence(writeInteger(0n), writeKeyAlgorithm(key.publicKey), writeOctetString(inner));
}

/** RSAPrivateKey (PKCS#1). */
export function writeRsaPrivateKey(key: RsaPrivateKey): Uint8Array {
  const { modulus, exponent } = key.publicKey;
  const numbers = [
    modulus,
    exponent,
    key.privateExponent,
    ...key.primes,
    ...key.primeExponents,
    key.coefficient,
  ];
  return writeSequence(writeInteger(0n), ...numbers.map(writeInteger));
}

/** ECPrivateKey (SEC1). Inside PKCS#8 the curve is already named outside. */
export function writeEcPrivateKey(key: EcPrivateKey, { namesCurve } = { namesCurve: true }): Uint8Array {
  const curve = writeDer(contextConstructed(0), writeObjectIdentifier(curves[key.curve].oid));
  return writeSequence(
    writeInteger(1n),
    writeOctetString(key.secret),
    ...(namesCurve ? [curve] : []),
    writeDer(contextConstructed(1), writeBitString(key.publicKey.point)),
  );
}
