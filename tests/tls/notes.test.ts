// The codec's explanations are complete: every field of every message and extension has a name as the RFC spells it, a value
// in words, words of its own, and a section. The descriptions are walked without bytes, so that none of their branches is
// left out.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  alert,
  type Codec,
  type Content,
  changeCipherSpec,
  codecOf,
  ExtensionType,
  type Format,
  HandshakeType,
  HELLO_RETRY_RANDOM,
  handshake,
  nameOf,
  ProtocolVersion,
  recordHeader,
  type Wire,
} from '../../src/tls/codec/index.ts';

interface Field {
  readonly kind: 'number' | 'bytes' | 'structure';
  readonly name: string;
  readonly words: string;
  readonly section: string;
  readonly format?: Format;
}

/** The random of the hello, and the version of the connection: 1.3 unless given. */
interface Walked {
  readonly random?: Uint8Array;
  readonly version?: number;
}

/** Calls every method a description calls, and notes what it says. Numbers named in `answers` are what it reads. */
class Walk implements Wire {
  readonly fields: Field[] = [];
  readonly #answers: Readonly<Record<string, number>>;
  readonly #random: Uint8Array;
  readonly #version: number;
  constructor(answers: Readonly<Record<string, number>>, { random, version }: Walked) {
    this.#answers = answers;
    this.#random = random ?? new Uint8Array(32);
    this.#version = version ?? ProtocolVersion['TLSv1.3'];
  }
  more(): boolean {
    return true;
  }
  uint(
    _size: number,
    _value: unknown,
    name: string,
    words: string,
    section: string,
    format?: Format,
  ): number {
    this.fields.push({ kind: 'number', name, words, section, format });
    return this.#answers[name] ?? 1;
  }
  bytes(length: number, _value: unknown, name: string, words: string, section: string): Uint8Array {
    this.fields.push({ kind: 'bytes', name, words, section });
    return name === 'random' ? this.#random : new Uint8Array(length);
  }
  rest(_value: unknown, name: string, words: string, section: string, content?: Content): Uint8Array {
    this.fields.push({ kind: 'bytes', name, words, section });
    if (content) codecOf(content, this.#version)?.(this);
    return new Uint8Array(0);
  }
  vector(
    _prefix: number,
    _bounds: unknown,
    _value: unknown,
    name: string,
    words: string,
    section: string,
    format?: Format,
  ): Uint8Array {
    this.fields.push({ kind: 'bytes', name, words, section, format });
    return new Uint8Array(0);
  }
  list<T>(
    _prefix: number,
    _bounds: unknown,
    _items: unknown,
    name: string,
    words: string,
    section: string,
    item: Codec<T>,
  ): T[] {
    this.fields.push({ kind: 'structure', name, words, section });
    return [item(this)];
  }
  block<T>(
    _prefix: number,
    _bounds: unknown,
    name: string,
    words: string,
    section: string,
    body: (wire: Wire) => T,
  ): T {
    this.fields.push({ kind: 'structure', name, words, section });
    return body(this);
  }
  group<T>(name: string, words: string, section: string, body: (wire: Wire) => T): T {
    this.fields.push({ kind: 'structure', name, words, section });
    return body(this);
  }
}

const walk = (codec: (wire: Wire) => unknown, answers: Record<string, number> = {}, walked: Walked = {}) => {
  const wire = new Walk(answers, walked);
  codec(wire);
  return wire.fields;
};

/** Counts, sizes and times: what they say is a number. All other numbers stand for something that has a name. */
const COUNTS = new Set([
  'length',
  'RecordSizeLimit',
  'obfuscated_ticket_age',
  'selected_identity',
  'max_early_data_size',
  'ticket_lifetime',
  'ticket_lifetime_hint',
  'ticket_age_add',
  'uncompressed_length',
  'SRTPProtectionProfile',
]);

function assertExplained(fields: readonly Field[]): void {
  for (const { kind, name, words, section, format } of fields) {
    assert.match(name, /^(ASN\.1Cert|[A-Za-z][A-Za-z0-9_]+)$/, 'a name as RFCs spell them');
    assert.match(words, /^\S+ .*\.$/, `${name} is explained in a sentence`);
    assert.match(
      section,
      /^(RFC \d{4} )?(§[\dA-Z]+(\.\d+)*|Appendix [A-Z](\.\d+)*)(, (§[\dA-Z]+(\.\d+)*|Appendix [A-Z](\.\d+)*))*$/,
      `${name} has a section`,
    );
    if (kind === 'number' && !COUNTS.has(name))
      assert.equal(typeof format, 'object', `the values of ${name} have names`);
  }
}

/** The fields of each message in their order, below `handshake`'s own; as the RFCs list them. */
const MESSAGES: Readonly<Record<string, readonly string[]>> = {
  // RFC 8446 Appendix B.3
  client_hello: [
    'legacy_version',
    'random',
    'legacy_session_id',
    'cipher_suites',
    'legacy_compression_methods',
    'extensions',
  ],
  server_hello: [
    'legacy_version',
    'random',
    'legacy_session_id_echo',
    'cipher_suite',
    'legacy_compression_method',
    'extensions',
  ],
  encrypted_extensions: ['extensions'],
  certificate_request: ['certificate_request_context', 'extensions'],
  certificate: ['certificate_request_context', 'certificate_list', 'cert_data', 'extensions'],
  certificate_verify: ['algorithm', 'signature'],
  finished: ['verify_data'],
  new_session_ticket: ['ticket_lifetime', 'ticket_age_add', 'ticket_nonce', 'ticket', 'extensions'],
  key_update: ['request_update'],
  end_of_early_data: [],
  compressed_certificate: ['algorithm', 'uncompressed_length', 'compressed_certificate_message'],
};
const MESSAGES_12: Readonly<Record<string, readonly string[]>> = {
  // RFC 5246 §7.4, RFC 8422 §5, RFC 5077 §3.3, RFC 6066 §8; the hellos under RFC 8446's names
  hello_request: [],
  client_hello: MESSAGES.client_hello,
  server_hello: MESSAGES.server_hello,
  new_session_ticket: ['ticket_lifetime_hint', 'ticket'],
  certificate: ['certificate_list'],
  certificate_status: ['status_type', 'OCSPResponse'],
  server_key_exchange: ['curve_type', 'namedcurve', 'point', 'algorithm', 'signature'],
  certificate_request: ['certificate_types', 'supported_signature_algorithms', 'certificate_authorities'],
  server_hello_done: [],
  certificate_verify: ['algorithm', 'signature'],
  client_key_exchange: ['ecdh_Yc'],
  finished: ['verify_data'],
};

const types = HandshakeType as Readonly<Record<string, number>>;
for (const [name, messages] of [
  ['TLSv1.3', MESSAGES],
  ['TLSv1.2', MESSAGES_12],
] as const) {
  const version = ProtocolVersion[name];
  describe(`messages of ${name}`, () => {
    for (const [message, names] of Object.entries(messages)) {
      test(message, () => {
        const fields = walk(handshake, { msg_type: types[message] }, { version });
        assertExplained(fields);
        const found = fields.map(({ name }) => name);
        let at = 0;
        for (const name of names) {
          const place = found.indexOf(name, at);
          assert.ok(place >= 0, `${name} follows in ${found.slice(at).join(', ')}`);
          at = place + 1;
        }
        if (names.length > 0) assert.ok(found.length > 3, 'the body is described, not only there');
      });
    }
  });
}

test('no kind of message is left out, but the one that never travels', () => {
  const described = new Set([...Object.keys(MESSAGES), ...Object.keys(MESSAGES_12)]);
  const left = Object.keys(HandshakeType).filter((name) => !described.has(name));
  assert.deepEqual(left, ['message_hash']);
});

test('alert, change_cipher_spec and the header of a record', () => {
  assertExplained(walk(alert).filter(({ name }) => name !== 'type'));
  assertExplained(walk(recordHeader));
  assert.deepEqual(
    walk(recordHeader).map(({ name }) => name),
    ['type', 'legacy_record_version', 'length'],
  );
  assert.deepEqual(
    walk(alert).map(({ name }) => name),
    ['level', 'description'],
  );
  for (const { words, section } of walk(changeCipherSpec)) assert.ok(words && section);
});

/** What each extension holds, in which messages; `empty` where its presence is all it says. */
const EXTENSIONS: Readonly<Record<string, Readonly<Record<string, readonly string[] | 'empty'>>>> = {
  server_name: {
    client_hello: ['server_name_list', 'ServerName', 'name_type', 'HostName'],
    encrypted_extensions: 'empty',
  },
  max_fragment_length: { client_hello: ['MaxFragmentLength'], encrypted_extensions: ['MaxFragmentLength'] },
  status_request: {
    client_hello: ['status_type', 'responder_id_list', 'request_extensions'],
    certificate: ['status_type', 'OCSPResponse'],
  },
  supported_groups: {
    client_hello: ['named_group_list', 'NamedGroup'],
    encrypted_extensions: ['named_group_list'],
  },
  ec_point_formats: {
    client_hello: ['ec_point_format_list', 'ECPointFormat'],
    server_hello: ['ec_point_format_list'],
  },
  signature_algorithms: {
    client_hello: ['supported_signature_algorithms', 'SignatureScheme'],
    certificate_request: ['supported_signature_algorithms', 'SignatureScheme'],
  },
  use_srtp: { client_hello: ['SRTPProtectionProfiles', 'SRTPProtectionProfile', 'srtp_mki'] },
  heartbeat: { client_hello: ['HeartbeatMode'], encrypted_extensions: ['HeartbeatMode'] },
  application_layer_protocol_negotiation: {
    client_hello: ['protocol_name_list', 'ProtocolName'],
    encrypted_extensions: ['protocol_name_list', 'ProtocolName'],
  },
  signed_certificate_timestamp: {
    client_hello: 'empty',
    certificate: ['SignedCertificateTimestampList', 'SerializedSCT'],
  },
  client_certificate_type: {
    client_hello: ['CertificateTypes', 'CertificateType'],
    encrypted_extensions: ['CertificateType'],
  },
  server_certificate_type: {
    client_hello: ['CertificateTypes', 'CertificateType'],
    encrypted_extensions: ['CertificateType'],
  },
  padding: { client_hello: ['padding'] },
  encrypt_then_mac: { client_hello: 'empty', server_hello: 'empty' },
  extended_master_secret: { client_hello: 'empty', server_hello: 'empty' },
  compress_certificate: { client_hello: ['algorithms', 'CertificateCompressionAlgorithm'] },
  record_size_limit: { client_hello: ['RecordSizeLimit'], encrypted_extensions: ['RecordSizeLimit'] },
  session_ticket: { client_hello: ['ticket'], server_hello: 'empty' },
  pre_shared_key: {
    client_hello: [
      'identities',
      'PskIdentity',
      'identity',
      'obfuscated_ticket_age',
      'binders',
      'PskBinderEntry',
    ],
    server_hello: ['selected_identity'],
  },
  early_data: {
    client_hello: 'empty',
    encrypted_extensions: 'empty',
    new_session_ticket: ['max_early_data_size'],
  },
  supported_versions: { client_hello: ['versions', 'ProtocolVersion'], server_hello: ['selected_version'] },
  cookie: { client_hello: ['cookie'] },
  psk_key_exchange_modes: { client_hello: ['ke_modes', 'PskKeyExchangeMode'] },
  certificate_authorities: {
    client_hello: ['authorities', 'DistinguishedName'],
    certificate_request: ['authorities', 'DistinguishedName'],
  },
  oid_filters: {
    certificate_request: [
      'filters',
      'OIDFilter',
      'certificate_extension_oid',
      'certificate_extension_values',
    ],
  },
  post_handshake_auth: { client_hello: 'empty' },
  signature_algorithms_cert: {
    client_hello: ['supported_signature_algorithms'],
    certificate_request: ['supported_signature_algorithms'],
  },
  key_share: {
    client_hello: ['client_shares', 'KeyShareEntry', 'group', 'key_exchange'],
    server_hello: ['server_share', 'KeyShareEntry', 'group', 'key_exchange'],
  },
  renegotiation_info: {
    client_hello: ['renegotiated_connection'],
    server_hello: ['renegotiated_connection'],
  },
};

describe('extensions', () => {
  const numbers = ExtensionType as Readonly<Record<string, number>>;
  for (const [extension, homes] of Object.entries(EXTENSIONS)) {
    for (const [message, names] of Object.entries(homes)) {
      test(`${extension} in ${message}`, () => {
        const answers = { msg_type: types[message], extension_type: numbers[extension] };
        const fields = walk(handshake, answers);
        assertExplained(fields);
        const body = fields.slice(fields.findLastIndex(({ name }) => name === 'extension_data') + 1);
        const found = body.map(({ name }) => name);
        if (names !== 'empty')
          for (const name of names) assert.ok(found.includes(name), `${name} in ${found}`);
      });
    }
  }

  test('HelloRetryRequest says what it wants', () => {
    const fields = (extension: string) =>
      walk(
        handshake,
        { msg_type: HandshakeType.server_hello, extension_type: numbers[extension] },
        { random: HELLO_RETRY_RANDOM },
      ).map(({ name }) => name);
    assert.ok(fields('key_share').includes('selected_group'));
    assert.ok(fields('supported_versions').includes('selected_version'));
    assert.ok(fields('cookie').includes('cookie'));
  });

  test('no extension with a name is left out, but one that is encrypted', () => {
    const left = Object.keys(ExtensionType).filter((name) => !(name in EXTENSIONS));
    assert.deepEqual(left, ['encrypted_client_hello']);
  });
});

test('every number has a name, and no two numbers one', () => {
  for (const registry of [HandshakeType, ExtensionType]) {
    for (const [name, number] of Object.entries(registry)) assert.equal(nameOf(registry, number), name);
  }
});
