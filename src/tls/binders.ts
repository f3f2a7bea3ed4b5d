import type { Hash } from './cipher-suites.ts';
import type { PskOffer } from './codec/extensions.ts';
import { finishedMac, KeySchedule } from './key-schedule.ts';
import type { Transcript } from './transcript.ts';

/**
 * A binder: the proof that a client knows the key of the ticket it shows. Like Finished it is an HMAC over the handshake so
 * far, which here ends within the ClientHello itself, just before the list of binders. §4.2.11.2
 */
export function binderOf(
  hash: Hash,
  preSharedKey: Uint8Array,
  transcript: Transcript,
  truncatedHello: Uint8Array,
): Uint8Array {
  const key = new KeySchedule(hash, preSharedKey).binderKey();
  return finishedMac(hash, key, transcript.hashWith(hash, truncatedHello));
}

/** How many bytes the list of binders takes, at the end of pre_shared_key and so of the ClientHello. */
export function bindersLength(binders: PskOffer['binders']): number {
  return binders.reduce((length, binder) => length + 1 + binder.length, 2);
}
