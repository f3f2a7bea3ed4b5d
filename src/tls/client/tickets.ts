import type { HandshakeResult } from '../api.ts';
import { empty } from '../bytes.ts';
import type { Suite } from '../cipher-suites.ts';
import { repeatedExtension } from '../codec/extensions.ts';
import { newSessionTicket } from '../codec/messages.ts';
import { decode } from '../codec/reader.ts';
import { ProtocolVersion } from '../codec/registries.ts';
import { tlsError } from '../errors.ts';
import type { Message } from '../handshake-joiner.ts';
import { ticketKey } from '../key-schedule.ts';
import { MAX_LIFETIME } from '../session.ts';
import type { Client } from './context.ts';

/** What the tickets of a connection are good for. */
export interface TicketsFrom {
  readonly suite: Suite;
  readonly resumptionMaster: Uint8Array;
  readonly result: HandshakeResult;
  /** When certificates were last shown: now, or when the resumed session began. */
  readonly authenticatedAt: number;
}

/** A ticket came: with what this connection knows it is a session, which the owner may keep. §4.6.1 */
export function receiveTicket({ core, options }: Client, message: Message, from: TicketsFrom): void {
  const { lifetime, ageAdd, nonce, ticket, extensions } = decode(
    newSessionTicket,
    message.body,
    'NewSessionTicket',
  );
  const twice = repeatedExtension(extensions);
  if (twice !== undefined) throw tlsError('duplicate-extension', { actual: twice });
  // "The value of zero indicates that the ticket should be discarded immediately."
  if (lifetime === 0) return;
  const { suite, resumptionMaster, result, authenticatedAt } = from;
  core.emit({
    type: 'session',
    session: {
      version: ProtocolVersion['TLSv1.3'],
      cipherSuite: suite.id,
      secret: ticketKey(suite.hash, resumptionMaster, nonce),
      ticket,
      sessionId: empty,
      createdAt: options.now(),
      authenticatedAt,
      // Nobody may keep one longer than seven days, whatever the server says.
      lifetime: Math.min(lifetime, MAX_LIFETIME),
      ageAdd,
      serverName: result.serverName,
      alpn: result.alpn,
      peerCertificates: result.peerCertificates,
      sessionIdContext: empty,
    },
  });
}
