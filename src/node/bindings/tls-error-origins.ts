/**
 * Where in the OpenSSL of Node 24.21 each failure of the engine would have come from. The tests compare code, reason and
 * library with real Node (tests/referees/handshakes.test.ts); function and line are what real Node printed in one such
 * case. An entry without them was never seen on real Node: it names the reason only.
 */
import type { Reason, TlsError } from '../../tls/index.ts';

/** As OpenSSL prints it: reason, number, function, file and line. */
export type Origin = readonly [reason: string, number: string, functionName?: string, position?: string];

/** `library` is 'SSL routines' unless given. */
export interface Found {
  readonly origin: Origin;
  readonly library?: string;
  readonly data?: string;
}

type Role = 'client' | 'server';

/** Who failed, and when. */
export interface Circumstances {
  readonly role: Role;
  /** There has been a ClientHello: before, an alert is as unexpected as anything else. */
  readonly greeted: boolean;
  /** The handshake was over. */
  readonly established: boolean;
  /** What was agreed on so far: TLS 1.2 has a code of its own in some places. */
  readonly isTls12: boolean;
}

type ByRole = Readonly<Record<Role, Origin>>;

const SERVER = (line: number) => `ssl/statem/statem_srvr.c:${line}`;
const CLIENT = (line: number) => `ssl/statem/statem_clnt.c:${line}`;
const STATES = (line: number) => `ssl/statem/statem_lib.c:${line}`;
const EXTENSIONS = (line: number) => `ssl/statem/extensions.c:${line}`;
const FROM_CLIENT = (line: number) => `ssl/statem/extensions_srvr.c:${line}`;
const FROM_SERVER = (line: number) => `ssl/statem/extensions_clnt.c:${line}`;
const RECORDS = (line: number) => `ssl/record/methods/tls_common.c:${line}`;
const FIRST_RECORD = (line: number) => `ssl/record/methods/tlsany_meth.c:${line}`;
const RECORDS_13 = (line: number) => `ssl/record/methods/tls13_meth.c:${line}`;
const READING = (line: number) => `ssl/record/rec_layer_s3.c:${line}`;

const HEADER = 'tls_validate_record_header';
const HEADER_13 = 'tls13_validate_record_header';
const MORE_RECORDS = 'tls_get_more_records';
const EARLY = 'tls_early_post_process_client_hello';
const SERVER_HELLO = 'tls_process_server_hello';
const SERVER_SHARE = 'tls_parse_stoc_key_share';

const unexpectedIn = (functionName?: string, position?: string): Origin => [
  'unexpected message',
  '0A0000F4',
  functionName,
  position,
];
const badExtension = (functionName?: string, position?: string): Origin => [
  'bad extension',
  '0A00006E',
  functionName,
  position,
];
const badKeyShare = (functionName: string, position: string): Origin => [
  'bad key share',
  '0A00006C',
  functionName,
  position,
];
const lengthMismatch = (functionName?: string, position?: string): Origin => [
  'length mismatch',
  '0A00009F',
  functionName,
  position,
];
const badCompression = (functionName: string, position: string): Origin => [
  'invalid compression algorithm',
  '0A000155',
  functionName,
  position,
];
const wrongCipher = (line: number): Origin => [
  'wrong cipher returned',
  '0A000105',
  'set_client_ciphersuite',
  CLIENT(line),
];

const NO_SIGNATURE_ALGORITHM: Origin = [
  'no suitable signature algorithm',
  '0A000076',
  'tls_choose_sigalg',
  'ssl/t1_lib.c:4607',
];
const UNEXPECTED_RECORD = unexpectedIn('ssl3_read_bytes', READING(855));
const DAMAGED: Origin = ['decryption failed or bad record mac', '0A000119', MORE_RECORDS, RECORDS(873)];
const UNEXPECTED_CCS: Origin = ['unexpected ccs message', '0A000106', MORE_RECORDS, RECORDS(764)];

const GCM = 'providers/implementations/ciphers/ciphercommon_gcm.c';
const NO_SHARED_CIPHER_12: Origin = [
  'no shared cipher',
  '0A0000C1',
  'tls_post_process_client_hello',
  SERVER(2361),
];
const CCS_EARLY: Origin = ['ccs received early', '0A000085', 'ssl3_read_bytes', READING(1018)];
const SHORT_CURVE: Origin = ['length too short', '0A0000A0', 'tls_process_ske_ecdhe', CLIENT(2394)];
const IN_CLEAR: Origin = ['bad record type', '0A0001BB', HEADER_13, RECORDS_13(263)];

const ORIGINS: Partial<Record<Reason, Origin | ByRole>> = {
  'http-request': ['http request', '0A00009C', HEADER, FIRST_RECORD(68)],
  'https-proxy-request': ['https proxy request', '0A00009B', HEADER, FIRST_RECORD(71)],
  'wrong-version-number': ['wrong version number', '0A00010B', HEADER, FIRST_RECORD(77)],
  'bad-record-version': ['wrong version number', '0A00010B', HEADER_13, RECORDS_13(268)],
  'bad-record-type': UNEXPECTED_RECORD,
  'plaintext-after-keys': IN_CLEAR,
  'packet-length-too-long': ['data length too long', '0A000092', HEADER, FIRST_RECORD(121)],
  'encrypted-length-too-long': ['encrypted length too long', '0A000096', HEADER_13, RECORDS_13(273)],
  'data-length-too-long': ['data length too long', '0A000092'],
  'encrypted-length-too-short': DAMAGED,
  'bad-record-mac': DAMAGED,
  'no-content-type': ['bad record type', '0A0001BB'],
  'empty-fragment': unexpectedIn(),
  'interleaved-record': unexpectedIn(),
  'too-many-empty-records': ['record too small', '0A00012A'],
  'bad-change-cipher-spec': ['invalid ccs message', '0A000104', MORE_RECORDS, RECORDS(751)],
  'unexpected-change-cipher-spec': UNEXPECTED_RECORD,
  'too-many-change-cipher-specs': UNEXPECTED_CCS,
  'data-before-finished': UNEXPECTED_RECORD,
  'data-across-key-change': ['not on record boundary', '0A0000B6', SERVER_HELLO, CLIENT(1604)],
  'bad-alert': ['invalid alert', '0A0000CD'],
  'alert-received': UNEXPECTED_RECORD,
  'unknown-alert-level': ['unknown alert type', '0A0000F6'],
  'too-many-warning-alerts': ['too many warn alerts', '0A000199'],
  'excessive-message-size': [
    'excessive message size',
    '0A000098',
    'read_state_machine',
    'ssl/statem/statem.c:635',
  ],
  'unexpected-message': {
    client: unexpectedIn('ossl_statem_client_read_transition', CLIENT(423)),
    server: unexpectedIn('ossl_statem_server_read_transition', SERVER(340)),
  },
  'duplicate-extension': badExtension('tls_collect_extensions', EXTENSIONS(605)),
  'unsolicited-extension': ['unsolicited extension', '0A0000D9', 'tls_collect_extensions', EXTENSIONS(639)],
  'misplaced-extension': badExtension('tls_collect_extensions', EXTENSIONS(605)),
  'unsupported-protocol': {
    client: ['unsupported protocol', '0A000102', 'ssl_choose_client_version', STATES(2407)],
    server: ['unsupported protocol', '0A000102', EARLY, SERVER(1780)],
  },
  'bad-selected-version': [
    'bad protocol version number',
    '0A000074',
    'tls_parse_stoc_supported_versions',
    FROM_SERVER(1853),
  ],
  'bad-compression': {
    client: badCompression(SERVER_HELLO, CLIENT(1562)),
    server: badCompression(EARLY, SERVER(2074)),
  },
  'bad-session-id-echo': ['invalid session id', '0A0003E7', SERVER_HELLO, CLIENT(1571)],
  'no-shared-cipher': ['no shared cipher', '0A0000C1', EARLY, SERVER(1858)],
  'wrong-cipher-returned': wrongCipher(1415),
  'cipher-changed-after-retry': wrongCipher(1415),
  'no-shared-group': ['no suitable key share', '0A000065', 'final_key_share', EXTENSIONS(1411)],
  'missing-supported-groups': [
    'missing supported groups extension',
    '0A0000D1',
    'tls_parse_ctos_key_share',
    FROM_CLIENT(870),
  ],
  'missing-key-share': ['no suitable key share', '0A000065', 'final_key_share', EXTENSIONS(1335)],
  'missing-signature-algorithms': [
    'missing sigalgs extension',
    '0A000070',
    'final_sig_algs',
    EXTENSIONS(1291),
  ],
  'wrong-key-share-group': {
    client: badKeyShare(SERVER_SHARE, FROM_SERVER(1964)),
    server: badKeyShare('extract_keyshares', FROM_CLIENT(703)),
  },
  'duplicate-key-share': badKeyShare('extract_keyshares', FROM_CLIENT(703)),
  'useless-hello-retry': [
    'no change following hrr',
    '0A0000D6',
    'tls_process_as_hello_retry_request',
    CLIENT(1875),
  ],
  'bad-hello-retry-group': badKeyShare(SERVER_SHARE, FROM_SERVER(1926)),
  'second-hello-retry': unexpectedIn('ossl_statem_client_read_transition', CLIENT(423)),
  'unknown-name-type': badExtension('tls_parse_ctos_server_name', FROM_CLIENT(132)),
  'bad-server-name': badExtension('tls_parse_ctos_server_name', FROM_CLIENT(147)),
  'no-application-protocol': ['no application protocol', '0A0000EB', 'tls_handle_alpn', SERVER(2303)],
  'missing-psk-key-exchange-modes': ['missing psk kex modes extension', '0A000136'],
  'pre-shared-key-not-last': badExtension('tls_collect_extensions', EXTENSIONS(605)),
  'bad-psk-offer': ['bad psk', '0A0000DB'],
  'bad-psk-identity': ['bad psk identity', '0A000072'],
  'psk-hash-changed': ['ciphersuite digest has changed', '0A0000DA'],
  'bad-binder': ['binder does not verify', '0A0000FD'],
  'bad-application-protocol': badExtension(),
  'client-hello-changed': badExtension(),
  'bad-cookie': ['cookie mismatch', '0A000134'],
  'inappropriate-fallback': {
    client: ['inappropriate fallback', '0A000175', 'ssl_choose_client_version', STATES(2436)],
    server: ['inappropriate fallback', '0A000175', EARLY, SERVER(1846)],
  },
  'unsafe-legacy-renegotiation-disabled': [
    'unsafe legacy renegotiation disabled',
    '0A000152',
    'final_renegotiate',
    EXTENSIONS(896),
  ],
  'renegotiation-mismatch': {
    client: ['renegotiation mismatch', '0A000151', 'tls_parse_stoc_renegotiate', FROM_SERVER(1333)],
    server: ['renegotiation mismatch', '0A000151', 'tls_parse_ctos_renegotiate', FROM_CLIENT(59)],
  },
  'no-renegotiation': ['no renegotiation', '0A000153'],
  'wrong-curve': ['wrong curve', '0A00017A', 'tls_process_ske_ecdhe', CLIENT(2403)],
  'certificate-not-for-signing': [
    'ecc cert not for signing',
    '0A00013E',
    'ssl_check_srvr_ecc_cert_and_alg',
    'ssl/ssl_lib.c:4683',
  ],
  'wrong-certificate-type': [
    'wrong certificate type',
    '0A00017F',
    'tls_post_process_server_certificate',
    CLIENT(2159),
  ],
  'old-session-cipher-not-returned': ['old session cipher not returned', '0A0000D7'],
  'wrong-signature-type': [
    'wrong signature type',
    '0A000172',
    'tls12_check_peer_sigalg',
    'ssl/t1_lib.c:2727',
  ],
  'server-without-certificate': lengthMismatch('tls_process_server_certificate', CLIENT(2022)),
  'bad-finished': ['digest check failed', '0A000095', 'tls_process_finished', STATES(902)],
  'bad-finished-length': ['bad digest length', '0A00006F'],
  'bad-key-update': ['bad key update', '0A00007A'],
  'too-many-key-updates': ['too many key updates', '0A000084'],
  'no-certificate-set': NO_SIGNATURE_ALGORITHM,
  'no-suitable-signature-algorithm': NO_SIGNATURE_ALGORITHM,
  'no-shared-signature-algorithms': [
    'no shared signature algorithms',
    '0A000178',
    'tls1_set_server_sigalgs',
    'ssl/t1_lib.c:2968',
  ],
  'data-between-ccs-and-finished': [
    'data between ccs and finished',
    '0A000091',
    'ssl3_read_bytes',
    READING(735),
  ],
  'peer-did-not-return-a-certificate': [
    'peer did not return a certificate',
    '0A0000C7',
    'tls_process_client_certificate',
    SERVER(3764),
  ],
};

const BAD_TAG: Found = {
  origin: ['cipher operation failed', '1C800066', 'ossl_gcm_stream_update', `${GCM}:343`],
  library: 'Provider routines',
};
const WRONG_TAG: Found = {
  origin: ['wrong tag', '068000A8', 'asn1_check_tlen', 'crypto/asn1/tasn_dec.c:1231'],
  library: 'asn1 encoding routines',
};

/** Where TLS 1.2 goes another way. */
const TLS12: Partial<Record<Reason, Found>> = {
  'bad-record-mac': BAD_TAG,
  'bad-record-version': {
    origin: ['wrong version number', '0A00010B', 'tls_default_validate_record_header', RECORDS(1001)],
  },
  'no-shared-cipher': { origin: NO_SHARED_CIPHER_12 },
  'no-suitable-signature-algorithm': { origin: NO_SHARED_CIPHER_12 },
  'no-certificate-set': { origin: NO_SHARED_CIPHER_12 },
  'no-shared-group': { origin: NO_SHARED_CIPHER_12 },
  'data-before-finished': { origin: ['unexpected record', '0A0000F5', 'ssl3_read_bytes', READING(1119)] },
  'bad-change-cipher-spec': {
    origin: ['bad change cipher spec', '0A000067', 'tls_get_message_header', STATES(1581)],
  },
};

/** Fields whose syntax OpenSSL checks with a complaint of its own; all others are a mismatch of lengths. */
const FIELDS: Readonly<Record<string, Origin>> = {
  cipher_suites: ['no ciphers specified', '0A0000B7', 'ssl_cache_cipherlist', 'ssl/ssl_lib.c:7075'],
  CipherSuite: ['error in received cipher list', '0A000097', 'ssl_cache_cipherlist', 'ssl/ssl_lib.c:7080'],
  extended_master_secret: badExtension('tls_parse_ctos_ems', FROM_CLIENT(1250)),
  legacy_compression_methods: ['no compression specified', '0A0000BB', EARLY, SERVER(1964)],
  server_name_list: badExtension('tls_parse_ctos_server_name', FROM_CLIENT(114)),
  HostName: badExtension('tls_parse_ctos_server_name', FROM_CLIENT(147)),
  named_group_list: badExtension('tls_parse_ctos_supported_groups', FROM_CLIENT(1226)),
  NamedGroup: badExtension('tls_parse_ctos_supported_groups', FROM_CLIENT(1226)),
  supported_signature_algorithms: badExtension('tls_parse_ctos_sig_algs', FROM_CLIENT(310)),
  SignatureScheme: badExtension('tls_parse_ctos_sig_algs', FROM_CLIENT(310)),
  protocol_name_list: badExtension('tls_parse_ctos_alpn', FROM_CLIENT(461)),
  ProtocolName: badExtension('tls_parse_ctos_alpn', FROM_CLIENT(470)),
  curve_type: SHORT_CURVE,
  namedcurve: SHORT_CURVE,
  ServerHello: ['bad length', '0A00010F', SERVER_HELLO, CLIENT(1541)],
};

/** A public key that is not of its group; only for X25519 that comes to light in the calculation. */
function badKey(error: TlsError, role: Role, isTls12: boolean): Found {
  const sent = error.actual === 'X25519' && !/length/i.test(String((error.cause as Error)?.message));
  if (error.cause && sent) {
    const origin: Origin = [
      'failed during derivation',
      '1C8000A4',
      'ossl_ecx_compute_key',
      'crypto/ec/ecx_key.c:146',
    ];
    return { origin, library: 'Provider routines' };
  }
  if (isTls12 && role === 'server') return { origin: badKeyShare('tls_process_cke_ecdhe', SERVER(3194)) };
  const [functionName, position] =
    role === 'client' ? [SERVER_SHARE, FROM_SERVER(2015)] : ['tls_accept_ksgroup', FROM_CLIENT(637)];
  return { origin: ['bad ecpoint', '0A000132', functionName, position] };
}

/** Where OpenSSL would have failed with this. */
export function originOf(error: TlsError, { role, greeted, established, isTls12 }: Circumstances): Found {
  const { reason, actual, cause } = error;
  const own = isTls12 && greeted ? TLS12[reason] : undefined;
  if (own) return own;
  if (reason === 'unparsable-certificate') return WRONG_TAG;
  if (reason === 'bad-compression' && role === 'client' && isTls12)
    return { origin: ['compression disabled', '0A000157', SERVER_HELLO, CLIENT(1741)] };
  if (reason === 'bad-key-share') return badKey(error, role, isTls12);
  if (reason === 'decode-error') {
    const { field = '' } = (cause ?? {}) as { field?: string };
    return { origin: FIELDS[field] ?? lengthMismatch() };
  }
  if (reason === 'bad-compression' && role === 'server' && Array.isArray(actual) && !actual.includes(0)) {
    return { origin: ['required compression algorithm missing', '0A000156', EARLY, SERVER(1971)] };
  }
  if (reason === 'wrong-cipher-returned' && /^(unknown|GREASE)/.test(String(actual))) {
    return { origin: ['unknown cipher returned', '0A0000F8', 'set_client_ciphersuite', CLIENT(1399)] };
  }
  if (reason === 'unexpected-change-cipher-spec' && established)
    return { origin: isTls12 ? CCS_EARLY : IN_CLEAR };
  const known = ORIGINS[reason];
  if (!known) return { origin: [reason.replaceAll('-', ' '), '0A000044'] };
  return { origin: 'client' in known ? known[role] : known };
}
