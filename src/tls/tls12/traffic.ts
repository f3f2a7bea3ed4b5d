import { AlertDescription, HandshakeType } from '../codec/registries.ts';
import type { Core, State } from '../core.ts';
import { tlsError } from '../errors.ts';

/** How often a peer may ask in vain before it says something else. */
const MAX_REFUSALS = 4;

/**
 * The handshake is complete and there will be no other: who wants one, with a HelloRequest or a ClientHello, is told so
 * with a warning, and the connection goes on. RFC 5246 §7.2.2, §7.4.1.1
 */
export function expectTraffic12(core: Core): State {
  let refusals = 0;
  core.onProgress = () => {
    refusals = 0;
  };
  const state: State = {
    name: 'expectTraffic12',
    expects: [core.role === 'client' ? HandshakeType.hello_request : HandshakeType.client_hello],
    handle() {
      refusals += 1;
      if (refusals > MAX_REFUSALS) throw tlsError('too-many-renegotiations');
      core.warn(AlertDescription.no_renegotiation);
      return state;
    },
  };
  return state;
}

/** A server may ask for a handshake at any time; while there is one its wish means nothing. RFC 5246 §7.4.1.1 */
export function ignoringHelloRequests(state: State): State {
  let left = MAX_IGNORED;
  const ignoring: State = {
    ...state,
    expects: [...state.expects, HandshakeType.hello_request],
    handle(message) {
      if (message.type !== HandshakeType.hello_request || state.expects.includes(message.type))
        return state.handle(message);
      left -= 1;
      if (left < 0) throw tlsError('too-many-renegotiations');
      return ignoring;
    },
  };
  return ignoring;
}

const MAX_IGNORED = 32;
