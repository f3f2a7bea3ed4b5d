/**
 * The engine's failures and the peer's alerts as Node reports them: an error read from OpenSSL's queue, with the function
 * and line of the OpenSSL inside Node 24.21 that would have raised it. Where a function is given the text was compared
 * with real Node; the others name the library and the reason only.
 */
import type { Reason, TlsError } from '../../tls/index.ts';
import { type OpensslError, opensslCode } from './openssl-errors.ts';

/** OpenSSL begins each line with the thread's number in hexadecimal. There is one thread here. */
const THREAD = '0000000000000001';
const SOURCES = '../deps/openssl/openssl/';

type Origin = readonly [reason: string, number: string, functionName?: string, position?: string];

function printedError(
  library: string,
  [reason, number, functionName = '', position]: Origin,
  data = '',
): OpensslError {
  const place = position ? SOURCES + position : '';
  const error = new Error(
    `${THREAD}:error:${number}:${library}:${functionName}:${reason}:${place}:${data}\n`,
  );
  const code =
    library === 'SSL routines'
      ? opensslCode(library, reason)
      : `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}`;
  return Object.assign(error, { library, reason, code });
}

// Alerts received

const ALERT_REASONS: Record<number, string> = {
  10: 'ssl/tls alert unexpected message',
  20: 'ssl/tls alert bad record mac',
  21: 'tlsv1 alert decryption failed',
  22: 'tlsv1 alert record overflow',
  30: 'ssl/tls alert decompression failure',
  40: 'ssl/tls alert handshake failure',
  41: 'ssl/tls alert no certificate',
  42: 'ssl/tls alert bad certificate',
  43: 'ssl/tls alert unsupported certificate',
  44: 'ssl/tls alert certificate revoked',
  45: 'ssl/tls alert certificate expired',
  46: 'ssl/tls alert certificate unknown',
  47: 'ssl/tls alert illegal parameter',
  48: 'tlsv1 alert unknown ca',
  49: 'tlsv1 alert access denied',
  50: 'tlsv1 alert decode error',
  51: 'tlsv1 alert decrypt error',
  60: 'tlsv1 alert export restriction',
  70: 'tlsv1 alert protocol version',
  71: 'tlsv1 alert insufficient security',
  80: 'tlsv1 alert internal error',
  86: 'tlsv1 alert inappropriate fallback',
  90: 'tlsv1 alert user cancelled',
  100: 'tlsv1 alert no renegotiation',
  109: 'tlsv13 alert missing extension',
  110: 'tlsv1 unsupported extension',
  111: 'tlsv1 certificate unobtainable',
  112: 'tlsv1 unrecognized name',
  113: 'tlsv1 bad certificate status response',
  114: 'tlsv1 bad certificate hash value',
  115: 'tlsv1 alert unknown psk identity',
  116: 'tlsv13 alert certificate required',
  120: 'tlsv1 alert no application protocol',
};

/** Reasons for alerts are numbered from 1000 on. */
export function alertError(description: number): OpensslError {
  const reason = ALERT_REASONS[description] ?? `reason(${1000 + description})`;
  const number = `0A${(1000 + description).toString(16).toUpperCase().padStart(6, '0')}`;
  const origin: Origin = [reason, number, 'ssl3_read_bytes', 'ssl/record/rec_layer_s3.c:918'];
  return printedError('SSL routines', origin, `SSL alert number ${description}`);
}

// Failures of our own

const RECORD_HEADER = 'tls_validate_record_header';
const anyMethod = (line: number) => `ssl/record/methods/tlsany_meth.c:${line}`;
const SERVER = (line: number) => `ssl/statem/statem_srvr.c:${line}`;

const NO_SIGNATURE_ALGORITHM: Origin = [
  'no suitable signature algorithm',
  '0A000076',
  'tls_choose_sigalg',
  'ssl/t1_lib.c:4607',
];
const UNEXPECTED_RECORD: Origin = [
  'unexpected message',
  '0A0000F4',
  'ssl3_read_bytes',
  'ssl/record/rec_layer_s3.c:855',
];
const BAD_EXTENSION: Origin = ['bad extension', '0A00006E'];
const LENGTH_MISMATCH: Origin = ['length mismatch', '0A00009F'];
const UNSUPPORTED_PROTOCOL: Origin = [
  'unsupported protocol',
  '0A000102',
  'tls_early_post_process_client_hello',
  SERVER(1780),
];

const ORIGINS: Partial<Record<Reason, Origin>> = {
  'http-request': ['http request', '0A00009C', RECORD_HEADER, anyMethod(68)],
  'https-proxy-request': ['https proxy request', '0A00009B', RECORD_HEADER, anyMethod(71)],
  'wrong-version-number': ['wrong version number', '0A00010B', RECORD_HEADER, anyMethod(77)],
  'bad-record-version': ['wrong version number', '0A00010B'],
  'bad-record-type': UNEXPECTED_RECORD,
  'plaintext-after-keys': UNEXPECTED_RECORD,
  'packet-length-too-long': ['data length too long', '0A000092', RECORD_HEADER, anyMethod(121)],
  'encrypted-length-too-long': ['encrypted length too long', '0A000096'],
  'data-length-too-long': ['data length too long', '0A000092'],
  'encrypted-length-too-short': ['length too short', '0A0000A0'],
  'bad-record-mac': [
    'decryption failed or bad record mac',
    '0A000119',
    'tls_get_more_records',
    'ssl/record/methods/tls_common.c:873',
  ],
  'no-content-type': ['bad record type', '0A0001BB'],
  'bad-change-cipher-spec': ['bad change cipher spec', '0A000067'],
  'unexpected-change-cipher-spec': ['unexpected ccs message', '0A000106'],
  'data-before-finished': UNEXPECTED_RECORD,
  'bad-alert': ['invalid alert', '0A0000CD'],
  'unknown-alert-level': ['unknown alert type', '0A0000F6'],
  'too-many-warning-alerts': ['too many warn alerts', '0A000199'],
  'excessive-message-size': ['excessive message size', '0A000098'],
  'decode-error': LENGTH_MISMATCH,
  'unexpected-message': ['unexpected message', '0A0000F4'],
  'duplicate-extension': BAD_EXTENSION,
  'unsolicited-extension': ['unsolicited extension', '0A0000D9'],
  'misplaced-extension': BAD_EXTENSION,
  'unsupported-protocol': UNSUPPORTED_PROTOCOL,
  'bad-selected-version': ['bad protocol version number', '0A000074'],
  'bad-session-id-echo': [
    'invalid session id',
    '0A0003E7',
    'tls_process_server_hello',
    'ssl/statem/statem_clnt.c:1571',
  ],
  'no-shared-cipher': ['no shared cipher', '0A0000C1', 'tls_early_post_process_client_hello', SERVER(1858)],
  'wrong-cipher-returned': ['wrong cipher returned', '0A000105'],
  'no-shared-group': ['no suitable key share', '0A000065', 'final_key_share', 'ssl/statem/extensions.c:1411'],
  'missing-supported-groups': ['missing supported groups extension', '0A0000D1'],
  'missing-key-share': ['no suitable key share', '0A000065'],
  'missing-signature-algorithms': ['missing sigalgs extension', '0A000070'],
  'bad-key-share': ['bad key share', '0A00006C'],
  'wrong-key-share-group': ['bad key share', '0A00006C'],
  'duplicate-key-share': ['bad key share', '0A00006C'],
  'no-application-protocol': ['no application protocol', '0A0000EB', 'tls_handle_alpn', SERVER(2303)],
  'no-certificate-set': NO_SIGNATURE_ALGORITHM,
  'no-suitable-signature-algorithm': NO_SIGNATURE_ALGORITHM,
  'peer-did-not-return-a-certificate': [
    'peer did not return a certificate',
    '0A0000C7',
    'tls_process_client_certificate',
    SERVER(3764),
  ],
};

/** What the peer's key has to do with the error: OpenSSL's ends inside the check of that kind of signature. */
export type PeerKeyKind = 'ec' | 'rsa' | 'rsa-pss' | 'ed25519' | 'x25519' | undefined;

function badSignature(kind: PeerKeyKind): OpensslError {
  if (kind === 'rsa' || kind === 'rsa-pss') {
    const origin: Origin = [
      'last octet invalid',
      '02000086',
      'ossl_rsa_verify_PKCS1_PSS_mgf1',
      'crypto/rsa/rsa_pss.c:103',
    ];
    return printedError('rsa routines', origin);
  }
  if (kind === 'ec') {
    const origin: Origin = [
      'provider signature failure',
      '030000EA',
      'EVP_DigestVerifyFinal',
      'crypto/evp/m_sigver.c:703',
    ];
    return printedError('digital envelope routines', origin, 'ECDSA digest_verify_final:');
  }
  return printedError('SSL routines', [
    'bad signature',
    '0A00007B',
    'tls_process_cert_verify',
    'ssl/statem/statem_lib.c:582',
  ]);
}

export function engineError(error: TlsError, peerKey: PeerKeyKind): OpensslError {
  if (error.received !== undefined) return alertError(error.received);
  if (error.reason === 'bad-certificate-verify') return badSignature(peerKey);
  const origin = ORIGINS[error.reason] ?? [error.reason.replaceAll('-', ' '), '0A000044'];
  return printedError('SSL routines', origin);
}

export const noApplicationProtocol = (): OpensslError =>
  printedError('SSL routines', ORIGINS['no-application-protocol'] as Origin);
