/** Certificates, keys, revocation lists and PKCS #12 files as `tls.createSecureContext` is given them, and OpenSSL's complaints of them. */
import { Buffer } from 'node:buffer';
import {
  type Certificate,
  type Pfx,
  type PrivateKey,
  type RevocationList,
  readCertificate,
  readPem,
  readPfx,
  readRevocationListPem,
  X509Error,
} from '../../x509/index.ts';
import { notInThisEngine, operationFailed, unsupportedOperation } from '../crypto/errors.ts';
import { privateKeyFromPem } from '../crypto/key-input.ts';
import { type OpensslError, opensslError } from './openssl-errors.ts';

export interface Identity {
  readonly key: PrivateKey;
  readonly certificate: Certificate;
  readonly others: readonly Certificate[];
}

export const noStartLine = () => opensslError('PEM routines', 'no start line', '0480006C');
const wrongTag = () =>
  opensslError('asn1 encoding routines', 'wrong tag', '068000A8', [
    'error:0488000D:PEM routines::ASN1 lib',
    'error:0688010A:asn1 encoding routines::nested asn1 error',
  ]);

/** All the certificates of a PEM text. */
export function readCertificateFile(text: string): Certificate[] {
  const blocks = (() => {
    try {
      return readPem(text).filter(({ label }) => label.endsWith('CERTIFICATE'));
    } catch {
      throw noStartLine();
    }
  })();
  try {
    return blocks.map(({ bytes }) => readCertificate(bytes));
  } catch {
    throw wrongTag();
  }
}

/** Node's `pfx`: a key with its certificate, and the others. The words are those of the oldest entry in OpenSSL's queue, alone. */
export function readPfxFile(bytes: Uint8Array, passphrase: Uint8Array | undefined): Identity {
  const { key, certificate, others } = readPfxOrThrow(bytes, passphrase);
  if (!key) throw operationFailed('Unable to load private key from PFX data');
  if (!certificate) throw operationFailed('Unable to load certificate from PFX data');
  return { key, certificate, others };
}

function readPfxOrThrow(bytes: Uint8Array, passphrase: Uint8Array | undefined): Pfx {
  try {
    return readPfx(bytes, passphrase);
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    switch (error.code) {
      case 'mac-failure':
        throw new Error('mac verify failure');
      case 'wrong-passphrase':
        throw new Error('bad decrypt');
      case 'obsolete-encryption':
        throw unsupportedOperation('Unsupported PKCS12 PFX data');
      case 'unsupported-encryption':
      case 'unsupported-algorithm':
      case 'unsupported-key':
        throw notInThisEngine(`This PKCS #12 file (${error.message})`);
      default:
        throw new Error(asn1Words(error));
    }
  }
}

/** Node's `crl`. */
export function readListFile(text: string): RevocationList {
  try {
    return readRevocationListPem(text);
  } catch {
    throw operationFailed('Failed to parse CRL');
  }
}

function asn1Words({ code, offset = 2 }: X509Error): string {
  if (code === 'wrong-tag') return 'wrong tag';
  if (code === 'missing-field') return 'field missing';
  // The outermost frame is at byte 0, its length at byte 1.
  return offset < 2 ? 'not enough data' : 'nested asn1 error';
}

/** A private key in PEM. The queue is read here after its newest entry has been taken off, unlike in `crypto.createPrivateKey`. */
export function readKeyFile(text: string, passphrase: string): PrivateKey {
  try {
    return privateKeyFromPem(text, Buffer.from(passphrase));
  } catch (error) {
    const { library, reason, message, opensslErrorStack } = error as OpensslError;
    if (!library) throw error;
    const number = /^error:([0-9A-F]{8}):/.exec(message)?.[1] ?? '';
    throw opensslError(library, reason, number, opensslErrorStack?.slice(0, -1));
  }
}
