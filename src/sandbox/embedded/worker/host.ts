import type { Host } from '../../../node/host.ts';
import { createFileReplica } from '../files/replica.ts';
import { createProcessNetwork } from '../network/process-network.ts';
import type { ProcessStart, ToProcess } from '../protocol.ts';
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
  end: (code: number) => never,
  formatUncaught: Host['formatUncaught'],
): WorkerHost {
  // The program may replace these on the global object; the host must not notice.
  const now = Date.now;
  const crypto = globalThis.crypto;

  const files = createFileReplica(start.files, now, (update) => outbox.send({ type: 'file', update }));
  const network = createProcessNetwork(start.network, (request) => outbox.send(request));
  const earlyInput: (Uint8Array | null)[] = [];
  let input: ((bytes: Uint8Array | null) => void) | undefined;

  return {
    self: {
      pid: start.pid,
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
      input = listener;
      for (const bytes of earlyInput.splice(0)) listener(bytes);
    },
    exit: (code) => end(code),
    now,
    random(bytes) {
      for (let at = 0; at < bytes.length; at += RANDOM_PIECE) {
        crypto.getRandomValues(bytes.subarray(at, at + RANDOM_PIECE) as Uint8Array<ArrayBuffer>);
      }
    },
    keylog: (line) => outbox.send({ type: 'keylog', line }),
    formatUncaught,

    receive(message) {
      switch (message.type) {
        case 'practise':
        case 'start':
          return;
        case 'input':
          if (input) input(message.bytes);
          else earlyInput.push(message.bytes);
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
