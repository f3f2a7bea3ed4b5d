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

const { TextDecoder, TextEncoder } = globalThis;

/** A length in two bytes, the verdict as JSON (nothing when all is well), then whatever it is put before. */
function withVerdict(verdict: Verdict, bytes: Uint8Array): Uint8Array {
  const text = verdict ? JSON.stringify([verdict.code, verdict.message]) : '';
  const words = new TextEncoder().encode(text);
  return Uint8Array.of(words.length >> 8, words.length & 0xff, ...words, ...bytes);
}

function splitVerdict(bytes: Uint8Array): { verdict: Verdict; rest: Uint8Array } | undefined {
  const end = 2 + bytes[0] * 256 + bytes[1];
  if (!(end <= bytes.length)) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(2, end));
    const [code, message] = text === '' ? [] : (JSON.parse(text) as [string, string]);
    const verdict = text === '' ? null : Object.assign(new Error(message), { code });
    return { verdict, rest: bytes.subarray(end) };
  } catch {
    return undefined; // not made here
  }
}

export interface Kept {
  readonly session: Session;
  readonly verdict: Verdict;
}

/** What `getSession()` and the events 'session' and 'newSession' give. */
export function packSession({ session, verdict }: Kept): Buffer {
  return Buffer.from(withVerdict(verdict, encodeSession(session)));
}

/** The session in what a program gives back; undefined for anything else. */
export function unpackSession(bytes: Uint8Array): Kept | undefined {
  const { verdict = null, rest } = splitVerdict(bytes) ?? {};
  const session = rest && decodeSession(rest);
  return session && { session, verdict };
}

/** Tickets under a server's `ticketKeys`. `verdict` is asked when one is made; `opened` is told when one is taken. */
export function sealerWithVerdict(
  keys: Uint8Array,
  verdict: () => Verdict,
  opened: (verdict: Verdict) => void,
): TicketSealer {
  const sealer = ticketSealer(keys, fillRandom);
  return {
    seal: (state) => sealer.seal(withVerdict(verdict(), state)),
    open(ticket) {
      const bytes = sealer.open(ticket);
      const found = bytes && splitVerdict(bytes);
      if (found) opened(found.verdict);
      return found?.rest;
    },
  };
}

/** With SSL_OP_NO_TICKET a server gives names of sessions instead, and Node's has no store where it would find them again. */
export const namesOnly: TicketSealer = { seal: () => randomBytes(32), open: () => undefined };

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
