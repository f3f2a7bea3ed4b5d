/**
 * Sessions as Node's programs and tickets hold them: the engine's session, and with it what was thought of the peer when
 * it began. OpenSSL keeps both in a session too; a peer that was not believed then is not believed when it resumes.
 */
import { Buffer } from 'node:buffer';
import {
  decodeSession,
  encodeSession,
  type Session,
  type TicketSealer,
  ticketSealer,
} from '../../tls/index.ts';
import { fillRandom, randomBytes } from '../crypto/environment.ts';

/** What speaks against believing the peer; null when nothing does. */
export type Verdict = (Error & { code?: string }) | null;

/** What the engine's session does not say. */
interface Beside {
  readonly verdict: Verdict;
  /** The group that keys were exchanged in: Node tells it of a resumed connection of TLS 1.2, too. */
  readonly group?: number;
}

export interface Kept extends Beside {
  readonly session: Session;
}

const { TextDecoder, TextEncoder } = globalThis;

/** A length in two bytes, what is beside as JSON, then the bytes it is put before. */
function join({ verdict, group }: Beside, bytes: Uint8Array): Uint8Array {
  const text = JSON.stringify({ code: verdict?.code, message: verdict?.message, group });
  const words = new TextEncoder().encode(text);
  return Uint8Array.of(words.length >> 8, words.length & 0xff, ...words, ...bytes);
}

function split(bytes: Uint8Array): { beside: Beside; rest: Uint8Array } | undefined {
  const end = 2 + bytes[0] * 256 + bytes[1];
  if (!(end <= bytes.length)) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(2, end));
    const { code, message, group } = JSON.parse(text) as { code?: string; message?: string; group?: number };
    const verdict = message === undefined ? null : Object.assign(new Error(message), { code });
    return { beside: { verdict, group }, rest: bytes.subarray(end) };
  } catch {
    return undefined; // not made here
  }
}

/** What `getSession()` and the events 'session' and 'newSession' give. */
export function packSession(kept: Kept): Buffer {
  return Buffer.from(join(kept, encodeSession(kept.session)));
}

/** The session in what a program gives back; undefined for anything else. */
export function unpackSession(bytes: Uint8Array): Kept | undefined {
  const { beside = { verdict: null }, rest } = split(bytes) ?? {};
  const session = rest && decodeSession(rest);
  return session && { ...beside, session };
}

/** Tickets under a server's `ticketKeys`. `verdict` is asked when one is made; `opened` is told when one is taken. */
export function sealerWithVerdict(
  keys: Uint8Array,
  verdict: (session: Session) => Verdict,
  opened: (verdict: Verdict) => void,
): TicketSealer {
  const sealer = ticketSealer(keys, fillRandom);
  return {
    seal(state) {
      const session = decodeSession(state);
      return sealer.seal(join({ verdict: session ? verdict(session) : null }, state));
    },
    open(ticket) {
      const bytes = sealer.open(ticket);
      const found = bytes && split(bytes);
      if (found) opened(found.beside.verdict);
      return found?.rest;
    },
  };
}

/** With SSL_OP_NO_TICKET a server gives names of sessions instead, and Node's has no store where it would find them again. */
export const namesOnly: TicketSealer = {
  onlyTls13: true,
  seal: () => randomBytes(32),
  open: () => undefined,
};

/** OpenSSL has a session from the first key on, but nobody can resume it before there is a ticket or an id. */
export function unfinishedSession(
  known: Pick<Session, 'version' | 'cipherSuite' | 'serverName'>,
  now: number,
): Session {
  const empty = new Uint8Array(0);
  return {
    ...known,
    secret: empty,
    ticket: empty,
    sessionId: empty,
    createdAt: now,
    authenticatedAt: now,
    lifetime: 0,
    ageAdd: 0,
    alpn: false,
    peerCertificates: [],
    sessionIdContext: empty,
  };
}

export const canResume = ({ ticket, sessionId }: Session): boolean =>
  ticket.length > 0 || sessionId.length > 0;
