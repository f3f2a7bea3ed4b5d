/**
 * The engine's failures and the peer's alerts as Node reports them: an error read from OpenSSL's queue, with the function
 * and line of the OpenSSL inside Node 24.21 that would have raised it. Where a function is given the text was compared
 * with real Node; the others name the library and the reason only.
 */
import type { TlsError } from '../../tls/index.ts';
import { type OpensslError, opensslCode } from './openssl-errors.ts';
import { type Circumstances, type Origin, originOf } from './tls-error-origins.ts';

/** OpenSSL begins each line with the thread's number in hexadecimal. There is one thread here. */
const THREAD = '0000000000000001';
const SOURCES = '../deps/openssl/openssl/';

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

export function engineError(error: TlsError, when: Circumstances, peerKey: PeerKeyKind): OpensslError {
  if (error.received !== undefined && when.greeted) return alertError(error.received);
  if (error.reason === 'bad-certificate-verify') return badSignature(peerKey);
  const { origin, library = 'SSL routines' } = originOf(error, when);
  return printedError(library, origin);
}

export const noApplicationProtocol = (): OpensslError =>
  printedError('SSL routines', [
    'no application protocol',
    '0A0000EB',
    'tls_handle_alpn',
    'ssl/statem/statem_srvr.c:2303',
  ]);

export const noProtocolsAvailable = (): OpensslError =>
  printedError('SSL routines', [
    'no protocols available',
    '0A0000BF',
    'tls_setup_handshake',
    'ssl/statem/statem_lib.c:155',
  ]);

export const noCiphersAvailable = (isServer: boolean): OpensslError => {
  const [functionName, position] = isServer
    ? ['tls_setup_handshake', 'ssl/statem/statem_lib.c:216']
    : ['ssl_cipher_list_to_bytes', 'ssl/statem/statem_clnt.c:4194'];
  const origin: Origin = ['no ciphers available', '0A0000B5', functionName, position];
  return printedError('SSL routines', origin, 'No ciphers enabled for max supported SSL/TLS version');
};

export const noSharedCipher = (): OpensslError =>
  printedError('SSL routines', [
    'no shared cipher',
    '0A0000C1',
    'tls_post_process_client_hello',
    'ssl/statem/statem_srvr.c:2361',
  ]);
