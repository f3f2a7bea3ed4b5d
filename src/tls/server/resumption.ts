import type { Session } from '../api.ts';
import { binderOf, bindersLength } from '../binders.ts';
import { empty, equal } from '../bytes.ts';
import { type Suite, suiteOf } from '../cipher-suites.ts';
import { ProtocolVersion, PskKeyExchangeMode } from '../codec/registries.ts';
import { tlsError } from '../errors.ts';
import type { Message } from '../handshake-joiner.ts';
import { decodeSession, isFresh } from '../session.ts';
import type { Server } from './context.ts';
import type { ReadHello } from './read-client-hello.ts';

/** How much the age that a client states may differ from ours: clocks run unevenly, and a network takes its time. §8.3 */
const AGE_TOLERANCE = 60_000;

/** The pre-shared key that the handshake will use. */
export interface Resumption {
  readonly session: Session;
  /** Which of the client's identities it is. */
  readonly index: number;
}

/**
 * The first of the client's tickets that can be used, its binder checked. A ticket that cannot be used is no mistake of
 * the client's: without any the handshake is a full one. §4.2.11
 */
export function chooseSession(
  server: Server,
  hello: ReadHello,
  suite: Suite,
  message: Message,
): Resumption | undefined {
  const { psk } = hello;
  if (!psk || !takesTickets(server, hello)) return undefined;
  for (const [index, { identity, obfuscatedTicketAge }] of psk.identities.entries()) {
    const session = openTicket(server, identity);
    if (!session || !mayResume(server, hello, suite, session)) continue;
    if (!isAgeRight(server, session, obfuscatedTicketAge)) continue;
    const truncated = message.bytes.subarray(0, message.bytes.length - bindersLength(psk.binders));
    const binder = binderOf(suite.hash, session.secret, server.core.transcript, truncated);
    // "Servers MUST NOT process the rest of the handshake": whoever shows a ticket without its key has stolen it.
    if (!equal(binder, psk.binders[index])) throw tlsError('bad-binder');
    return { session, index };
  }
  return undefined;
}

/** Whether tickets are of any use to both: we only resume with a fresh key exchange beside. §4.2.9 */
export function takesTickets({ options }: Server, { pskModes }: ReadHello): boolean {
  return Boolean(options.tickets) && pskModes.includes(PskKeyExchangeMode.psk_dhe_ke);
}

function openTicket({ options }: Server, ticket: Uint8Array): Session | undefined {
  const state = options.tickets ? options.tickets.open(ticket) : undefined;
  return state && decodeSession(state);
}

function mayResume({ options }: Server, hello: ReadHello, suite: Suite, session: Session): boolean {
  const { requireCertificate, sessionIdContext = empty } = options;
  return (
    session.version === ProtocolVersion['TLSv1.3'] &&
    isFresh(session, options.now()) &&
    // §4.2.11: a pre-shared key goes with one hash, that of the cipher suite it comes from.
    suiteOf(session.cipherSuite)?.hash === suite.hash &&
    // RFC 6066 §3: another name is another server.
    session.serverName === hello.serverName &&
    equal(session.sessionIdContext, sessionIdContext) &&
    !(requireCertificate && session.peerCertificates.length === 0)
  );
}

/** §4.2.10, §8.3: a ClientHello whose ticket has another age than it says was kept by somebody and sent later. */
function isAgeRight({ options }: Server, { createdAt, ageAdd }: Session, obfuscated: number): boolean {
  const stated = (obfuscated - ageAdd + 2 ** 32) % 2 ** 32;
  return Math.abs(options.now() - createdAt - stated) <= AGE_TOLERANCE;
}
