import type { Session } from '../../api.ts';
import { empty } from '../../bytes.ts';
import type { Client } from '../../client/context.ts';
import {
  type Extension,
  ecPointFormats,
  emptyExtension,
  makeExtension,
  renegotiatedConnection,
} from '../../codec/extensions.ts';
import { ECPointFormat, ExtensionType, ProtocolVersion } from '../../codec/registries.ts';

/** What a ClientHello says for a server that may choose TLS 1.2. */
export function extensions12(session: Session | undefined): Extension[] {
  return [
    // RFC 5746 §3.4: empty, as this is no renegotiation.
    makeExtension(ExtensionType.renegotiation_info, renegotiatedConnection, empty),
    makeExtension(ExtensionType.ec_point_formats, ecPointFormats, [ECPointFormat.uncompressed]),
    // RFC 5077 §3.2: without a ticket it says that we would like one.
    { type: ExtensionType.session_ticket, data: session?.ticket ?? empty },
    emptyExtension(ExtensionType.extended_master_secret),
  ];
}

/**
 * The owner's session, where it may be offered: not too old, of a cipher suite that we still speak, and begun with a server
 * of the same name, since nobody will look at its certificate's names again. RFC 5077 §3.4
 */
export function usableSession12({ options, settings }: Client): Session | undefined {
  const { session, serverName = false } = options;
  if (session?.version !== ProtocolVersion['TLSv1.2'] || session.serverName !== serverName) return undefined;
  if (session.ticket.length === 0 && session.sessionId.length === 0) return undefined;
  // A server need not say how long; it knows for itself.
  const age = options.now() - session.createdAt;
  if (session.lifetime > 0 && (age < 0 || age > session.lifetime * 1000)) return undefined;
  return settings.cipherSuites12.includes(session.cipherSuite) ? session : undefined;
}
