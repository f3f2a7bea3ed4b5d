import type { ClientHelloEvent } from '../api.ts';
import type { State } from '../core.ts';
import { tlsError } from '../errors.ts';
import type { Server } from './context.ts';

/** The owner was told of the ClientHello and takes its time; nothing is read until `resume()` calls `proceed`. */
export interface WaitingState extends State {
  proceed(): State;
}

/** Tells the owner of the ClientHello, and goes on at once unless it wants to choose something first. */
export function askOwner(server: Server, hello: ClientHelloEvent, proceed: () => State): State {
  const { core, options } = server;
  const waiting = waitForOwner(proceed);
  core.paused = options.pauseAtClientHello ?? false;
  core.emit(hello);
  // Inside the event the owner may have resumed already, or given up.
  return core.paused || core.ended ? waiting : waiting.proceed();
}

function waitForOwner(proceed: () => State): WaitingState {
  return {
    name: 'waitForOwner',
    expects: [],
    proceed,
    handle() {
      throw tlsError('internal-error');
    },
  };
}

export function isWaiting(state: State): state is WaitingState {
  return 'proceed' in state;
}
