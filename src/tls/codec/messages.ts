import { cipherSuiteList, type Extension, extensionList } from './extensions.ts';
import {
  AlertDescription,
  AlertLevel,
  CipherSuite,
  CompressionMethod,
  ContentType,
  HandshakeType,
  KeyUpdateRequest,
  ProtocolVersion,
  SignatureScheme,
} from './registries.ts';
import type { Codec, Wire } from './wire.ts';
import { encode } from './writer.ts';

/** The bodies of the handshake messages, the alert and the record header. §4, §5, §6. */

export interface ClientHello {
  readonly legacyVersion: number;
  readonly random: Uint8Array;
  readonly legacySessionId: Uint8Array;
  readonly cipherSuites: readonly number[];
  readonly legacyCompressionMethods: Uint8Array;
  /** `undefined` where the message ends before them, as only versions before 1.3 allow. */
  readonly extensions: readonly Extension[] | undefined;
}

export interface ServerHello {
  readonly legacyVersion: number;
  readonly random: Uint8Array;
  readonly legacySessionIdEcho: Uint8Array;
  readonly cipherSuite: number;
  readonly legacyCompressionMethod: number;
  readonly extensions: readonly Extension[] | undefined;
}

export interface CertificateEntry {
  /** A certificate in DER. */
  readonly data: Uint8Array;
  readonly extensions: readonly Extension[];
}

export interface CertificateMessage {
  readonly requestContext: Uint8Array;
  readonly entries: readonly CertificateEntry[];
}

export interface CertificateRequest {
  readonly requestContext: Uint8Array;
  readonly extensions: readonly Extension[];
}

export interface CertificateVerify {
  readonly algorithm: number;
  readonly signature: Uint8Array;
}

export interface NewSessionTicket {
  readonly lifetime: number;
  readonly ageAdd: number;
  readonly nonce: Uint8Array;
  readonly ticket: Uint8Array;
  readonly extensions: readonly Extension[];
}

/** The random of a ServerHello that is a HelloRetryRequest: SHA-256 of "HelloRetryRequest". §4.1.3 */
// biome-ignore format: the RFC prints it in rows of eight
export const HELLO_RETRY_RANDOM = Uint8Array.of(
  0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11,
  0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
  0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e,
  0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
);

export function isHelloRetry(random: Uint8Array): boolean {
  return HELLO_RETRY_RANDOM.every((byte, index) => random[index] === byte);
}

const legacyVersion = (wire: Wire, value: number | undefined): number =>
  wire.uint(
    2,
    value,
    'legacy_version',
    'Says TLS 1.2 for ever: old middleboxes break on anything newer. The real version is in supported_versions.',
    '§4.1.2',
    ProtocolVersion,
  );

export const clientHello: Codec<ClientHello> = (wire, value) => ({
  legacyVersion: legacyVersion(wire, value?.legacyVersion),
  random: wire.bytes(
    32,
    value?.random,
    'random',
    'Fresh random bytes, so that no two handshakes are alike. They also name this connection in a key log.',
    '§4.1.2',
  ),
  legacySessionId: wire.vector(
    1,
    [0, 32],
    value?.legacySessionId,
    'legacy_session_id',
    'Means nothing in TLS 1.3; filled so that the handshake looks like a resumed TLS 1.2 session to middleboxes.',
    '§4.1.2, Appendix D.4',
  ),
  cipherSuites: cipherSuiteList(wire, value?.cipherSuites as number[] | undefined),
  legacyCompressionMethods: wire.vector(
    1,
    [1, 255],
    value?.legacyCompressionMethods,
    'legacy_compression_methods',
    'Must be the single byte 0: TLS 1.3 does not compress.',
    '§4.1.2',
  ),
  extensions: wire.more(value?.extensions)
    ? extensionList(wire, 'ClientHello', value?.extensions)
    : undefined,
});

export const serverHello: Codec<ServerHello> = (wire, value) => {
  const version = legacyVersion(wire, value?.legacyVersion);
  const random = wire.bytes(
    32,
    value?.random,
    'random',
    'Fresh random bytes of the server; one fixed value makes this message a HelloRetryRequest.',
    '§4.1.3',
  );
  return {
    legacyVersion: version,
    random,
    legacySessionIdEcho: wire.vector(
      1,
      [0, 32],
      value?.legacySessionIdEcho,
      'legacy_session_id_echo',
      'The client’s legacy_session_id, sent back.',
      '§4.1.3',
    ),
    cipherSuite: wire.uint(
      2,
      value?.cipherSuite,
      'cipher_suite',
      'The cipher the server chose from the client’s list.',
      '§4.1.3',
      CipherSuite,
    ),
    legacyCompressionMethod: wire.uint(
      1,
      value?.legacyCompressionMethod,
      'legacy_compression_method',
      'Must be null: TLS 1.3 does not compress.',
      '§4.1.3',
      CompressionMethod,
    ),
    extensions: wire.more(value?.extensions)
      ? extensionList(wire, isHelloRetry(random) ? 'HelloRetryRequest' : 'ServerHello', value?.extensions)
      : undefined,
  };
};

export const encryptedExtensions: Codec<readonly Extension[]> = (wire, value) =>
  extensionList(wire, 'EncryptedExtensions', value);

const requestContext = (wire: Wire, value: Uint8Array | undefined): Uint8Array =>
  wire.vector(
    1,
    [0, 255],
    value,
    'certificate_request_context',
    'Ties a certificate to the request for it; empty during the handshake.',
    '§4.3.2',
  );

export const certificateRequest: Codec<CertificateRequest> = (wire, value) => ({
  requestContext: requestContext(wire, value?.requestContext),
  extensions: extensionList(wire, 'CertificateRequest', value?.extensions),
});

export const certificate: Codec<CertificateMessage> = (wire, value) => ({
  requestContext: requestContext(wire, value?.requestContext),
  entries: wire.list(
    3,
    [0, 0xffffff],
    value?.entries,
    'certificate_list',
    'The sender’s own certificate, then the ones that vouch for it. An empty list means: I have none.',
    '§4.4.2',
    (wire, entry?: CertificateEntry) =>
      wire.group('CertificateEntry', 'One certificate.', '§4.4.2', () => ({
        data: wire.vector(
          3,
          [1, 0xffffff],
          entry?.data,
          'cert_data',
          'An X.509 certificate in DER.',
          '§4.4.2',
        ),
        extensions: extensionList(wire, 'Certificate', entry?.extensions),
      })),
  ),
});

export const certificateVerify: Codec<CertificateVerify> = (wire, value) => ({
  algorithm: wire.uint(
    2,
    value?.algorithm,
    'algorithm',
    'How the signature was made; the other side must have offered it.',
    '§4.4.3',
    SignatureScheme,
  ),
  signature: wire.vector(
    2,
    [0, 0xffff],
    value?.signature,
    'signature',
    'Made with the certificate’s private key over everything said so far: the proof that the sender holds it.',
    '§4.4.3',
  ),
});

export const finished: Codec<Uint8Array> = (wire, value) =>
  wire.rest(
    value,
    'verify_data',
    'An HMAC over everything said so far: both sides saw the same handshake.',
    '§4.4.4',
  );

export const newSessionTicket: Codec<NewSessionTicket> = (wire, value) => ({
  lifetime: wire.uint(4, value?.lifetime, 'ticket_lifetime', 'At most seven days.', '§4.6.1', 'seconds'),
  ageAdd: wire.uint(
    4,
    value?.ageAdd,
    'ticket_age_add',
    'Hides the ticket’s age from observers.',
    '§4.6.1',
    'hex',
  ),
  nonce: wire.vector(
    1,
    [0, 255],
    value?.nonce,
    'ticket_nonce',
    'Makes each ticket’s key different.',
    '§4.6.1',
  ),
  ticket: wire.vector(2, [1, 0xffff], value?.ticket, 'ticket', 'For the client to show next time.', '§4.6.1'),
  extensions: extensionList(wire, 'NewSessionTicket', value?.extensions),
});

export const keyUpdate: Codec<number> = (wire, value) =>
  wire.uint(
    1,
    value,
    'request_update',
    'The sender’s next record uses new keys; 1 asks the receiver to change its own as well.',
    '§4.6.3',
    KeyUpdateRequest,
  );

export interface Handshake {
  readonly type: number;
  readonly body: Uint8Array;
}

/** A message that says all it has to say by coming. */
export const nothing: Codec<null> = () => null;

/** The four bytes before every handshake message, then its body. §4 */
export const handshake: Codec<Handshake> = (wire, value) => {
  const type = wire.uint(1, value?.type, 'msg_type', 'Which message this is.', '§4', HandshakeType);
  const body = wire.block(3, [0, 0xffffff], 'body', 'The message.', '§4', (wire) =>
    wire.rest(value?.body, 'body', 'The message.', '§4', { type }),
  );
  return { type, body };
};

/** A whole handshake message, header included. */
export function handshakeMessage<T>(type: number, codec: Codec<T>, value: T): Uint8Array {
  return encode(handshake, { type, body: encode(codec, value) });
}

export interface Alert {
  readonly level: number;
  readonly description: number;
}

export const alert: Codec<Alert> = (wire, value) => ({
  level: wire.uint(1, value?.level, 'level', 'TLS 1.3 looks only at the description.', '§6', AlertLevel),
  description: wire.uint(
    1,
    value?.description,
    'description',
    'What went wrong, or close_notify.',
    '§6',
    AlertDescription,
  ),
});

export interface RecordHeader {
  readonly type: number;
  readonly legacyRecordVersion: number;
  readonly length: number;
}

export const RECORD_HEADER_LENGTH = 5;

/** §5.1, §5.2 */
export const recordHeader: Codec<RecordHeader> = (wire, value) => ({
  type: wire.uint(
    1,
    value?.type,
    'type',
    'What the record holds; application_data hides the true type of everything encrypted.',
    '§5.1',
    ContentType,
  ),
  legacyRecordVersion: wire.uint(
    2,
    value?.legacyRecordVersion,
    'legacy_record_version',
    'Says TLS 1.2, or 1.0 for a first ClientHello, for the sake of middleboxes.',
    '§5.1',
    ProtocolVersion,
  ),
  length: wire.uint(2, value?.length, 'length', 'How many bytes follow.', '§5.1'),
});
