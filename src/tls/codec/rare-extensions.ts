import { CertificateStatusType, CertificateType, HeartbeatMode, MaxFragmentLength } from './registries.ts';
import type { Codec } from './wire.ts';

/** Extensions that the engine neither sends nor minds, but that stand in other programs' hellos, to be explained. */

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
