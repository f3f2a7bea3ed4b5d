import type { Session } from '../../api.ts';
import { empty, equal } from '../../bytes.ts';
import { ProtocolVersion } from '../../codec/registries.ts';
import { decodeSession, isFresh } from '../../session.ts';
import type { ReadHello12, Server } from './context.ts';

/**
 * The session to go on with: the one in the client's ticket, or the one that the owner keeps for the client's session id. One
 * that cannot be used is no mistake of the client's: the handshake is a full one. RFC 5077 §3.1, RFC 5246 §7.4.1.2
 */
export function chooseSession12(server: Server, read: ReadHello12): Session | undefined {
  const session = read.ticket?.length ? openTicket(server, read.ticket) : keptSession(server, read);
  return session && mayResume(server, read, session) ? session : undefined;
}

function keptSession({ choices }: Server, { hello }: ReadHello12): Session | undefined {
  const { session } = choices;
  const { legacySessionId } = hello;
  return session && legacySessionId.length > 0 && equal(session.sessionId, legacySessionId)
    ? session
    : undefined;
}

function openTicket({ options }: Server, ticket: Uint8Array): Session | undefined {
  const state = options.tickets ? options.tickets.open(ticket) : undefined;
  return state && decodeSession(state);
}

function mayResume({ options, settings }: Server, read: ReadHello12, session: Session): boolean {
  const { requireCertificate, sessionIdContext = empty } = options;
  return (
    session.version === ProtocolVersion['TLSv1.2'] &&
    isFresh(session, options.now()) &&
    settings.cipherSuites12.includes(session.cipherSuite) &&
    read.hello.cipherSuites.includes(session.cipherSuite) &&
    // RFC 6066 §3: another name is another server.
    session.serverName === read.serverName &&
    equal(session.sessionIdContext, sessionIdContext) &&
    !(requireCertificate && session.peerCertificates.length === 0)
  );
}
