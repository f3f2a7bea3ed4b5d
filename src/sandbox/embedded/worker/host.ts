import type { Host } from '../../../node/host.ts';
import { createFileReplica } from '../files/replica.ts';
import { createProcessNetwork } from '../network/process-network.ts';
import type { ProcessStart, ToProcess } from '../protocol.ts';
import { createChildren } from './children.ts';
import type { Outbox } from './outbox.ts';

/** A Host whose outside world is the kernel. */
export interface WorkerHost extends Host {
  /** Anything the kernel says after the start. */
  receive(message: ToProcess): void;
}

/** `crypto.getRandomValues` gives at most this much at once. */
const RANDOM_PIECE = 65536;

export function createHost(
  start: ProcessStart,
  outbox: Outbox,
  end: (code: number, signal?: number) => never,
  formatUncaught: Host['formatUncaught'],
): WorkerHost {
  // The program may replace these on the global object; the host must not notice.
  const now = Date.now;
  const crypto = globalThis.crypto;

  const files = createFileReplica(start.files, now, (update) => outbox.send({ type: 'file', update }));
  const network = createProcessNetwork(start.network, (request) => outbox.send(request));
  const input = createInput();
  const channelInput = createInput();
  const channelFd = Number(start.env.NODE_CHANNEL_FD ?? 0);
  const keyRequests: ((key: Uint8Array | undefined) => void)[] = [];
  const children = createChildren(start.pids, outbox.send);

  return {
    self: {
      pid: start.pid,
      ppid: start.ppid,
      execPath: '/usr/local/bin/node',
      args: start.args,
      execArgv: start.execArgv,
      cwd: start.cwd,
      env: start.env,
      hostname: start.hostname,
    },
    files,
    network,
    asset: (name) => start.pieces[name],
    write: outbox.write,
    onInput(listener) {
      input.listen(listener);
      outbox.send({ type: 'reads-input' });
    },
    exit: end,
    listensTo: (signals) => outbox.send({ type: 'listens-to', signals }),
    children,
    channel:
      channelFd === 0
        ? undefined
        : {
            fd: channelFd,
            write(bytes) {
              if (bytes) outbox.write(channelFd, bytes);
              else outbox.send({ type: 'close-channel', fd: channelFd });
            },
            onData: channelInput.listen,
          },
    now,
    random(bytes) {
      for (let at = 0; at < bytes.length; at += RANDOM_PIECE) {
        crypto.getRandomValues(bytes.subarray(at, at + RANDOM_PIECE) as Uint8Array<ArrayBuffer>);
      }
    },
    rsaKey: () =>
      new Promise((resolve) => {
        keyRequests.push(resolve);
        outbox.send({ type: 'rsa-key' });
      }),
    keylog: (line) => outbox.send({ type: 'keylog', line }),
    formatUncaught,

    receive(message) {
      switch (message.type) {
        case 'practise':
        case 'start':
          return;
        case 'input':
          (message.fd ? channelInput : input).receive(message.bytes);
          return;
        case 'from-child':
        case 'child-exit':
          children.receive(message);
          return;
        case 'signal':
          return;
        case 'rsa-key':
          keyRequests.shift()?.(message.key);
          return;
        case 'file':
          files.receive(message.update);
          return;
        case 'file-settled':
          files.settled();
          return;
        default:
          network.receive(message);
      }
    },
  };
}

/** Keeps what comes before somebody listens. */
function createInput() {
  const early: (Uint8Array | null)[] = [];
  let listener: ((bytes: Uint8Array | null) => void) | undefined;
  return {
    receive(bytes: Uint8Array | null) {
      if (listener) listener(bytes);
      else early.push(bytes);
    },
    listen(next: (bytes: Uint8Array | null) => void) {
      listener = next;
      for (const bytes of early.splice(0)) listener(bytes);
    },
  };
}
