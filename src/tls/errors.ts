import { AlertDescription, type AlertName, nameOf } from './codec/registries.ts';

/** Who is to blame, as rustls sorts it. */
export type Fault =
  /** The bytes do not follow the protocol's syntax. */
  | 'InvalidMessage'
  /** Both sides follow the protocol but have nothing in common. */
  | 'PeerIncompatible'
  /** The peer broke a rule of the protocol. */
  | 'PeerMisbehaved'
  /** Our own caller asked for something impossible. */
  | 'ApiMisuse'
  /** The peer gave up and said so. */
  | 'AlertReceived'
  /** A mistake in this engine. */
  | 'Internal';

type Cause = readonly [fault: Fault, alert: AlertName | null, words: string];

/**
 * Every way in which a connection fails: one code for each cause, never renamed, since the layers above turn them into the
 * texts their readers know. Beside it: who is at fault, the alert RFC 8446 asks for (`null` where the peer would not
 * understand one, or is gone), and what happened.
 */
const causes = {
  // The record layer: §5, Appendix D.4
  'http-request': ['InvalidMessage', null, 'a plain HTTP request came instead of TLS'],
  'https-proxy-request': ['InvalidMessage', null, 'a CONNECT request for a proxy came instead of TLS'],
  'wrong-version-number': ['InvalidMessage', null, 'what came does not look like TLS'],
  'bad-record-version': [
    'InvalidMessage',
    'decode_error',
    'an encrypted record names another version than 0x0303',
  ],
  'bad-record-type': ['PeerMisbehaved', 'unexpected_message', 'a record of this type has no place here'],
  'plaintext-after-keys': [
    'PeerMisbehaved',
    'unexpected_message',
    'a record in clear came after keys were agreed',
  ],
  'packet-length-too-long': ['InvalidMessage', 'record_overflow', 'a record is longer than 2^14 bytes'],
  'encrypted-length-too-long': [
    'InvalidMessage',
    'record_overflow',
    'an encrypted record is longer than 2^14 + 256 bytes',
  ],
  'data-length-too-long': [
    'InvalidMessage',
    'record_overflow',
    'a decrypted record is longer than 2^14 bytes',
  ],
  'encrypted-length-too-short': [
    'InvalidMessage',
    'bad_record_mac',
    'an encrypted record is shorter than its tag',
  ],
  'bad-record-mac': [
    'PeerMisbehaved',
    'bad_record_mac',
    'a record does not decrypt: other keys, or changed on the way',
  ],
  'no-content-type': ['PeerMisbehaved', 'unexpected_message', 'a decrypted record holds nothing but padding'],
  'empty-fragment': ['PeerMisbehaved', 'unexpected_message', 'a handshake or alert record is empty'],
  'too-many-empty-records': ['PeerMisbehaved', 'unexpected_message', 'too many empty records in a row'],
  'too-much-skipped-early-data': [
    'PeerMisbehaved',
    'unexpected_message',
    'more early data than a server must skip',
  ],
  'bad-change-cipher-spec': [
    'PeerMisbehaved',
    'unexpected_message',
    'a change_cipher_spec is not the single byte 1',
  ],
  'unexpected-change-cipher-spec': [
    'PeerMisbehaved',
    'unexpected_message',
    'a change_cipher_spec outside the handshake',
  ],
  'too-many-change-cipher-specs': ['PeerMisbehaved', 'unexpected_message', 'too many change_cipher_specs'],
  'interleaved-record': ['PeerMisbehaved', 'unexpected_message', 'another record inside a handshake message'],
  'data-before-finished': [
    'PeerMisbehaved',
    'unexpected_message',
    'application data before the handshake ended',
  ],
  'data-between-ccs-and-finished': [
    'PeerMisbehaved',
    'unexpected_message',
    'something other than Finished after change_cipher_spec',
  ],
  'data-across-key-change': [
    'PeerMisbehaved',
    'unexpected_message',
    'a handshake message begins before the keys, or the side that speaks, have changed',
  ],
  'sequence-number-exhausted': ['Internal', 'internal_error', 'too many records under one key'],
  // Alerts: §6
  'no-renegotiation': [
    'PeerMisbehaved',
    'handshake_failure',
    'the peer refuses a renegotiation that nobody asked for',
  ],
  'bad-alert': ['InvalidMessage', 'decode_error', 'an alert is not two bytes long'],
  'unknown-alert-level': ['PeerMisbehaved', 'illegal_parameter', 'an alert is neither a warning nor fatal'],
  'too-many-warning-alerts': ['PeerMisbehaved', 'unexpected_message', 'too many warnings'],
  'alert-received': ['AlertReceived', null, 'the peer sent a fatal alert'],
  'unexpected-eof': ['PeerMisbehaved', null, 'the connection ended without close_notify'],
  'eof-in-handshake': ['PeerMisbehaved', null, 'the connection ended before the handshake did'],
  // Any handshake message: §4
  'decode-error': ['InvalidMessage', 'decode_error', 'a message does not follow its syntax'],
  'excessive-message-size': [
    'InvalidMessage',
    'illegal_parameter',
    'a handshake message is longer than its kind may be',
  ],
  'unexpected-message': ['PeerMisbehaved', 'unexpected_message', 'a handshake message came out of turn'],
  'duplicate-extension': ['PeerMisbehaved', 'illegal_parameter', 'an extension comes twice'],
  'unsolicited-extension': [
    'PeerMisbehaved',
    'unsupported_extension',
    'an extension answers nothing that was asked',
  ],
  'misplaced-extension': [
    'PeerMisbehaved',
    'illegal_parameter',
    'an extension stands in a message it does not belong to',
  ],
  // Hellos: §4.1, §4.2
  'unsupported-protocol': ['PeerIncompatible', 'protocol_version', 'no version in common'],
  'bad-legacy-version': ['PeerMisbehaved', 'illegal_parameter', 'legacy_version is not 0x0303'],
  'bad-selected-version': [
    'PeerMisbehaved',
    'illegal_parameter',
    'the server chose a version that was not offered',
  ],
  'bad-compression': ['PeerMisbehaved', 'illegal_parameter', 'compression is not null'],
  'bad-session-id-echo': [
    'PeerMisbehaved',
    'illegal_parameter',
    'the server did not send back legacy_session_id',
  ],
  'no-shared-cipher': ['PeerIncompatible', 'handshake_failure', 'no cipher suite in common'],
  'wrong-cipher-returned': [
    'PeerMisbehaved',
    'illegal_parameter',
    'the server chose a cipher suite that was not offered',
  ],
  'cipher-changed-after-retry': [
    'PeerMisbehaved',
    'illegal_parameter',
    'the cipher suite changed after HelloRetryRequest',
  ],
  'no-shared-group': ['PeerIncompatible', 'handshake_failure', 'no group for key exchange in common'],
  'missing-supported-groups': ['PeerMisbehaved', 'missing_extension', 'a ClientHello lacks supported_groups'],
  'missing-key-share': ['PeerMisbehaved', 'missing_extension', 'a hello lacks key_share'],
  'missing-signature-algorithms': ['PeerMisbehaved', 'missing_extension', 'signature_algorithms is missing'],
  'missing-psk-key-exchange-modes': [
    'PeerMisbehaved',
    'missing_extension',
    'pre_shared_key without psk_key_exchange_modes',
  ],
  'pre-shared-key-not-last': [
    'PeerMisbehaved',
    'illegal_parameter',
    'pre_shared_key is not the last extension',
  ],
  'bad-psk-offer': [
    'PeerMisbehaved',
    'illegal_parameter',
    'pre_shared_key holds unequal numbers of identities and binders',
  ],
  'bad-psk-identity': [
    'PeerMisbehaved',
    'illegal_parameter',
    'the server took a pre-shared key that was not offered',
  ],
  'psk-hash-changed': [
    'PeerMisbehaved',
    'illegal_parameter',
    'the server took a pre-shared key, but a cipher suite with another hash',
  ],
  'bad-binder': [
    'PeerMisbehaved',
    'decrypt_error',
    'a binder does not match: the client does not know the key of its ticket',
  ],
  'wrong-key-share-group': [
    'PeerMisbehaved',
    'illegal_parameter',
    'a key share is for a group that was not asked for',
  ],
  'duplicate-key-share': ['PeerMisbehaved', 'illegal_parameter', 'two key shares for one group'],
  'bad-key-share': ['PeerMisbehaved', 'illegal_parameter', 'a key share is no valid public key of its group'],
  'unknown-name-type': [
    'InvalidMessage',
    'decode_error',
    'server_name holds something other than one host name',
  ],
  'bad-server-name': ['PeerMisbehaved', 'unrecognized_name', 'server_name is no DNS name'],
  'unrecognized-name': [
    'PeerIncompatible',
    'unrecognized_name',
    'no certificate for the name the client asked for',
  ],
  'no-application-protocol': [
    'PeerIncompatible',
    'no_application_protocol',
    'no application protocol in common',
  ],
  'bad-application-protocol': [
    'PeerMisbehaved',
    'illegal_parameter',
    'the server chose a protocol that was not offered',
  ],
  'bad-record-size-limit': ['PeerMisbehaved', 'illegal_parameter', 'record_size_limit is below 64'],
  // TLS 1.2: RFC 5246, RFC 5746, RFC 7507, RFC 7627, RFC 8446 §4.1.3
  'inappropriate-fallback': [
    'PeerMisbehaved',
    'illegal_parameter',
    'an older version was chosen though both sides speak a newer one: somebody may have meddled',
  ],
  'missing-extended-master-secret': [
    'PeerIncompatible',
    'handshake_failure',
    'the peer does not bind the master secret to the handshake',
  ],
  'unsafe-legacy-renegotiation-disabled': [
    'PeerIncompatible',
    'handshake_failure',
    'the server does not know renegotiation_info',
  ],
  'renegotiation-mismatch': [
    'PeerMisbehaved',
    'handshake_failure',
    'renegotiation_info is not empty in a first handshake',
  ],
  'too-many-renegotiations': [
    'PeerMisbehaved',
    'unexpected_message',
    'the peer wants another handshake, again and again',
  ],
  'bad-point-formats': [
    'PeerMisbehaved',
    'illegal_parameter',
    'ec_point_formats lacks the uncompressed form',
  ],
  'wrong-curve': [
    'PeerMisbehaved',
    'illegal_parameter',
    'a curve that was not offered: for the key exchange, or a certificate’s',
  ],
  'certificate-not-for-signing': [
    'PeerMisbehaved',
    'handshake_failure',
    'the certificate’s key may be used, but not to sign',
  ],
  'wrong-certificate-type': [
    'PeerMisbehaved',
    'illegal_parameter',
    'the certificate’s key is not of the kind that the cipher suite names',
  ],
  'unasked-resumption': [
    'PeerMisbehaved',
    'illegal_parameter',
    'the server resumes a session that was not offered',
  ],
  'old-session-cipher-not-returned': [
    'PeerMisbehaved',
    'illegal_parameter',
    'the server resumes a session with another cipher suite',
  ],
  // HelloRetryRequest: §4.1.4, §4.2.2
  'second-hello-retry': ['PeerMisbehaved', 'unexpected_message', 'a second HelloRetryRequest'],
  'useless-hello-retry': [
    'PeerMisbehaved',
    'illegal_parameter',
    'a HelloRetryRequest that asks for no change',
  ],
  'bad-hello-retry-group': [
    'PeerMisbehaved',
    'illegal_parameter',
    'a HelloRetryRequest asks for a group not offered, or already sent',
  ],
  'client-hello-changed': [
    'PeerMisbehaved',
    'illegal_parameter',
    'the second ClientHello differs where it must not',
  ],
  'bad-cookie': ['PeerMisbehaved', 'illegal_parameter', 'the cookie did not come back unchanged'],
  // Authentication: §4.3.2, §4.4
  'no-certificate-set': ['ApiMisuse', 'handshake_failure', 'the server has no certificate'],
  'no-suitable-signature-algorithm': [
    'PeerIncompatible',
    'handshake_failure',
    'the peer verifies no signature our key can make',
  ],
  'no-shared-signature-algorithms': [
    'PeerIncompatible',
    'handshake_failure',
    'the peer verifies no signature that we may make, whatever the key',
  ],
  'signing-failed': ['ApiMisuse', 'internal_error', 'our private key could not sign'],
  'invalid-request-context': ['InvalidMessage', 'decode_error', 'certificate_request_context is not empty'],
  'server-without-certificate': ['PeerMisbehaved', 'decode_error', 'the server sent an empty Certificate'],
  'peer-did-not-return-a-certificate': [
    'PeerIncompatible',
    'certificate_required',
    'the client sent no certificate',
  ],
  'unparsable-certificate': ['InvalidMessage', 'bad_certificate', 'a certificate is not valid DER'],
  'unsupported-certificate': [
    'PeerIncompatible',
    'unsupported_certificate',
    'a certificate holds a kind of key we cannot use',
  ],
  'wrong-signature-type': [
    'PeerMisbehaved',
    'illegal_parameter',
    'CertificateVerify uses a signature we did not offer, or that does not fit the key',
  ],
  'bad-certificate-verify': [
    'PeerMisbehaved',
    'decrypt_error',
    'the peer did not prove that it holds the certificate’s key',
  ],
  'bad-finished': [
    'PeerMisbehaved',
    'decrypt_error',
    'Finished does not match: the two sides saw different handshakes',
  ],
  'bad-finished-length': ['InvalidMessage', 'decode_error', 'Finished has the wrong length'],
  // After the handshake: §4.6
  'bad-key-update': ['PeerMisbehaved', 'illegal_parameter', 'request_update is neither 0 nor 1'],
  'too-many-key-updates': ['PeerMisbehaved', 'unexpected_message', 'too many KeyUpdates in a row'],
  // Our own side
  'not-connected': ['ApiMisuse', null, 'the handshake is not complete'],
  'already-closed': ['ApiMisuse', null, 'the connection is closed'],
  aborted: ['ApiMisuse', null, 'the owner gave up'],
  'bad-options': ['ApiMisuse', null, 'the options cannot work'],
  'internal-error': ['Internal', 'internal_error', 'a mistake in the engine'],
} as const satisfies Record<string, Cause>;

export type Reason = keyof typeof causes;

export interface ErrorDetails {
  readonly expected?: unknown;
  readonly actual?: unknown;
  /** An alert other than the usual one for this reason. */
  readonly alert?: AlertName;
  /** The number of the alert the peer sent. */
  readonly received?: number;
  readonly cause?: unknown;
}

/** Why a connection failed: who is at fault, for which stable reason, what was expected and what came. */
export class TlsError extends Error {
  readonly fault: Fault;
  readonly reason: Reason;
  /** The alert we send for it, if any. */
  readonly alert: { readonly name: AlertName; readonly number: number } | undefined;
  /** The number of the alert the peer sent, for `alert-received`. */
  readonly received: number | undefined;
  readonly expected: unknown;
  readonly actual: unknown;

  constructor(reason: Reason, details: ErrorDetails = {}) {
    const [fault, usualAlert, words]: Cause = causes[reason];
    super(
      `${words || reason}${detailText(details)}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.name = 'TlsError';
    this.fault = fault;
    this.reason = reason;
    const alert = details.alert ?? usualAlert;
    this.alert = alert ? { name: alert, number: AlertDescription[alert] } : undefined;
    this.received = details.received;
    this.expected = details.expected;
    this.actual = details.actual;
  }
}

/** All reasons, for tables that must have a row for each. */
export const reasons = Object.keys(causes) as Reason[];

/** The error for a reason, ready to be thrown. */
export function tlsError(reason: Reason, details?: ErrorDetails): TlsError {
  return new TlsError(reason, details);
}

function detailText({ expected, actual, received }: ErrorDetails): string {
  const parts = [];
  if (received !== undefined) parts.push(`${nameOf(AlertDescription, received)} (${received})`);
  if (expected !== undefined) parts.push(`expected ${show(expected)}`);
  if (actual !== undefined) parts.push(`found ${show(actual)}`);
  return parts.length ? `: ${parts.join(', ')}` : '';
}

function show(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') || 'nothing' : String(value);
}
