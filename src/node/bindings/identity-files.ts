/** Certificates, keys, revocation lists and PKCS #12 files as `tls.createSecureContext` is given them, and OpenSSL's complaints of them. */
import { Buffer } from 'node:buffer';
import {
  type Certificate,
  type Pfx,
  type PrivateKey,
  type RevocationList,
  readPfx,
  readRevocationListPem,
  X509Error,
} from '../../x509/index.ts';
import { certificateBlocks, certificateFrom } from '../crypto/certificate-files.ts';
import { notInThisEngine, operationFailed, unsupportedOperation } from '../crypto/errors.ts';
import { privateKeyFromPem } from '../crypto/key-input.ts';
import { type OpensslError, opensslError } from './openssl-errors.ts';

export interface Identity {
  readonly key: PrivateKey;
  readonly certificate: Certificate;
  readonly others: readonly Certificate[];
}

/** The certificates of a PEM text, each when it is asked for. With `trusts`, those whose notes we would have to follow are left out. */
export function* readCertificateFile(text: string, trusts = false): Generator<Certificate, void> {
  for (const { der, hasNotes } of certificateBlocks(text)) {
    // OpenSSL has nothing to say of an empty block.
    if (der.length === 0) throw new Error('SSL_CTX_use_certificate_chain');
    if (!(trusts && hasNotes)) yield certificateFrom(der, true);
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
        throw new Error(asn1Words(error, bytes.length));
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

function asn1Words({ code, offset = 2 }: X509Error, length: number): string {
  if (code === 'wrong-tag' || (offset === 0 && length > 1)) return 'wrong tag';
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
