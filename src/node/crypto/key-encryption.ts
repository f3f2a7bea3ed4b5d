/**
 * Private keys written under a passphrase: PBES2 with PBKDF2 and AES-CBC (RFC 8018 §6.2), as OpenSSL writes PKCS#8,
 * and OpenSSL's older PEM encryption for PKCS#1 and SEC1, whose key is one MD5 away from the passphrase.
 */

import { Buffer } from 'node:buffer';
import { cbc } from '@noble/ciphers/aes.js';
import { md5 } from '@noble/hashes/legacy.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import {
  writeInteger,
  writeNull,
  writeObjectIdentifier,
  writeOctetString,
  writeSequence,
} from '../../x509/index.ts';
import { concatBytes } from './bytes.ts';
import { randomBytes } from './environment.ts';

/** OpenSSL's default since 3.0. */
const ITERATIONS = 2048;

/** DER for PKCS#8, PEM text for the older forms, `undefined` for a cipher there is not. */
export function encryptPrivateKey(
  label: string,
  der: Uint8Array,
  cipher: string,
  passphrase: Uint8Array,
): Uint8Array | string | undefined {
  const bits = /^aes-?(128|192|256)(?:-cbc)?$/i.exec(cipher)?.[1];
  if (bits === undefined) return undefined;
  const keyLength = Number(bits) / 8;
  return label === 'PRIVATE KEY'
    ? encryptPkcs8(der, `aes${bits}Cbc`, keyLength, passphrase)
    : encryptTraditional(label, der, `AES-${bits}-CBC`, keyLength, passphrase);
}

const AES_CBC: Record<string, string> = {
  aes128Cbc: '2.16.840.1.101.3.4.1.2',
  aes192Cbc: '2.16.840.1.101.3.4.1.22',
  aes256Cbc: '2.16.840.1.101.3.4.1.42',
};

function encryptPkcs8(
  der: Uint8Array,
  cipher: string,
  keyLength: number,
  passphrase: Uint8Array,
): Uint8Array {
  const [salt, iv] = [randomBytes(16), randomBytes(16)];
  const key = pbkdf2(sha256, passphrase, salt, { c: ITERATIONS, dkLen: keyLength });
  const derivation = writeSequence(
    writeObjectIdentifier('1.2.840.113549.1.5.12'),
    writeSequence(
      writeOctetString(salt),
      writeInteger(BigInt(ITERATIONS)),
      writeSequence(writeObjectIdentifier('1.2.840.113549.2.9'), writeNull()),
    ),
  );
  const scheme = writeSequence(writeObjectIdentifier(AES_CBC[cipher]), writeOctetString(iv));
  const algorithm = writeSequence(
    writeObjectIdentifier('1.2.840.113549.1.5.13'),
    writeSequence(derivation, scheme),
  );
  return writeSequence(algorithm, writeOctetString(cbc(key, iv).encrypt(der)));
}

/** OpenSSL's EVP_BytesToKey with MD5 and one round; the first eight bytes of the IV are the salt. */
export function traditionalKey(passphrase: Uint8Array, iv: Uint8Array, length: number): Uint8Array {
  let key: Uint8Array = new Uint8Array(0);
  for (let last: Uint8Array = key; key.length < length; key = concatBytes([key, last])) {
    last = md5(concatBytes([last, passphrase, iv.subarray(0, 8)]));
  }
  return key.subarray(0, length);
}

function encryptTraditional(
  label: string,
  der: Uint8Array,
  cipher: string,
  keyLength: number,
  passphrase: Uint8Array,
): string {
  const iv = randomBytes(16);
  const bytes = cbc(traditionalKey(passphrase, iv, keyLength), iv).encrypt(der);
  const body = Buffer.from(bytes)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n');
  const header = `Proc-Type: 4,ENCRYPTED\nDEK-Info: ${cipher},${Buffer.from(iv).toString('hex').toUpperCase()}`;
  return `-----BEGIN ${label}-----\n${header}\n\n${body}\n-----END ${label}-----\n`;
}

/** The reverse, for AES. `information` is the DEK-Info header: the cipher and its IV. */
export function decryptPrivateKey(
  bytes: Uint8Array,
  information: string,
  passphrase: Uint8Array,
): Uint8Array {
  const [, bits, hex] = /^AES-(128|192|256)-CBC,([0-9A-F]{32})$/i.exec(information) ?? [];
  if (!bits) throw new TypeError(`no such cipher for a private key: ${information}`);
  const iv = new Uint8Array(Buffer.from(hex, 'hex'));
  return cbc(traditionalKey(passphrase, iv, Number(bits) / 8), iv).decrypt(bytes);
}
