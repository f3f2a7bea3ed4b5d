import {
  certificateAuthorities,
  clientKeyShares,
  clientVersions,
  cookie,
  type ExtensionHome,
  ecPointFormats,
  offeredPsks,
  protocolNames,
  pskKeyExchangeModes,
  recordSizeLimit,
  renegotiatedConnection,
  selectedGroup,
  selectedIdentity,
  selectedVersion,
  serverKeyShare,
  serverNameList,
  signatureSchemes,
  supportedGroups,
} from './extensions.ts';
import {
  certificate,
  certificateRequest,
  certificateVerify,
  clientHello,
  encryptedExtensions,
  finished,
  keyUpdate,
  newSessionTicket,
  nothing,
  serverHello,
} from './messages.ts';
import {
  certificateStatus,
  certificateTypes,
  chosenCertificateType,
  compressedCertificate,
  compressionAlgorithms,
  heartbeatMode,
  maxEarlyDataSize,
  maxFragmentLength,
  oidFilters,
  sessionTicket,
  statusRequest,
  timestampList,
  useSrtp,
  zeroes,
} from './rare-extensions.ts';
import { ExtensionType, HandshakeType, ProtocolVersion } from './registries.ts';
import {
  certificate12,
  certificateRequest12,
  clientKeyExchange,
  finished12,
  newSessionTicket12,
  serverKeyExchange,
} from './tls12-messages.ts';
import type { AnyCodec, Content } from './wire.ts';

/**
 * What stands inside each message and each extension, for an annotator. The engine does without this file: it knows which
 * extensions it reads, and a process need not carry the others.
 */

type Homes = Partial<Record<ExtensionHome | 'any', AnyCodec>>;

const extensions: Readonly<Record<number, Homes>> = {
  [ExtensionType.server_name]: { ClientHello: serverNameList },
  [ExtensionType.max_fragment_length]: { any: maxFragmentLength },
  [ExtensionType.status_request]: { ClientHello: statusRequest, Certificate: certificateStatus },
  [ExtensionType.supported_groups]: { any: supportedGroups },
  [ExtensionType.ec_point_formats]: { any: ecPointFormats },
  [ExtensionType.signature_algorithms]: { any: signatureSchemes },
  [ExtensionType.signature_algorithms_cert]: { any: signatureSchemes },
  [ExtensionType.application_layer_protocol_negotiation]: { any: protocolNames },
  [ExtensionType.use_srtp]: { any: useSrtp },
  [ExtensionType.heartbeat]: { any: heartbeatMode },
  [ExtensionType.signed_certificate_timestamp]: { Certificate: timestampList, ServerHello: timestampList },
  [ExtensionType.client_certificate_type]: { ClientHello: certificateTypes, any: chosenCertificateType },
  [ExtensionType.server_certificate_type]: { ClientHello: certificateTypes, any: chosenCertificateType },
  [ExtensionType.padding]: { any: zeroes },
  [ExtensionType.compress_certificate]: { any: compressionAlgorithms },
  [ExtensionType.record_size_limit]: { any: recordSizeLimit },
  [ExtensionType.pre_shared_key]: { ClientHello: offeredPsks, ServerHello: selectedIdentity },
  [ExtensionType.early_data]: { NewSessionTicket: maxEarlyDataSize },
  [ExtensionType.supported_versions]: {
    ClientHello: clientVersions,
    ServerHello: selectedVersion,
    HelloRetryRequest: selectedVersion,
  },
  [ExtensionType.cookie]: { any: cookie },
  [ExtensionType.psk_key_exchange_modes]: { any: pskKeyExchangeModes },
  [ExtensionType.certificate_authorities]: { any: certificateAuthorities },
  [ExtensionType.oid_filters]: { any: oidFilters },
  [ExtensionType.key_share]: {
    ClientHello: clientKeyShares,
    ServerHello: serverKeyShare,
    HelloRetryRequest: selectedGroup,
  },
  [ExtensionType.session_ticket]: { any: sessionTicket },
  [ExtensionType.renegotiation_info]: { any: renegotiatedConnection },
};

const messages: Readonly<Record<number, AnyCodec>> = {
  [HandshakeType.client_hello]: clientHello,
  [HandshakeType.server_hello]: serverHello,
  [HandshakeType.end_of_early_data]: nothing,
  [HandshakeType.compressed_certificate]: compressedCertificate,
  [HandshakeType.encrypted_extensions]: encryptedExtensions,
  [HandshakeType.certificate_request]: certificateRequest,
  [HandshakeType.certificate]: certificate,
  [HandshakeType.certificate_verify]: certificateVerify,
  [HandshakeType.finished]: finished,
  [HandshakeType.new_session_ticket]: newSessionTicket,
  [HandshakeType.key_update]: keyUpdate,
};

const messages12: Readonly<Record<number, AnyCodec>> = {
  [HandshakeType.hello_request]: nothing,
  [HandshakeType.client_hello]: clientHello,
  [HandshakeType.server_hello]: serverHello,
  [HandshakeType.new_session_ticket]: newSessionTicket12,
  [HandshakeType.certificate]: certificate12,
  [HandshakeType.server_key_exchange]: serverKeyExchange,
  [HandshakeType.certificate_request]: certificateRequest12,
  [HandshakeType.server_hello_done]: nothing,
  [HandshakeType.certificate_verify]: certificateVerify,
  [HandshakeType.client_key_exchange]: clientKeyExchange,
  [HandshakeType.finished]: finished12,
  [HandshakeType.certificate_status]: certificateStatus,
};

/** The codec of a content in a connection of this version; undefined for what nobody here can explain. */
export function codecOf({ type, home }: Content, version: number | undefined): AnyCodec | undefined {
  if (home === undefined) return (version === ProtocolVersion['TLSv1.2'] ? messages12 : messages)[type];
  const homes = extensions[type];
  return homes?.[home as ExtensionHome] ?? homes?.any;
}
