import type { HandshakeResult, Session } from '../api.ts';
import { empty } from '../bytes.ts';
import { newSessionTicket } from '../codec/messages.ts';
import { HandshakeType, ProtocolVersion } from '../codec/registries.ts';
import { ticketKey } from '../key-schedule.ts';
import { encodeSession, MAX_LIFETIME } from '../session.ts';
import type { ClientShown, Server } from './context.ts';
import { takesTickets } from './resumption.ts';

/** What OpenSSL gives after a full handshake: a client with two connections to make need not show one ticket twice. */
const DEFAULT_TICKETS = 2;
const DEFAULT_TICKETS_AFTER_RESUMPTION = 1;
const DEFAULT_LIFETIME = 7200;
/** What fits in the message; a client with longer certificates gets no ticket. §4.6.1 */
const MAX_TICKET = 0xffff;

/** Gives the client what it needs to resume, now that it has proved who it is. §4.6.1 */
export function sendTickets(server: Server, shown: ClientShown, result: HandshakeResult): void {
  const { core, options } = server;
  const { tickets, ticketCount = DEFAULT_TICKETS } = options;
  const { ticketsAfterResumption = DEFAULT_TICKETS_AFTER_RESUMPTION } = options;
  if (!tickets || !takesTickets(server, shown.hello)) return;
  const resumptionMaster = shown.schedule.resumptionMaster(core.transcript.hash());
  const count = shown.resumption ? ticketsAfterResumption : ticketCount;
  for (let number = 0; number < count; number++) {
    const nonce = Uint8Array.of(number);
    const session = sessionOf(server, shown, result, ticketKey(shown.suite.hash, resumptionMaster, nonce));
    if (session.lifetime <= 0) return;
    const ticket = tickets.seal(encodeSession(session));
    if (ticket.length > MAX_TICKET) return;
    const { lifetime, ageAdd } = session;
    const message = { lifetime, ageAdd, nonce, ticket, extensions: [] };
    core.sendAfterHandshake(HandshakeType.new_session_ticket, newSessionTicket, message);
    core.emit({ type: 'session', session: { ...session, ticket } });
  }
}

/** What stands in the ticket. */
function sessionOf(
  { options }: Server,
  { resumption, suite }: ClientShown,
  result: HandshakeResult,
  secret: Uint8Array,
): Session {
  const { ticketLifetime = DEFAULT_LIFETIME, sessionIdContext = empty } = options;
  const now = options.now();
  const authenticatedAt = resumption?.session.authenticatedAt ?? now;
  const left = MAX_LIFETIME - Math.ceil((now - authenticatedAt) / 1000);
  return {
    version: ProtocolVersion['TLSv1.3'],
    cipherSuite: suite.id,
    secret,
    ticket: empty,
    sessionId: empty,
    createdAt: now,
    authenticatedAt,
    lifetime: Math.min(ticketLifetime, left),
    ageAdd: randomNumber(options.random),
    serverName: result.serverName,
    alpn: result.alpn,
    peerCertificates: result.peerCertificates,
    sessionIdContext,
  };
}

function randomNumber(random: (bytes: Uint8Array) => void): number {
  const bytes = new Uint8Array(4);
  random(bytes);
  return new DataView(bytes.buffer).getUint32(0);
}
