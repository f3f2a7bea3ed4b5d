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
  /** The handshake was over. */
  readonly established: boolean;
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
  'no-certificate-set': NO_SIGNATURE_ALGORITHM,
  'no-suitable-signature-algorithm': NO_SIGNATURE_ALGORITHM,
  'peer-did-not-return-a-certificate': [
    'peer did not return a certificate',
    '0A0000C7',
    'tls_process_client_certificate',
    SERVER(3764),
  ],
};

/** Fields whose syntax OpenSSL checks with a complaint of its own; all others are a mismatch of lengths. */
const FIELDS: Readonly<Record<string, Origin>> = {
  cipher_suites: ['no ciphers specified', '0A0000B7', 'ssl_cache_cipherlist', 'ssl/ssl_lib.c:7075'],
  CipherSuite: ['error in received cipher list', '0A000097', 'ssl_cache_cipherlist', 'ssl/ssl_lib.c:7080'],
  legacy_compression_methods: ['no compression specified', '0A0000BB', EARLY, SERVER(1964)],
  server_name_list: badExtension('tls_parse_ctos_server_name', FROM_CLIENT(114)),
  HostName: badExtension('tls_parse_ctos_server_name', FROM_CLIENT(147)),
  named_group_list: badExtension('tls_parse_ctos_supported_groups', FROM_CLIENT(1226)),
  NamedGroup: badExtension('tls_parse_ctos_supported_groups', FROM_CLIENT(1226)),
  supported_signature_algorithms: badExtension('tls_parse_ctos_sig_algs', FROM_CLIENT(310)),
  SignatureScheme: badExtension('tls_parse_ctos_sig_algs', FROM_CLIENT(310)),
  protocol_name_list: badExtension('tls_parse_ctos_alpn', FROM_CLIENT(461)),
  ProtocolName: badExtension('tls_parse_ctos_alpn', FROM_CLIENT(470)),
  ServerHello: ['bad length', '0A00010F', SERVER_HELLO, CLIENT(1541)],
};

/** A public key that is not of its group; only for X25519 that comes to light in the calculation. */
function badKey(error: TlsError, role: Role): Found {
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
  const [functionName, position] =
    role === 'client' ? [SERVER_SHARE, FROM_SERVER(2015)] : ['tls_accept_ksgroup', FROM_CLIENT(637)];
  return { origin: ['bad ecpoint', '0A000132', functionName, position] };
}

/** Where OpenSSL would have failed with this. */
export function originOf(error: TlsError, { role, established }: Circumstances): Found {
  const { reason, actual, cause } = error;
  if (reason === 'bad-key-share') return badKey(error, role);
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
  if (reason === 'unexpected-change-cipher-spec' && established) return { origin: IN_CLEAR };
  const known = ORIGINS[reason];
  if (!known) return { origin: [reason.replaceAll('-', ' '), '0A000044'] };
  return { origin: 'client' in known ? known[role] : known };
}
