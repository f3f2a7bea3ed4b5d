/** The codes that the page "Errors you will meet" explains, and how to find them in what a program printed. */

/** Where the page is; a code's own address is this and `#CODE`. */
export const ERRORS_PAGE = '/errors/';

/** In the order of the page. What each means is beside this file; here are only the names, so that this stays light. */
export const errorCodes = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EADDRINUSE',
  'EPIPE',
  'ENOTFOUND',
  'EPROTO',

  'ERR_TLS_CERT_ALTNAME_INVALID',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_GET_ISSUER_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'INVALID_PURPOSE',
  'CERT_REVOKED',

  'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
  'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE',
  'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
  'ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR',
  'ERR_SSL_PROVIDER_SIGNATURE_FAILURE',
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  'ERR_SSL_UNSUPPORTED_PROTOCOL',
  'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE',
  'ERR_SSL_NO_SHARED_CIPHER',
  'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_HTTP_REQUEST',
  'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',

  'ERR_OSSL_X509_KEY_VALUES_MISMATCH',
  'ERR_OSSL_PEM_NO_START_LINE',
  'ERR_SSL_EE_KEY_TOO_SMALL',
  'ENOENT',

  'ERR_ASSERTION',
  'ERR_MODULE_NOT_FOUND',
  'ERR_INVALID_ARG_TYPE',
  'ERR_INVALID_URL',
  'ERR_HTTP_HEADERS_SENT',
  'ERR_STREAM_WRITE_AFTER_END',

  'ERR_JWT_EXPIRED',
  'ERR_JWT_CLAIM_VALIDATION_FAILED',
  'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
  'ERR_JWS_INVALID',
  'ERR_JOSE_ALG_NOT_ALLOWED',
  'ERR_JWKS_NO_MATCHING_KEY',

  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'invalid_token',
  'insufficient_scope',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export interface FoundError {
  readonly code: ErrorCode;
  /** Where in the line the code begins, and how long it is, in UTF-16 units. */
  readonly at: number;
  readonly length: number;
  /** Its address on the page. */
  readonly href: string;
}

/** A code's address on the page. */
export const addressOfError = (code: ErrorCode): string => `${ERRORS_PAGE}#${code}`;

/**
 * A code that is part of a longer word or path is another word. Marked as pure, so that a page that looks for no code
 * does not carry the list.
 */
const CODE = /* @__PURE__ */ (() => new RegExp(`(?<![\\w/])(?:${errorCodes.join('|')})(?![\\w/])`, 'g'))();

/** The codes in a line that the page explains, in the order in which they stand. */
export function findErrors(line: string): FoundError[] {
  return [...line.matchAll(CODE)].map((match) => {
    const code = match[0] as ErrorCode;
    return { code, at: match.index, length: code.length, href: addressOfError(code) };
  });
}
