/** What a chain can be refused for: OpenSSL's names (X509_V_ERR_…) and words, and the few that Node has a code for. */

const MESSAGES = {
  UNSPECIFIED: 'unspecified certificate verification error',
  UNABLE_TO_GET_ISSUER_CERT: 'unable to get issuer certificate',
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: 'unable to decode issuer public key',
  CERT_SIGNATURE_FAILURE: 'certificate signature failure',
  CERT_NOT_YET_VALID: 'certificate is not yet valid',
  CERT_HAS_EXPIRED: 'certificate has expired',
  ERROR_IN_CERT_NOT_BEFORE_FIELD: "format error in certificate's notBefore field",
  ERROR_IN_CERT_NOT_AFTER_FIELD: "format error in certificate's notAfter field",
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'self-signed certificate in certificate chain',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unable to get local issuer certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unable to verify the first certificate',
  CERT_CHAIN_TOO_LONG: 'certificate chain too long',
  INVALID_CA: 'invalid CA certificate',
  PATH_LENGTH_EXCEEDED: 'path length constraint exceeded',
  INVALID_PURPOSE: 'unsuitable certificate purpose',
  KEYUSAGE_NO_CERTSIGN: 'key usage does not include certificate signing',
  UNHANDLED_CRITICAL_EXTENSION: 'unhandled critical extension',
  INVALID_NON_CA: 'invalid non-CA certificate (has CA markings)',
  PROXY_CERTIFICATES_NOT_ALLOWED: 'proxy certificates not allowed, please set the appropriate flag',
  PROXY_SUBJECT_NAME_VIOLATION: 'proxy subject name violation',
  PERMITTED_VIOLATION: 'permitted subtree violation',
  EXCLUDED_VIOLATION: 'excluded subtree violation',
  SUBTREE_MINMAX: 'name constraints minimum and maximum not supported',
  UNSUPPORTED_CONSTRAINT_TYPE: 'unsupported name constraint type',
  UNSUPPORTED_NAME_SYNTAX: 'unsupported or invalid name syntax',
  UNABLE_TO_GET_CRL: 'unable to get certificate CRL',
  CRL_SIGNATURE_FAILURE: 'CRL signature failure',
  CRL_NOT_YET_VALID: 'CRL is not yet valid',
  CRL_HAS_EXPIRED: 'CRL has expired',
  ERROR_IN_CRL_LAST_UPDATE_FIELD: "format error in CRL's lastUpdate field",
  ERROR_IN_CRL_NEXT_UPDATE_FIELD: "format error in CRL's nextUpdate field",
  CERT_REVOKED: 'certificate revoked',
  KEYUSAGE_NO_CRL_SIGN: 'key usage does not include CRL signing',
  DIFFERENT_CRL_SCOPE: 'different CRL scope',
  UNHANDLED_CRITICAL_CRL_EXTENSION: 'unhandled critical CRL extension',
  EE_KEY_TOO_SMALL: 'EE certificate key too weak',
  CA_KEY_TOO_SMALL: 'CA certificate key too weak',
  CA_MD_TOO_WEAK: 'CA signature digest algorithm too weak',
  SIGNATURE_ALGORITHM_INCONSISTENCY: 'cert info signature and signature algorithm mismatch',
  PATHLEN_INVALID_FOR_NON_CA: 'Path length invalid for non-CA cert',
  PATHLEN_WITHOUT_KU_KEY_CERT_SIGN: 'Path length given without key usage keyCertSign',
  KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA: 'Key usage keyCertSign invalid for non-CA cert',
  ISSUER_NAME_EMPTY: 'Issuer name empty',
  SUBJECT_NAME_EMPTY: 'Subject name empty',
  MISSING_AUTHORITY_KEY_IDENTIFIER: 'Missing Authority Key Identifier',
  MISSING_SUBJECT_KEY_IDENTIFIER: 'Missing Subject Key Identifier',
  EMPTY_SUBJECT_ALT_NAME: 'Empty Subject Alternative Name extension',
  CA_BCONS_NOT_CRITICAL: 'Basic Constraints of CA cert not marked critical',
  EMPTY_SUBJECT_SAN_NOT_CRITICAL: 'Subject empty and Subject Alt Name extension not critical',
  AUTHORITY_KEY_IDENTIFIER_CRITICAL: 'Authority Key Identifier marked critical',
  SUBJECT_KEY_IDENTIFIER_CRITICAL: 'Subject Key Identifier marked critical',
  CA_CERT_MISSING_KEY_USAGE: 'CA cert does not include key usage extension',
  EXTENSIONS_REQUIRE_VERSION_3: 'Using cert extension requires at least X509v3',
} as const;

export type VerdictCode = keyof typeof MESSAGES;

/** The codes Node passes on as they are; every other becomes `UNSPECIFIED`, with OpenSSL's words. */
const NODE_CODES: ReadonlySet<VerdictCode> = new Set<VerdictCode>([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'CERT_SIGNATURE_FAILURE',
  'CERT_NOT_YET_VALID',
  'CERT_HAS_EXPIRED',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_CHAIN_TOO_LONG',
  'INVALID_CA',
  'PATH_LENGTH_EXCEEDED',
  'INVALID_PURPOSE',
  'UNABLE_TO_GET_CRL',
  'CRL_SIGNATURE_FAILURE',
  'CRL_NOT_YET_VALID',
  'CRL_HAS_EXPIRED',
  'ERROR_IN_CRL_LAST_UPDATE_FIELD',
  'ERROR_IN_CRL_NEXT_UPDATE_FIELD',
  'CERT_REVOKED',
]);

export function nodeCode(code: VerdictCode): string {
  return NODE_CODES.has(code) ? code : 'UNSPECIFIED';
}

export function message(code: VerdictCode): string {
  return MESSAGES[code];
}

const HINTED: ReadonlySet<VerdictCode> = new Set<VerdictCode>([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** What `error.message` says. */
export function nodeMessage(code: VerdictCode): string {
  const hint = '; if the root CA is installed locally, try running Node.js with --use-system-ca';
  return HINTED.has(code) ? MESSAGES[code] + hint : MESSAGES[code];
}
