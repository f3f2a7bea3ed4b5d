import { alertNumber } from './alerts.ts';
import type { Choices, ClientOptions, Identity, ServerOptions, TlsConnection } from './api.ts';
import { sendClientHello } from './client/client-hello.ts';
import { expectServerHello } from './client/server-hello.ts';
import { type AlertName, ProtocolVersion } from './codec/registries.ts';
import { Core, type State } from './core.ts';
import { tlsError } from './errors.ts';
import { expectClientHello } from './server/client-hello.ts';
import type { Server } from './server/context.ts';
import { isWaiting } from './server/waiting.ts';
import { checkedFragment, settingsOf } from './settings.ts';

/** The client's end of a connection. */
export function createTlsClient(options: ClientOptions): TlsConnection {
  const settings = settingsOf(options);
  const core = new Core('client', options.onEvent, nothingYet('beforeStart'));
  let started = false;
  return connectionOver(core, options, {
    start() {
      if (started) return;
      started = true;
      const client = { core, options, settings };
      core.guard(() => core.enter(expectServerHello(client, sendClientHello(client))));
    },
    resume() {},
  });
}

/** The server's end of a connection. */
export function createTlsServer(options: ServerOptions): TlsConnection {
  const settings = settingsOf(options);
  const core = new Core('server', options.onEvent, nothingYet('beforeStart'));
  const server: Server = {
    core,
    options,
    settings,
    choices: { identity: undefined, alpn: undefined, nameUsed: undefined, session: undefined },
  };
  core.enter(expectClientHello(server));
  return connectionOver(core, options, {
    start() {},
    resume(identity, choices) {
      if (!core.paused || core.ended) return;
      server.choices.identity = identity;
      server.choices.alpn = choices?.alpn;
      server.choices.nameUsed = choices?.nameUsed;
      server.choices.session = choices?.session;
      core.paused = false;
      core.proceed((state) => (isWaiting(state) ? state.proceed() : state));
    },
  });
}

function nothingYet(name: string): State {
  return {
    name,
    expects: [],
    handle() {
      throw tlsError('internal-error');
    },
  };
}

/** What client and server offer their owner alike. */
function connectionOver(
  core: Core,
  { maxSendFragment }: ClientOptions | ServerOptions,
  own: Pick<TlsConnection, 'start' | 'resume'>,
): TlsConnection {
  if (maxSendFragment !== undefined) core.outgoing.limitFragments(maxSendFragment);
  function demandConnected(): void {
    if (!core.connected) throw tlsError('not-connected');
    if (core.ended || core.closeSent) throw tlsError('already-closed');
  }
  return {
    start: own.start,
    resume: (identity?: Identity, choices?: Choices) => own.resume(identity, choices),
    receive: (ciphertext: Uint8Array) => core.receive(ciphertext),
    receiveEnd: () => core.receiveEnd(),
    write(plaintext: Uint8Array) {
      demandConnected();
      core.guard(() => core.sendData(plaintext));
    },
    close: () => core.guard(() => core.sendCloseNotify()),
    takeOutput: () => core.takeOutput(),
    setMaxSendFragment: (length: number) => core.outgoing.limitFragments(checkedFragment(length)),
    abort: (alert: AlertName | number) => core.guard(() => core.abort(alertNumber(alert))),
    updateKeys(requestPeer: boolean) {
      demandConnected();
      if (core.version !== ProtocolVersion['TLSv1.3'])
        throw tlsError('bad-options', { expected: 'TLS 1.3, which alone can change keys' });
      core.guard(() => core.sendKeyUpdate(requestPeer));
    },
    exportKeyingMaterial: (label, context, length) => core.exportKeyingMaterial(label, context, length),
    get result() {
      return core.result;
    },
  };
}
