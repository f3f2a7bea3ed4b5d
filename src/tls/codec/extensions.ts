import { decode } from './reader.ts';
import {
  CipherSuite,
  ECPointFormat,
  ExtensionType,
  NamedGroup,
  NameType,
  ProtocolVersion,
  PskKeyExchangeMode,
  SignatureScheme,
} from './registries.ts';
import type { Codec, Wire } from './wire.ts';
import { encode } from './writer.ts';

/** What each extension's `extension_data` holds. §4.2, RFC 6066, RFC 7301, RFC 8449. */

export interface Extension {
  readonly type: number;
  readonly data: Uint8Array;
}

export interface KeyShareEntry {
  readonly group: number;
  readonly keyExchange: Uint8Array;
}

export interface ServerName {
  readonly type: number;
  readonly name: Uint8Array;
}

export interface PskOffer {
  readonly identities: readonly { readonly identity: Uint8Array; readonly obfuscatedTicketAge: number }[];
  readonly binders: readonly Uint8Array[];
}

export const serverNameList: Codec<ServerName[]> = (wire, value) =>
  wire.list(
    2,
    [1, 0xffff],
    value,
    'server_name_list',
    'The name the client dialled, in clear, so that a server of many names can pick its certificate.',
    'RFC 6066 §3',
    (wire, entry?: ServerName) =>
      wire.group('ServerName', 'One name.', 'RFC 6066 §3', () => ({
        type: wire.uint(
          1,
          entry?.type,
          'name_type',
          'Only host_name was ever defined.',
          'RFC 6066 §3',
          NameType,
        ),
        name: wire.vector(
          2,
          [1, 0xffff],
          entry?.name,
          'HostName',
          'A DNS name in ASCII, without a trailing dot; never an IP address.',
          'RFC 6066 §3',
          'text',
        ),
      })),
  );

export const supportedGroups: Codec<number[]> = (wire, value) =>
  wire.list(
    2,
    [2, 0xffff],
    value,
    'named_group_list',
    'The groups for key exchange, most wanted first.',
    '§4.2.7',
    (wire, group?: number) =>
      wire.uint(2, group, 'NamedGroup', 'A curve or a finite field.', '§4.2.7', NamedGroup),
  );

export const signatureSchemes: Codec<number[]> = (wire, value) =>
  wire.list(
    2,
    [2, 0xfffe],
    value,
    'supported_signature_algorithms',
    'The signatures the sender can verify, most wanted first.',
    '§4.2.3',
    (wire, scheme?: number) =>
      wire.uint(
        2,
        scheme,
        'SignatureScheme',
        'Key type, curve and hash in one number.',
        '§4.2.3',
        SignatureScheme,
      ),
  );

export const protocolNames: Codec<Uint8Array[]> = (wire, value) =>
  wire.list(
    2,
    [2, 0xffff],
    value,
    'protocol_name_list',
    'Application protocols: all that the client speaks, or the one that the server chose.',
    'RFC 7301 §3.1',
    (wire, name?: Uint8Array) =>
      wire.vector(
        1,
        [1, 0xff],
        name,
        'ProtocolName',
        'For instance h2 or http/1.1.',
        'RFC 7301 §3.1',
        'text',
      ),
  );

export const clientVersions: Codec<number[]> = (wire, value) =>
  wire.list(
    1,
    [2, 254],
    value,
    'versions',
    'Every version the client speaks. Here, and not in legacy_version, TLS 1.3 is negotiated.',
    '§4.2.1',
    (wire, version?: number) =>
      wire.uint(2, version, 'ProtocolVersion', 'One version.', '§4.2.1', ProtocolVersion),
  );

export const selectedVersion: Codec<number> = (wire, value) =>
  wire.uint(2, value, 'selected_version', 'The version the server chose.', '§4.2.1', ProtocolVersion);

export const cookie: Codec<Uint8Array> = (wire, value) =>
  wire.vector(
    2,
    [1, 0xffff],
    value,
    'cookie',
    'Bytes of the server that the client must send back unchanged.',
    '§4.2.2',
  );

const keyShareEntry: Codec<KeyShareEntry> = (wire, entry) =>
  wire.group('KeyShareEntry', 'A public key for one group.', '§4.2.8', () => ({
    group: wire.uint(2, entry?.group, 'group', 'The group the key belongs to.', '§4.2.8', NamedGroup),
    keyExchange: wire.vector(
      2,
      [1, 0xffff],
      entry?.keyExchange,
      'key_exchange',
      'The ephemeral public key: fresh for this connection, forgotten after it.',
      '§4.2.8.2',
    ),
  }));

export const clientKeyShares: Codec<KeyShareEntry[]> = (wire, value) =>
  wire.list(
    2,
    [0, 0xffff],
    value,
    'client_shares',
    'Public keys sent on a guess, so that the server can answer at once.',
    '§4.2.8',
    keyShareEntry,
  );

export const serverKeyShare: Codec<KeyShareEntry> = (wire, value) =>
  wire.group('server_share', 'The public key of the server, in the group it chose.', '§4.2.8', () =>
    keyShareEntry(wire, value),
  );

export const selectedGroup: Codec<number> = (wire, value) =>
  wire.uint(
    2,
    value,
    'selected_group',
    'The group the server wants instead of those the client guessed.',
    '§4.2.8',
    NamedGroup,
  );

export const certificateAuthorities: Codec<Uint8Array[]> = (wire, value) =>
  wire.list(
    2,
    [3, 0xffff],
    value,
    'authorities',
    'The issuers the sender trusts, to help the peer choose a certificate.',
    '§4.2.4',
    (wire, name?: Uint8Array) =>
      wire.vector(2, [1, 0xffff], name, 'DistinguishedName', 'A name in DER.', '§4.2.4'),
  );

export const recordSizeLimit: Codec<number> = (wire, value) =>
  wire.uint(
    2,
    value,
    'RecordSizeLimit',
    'The longest plaintext the sender is willing to receive.',
    'RFC 8449 §4',
  );

export const pskKeyExchangeModes: Codec<number[]> = (wire, value) =>
  wire.list(
    1,
    [1, 255],
    value,
    'ke_modes',
    'How a pre-shared key may be used: alone, or with a fresh key exchange.',
    '§4.2.9',
    (wire, mode?: number) =>
      wire.uint(1, mode, 'PskKeyExchangeMode', 'One way.', '§4.2.9', PskKeyExchangeMode),
  );

export const offeredPsks: Codec<PskOffer> = (wire, value) => ({
  identities: wire.list(
    2,
    [7, 0xffff],
    value?.identities,
    'identities',
    'The tickets or keys the client holds.',
    '§4.2.11',
    (wire, entry?: PskOffer['identities'][number]) =>
      wire.group('PskIdentity', 'One of them.', '§4.2.11', () => ({
        identity: wire.vector(
          2,
          [1, 0xffff],
          entry?.identity,
          'identity',
          'The ticket, as the server gave it.',
          '§4.2.11',
        ),
        obfuscatedTicketAge: wire.uint(
          4,
          entry?.obfuscatedTicketAge,
          'obfuscated_ticket_age',
          'How old the ticket is, hidden from observers by adding ticket_age_add.',
          '§4.2.11.1',
        ),
      })),
  ),
  binders: wire.list(
    2,
    [33, 0xffff],
    value?.binders,
    'binders',
    'One proof per identity that the client knows its key.',
    '§4.2.11.2',
    (wire, binder?: Uint8Array) =>
      wire.vector(
        1,
        [32, 255],
        binder,
        'PskBinderEntry',
        'An HMAC over this ClientHello up to here.',
        '§4.2.11.2',
      ),
  ),
});

export const selectedIdentity: Codec<number> = (wire, value) =>
  wire.uint(2, value, 'selected_identity', 'Which of the offered keys the server took.', '§4.2.11');

export const ecPointFormats: Codec<number[]> = (wire, value) =>
  wire.list(
    1,
    [1, 255],
    value,
    'ec_point_format_list',
    'How points may be written; TLS 1.3 knows only the uncompressed form.',
    'RFC 8422 §5.1.2',
    (wire, format?: number) =>
      wire.uint(1, format, 'ECPointFormat', 'One form.', 'RFC 8422 §5.1.2', ECPointFormat),
  );

export const renegotiatedConnection: Codec<Uint8Array> = (wire, value) =>
  wire.vector(1, [0, 255], value, 'renegotiated_connection', 'Empty in a first handshake.', 'RFC 5746 §3.2');

/** The messages that carry extensions; the same number may hold different things in different messages. */
export type ExtensionHome =
  | 'ClientHello'
  | 'ServerHello'
  | 'HelloRetryRequest'
  | 'EncryptedExtensions'
  | 'CertificateRequest'
  | 'Certificate'
  | 'NewSessionTicket';

/** The list of extensions that ends most handshake messages. */
export function extensionList(wire: Wire, home: ExtensionHome, value?: readonly Extension[]): Extension[] {
  return wire.list(
    2,
    [0, 0xffff],
    value,
    'extensions',
    'What the fixed fields above have no room for; a peer skips the ones it does not know.',
    '§4.2',
    (wire, extension?: Extension) =>
      wire.group('Extension', 'A number, a length and a body.', '§4.2', () => {
        const type = wire.uint(
          2,
          extension?.type,
          'extension_type',
          'What it is about.',
          '§4.2',
          ExtensionType,
        );
        const data = wire.block(2, [0, 0xffff], 'extension_data', 'Its body.', '§4.2', (wire) =>
          wire.rest(extension?.data, 'extension_data', 'Bytes whose meaning depends on the type.', '§4.2', {
            type,
            home,
          }),
        );
        return { type, data };
      }),
  );
}

/** The body of the extension with this number, read; `undefined` where the message has none. */
export function readExtension<T>(
  extensions: readonly Extension[],
  type: number,
  codec: Codec<T>,
): T | undefined {
  const extension = extensions.find((candidate) => candidate.type === type);
  return extension && decode(codec, extension.data, 'extension_data');
}

export function hasExtension(extensions: readonly Extension[], type: number): boolean {
  return extensions.some((extension) => extension.type === type);
}

export function makeExtension<T>(type: number, codec: Codec<T>, value: T): Extension {
  return { type, data: encode(codec, value) };
}

export function emptyExtension(type: number): Extension {
  return { type, data: new Uint8Array(0) };
}

/** §4.2: there must not be two extensions of one type in a block. Returns the type that comes twice. */
export function repeatedExtension(extensions: readonly Extension[]): number | undefined {
  const seen = new Set<number>();
  for (const { type } of extensions) {
    if (seen.has(type)) return type;
    seen.add(type);
  }
  return undefined;
}

export const cipherSuiteList: Codec<number[]> = (wire, value) =>
  wire.list(
    2,
    [2, 0xfffe],
    value,
    'cipher_suites',
    'The ciphers the client can use, most wanted first.',
    '§4.1.2',
    (wire, suite?: number) =>
      wire.uint(2, suite, 'CipherSuite', 'An AEAD cipher and a hash.', '§4.1.2', CipherSuite),
  );
