/**
 * The kernel: runs in the sealed frame, between the page and the processes. The frame's boot script leaves the port to
 * the page and the worker's script in `handfastBoot`.
 */
import type { PartName } from '../../../node/pieces/list.ts';
import { createBatch } from '../batch.ts';
import type { CallName, FromPage, KernelCalls, ToPage } from '../protocol.ts';
import { createRsaKeys } from './rsa-keys.ts';
import { createWorkerPool } from './workers.ts';
import { World } from './world.ts';

interface Boot {
  port: MessagePort;
  worker: string;
}

const scope = globalThis as { handfastBoot?: Boot };
const { port, worker } = scope.handfastBoot as Boot;
delete scope.handfastBoot;

const engine = new Blob([worker, '\n//# sourceURL=node:internal/handfast'], { type: 'text/javascript' });
// Absent outside a secure context.
const keys = createRsaKeys(globalThis.crypto?.subtle, () => pool.isStarting);
// One for a server and one for a client. A third took more from two worlds side by side than it gave to three servers; on a
// single core a second one would only be in the way.
const pool = createWorkerPool(engine, {
  wanted: navigator.hardwareConcurrency > 1 ? 2 : 1,
  // Before the first lab is there nobody knows whether its keys will be needed first.
  isBusy: () => !isMounted || keys.isMaking,
});
const page = createBatch<ToPage>((messages, transfer) => port.postMessage(messages, transfer));
const worlds = new Map<number, World>();
/** Scripts of the pieces of Node's library that a program has asked for so far. */
const pieces = new Map<PartName, string | Uint8Array>();
let isMounted = false;
let lastWorld = 0;
let lastPid = 1000;

function world(id: number): World {
  const found = worlds.get(id);
  if (!found) throw new Error('This sandbox was torn down');
  return found;
}

const calls: {
  [Name in CallName]: (
    body: KernelCalls[Name]['in'],
  ) => KernelCalls[Name]['out'] | Promise<KernelCalls[Name]['out']>;
} = {
  boot(body) {
    const id = ++lastWorld;
    worlds.set(id, new World(id, body, page, pool, keys, () => ++lastPid));
    return { world: id };
  },
  mount(body) {
    isMounted = true;
    return world(body.world).mount(body.entries);
  },
  spawn: (body) => world(body.world).spawn(body, pieces),
  missingPieces(body) {
    const names = world(body.world).piecesFor(body.program);
    return { names: names.filter((name) => !pieces.has(name)) };
  },
  addPiece({ name, script }) {
    pieces.set(name, script);
    return null;
  },
  readFile: (body) => world(body.world).readFile(body.path),
  writeFile: (body) => world(body.world).writeFile(body.path, body.bytes),
  readdir: (body) => world(body.world).readdir(body.path),
  mkdir: (body) => world(body.world).mkdir(body.path, body.recursive),
  rm: (body) => world(body.world).rm(body.path, body.recursive, body.force),
  teardown(body) {
    world(body.world).teardown();
    worlds.delete(body.world);
    return null;
  },
};

async function answer(id: number, name: CallName, body: unknown): Promise<void> {
  try {
    const value = await (calls[name] as (body: unknown) => unknown)(body);
    page.add({ type: 'answer', id, value });
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    page.add({ type: 'refusal', id, message, code });
  }
  page.flush();
}

port.onmessage = ({ data: message }: MessageEvent<FromPage>) => {
  switch (message.type) {
    case 'call':
      void answer(message.id, message.name, message.body);
      return;
    case 'kill':
      worlds.get(message.world)?.kill(message.pid, message.code);
      break;
    case 'input':
      worlds.get(message.world)?.input(message.pid, message.bytes);
      break;
    case 'taken':
      worlds.get(message.world)?.taken(message.pid, message.count);
      break;
    case 'captured':
      worlds.get(message.world)?.captured(message.count);
      break;
    case 'watch':
      worlds.get(message.world)?.watch(message.name, message.on);
      break;
    case 'on-path':
      worlds.get(message.world)?.onPath(message.on);
      break;
    case 'pass':
      worlds.get(message.world)?.pass(message);
      break;
    case 'ping':
      page.add({ type: 'pong', id: message.id });
      break;
  }
  page.flush();
};

pool.fill();
page.add({ type: 'ready' });
page.flush();
