import type { HandshakeResult, Session } from '../../api.ts';
import { empty } from '../../bytes.ts';
import { HandshakeType, ProtocolVersion } from '../../codec/registries.ts';
import { newSessionTicket12 } from '../../codec/tls12-messages.ts';
import type { State } from '../../core.ts';
import { encodeSession, MAX_LIFETIME } from '../../session.ts';
import { inCommon } from '../../settings.ts';
import { sendFinished12 } from '../finished.ts';
import { exportKeyingMaterial12 } from '../key-schedule.ts';
import { expectTraffic12 } from '../traffic.ts';
import type { Ending, Server } from './context.ts';

const DEFAULT_LIFETIME = 7200;
/** What fits in the message; a client with longer certificates gets an empty ticket. RFC 5077 §3.3 */
const MAX_TICKET = 0xffff;

/** The client's Finished is right. Unless a session was resumed, ours follows, with a ticket before it. RFC 5246 §7.3 */
export function finish(server: Server, ending: Ending): State {
  const { core } = server;
  const { keys } = ending;
  const session = ending.resumed ? undefined : sessionOf(server, ending);
  const ticket = session && sendTicket(server, ending, session);
  if (!ending.resumed) sendFinished12(core, keys);
  const next = expectTraffic12(core);
  // Before the events, so that a listener's exception leaves a connection that works.
  core.enter(next);
  core.result = resultOf(server, ending);
  if (session && (ticket?.length || session.sessionId.length > 0))
    core.emit({ type: 'session', session: { ...session, ticket: ticket ?? empty } });
  core.becomeConnected(core.result, (label, context, length) =>
    exportKeyingMaterial12(keys, label, context, length),
  );
  return next;
}

/** The NewSessionTicket that ServerHello announced; empty where the session does not fit. RFC 5077 §3.3 */
function sendTicket(
  { core, options }: Server,
  { sessionId }: Ending,
  session: Session,
): Uint8Array | undefined {
  if (!options.tickets || sessionId.length > 0) return undefined;
  const sealed = options.tickets.seal(encodeSession(session));
  const ticket = sealed.length > MAX_TICKET ? empty : sealed;
  const lifetimeHint = session.lifetime;
  core.sendHandshake(HandshakeType.new_session_ticket, newSessionTicket12, { lifetimeHint, ticket });
  return ticket;
}

function sessionOf({ options }: Server, { read, keys, alpn, sessionId, certificates }: Ending): Session {
  const { ticketLifetime = DEFAULT_LIFETIME, sessionIdContext = empty } = options;
  const now = options.now();
  return {
    version: ProtocolVersion['TLSv1.2'],
    cipherSuite: keys.suite.id,
    secret: keys.master,
    ticket: empty,
    sessionId,
    createdAt: now,
    authenticatedAt: now,
    lifetime: Math.min(ticketLifetime, MAX_LIFETIME),
    ageAdd: 0,
    serverName: read.serverName,
    alpn,
    peerCertificates: certificates,
    sessionIdContext,
  };
}

function resultOf({ core, options, settings }: Server, ending: Ending): HandshakeResult {
  const { read, keys, agreement, clientScheme, resumed } = ending;
  return {
    version: 'TLSv1.2',
    cipherSuite: { id: keys.suite.id, name: keys.suite.name },
    group: agreement && { id: agreement.group.id, name: agreement.group.name },
    resumed: resumed !== undefined,
    signatureScheme: {
      server: agreement && { id: agreement.scheme.id, name: agreement.scheme.name },
      client: clientScheme && { id: clientScheme.id, name: clientScheme.name },
    },
    alpn: ending.alpn,
    serverName: read.serverName,
    peerCertificates: ending.certificates,
    helloRetried: false,
    certificateRequested: !resumed && Boolean(options.requestCertificate || options.requireCertificate),
    peerSignatureSchemes: read.signatureSchemes,
    // Where a session is resumed nobody signs, and OpenSSL does not look at them.
    sharedSignatureSchemes: resumed
      ? []
      : inCommon(settings.signatureSchemes, read.signatureSchemes, options.prefersPeersOrder),
    // TLS 1.2 clients do not say whom they trust.
    peerCertificateAuthorities: [],
    finished: core.finished,
  };
}
