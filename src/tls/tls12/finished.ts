import { equal } from '../bytes.ts';
import { decode } from '../codec/reader.ts';
import { HandshakeType } from '../codec/registries.ts';
import { finished12 } from '../codec/tls12-messages.ts';
import type { Core, State } from '../core.ts';
import { tlsError } from '../errors.ts';
import type { Message } from '../handshake-joiner.ts';
import { type Keys, verifyData } from './key-schedule.ts';
import { RecordProtection12 } from './record-protection.ts';

/** ChangeCipherSpec and Finished, which end a handshake in both directions. RFC 5246 §7.1, §7.4.9 */

export function sendFinished12(core: Core, keys: Keys): void {
  // Where OpenSSL logs it too: programs see the lines at the same time.
  core.keyLog('CLIENT_RANDOM', keys.clientRandom, keys.master);
  core.outgoing.changeCipherSpec(new RecordProtection12(keys.suite, keys[core.role]));
  const own = verifyData(keys, core.role, core.transcript.hash());
  core.finished.own = own;
  core.sendHandshake(HandshakeType.finished, finished12, own);
}

/** Waits until the peer says that it has the keys now; what it says next must be encrypted. RFC 5246 §7.1 */
export function expectChangeCipherSpec(core: Core, keys: Keys, next: () => State): State {
  return {
    name: 'expectChangeCipherSpec',
    expects: [],
    handle() {
      throw tlsError('internal-error');
    },
    changeCipherSpec() {
      core.incoming.protectWith(new RecordProtection12(keys.suite, keys[peerOf(core)]));
      return expectFinished12(core, keys, next);
    },
  };
}

/** Waits for the proof that the peer saw the same handshake and has its master secret. RFC 5246 §7.4.9 */
function expectFinished12(core: Core, keys: Keys, next: () => State): State {
  return {
    name: 'expectFinished12',
    expects: [HandshakeType.finished],
    handle(message) {
      receiveFinished12(core, message, keys);
      return next();
    },
  };
}

function receiveFinished12(core: Core, message: Message, keys: Keys): void {
  const received = decode(finished12, message.body, 'Finished');
  const expected = verifyData(keys, peerOf(core), core.transcript.hash());
  if (received.length !== expected.length)
    throw tlsError('bad-finished-length', { expected: expected.length, actual: received.length });
  if (!equal(received, expected)) throw tlsError('bad-finished');
  core.finished.peer = expected;
  core.transcript.add(message.bytes);
}

function peerOf(core: Core): 'client' | 'server' {
  return core.role === 'client' ? 'server' : 'client';
}
