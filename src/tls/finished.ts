import { equal } from './bytes.ts';
import type { Suite } from './cipher-suites.ts';
import { finished } from './codec/messages.ts';
import { decode } from './codec/reader.ts';
import { HandshakeType } from './codec/registries.ts';
import type { Core } from './core.ts';
import { tlsError } from './errors.ts';
import type { Message } from './handshake-joiner.ts';
import { finishedMac } from './key-schedule.ts';

/** Finished, which is the same in both directions: both sides saw the same handshake, and know its keys. §4.4.4 */

export function receiveFinished(
  core: Core,
  message: Message,
  { hash }: Suite,
  trafficSecret: Uint8Array,
): void {
  const received = decode(finished, message.body, 'Finished');
  const expected = finishedMac(hash, trafficSecret, core.transcript.hash());
  if (received.length !== expected.length)
    throw tlsError('bad-finished-length', { expected: expected.length, actual: received.length });
  if (!equal(received, expected)) throw tlsError('bad-finished');
  core.finished.peer = expected;
  core.transcript.add(message.bytes);
  // Nothing that only the handshake tolerates may come after the peer's Finished. §5
  core.incoming.allowsChangeCipherSpec = false;
}

export function sendFinished(core: Core, { hash }: Suite, trafficSecret: Uint8Array): void {
  const mac = finishedMac(hash, trafficSecret, core.transcript.hash());
  core.finished.own = mac;
  core.sendHandshake(HandshakeType.finished, finished, mac);
}
