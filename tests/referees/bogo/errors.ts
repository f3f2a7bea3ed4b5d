/**
 * How BoringSSL calls the ways in which a connection fails: the runner looks for these names among what the shim prints.
 * Where our reasons are coarser or finer than BoringSSL's, one has several names, and all of them are printed.
 */
import type { Reason, TlsError } from '../../../src/tls/index.ts';

const NAMES: Partial<Record<Reason, readonly string[]>> = {
  'http-request': ['HTTP_REQUEST'],
  'https-proxy-request': ['HTTPS_PROXY_REQUEST'],
  'wrong-version-number': ['WRONG_VERSION_NUMBER'],
  'bad-record-version': ['WRONG_VERSION_NUMBER'],
  'bad-record-type': ['UNEXPECTED_RECORD'],
  'plaintext-after-keys': ['INVALID_OUTER_RECORD_TYPE'],
  'encrypted-length-too-long': ['ENCRYPTED_LENGTH_TOO_LONG'],
  'data-length-too-long': ['DATA_LENGTH_TOO_LONG'],
  // A record shorter than a tag is to BoringSSL one that does not decrypt, or has no place at all.
  'encrypted-length-too-short': ['DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'UNEXPECTED_RECORD'],
  'bad-record-mac': ['DECRYPTION_FAILED_OR_BAD_RECORD_MAC'],
  'no-content-type': ['DECRYPTION_FAILED_OR_BAD_RECORD_MAC'],
  'empty-fragment': ['WRONG_VERSION_NUMBER'],
  'too-many-empty-records': ['TOO_MANY_EMPTY_FRAGMENTS'],
  'too-many-change-cipher-specs': ['TOO_MANY_EMPTY_FRAGMENTS'],
  'too-much-skipped-early-data': ['TOO_MUCH_SKIPPED_EARLY_DATA'],
  'bad-change-cipher-spec': ['BAD_CHANGE_CIPHER_SPEC'],
  'unexpected-change-cipher-spec': ['UNEXPECTED_RECORD'],
  'interleaved-record': ['EXCESS_HANDSHAKE_DATA', 'UNEXPECTED_RECORD'],
  'data-before-finished': ['UNEXPECTED_RECORD', 'APPLICATION_DATA_INSTEAD_OF_HANDSHAKE'],
  'data-across-key-change': ['EXCESS_HANDSHAKE_DATA'],
  'bad-alert': ['BAD_ALERT'],
  'unknown-alert-level': ['UNKNOWN_ALERT_TYPE'],
  'too-many-warning-alerts': ['TOO_MANY_WARNING_ALERTS'],
  'unexpected-eof': ['Unexpected SSL_shutdown result: -1 != 1'],
  'decode-error': ['DECODE_ERROR', 'PARSE_TLSEXT'],
  'excessive-message-size': ['DECODE_ERROR'],
  // A handshake message where ChangeCipherSpec is due is to BoringSSL a record out of turn, or one too many.
  'unexpected-message': ['UNEXPECTED_MESSAGE', 'UNEXPECTED_RECORD', 'EXCESS_HANDSHAKE_DATA'],
  'duplicate-extension': ['DUPLICATE_EXTENSION'],
  'unsolicited-extension': ['UNEXPECTED_EXTENSION', 'OLD_SESSION_VERSION_NOT_RETURNED'],
  'misplaced-extension': ['UNEXPECTED_EXTENSION', 'ERROR_PARSING_EXTENSION'],
  'unsupported-protocol': ['UNSUPPORTED_PROTOCOL', 'SECOND_SERVERHELLO_VERSION_MISMATCH'],
  'bad-legacy-version': ['UNSUPPORTED_PROTOCOL', 'DECODE_ERROR'],
  'bad-selected-version': ['UNEXPECTED_EXTENSION', 'SECOND_SERVERHELLO_VERSION_MISMATCH'],
  'inappropriate-fallback': ['TLS13_DOWNGRADE', 'INAPPROPRIATE_FALLBACK'],
  'bad-compression': ['UNSUPPORTED_COMPRESSION_ALGORITHM', 'INVALID_COMPRESSION_LIST', 'DECODE_ERROR'],
  'bad-point-formats': ['ERROR_PARSING_EXTENSION'],
  'unasked-resumption': ['SERVER_ECHOED_INVALID_SESSION_ID'],
  'bad-session-id-echo': ['SERVER_ECHOED_INVALID_SESSION_ID'],
  'no-shared-cipher': ['NO_SHARED_CIPHER'],
  'wrong-cipher-returned': ['WRONG_CIPHER_RETURNED', 'OLD_SESSION_VERSION_NOT_RETURNED'],
  'cipher-changed-after-retry': ['WRONG_CIPHER_RETURNED'],
  'no-shared-group': ['NO_SHARED_GROUP'],
  'missing-supported-groups': ['NO_SHARED_GROUP'],
  'missing-key-share': ['MISSING_KEY_SHARE'],
  'missing-signature-algorithms': ['NO_COMMON_SIGNATURE_ALGORITHMS', 'DECODE_ERROR'],
  'missing-psk-key-exchange-modes': ['MISSING_EXTENSION'],
  'pre-shared-key-not-last': ['PRE_SHARED_KEY_MUST_BE_LAST'],
  'bad-psk-offer': ['PSK_IDENTITY_BINDER_COUNT_MISMATCH'],
  'bad-psk-identity': ['PSK_IDENTITY_NOT_FOUND'],
  'psk-hash-changed': ['OLD_SESSION_PRF_HASH_MISMATCH'],
  'bad-binder': ['DIGEST_CHECK_FAILED'],
  'wrong-key-share-group': ['WRONG_CURVE'],
  'duplicate-key-share': ['DUPLICATE_KEY_SHARE'],
  'bad-key-share': ['BAD_ECPOINT'],
  'wrong-curve': ['WRONG_CURVE', 'BAD_ECC_CERT'],
  'no-application-protocol': ['NO_APPLICATION_PROTOCOL'],
  'bad-application-protocol': ['INVALID_ALPN_PROTOCOL'],
  'second-hello-retry': ['UNEXPECTED_MESSAGE'],
  'useless-hello-retry': ['EMPTY_HELLO_RETRY_REQUEST'],
  'bad-hello-retry-group': ['WRONG_CURVE'],
  'missing-extended-master-secret': ['RESUMED_EMS_SESSION_WITHOUT_EMS_EXTENSION'],
  'no-shared-signature-algorithms': ['NO_COMMON_SIGNATURE_ALGORITHMS'],
  'data-between-ccs-and-finished': ['UNEXPECTED_RECORD', 'APPLICATION_DATA_INSTEAD_OF_HANDSHAKE'],
  'no-suitable-signature-algorithm': ['NO_COMMON_SIGNATURE_ALGORITHMS'],
  'invalid-request-context': ['DECODE_ERROR'],
  'server-without-certificate': ['DECODE_ERROR', 'PEER_DID_NOT_RETURN_A_CERTIFICATE'],
  'peer-did-not-return-a-certificate': ['PEER_DID_NOT_RETURN_A_CERTIFICATE'],
  'unparsable-certificate': ['CANNOT_PARSE_LEAF_CERT'],
  'certificate-not-for-signing': ['KEY_USAGE_BIT_INCORRECT'],
  'wrong-certificate-type': ['WRONG_CERTIFICATE_TYPE'],
  'wrong-signature-type': ['WRONG_SIGNATURE_TYPE'],
  'bad-certificate-verify': ['BAD_SIGNATURE'],
  'bad-finished': ['DIGEST_CHECK_FAILED'],
  'bad-finished-length': ['DIGEST_CHECK_FAILED'],
  'bad-key-update': ['DECODE_ERROR'],
  'too-many-key-updates': ['TOO_MANY_KEY_UPDATES'],
};

/** What BoringSSL calls an alert that came, by its number. */
const ALERTS: Readonly<Record<number, readonly string[]>> = {
  22: ['TLSV1_ALERT_RECORD_OVERFLOW'],
  30: ['SSLV3_ALERT_DECOMPRESSION_FAILURE'],
  40: ['SSLV3_ALERT_HANDSHAKE_FAILURE', 'HANDSHAKE_FAILURE_ON_CLIENT_HELLO'],
};

/** Every name, as BoringSSL prints it: between colons, but for what is a sentence. */
export function errorNames({ reason, received }: TlsError): string {
  const names = received === undefined ? NAMES[reason] : ALERTS[received];
  return (names ?? []).map((name) => (name.includes(' ') ? name : `:${name}:`)).join(' ');
}
