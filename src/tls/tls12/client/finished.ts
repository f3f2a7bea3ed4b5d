import type { HandshakeResult, Session } from '../../api.ts';
import { empty } from '../../bytes.ts';
import { decode } from '../../codec/reader.ts';
import { HandshakeType, ProtocolVersion } from '../../codec/registries.ts';
import { newSessionTicket12 } from '../../codec/tls12-messages.ts';
import type { State } from '../../core.ts';
import { MAX_LIFETIME } from '../../session.ts';
import { inCommon } from '../../settings.ts';
import { named } from '../../signature-schemes.ts';
import { expectChangeCipherSpec, sendFinished12 } from '../finished.ts';
import { exportKeyingMaterial12 } from '../key-schedule.ts';
import { expectTraffic12, ignoringHelloRequests } from '../traffic.ts';
import type { Client, Ending } from './context.ts';

/** What a NewSessionTicket gave. */
interface Ticket {
  readonly ticket: Uint8Array;
  readonly lifetime: number;
}

/** Waits for the ticket, if the server announced one, then for its ChangeCipherSpec and Finished. RFC 5077 §3.3 */
export function awaitServersEnd(client: Client, ending: Ending): State {
  const { core } = client;
  const { keys, agreed } = ending;
  const last = (ticket?: Ticket) =>
    ignoringHelloRequests(expectChangeCipherSpec(core, keys, () => finish(client, ending, ticket)));
  if (!agreed.ticketComes) return last();
  return ignoringHelloRequests({
    name: 'expectNewSessionTicket12',
    expects: [HandshakeType.new_session_ticket],
    handle(message) {
      const { ticket, lifetimeHint } = decode(newSessionTicket12, message.body, 'NewSessionTicket');
      core.transcript.add(message.bytes);
      // "If the server determines that it does not want to include a ticket", an empty one. RFC 5077 §3.3
      if (ticket.length === 0) return last();
      return last({ ticket, lifetime: Math.min(lifetimeHint, MAX_LIFETIME) });
    },
  });
}

/** The server's Finished is right. Where a session was resumed it came first, and ours follows. RFC 5246 §7.3 */
function finish(client: Client, ending: Ending, ticket: Ticket | undefined): State {
  const { core } = client;
  const { keys, resumed } = ending;
  if (resumed) sendFinished12(core, keys);
  const result = resultOf(client, ending);
  const next = expectTraffic12(core);
  // Before the events, so that a listener's exception leaves a connection that works.
  core.enter(next);
  core.result = result;
  const session = sessionOf(client, ending, ticket, result);
  if (session) core.emit({ type: 'session', session });
  core.becomeConnected(result, (label, context, length) =>
    exportKeyingMaterial12(keys, label, context, length),
  );
  return next;
}

/** What can be resumed: with the ticket that came, or else by the id that the server gave the session. */
function sessionOf(
  { options }: Client,
  { agreed, keys, resumed }: Ending,
  ticket: Ticket | undefined,
  result: HandshakeResult,
): Session | undefined {
  if (!ticket && (resumed || agreed.sessionId.length === 0)) return undefined;
  const now = options.now();
  return {
    version: ProtocolVersion['TLSv1.2'],
    cipherSuite: keys.suite.id,
    secret: keys.master,
    ticket: ticket?.ticket ?? empty,
    sessionId: ticket ? empty : agreed.sessionId,
    createdAt: now,
    authenticatedAt: resumed?.authenticatedAt ?? now,
    lifetime: ticket?.lifetime ?? 0,
    ageAdd: 0,
    serverName: result.serverName,
    alpn: result.alpn,
    peerCertificates: result.peerCertificates,
    sessionIdContext: empty,
  };
}

function resultOf({ core, options, settings }: Client, ending: Ending): HandshakeResult {
  const { agreed, keys, request, scheme, clientScheme, group } = ending;
  const peerSchemes = request?.signatureSchemes ?? [];
  return {
    version: 'TLSv1.2',
    cipherSuite: { id: keys.suite.id, name: keys.suite.name },
    group: group && { id: group.id, name: group.name },
    resumed: ending.resumed !== undefined,
    signatureScheme: { server: scheme && named(scheme), client: clientScheme && named(clientScheme) },
    alpn: agreed.alpn,
    serverName: options.serverName ?? false,
    peerCertificates: ending.certificates,
    helloRetried: false,
    certificateRequested: request !== undefined,
    peerSignatureSchemes: peerSchemes,
    sharedSignatureSchemes: inCommon(settings.signatureSchemes, peerSchemes, options.prefersPeersOrder),
    peerCertificateAuthorities: request?.certificateAuthorities ?? [],
    finished: core.finished,
  };
}
