import type { Version } from '../api.ts';
import {
  certificateAuthorities,
  clientKeyShares,
  clientVersions,
  cookie,
  type Extension,
  hasExtension,
  type KeyShareEntry,
  offeredPsks,
  type PskOffer,
  protocolNames,
  pskKeyExchangeModes,
  readExtension,
  recordSizeLimit,
  repeatedExtension,
  serverNameList,
  signatureSchemes,
  supportedGroups,
} from '../codec/extensions.ts';
import { type ClientHello, clientHello } from '../codec/messages.ts';
import { decode } from '../codec/reader.ts';
import { ExtensionType, NamedGroup, ProtocolVersion, spell } from '../codec/registries.ts';
import { bytesToText } from '../codec/wire.ts';
import { tlsError } from '../errors.ts';
import type { Settings } from '../settings.ts';

/** A ClientHello with the extensions a server looks at, all of them checked for what can be checked alone. §4.1.2 */
export interface ReadHello {
  readonly hello: ClientHello;
  readonly extensions: readonly Extension[];
  readonly serverName: string | false;
  /** Empty when the client offered none. */
  readonly alpn: readonly string[];
  readonly groups: readonly number[];
  readonly keyShares: readonly KeyShareEntry[];
  readonly signatureSchemes: readonly number[];
  readonly signatureSchemesCert: readonly number[] | undefined;
  readonly certificateAuthorities: readonly Uint8Array[];
  readonly cookie: Uint8Array | undefined;
  readonly recordSizeLimit: number | undefined;
  readonly offersEarlyData: boolean;
  readonly psk: PskOffer | undefined;
  /** Numbers of `PskKeyExchangeMode`; empty when the client named none. */
  readonly pskModes: readonly number[];
}

/** Below this RFC 8449 §4 calls a record_size_limit illegal. */
const MIN_RECORD_SIZE_LIMIT = 64;
/** RFC 6066 §3 with RFC 1035: a DNS name has at most 255 bytes. */
const MAX_NAME_LENGTH = 255;

/** A ClientHello of which only the version is known. */
export interface OpenedHello {
  readonly hello: ClientHello;
  readonly extensions: readonly Extension[];
  readonly version: Version;
}

export function openClientHello(body: Uint8Array, versions: Settings['versions']): OpenedHello {
  const hello = decode(clientHello, body, 'ClientHello');
  const extensions = hello.extensions ?? [];
  const version = chooseVersion(hello, extensions, versions);
  const twice = repeatedExtension(extensions);
  if (twice !== undefined) throw tlsError('duplicate-extension', { actual: spell(ExtensionType, twice) });
  return { hello, extensions, version };
}

/** What TLS 1.3 asks of it. */
export function readClientHello({ hello, extensions }: OpenedHello): ReadHello {
  const { legacyCompressionMethods: methods } = hello;
  if (methods.length !== 1 || methods[0] !== 0) throw tlsError('bad-compression', { actual: [...methods] });
  const limit = readExtension(extensions, ExtensionType.record_size_limit, recordSizeLimit);
  if (limit !== undefined && limit < MIN_RECORD_SIZE_LIMIT)
    throw tlsError('bad-record-size-limit', { actual: limit });
  const names = readExtension(
    extensions,
    ExtensionType.application_layer_protocol_negotiation,
    protocolNames,
  );
  return {
    hello,
    extensions,
    serverName: readServerName(extensions),
    alpn: names?.map(bytesToText) ?? [],
    ...readKeyExchange(extensions),
    signatureSchemes: readSignatureSchemes(extensions),
    signatureSchemesCert: readExtension(
      extensions,
      ExtensionType.signature_algorithms_cert,
      signatureSchemes,
    ),
    certificateAuthorities:
      readExtension(extensions, ExtensionType.certificate_authorities, certificateAuthorities) ?? [],
    cookie: readExtension(extensions, ExtensionType.cookie, cookie),
    recordSizeLimit: limit,
    offersEarlyData: hasExtension(extensions, ExtensionType.early_data),
    ...readPsk(extensions),
  };
}

/** §4.2.1: with supported_versions only that list counts; without it the client speaks TLS 1.2 at best. */
function chooseVersion(
  hello: ClientHello,
  extensions: readonly Extension[],
  { min, max }: Settings['versions'],
): Version {
  const best = Math.min(hello.legacyVersion, ProtocolVersion['TLSv1.2']);
  const offered = readExtension(extensions, ExtensionType.supported_versions, clientVersions) ?? [best];
  // §4.1.2 freezes the field; SSL 3.0 and below in it are refused by Appendix D.5.
  const readable = hello.legacyVersion > ProtocolVersion.SSLv3;
  if (readable && max === ProtocolVersion['TLSv1.3'] && offered.includes(max)) return max;
  if (readable && min === ProtocolVersion['TLSv1.2'] && offered.includes(min)) return min;
  throw tlsError('unsupported-protocol', {
    expected: spell(ProtocolVersion, min),
    actual: offered.map((version) => spell(ProtocolVersion, version)),
  });
}

/** Whatever a server does with pre-shared keys, an offer of them must be well formed. §4.2.11, §4.2.9 */
function readPsk(extensions: readonly Extension[]): Pick<ReadHello, 'psk' | 'pskModes'> {
  const pskModes = readExtension(extensions, ExtensionType.psk_key_exchange_modes, pskKeyExchangeModes);
  const psk = readExtension(extensions, ExtensionType.pre_shared_key, offeredPsks);
  if (psk) {
    if (extensions.at(-1)?.type !== ExtensionType.pre_shared_key) throw tlsError('pre-shared-key-not-last');
    if (!pskModes) throw tlsError('missing-psk-key-exchange-modes');
    if (psk.identities.length !== psk.binders.length) throw tlsError('bad-psk-offer');
  }
  return { psk, pskModes: pskModes ?? [] };
}

/** RFC 6066 §3: one host name. */
export function readServerName(extensions: readonly Extension[]): string | false {
  const names = readExtension(extensions, ExtensionType.server_name, serverNameList);
  if (!names) return false;
  if (names.length !== 1 || names[0].type !== 0) throw tlsError('unknown-name-type');
  const { name } = names[0];
  if (name.length > MAX_NAME_LENGTH || name.includes(0)) throw tlsError('bad-server-name');
  return bytesToText(name);
}

/** §9.2: supported_groups and key_share must both be there, since we always exchange keys, with a PSK as well. */
function readKeyExchange(extensions: readonly Extension[]): Pick<ReadHello, 'groups' | 'keyShares'> {
  const groups = readExtension(extensions, ExtensionType.supported_groups, supportedGroups);
  if (!groups) throw tlsError('missing-supported-groups');
  const keyShares = readExtension(extensions, ExtensionType.key_share, clientKeyShares);
  if (!keyShares) throw tlsError('missing-key-share');
  const seen = new Set<number>();
  for (const { group } of keyShares) {
    if (seen.has(group)) throw tlsError('duplicate-key-share', { actual: spell(NamedGroup, group) });
    // §4.2.8: a server may check, and OpenSSL does.
    if (!groups.includes(group))
      throw tlsError('wrong-key-share-group', { actual: spell(NamedGroup, group) });
    seen.add(group);
  }
  return { groups, keyShares };
}

/** §9.2: only a client that offers a pre-shared key may leave them out; if it is not taken, nothing fits our key. */
function readSignatureSchemes(extensions: readonly Extension[]): readonly number[] {
  const schemes = readExtension(extensions, ExtensionType.signature_algorithms, signatureSchemes);
  if (!schemes && !hasExtension(extensions, ExtensionType.pre_shared_key))
    throw tlsError('missing-signature-algorithms');
  return schemes ?? [];
}
