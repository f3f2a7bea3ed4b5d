import type { Session } from '../api.ts';
import { binderOf, bindersLength } from '../binders.ts';
import { type Hash, type Suite, suiteOf } from '../cipher-suites.ts';
import { type Extension, makeExtension, offeredPsks, type PskOffer } from '../codec/extensions.ts';
import { ExtensionType, ProtocolVersion } from '../codec/registries.ts';
import { isFresh } from '../session.ts';
import type { Client } from './context.ts';

/** A session that we offer to resume, and the cipher suite it began with. */
export interface OfferedPsk {
  readonly session: Session;
  readonly suite: Suite;
}

/**
 * The owner's session, where it may be offered: young enough, with a hash that we still speak, and begun with a server of
 * the same name, since nobody will look at its certificate's names again. §4.2.11, §4.6.1
 */
export function usablePsk({ options, settings }: Client): OfferedPsk | undefined {
  const { session, serverName = false } = options;
  if (session?.version !== ProtocolVersion['TLSv1.3'] || session.ticket.length === 0) return undefined;
  if (session.serverName !== serverName || !isFresh(session, options.now())) return undefined;
  const suite = suiteOf(session.cipherSuite);
  if (!suite || !settings.cipherSuites.some((id) => suiteOf(id)?.hash === suite.hash)) return undefined;
  return { session, suite };
}

/** pre_shared_key, with zeros where the binder will be: it must come last. §4.2.11 */
export function pskExtension({ options }: Client, { session, suite }: OfferedPsk): Extension {
  const age = options.now() - session.createdAt;
  return makeExtension(ExtensionType.pre_shared_key, offeredPsks, {
    // §4.2.11.1: in milliseconds, modulo 2^32.
    identities: [{ identity: session.ticket, obfuscatedTicketAge: (age + session.ageAdd) % 2 ** 32 }],
    binders: placeholder(suite.hash),
  });
}

const placeholder = ({ outputLen }: Hash): PskOffer['binders'] => [new Uint8Array(outputLen)];

/** Writes the binder over the zeros. `message` is the whole ClientHello, not yet in the transcript. §4.2.11.2 */
export function bind({ core }: Client, message: Uint8Array, { session, suite }: OfferedPsk): void {
  const { hash } = suite;
  const truncated = message.subarray(0, message.length - bindersLength(placeholder(hash)));
  const binder = binderOf(hash, session.secret, core.transcript, truncated);
  message.set(binder, message.length - binder.length);
}
