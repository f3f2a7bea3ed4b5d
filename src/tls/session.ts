import { gcm } from '@noble/ciphers/aes.js';
import type { Session, TicketSealer, Version } from './api.ts';
import { concat, equal } from './bytes.ts';
import { NONCE_LENGTH, TAG_LENGTH } from './cipher-suites.ts';
import { decode } from './codec/reader.ts';
import { bytesToText, type Codec, DecodeError, textToBytes, type Wire } from './codec/wire.ts';
import { encode } from './codec/writer.ts';
import type { Random } from './key-exchange.ts';

/** Sessions as bytes, for owners to keep and for tickets to hide. Nobody but us reads them: the format is ours. */

/** §4.6.1: the most seconds that a ticket may live. */
export const MAX_LIFETIME = 604_800;

/** Goes up with every change of the format, so that what was kept before is not misread. */
const FORMAT = 1;

const opaque = (wire: Wire, value: Uint8Array | undefined, name: string): Uint8Array =>
  wire.vector(2, [0, 0xffff], value, name, '', '');

const number = (wire: Wire, size: number, value: number | undefined, name: string): number =>
  wire.uint(size, value, name, '', '');

/** Whether there is a text, then the text. */
function optionalText(wire: Wire, value: string | false | undefined, name: string): string | false {
  const present = number(wire, 1, value === false ? 0 : 1, name) === 1;
  return (
    present && bytesToText(opaque(wire, typeof value === 'string' ? textToBytes(value) : undefined, name))
  );
}

const session: Codec<Session> = (wire, value) => {
  const format = number(wire, 1, FORMAT, 'format');
  if (format !== FORMAT) throw new DecodeError('format', `${FORMAT}`, `${format}`);
  return {
    version: number(wire, 2, value?.version, 'version') as Version,
    cipherSuite: number(wire, 2, value?.cipherSuite, 'cipherSuite'),
    secret: opaque(wire, value?.secret, 'secret'),
    ticket: opaque(wire, value?.ticket, 'ticket'),
    sessionId: opaque(wire, value?.sessionId, 'sessionId'),
    createdAt: number(wire, 6, value?.createdAt, 'createdAt'),
    authenticatedAt: number(wire, 6, value?.authenticatedAt, 'authenticatedAt'),
    lifetime: number(wire, 4, value?.lifetime, 'lifetime'),
    ageAdd: number(wire, 4, value?.ageAdd, 'ageAdd'),
    serverName: optionalText(wire, value?.serverName, 'serverName'),
    alpn: optionalText(wire, value?.alpn, 'alpn'),
    peerCertificates: wire.list(
      3,
      [0, 0xffffff],
      value?.peerCertificates,
      'peerCertificates',
      '',
      '',
      (wire, certificate?: Uint8Array) => wire.vector(3, [1, 0xffffff], certificate, 'certificate', '', ''),
    ),
    sessionIdContext: opaque(wire, value?.sessionIdContext, 'sessionIdContext'),
  };
};

/** A session as bytes, to be kept as secret as a key. */
export function encodeSession(value: Session): Uint8Array {
  return encode(session, value);
}

/** The session in these bytes; `undefined` where they are none of ours. */
export function decodeSession(bytes: Uint8Array): Session | undefined {
  try {
    // Copied, since what was read are views of these bytes.
    return decode(session, bytes.slice(), 'session');
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** Whether a session may still be used, by the clock of whoever holds it. §4.6.1 */
export function isFresh({ createdAt, authenticatedAt, lifetime }: Session, now: number): boolean {
  // A clock that was set back tells nothing of the session's age.
  if (now < createdAt || now < authenticatedAt) return false;
  return now - createdAt <= lifetime * 1000 && now - authenticatedAt <= MAX_LIFETIME * 1000;
}

/** How many bytes of key a `ticketSealer` needs: those of Node's `ticketKeys`. */
export const TICKET_KEYS_LENGTH = 48;
const NAME_LENGTH = 16;

/**
 * Seals tickets with AES-256-GCM. The first 16 bytes of `keys` are a name that stands in clear in the ticket, so that a
 * server of many keys finds the right one; the other 32 are the key. RFC 5077 §4
 */
export function ticketSealer(keys: Uint8Array, random: Random): TicketSealer {
  if (keys.length !== TICKET_KEYS_LENGTH) throw new RangeError(`ticket keys of ${keys.length} bytes`);
  const name = keys.slice(0, NAME_LENGTH);
  const key = keys.slice(NAME_LENGTH);
  return {
    seal(state) {
      const nonce = new Uint8Array(NONCE_LENGTH);
      random(nonce);
      return concat([name, nonce, gcm(key, nonce, name).encrypt(state)]);
    },
    open(ticket) {
      const sealedAt = NAME_LENGTH + NONCE_LENGTH;
      if (ticket.length < sealedAt + TAG_LENGTH || !equal(ticket.subarray(0, NAME_LENGTH), name))
        return undefined;
      try {
        return gcm(key, ticket.subarray(NAME_LENGTH, sealedAt), name).decrypt(ticket.subarray(sealedAt));
      } catch {
        // Another's ticket that bears our name, or a changed one: the handshake goes on without it. §4.2.11
        return undefined;
      }
    },
  };
}
