import {
  CertificateCompressionAlgorithm,
  CertificateStatusType,
  CertificateType,
  HeartbeatMode,
  MaxFragmentLength,
} from './registries.ts';
import type { Codec } from './wire.ts';

/** What the engine does not read, but what stands in other programs' hellos and, seldom, between them, to be explained. */

export const maxFragmentLength: Codec<number> = (wire, value) =>
  wire.uint(
    1,
    value,
    'MaxFragmentLength',
    'The longest record the client can hold, for small devices.',
    'RFC 6066 §4',
    MaxFragmentLength,
  );

export const heartbeatMode: Codec<number> = (wire, value) =>
  wire.uint(
    1,
    value,
    'HeartbeatMode',
    'Whether the peer may send heartbeats: the extension that Heartbleed was about.',
    'RFC 6520 §2',
    HeartbeatMode,
  );

export const useSrtp: Codec<{ profiles: number[]; identifier: Uint8Array }> = (wire, value) => ({
  profiles: wire.list(
    2,
    [2, 0xffff],
    value?.profiles,
    'SRTPProtectionProfiles',
    'How audio and video may be protected beside this connection.',
    'RFC 5764 §4.1.1',
    (wire, profile?: number) =>
      wire.uint(2, profile, 'SRTPProtectionProfile', 'One cipher with its hash.', 'RFC 5764 §4.1.2', 'hex'),
  ),
  identifier: wire.vector(
    1,
    [0, 255],
    value?.identifier,
    'srtp_mki',
    'Which master key is meant, where there are several.',
    'RFC 5764 §4.1.3',
  ),
});

export const timestampList: Codec<Uint8Array[]> = (wire, value) =>
  wire.list(
    2,
    [1, 0xffff],
    value,
    'SignedCertificateTimestampList',
    'Promises of public logs that they have recorded the certificate.',
    'RFC 6962 §3.3',
    (wire, timestamp?: Uint8Array) =>
      wire.vector(2, [1, 0xffff], timestamp, 'SerializedSCT', 'One log’s promise.', 'RFC 6962 §3.3'),
  );

const certificateType: Codec<number> = (wire, value) =>
  wire.uint(1, value, 'CertificateType', 'What a Certificate message holds.', 'RFC 7250 §3', CertificateType);

export const certificateTypes: Codec<number[]> = (wire, value) =>
  wire.list(
    1,
    [1, 255],
    value,
    'CertificateTypes',
    'The kinds of certificates the client can show or read, most wanted first.',
    'RFC 7250 §3',
    certificateType,
  );

export const chosenCertificateType = certificateType;

/** Also a message of TLS 1.2. */
export const certificateStatus: Codec<Uint8Array> = (wire, value) => {
  wire.uint(1, undefined, 'status_type', 'Only ocsp was ever used.', 'RFC 6066 §8', CertificateStatusType);
  return wire.vector(
    3,
    [1, 0xffffff],
    value,
    'OCSPResponse',
    'What the issuer says of the certificate’s revocation.',
    'RFC 6066 §8',
  );
};

export const maxEarlyDataSize: Codec<number> = (wire, value) =>
  wire.uint(4, value, 'max_early_data_size', 'How much 0-RTT data the server allows.', '§4.6.1');

export const statusRequest: Codec<Uint8Array> = (wire, value) => {
  wire.uint(1, undefined, 'status_type', 'Only ocsp was ever used.', 'RFC 6066 §8', CertificateStatusType);
  wire.vector(2, [0, 0xffff], undefined, 'responder_id_list', 'Responders the client trusts.', 'RFC 6066 §8');
  return wire.vector(
    2,
    [0, 0xffff],
    value,
    'request_extensions',
    'Extensions for the responder.',
    'RFC 6066 §8',
  );
};

export const oidFilters: Codec<{ oid: Uint8Array; values: Uint8Array }[]> = (wire, value) =>
  wire.list(
    2,
    [0, 0xffff],
    value,
    'filters',
    'What the client certificate must hold.',
    '§4.2.5',
    (wire, filter) =>
      wire.group('OIDFilter', 'One certificate extension.', '§4.2.5', () => ({
        oid: wire.vector(1, [1, 255], filter?.oid, 'certificate_extension_oid', 'Which extension.', '§4.2.5'),
        values: wire.vector(
          2,
          [0, 0xffff],
          filter?.values,
          'certificate_extension_values',
          'Its values.',
          '§4.2.5',
        ),
      })),
  );

export const compressionAlgorithms: Codec<number[]> = (wire, value) =>
  wire.list(
    1,
    [2, 254],
    value,
    'algorithms',
    'How a certificate may be compressed.',
    'RFC 8879 §3',
    (wire, id?: number) =>
      wire.uint(
        2,
        id,
        'CertificateCompressionAlgorithm',
        'One way.',
        'RFC 8879 §3',
        CertificateCompressionAlgorithm,
      ),
  );

export const zeroes: Codec<Uint8Array> = (wire, value) =>
  wire.rest(value, 'padding', 'Zero bytes, to make the ClientHello longer.', 'RFC 7685 §3');

/** Empty where the client has no ticket but would like one. */
export const sessionTicket: Codec<Uint8Array> = (wire, value) =>
  wire.rest(value, 'ticket', 'The session, as the server sealed it for itself.', 'RFC 5077 §3.2');

/** A message. Nobody here compresses; other programs do. */
export const compressedCertificate: Codec<Uint8Array> = (wire, value) => {
  wire.uint(
    2,
    undefined,
    'algorithm',
    'How it was compressed; the other side must have offered it.',
    'RFC 8879 §4',
    CertificateCompressionAlgorithm,
  );
  wire.uint(
    3,
    undefined,
    'uncompressed_length',
    'How long the Certificate message is without.',
    'RFC 8879 §4',
  );
  return wire.vector(
    3,
    [1, 0xffffff],
    value,
    'compressed_certificate_message',
    'A Certificate message, compressed.',
    'RFC 8879 §4',
  );
};
