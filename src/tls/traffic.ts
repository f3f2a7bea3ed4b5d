import { keyUpdate } from './codec/messages.ts';
import { decode } from './codec/reader.ts';
import { HandshakeType, KeyUpdateRequest } from './codec/registries.ts';
import type { Core, State } from './core.ts';
import { tlsError } from './errors.ts';
import type { Message } from './handshake-joiner.ts';

/** A peer may change its keys often, but not do nothing else. BoringSSL stops here too. */
const MAX_KEY_UPDATES = 32;

/** The handshake is complete: application data flows, keys may change, and a client may get tickets. §4.6 */
export function expectTraffic(core: Core, receiveTicket?: (message: Message) => void): State {
  let keyUpdatesInARow = 0;
  core.onProgress = () => {
    keyUpdatesInARow = 0;
  };
  const state: State = {
    name: 'expectTraffic',
    // Post-handshake authentication was never offered, so no CertificateRequest may come either. §4.6.2
    expects: receiveTicket
      ? [HandshakeType.new_session_ticket, HandshakeType.key_update]
      : [HandshakeType.key_update],
    handle(message) {
      if (message.type === HandshakeType.new_session_ticket) receiveTicket?.(message);
      else {
        keyUpdatesInARow += 1;
        if (keyUpdatesInARow > MAX_KEY_UPDATES) throw tlsError('too-many-key-updates');
        receiveKeyUpdate(core, message);
      }
      return state;
    },
  };
  return state;
}

/** §4.6.3 */
function receiveKeyUpdate(core: Core, message: Message): void {
  const request = decode(keyUpdate, message.body, 'KeyUpdate');
  const requested = request === KeyUpdateRequest.update_requested;
  if (!requested && request !== KeyUpdateRequest.update_not_requested)
    throw tlsError('bad-key-update', { expected: [0, 1], actual: request });
  core.updateReadKeys();
  core.emit({ type: 'key-update', sent: false, requested });
  // "Prior to sending its next Application Data record", so that one who is silent answers many with one: else a peer
  // that never reads could make our output grow for ever.
  if (requested) core.keyUpdateOwed = true;
}
