/**
 * Errors in the shape Node gives those it reads from OpenSSL's queue: `library`, `reason`, `code`, and a message
 * that for TLS also names the OpenSSL function and source line. The numbers and lines belong to the OpenSSL of Node 24.21.
 */

/** OpenSSL libraries that Node names inside a code (`ERR_OSSL_EVP_…`); others give `ERR_OSSL_…` only. */
const LIBRARY_PREFIX: Record<string, string> = {
  'rsa routines': 'RSA_',
  'Diffie-Hellman routines': 'DH_',
  'digital envelope routines': 'EVP_',
  'PEM routines': 'PEM_',
  'x509 certificate routines': 'X509_',
  'asn1 encoding routines': 'ASN1_',
  'common libcrypto routines': 'CRYPTO_',
  'elliptic curve routines': 'EC_',
  'PKCS12 routines': 'PKCS12_',
};

export interface OpensslError extends Error {
  library: string;
  reason: string;
  code: string;
  opensslErrorStack?: string[];
}

/** `error:1E08010C:DECODER routines::unsupported`, as `ERR_error_string` writes it. */
export function errorLine(library: string, reason: string, number: string): string {
  return `error:${number}:${library}::${reason}`;
}

export function opensslCode(library: string, reason: string): string {
  const name = reason.toUpperCase().replaceAll(' ', '_');
  if (library === 'SSL routines') return `ERR_SSL_${name}`;
  return `ERR_OSSL_${LIBRARY_PREFIX[library] ?? ''}${name}`;
}

/** An error as `ThrowCryptoError` builds it. `stack` holds the older entries of the queue, newest last. */
export function opensslError(
  library: string,
  reason: string,
  number: string,
  stack: readonly string[] = [],
): OpensslError {
  const error = new Error(errorLine(library, reason, number));
  if (stack.length > 0) Object.assign(error, { opensslErrorStack: [...stack] });
  return Object.assign(error, { library, reason, code: opensslCode(library, reason) });
}
