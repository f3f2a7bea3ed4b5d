/**
 * The numbers of TLS and their names, as IANA registers them. Names are written as the RFC writes them, numbers in hex.
 * Section numbers everywhere in `src/tls` are those of RFC 8446; RFC 9846, which revises it, numbers some of them differently.
 */

export type Registry = Readonly<Record<string, number>>;

/** §5.1 */
export const ContentType = {
  invalid: 0x00,
  change_cipher_spec: 0x14,
  alert: 0x15,
  handshake: 0x16,
  application_data: 0x17,
} as const;

/** §4; `message_hash` never travels: it stands in the transcript for the first ClientHello (§4.4.1). */
export const HandshakeType = {
  hello_request: 0x00,
  client_hello: 0x01,
  server_hello: 0x02,
  new_session_ticket: 0x04,
  end_of_early_data: 0x05,
  encrypted_extensions: 0x08,
  certificate: 0x0b,
  server_key_exchange: 0x0c,
  certificate_request: 0x0d,
  server_hello_done: 0x0e,
  certificate_verify: 0x0f,
  client_key_exchange: 0x10,
  finished: 0x14,
  certificate_status: 0x16,
  key_update: 0x18,
  compressed_certificate: 0x19,
  message_hash: 0xfe,
} as const;

export const ProtocolVersion = {
  SSLv3: 0x0300,
  TLSv1: 0x0301,
  'TLSv1.1': 0x0302,
  'TLSv1.2': 0x0303,
  'TLSv1.3': 0x0304,
} as const;

/** Appendix B.4. Only the first three are ours to speak; the others are named for the eye that reads a capture. */
export const CipherSuite = {
  TLS_AES_128_GCM_SHA256: 0x1301,
  TLS_AES_256_GCM_SHA384: 0x1302,
  TLS_CHACHA20_POLY1305_SHA256: 0x1303,
  TLS_AES_128_CCM_SHA256: 0x1304,
  TLS_AES_128_CCM_8_SHA256: 0x1305,
  TLS_EMPTY_RENEGOTIATION_INFO_SCSV: 0x00ff,
  TLS_FALLBACK_SCSV: 0x5600,
  TLS_RSA_WITH_AES_128_CBC_SHA: 0x002f,
  TLS_RSA_WITH_AES_256_CBC_SHA: 0x0035,
  TLS_RSA_WITH_AES_128_CBC_SHA256: 0x003c,
  TLS_RSA_WITH_AES_256_CBC_SHA256: 0x003d,
  TLS_DHE_RSA_WITH_AES_128_CBC_SHA: 0x0033,
  TLS_DHE_RSA_WITH_AES_256_CBC_SHA: 0x0039,
  TLS_DHE_RSA_WITH_AES_128_CBC_SHA256: 0x0067,
  TLS_DHE_RSA_WITH_AES_256_CBC_SHA256: 0x006b,
  TLS_RSA_WITH_AES_128_GCM_SHA256: 0x009c,
  TLS_RSA_WITH_AES_256_GCM_SHA384: 0x009d,
  TLS_DHE_RSA_WITH_AES_128_GCM_SHA256: 0x009e,
  TLS_DHE_RSA_WITH_AES_256_GCM_SHA384: 0x009f,
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: 0xc009,
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA: 0xc00a,
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA: 0xc013,
  TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA: 0xc014,
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256: 0xc023,
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384: 0xc024,
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256: 0xc027,
  TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384: 0xc028,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 0xc02b,
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 0xc02c,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 0xc02f,
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: 0xc030,
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 0xcca8,
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: 0xcca9,
  TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 0xccaa,
} as const;

/** §4.2.7 */
export const NamedGroup = {
  secp256r1: 0x0017,
  secp384r1: 0x0018,
  secp521r1: 0x0019,
  x25519: 0x001d,
  x448: 0x001e,
  ffdhe2048: 0x0100,
  ffdhe3072: 0x0101,
  ffdhe4096: 0x0102,
  ffdhe6144: 0x0103,
  ffdhe8192: 0x0104,
  SecP256r1MLKEM768: 0x11eb,
  X25519MLKEM768: 0x11ec,
  SecP384r1MLKEM1024: 0x11ed,
} as const;

/** §4.2.3 */
export const SignatureScheme = {
  rsa_pkcs1_sha1: 0x0201,
  ecdsa_sha1: 0x0203,
  rsa_pkcs1_sha256: 0x0401,
  rsa_pkcs1_sha384: 0x0501,
  rsa_pkcs1_sha512: 0x0601,
  ecdsa_secp256r1_sha256: 0x0403,
  ecdsa_secp384r1_sha384: 0x0503,
  ecdsa_secp521r1_sha512: 0x0603,
  rsa_pss_rsae_sha256: 0x0804,
  rsa_pss_rsae_sha384: 0x0805,
  rsa_pss_rsae_sha512: 0x0806,
  ed25519: 0x0807,
  ed448: 0x0808,
  rsa_pss_pss_sha256: 0x0809,
  rsa_pss_pss_sha384: 0x080a,
  rsa_pss_pss_sha512: 0x080b,
  ecdsa_brainpoolP256r1tls13_sha256: 0x081a,
  ecdsa_brainpoolP384r1tls13_sha384: 0x081b,
  ecdsa_brainpoolP512r1tls13_sha512: 0x081c,
  mldsa44: 0x0904,
  mldsa65: 0x0905,
  mldsa87: 0x0906,
} as const;

/** §4.2 */
export const ExtensionType = {
  server_name: 0x0000,
  max_fragment_length: 0x0001,
  status_request: 0x0005,
  supported_groups: 0x000a,
  ec_point_formats: 0x000b,
  signature_algorithms: 0x000d,
  use_srtp: 0x000e,
  heartbeat: 0x000f,
  application_layer_protocol_negotiation: 0x0010,
  signed_certificate_timestamp: 0x0012,
  client_certificate_type: 0x0013,
  server_certificate_type: 0x0014,
  padding: 0x0015,
  encrypt_then_mac: 0x0016,
  extended_master_secret: 0x0017,
  compress_certificate: 0x001b,
  record_size_limit: 0x001c,
  session_ticket: 0x0023,
  pre_shared_key: 0x0029,
  early_data: 0x002a,
  supported_versions: 0x002b,
  cookie: 0x002c,
  psk_key_exchange_modes: 0x002d,
  certificate_authorities: 0x002f,
  oid_filters: 0x0030,
  post_handshake_auth: 0x0031,
  signature_algorithms_cert: 0x0032,
  key_share: 0x0033,
  encrypted_client_hello: 0xfe0d,
  renegotiation_info: 0xff01,
} as const;

export const AlertLevel = { warning: 0x01, fatal: 0x02 } as const;

/** §6 */
export const AlertDescription = {
  close_notify: 0,
  unexpected_message: 10,
  bad_record_mac: 20,
  decryption_failed: 21,
  record_overflow: 22,
  decompression_failure: 30,
  handshake_failure: 40,
  no_certificate: 41,
  bad_certificate: 42,
  unsupported_certificate: 43,
  certificate_revoked: 44,
  certificate_expired: 45,
  certificate_unknown: 46,
  illegal_parameter: 47,
  unknown_ca: 48,
  access_denied: 49,
  decode_error: 50,
  decrypt_error: 51,
  export_restriction: 60,
  protocol_version: 70,
  insufficient_security: 71,
  internal_error: 80,
  inappropriate_fallback: 86,
  user_canceled: 90,
  no_renegotiation: 100,
  missing_extension: 109,
  unsupported_extension: 110,
  certificate_unobtainable: 111,
  unrecognized_name: 112,
  bad_certificate_status_response: 113,
  bad_certificate_hash_value: 114,
  unknown_psk_identity: 115,
  certificate_required: 116,
  no_application_protocol: 120,
} as const;

export type AlertName = keyof typeof AlertDescription;

/** §4.6.3 */
export const KeyUpdateRequest = { update_not_requested: 0x00, update_requested: 0x01 } as const;

/** RFC 8422 §5.4 */
export const ECCurveType = { explicit_prime: 0x01, explicit_char2: 0x02, named_curve: 0x03 } as const;

/** RFC 8422 §5.1.2 */
export const ECPointFormat = {
  uncompressed: 0x00,
  ansiX962_compressed_prime: 0x01,
  ansiX962_compressed_char2: 0x02,
} as const;

/** RFC 5246 §7.4.4, RFC 8422 §5.5 */
export const ClientCertificateType = { rsa_sign: 0x01, dss_sign: 0x02, ecdsa_sign: 0x40 } as const;

/** RFC 6066 §8 */
export const CertificateStatusType = { ocsp: 0x01 } as const;

/** §4.2.9 */
export const PskKeyExchangeMode = { psk_ke: 0x00, psk_dhe_ke: 0x01 } as const;

const namesOf = new WeakMap<Registry, Map<number, string>>();

/** The registered name of a number; GREASE values (RFC 8701) and strangers get a name that says so. */
export function nameOf(registry: Registry, id: number): string {
  let names = namesOf.get(registry);
  if (!names) {
    names = new Map(Object.entries(registry).map(([name, number]) => [number, name]));
    namesOf.set(registry, names);
  }
  return names.get(id) ?? (isGrease(id) ? 'GREASE' : 'unknown');
}

/** A number reserved so that peers keep ignoring what they do not know: 0x0a0a, 0x1a1a … 0xfafa. RFC 8701 §2. */
export function isGrease(id: number): boolean {
  return (id & 0x0f0f) === 0x0a0a && id >> 8 === (id & 0xff);
}

/** `TLS_AES_128_GCM_SHA256 (0x1301)`, as messages and explanations write a number. */
export function spell(registry: Registry, id: number, size = 2): string {
  return `${nameOf(registry, id)} (${hexNumber(id, size)})`;
}

export function hexNumber(value: number, size: number): string {
  return `0x${value.toString(16).padStart(size * 2, '0')}`;
}

/** RFC 6066 §3 */
export const NameType = { host_name: 0x00 } as const;

/** RFC 6066 §4 */
export const MaxFragmentLength = { '2^9': 0x01, '2^10': 0x02, '2^11': 0x03, '2^12': 0x04 } as const;

/** RFC 8879 §7.3 */
export const CertificateCompressionAlgorithm = { zlib: 0x0001, brotli: 0x0002, zstd: 0x0003 } as const;

/** RFC 7250 §3, RFC 6091 §3.1 */
export const CertificateType = { X509: 0x00, OpenPGP: 0x01, RawPublicKey: 0x02 } as const;

/** RFC 6520 §2 */
export const HeartbeatMode = { peer_allowed_to_send: 0x01, peer_not_allowed_to_send: 0x02 } as const;

/** RFC 3749 §2.1 */
export const CompressionMethod = { null: 0x00, DEFLATE: 0x01 } as const;
