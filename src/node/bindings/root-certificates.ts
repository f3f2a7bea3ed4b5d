/**
 * Whom connections without `ca` trust. A browser tab has no list of public authorities, so: the file that
 * NODE_EXTRA_CA_CERTS named when the process began, or what `tls.setDefaultCACertificates()` has put in its place.
 */
import { type Certificate, readCertificatesPem, writePem } from '../../x509/index.ts';
import type { ByteSource } from '../crypto/bytes.ts';
import { operationFailed } from '../crypto/errors.ts';
import { textOf } from '../crypto/key-input.ts';
import { host } from '../current.ts';
import { opensslError } from './openssl-errors.ts';

let extra: readonly Certificate[] | undefined;
let replaced: readonly Certificate[] | undefined;

function readAll(source: string | ByteSource): Certificate[] {
  try {
    return readCertificatesPem(textOf(source));
  } catch {
    return [];
  }
}

/** What a program gives may be no certificate at all, and is passed over; what says that it is one, must be. */
function readNew(source: string | ByteSource): Certificate[] {
  const found = readAll(source);
  if (found.length === 0 && textOf(source).includes('-----BEGIN CERTIFICATE-----')) {
    throw opensslError('PEM routines', 'ASN1 lib', '0488000D');
  }
  return found;
}

/** Read once, at first use, from the environment the process was started with: changing `process.env` has no effect. */
function extraCertificates(): readonly Certificate[] {
  const { self, files } = host();
  const name = self.env.NODE_EXTRA_CA_CERTS;
  const path = name?.startsWith('/') ? name : `${self.cwd}/${name}`;
  const bytes = name ? files.read(path) : undefined;
  extra ??= bytes ? readAll(bytes as Uint8Array<ArrayBuffer>) : [];
  return extra;
}

export function rootCertificates(): readonly Certificate[] {
  return replaced ?? extraCertificates();
}

const pems = (certificates: readonly Certificate[]) =>
  certificates.map(({ bytes }) => writePem('CERTIFICATE', bytes));

export const getExtraCACertificates = (): string[] => pems(extraCertificates());
export const getUserRootCertificates = (): string[] => pems(replaced ?? []);

export function resetRootCertStore(sources: readonly (string | ByteSource)[]): void {
  const certificates = new Set(sources.flatMap(readNew));
  if (sources.length > 0 && certificates.size === 0) {
    throw operationFailed('No valid certificates found in the provided array');
  }
  replaced = [...certificates];
}
