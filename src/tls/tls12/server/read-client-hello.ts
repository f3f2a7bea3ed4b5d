import {
  type Extension,
  ecPointFormats,
  hasExtension,
  protocolNames,
  readExtension,
  recordSizeLimit,
  renegotiatedConnection,
  signatureSchemes,
  supportedGroups,
} from '../../codec/extensions.ts';
import type { ClientHello } from '../../codec/messages.ts';
import { CipherSuite, ECPointFormat, ExtensionType } from '../../codec/registries.ts';
import { bytesToText, DecodeError } from '../../codec/wire.ts';
import { tlsError } from '../../errors.ts';
import { readServerName } from '../../server/read-client-hello.ts';
import type { ReadHello12, Server } from './context.ts';

/** RFC 5246 §7.4.1.2 */
export function readClientHello12({ settings }: Server, hello: ClientHello): ReadHello12 {
  const { cipherSuites, legacyCompressionMethods, extensions = [] } = hello;
  if (!legacyCompressionMethods.includes(0))
    throw tlsError('bad-compression', { actual: [...legacyCompressionMethods] });
  // RFC 7507: the client tried something newer before, and somebody may have kept that from us.
  if (cipherSuites.includes(CipherSuite.TLS_FALLBACK_SCSV) && settings.versions.max > 0x0303)
    throw tlsError('inappropriate-fallback', { alert: 'inappropriate_fallback' });
  const limit = readExtension(extensions, ExtensionType.record_size_limit, recordSizeLimit);
  if (limit !== undefined && limit < 64) throw tlsError('bad-record-size-limit', { actual: limit });
  const names = readExtension(
    extensions,
    ExtensionType.application_layer_protocol_negotiation,
    protocolNames,
  );
  const ticket = extensions.find(({ type }) => type === ExtensionType.session_ticket);
  return {
    hello,
    serverName: readServerName(extensions),
    alpn: names?.map(bytesToText) ?? [],
    // RFC 8422 §4: a client that names no curves leaves the choice to us; as OpenSSL and BoringSSL, we have none for it.
    groups: readExtension(extensions, ExtensionType.supported_groups, supportedGroups) ?? [],
    // RFC 5246 §7.4.1.4.1 would have it mean SHA-1, which we do not do.
    signatureSchemes: readExtension(extensions, ExtensionType.signature_algorithms, signatureSchemes) ?? [],
    ticket: ticket?.data,
    recordSizeLimit: limit,
    ...readSecurity(extensions, cipherSuites),
  };
}

/** What TLS 1.2 needs to be as safe as it can be. */
function readSecurity(
  extensions: readonly Extension[],
  cipherSuites: readonly number[],
): Pick<ReadHello12, 'secureRenegotiation' | 'pointFormats'> {
  const formats = readExtension(extensions, ExtensionType.ec_point_formats, ecPointFormats);
  if (formats && !formats.includes(ECPointFormat.uncompressed)) throw tlsError('bad-point-formats');
  const renegotiated = readExtension(extensions, ExtensionType.renegotiation_info, renegotiatedConnection);
  if (renegotiated && renegotiated.length > 0) throw tlsError('renegotiation-mismatch');
  // RFC 7627 §5.2: a server may insist, and we do.
  const extended = extensions.find(({ type }) => type === ExtensionType.extended_master_secret);
  if (!extended) throw tlsError('missing-extended-master-secret');
  if (extended.data.length > 0)
    throw new DecodeError('extended_master_secret', 'nothing', `${extended.data.length} bytes`);
  return {
    secureRenegotiation:
      renegotiated !== undefined || cipherSuites.includes(CipherSuite.TLS_EMPTY_RENEGOTIATION_INFO_SCSV),
    pointFormats: hasExtension(extensions, ExtensionType.ec_point_formats),
  };
}
