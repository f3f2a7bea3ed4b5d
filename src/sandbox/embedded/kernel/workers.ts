import { type Batch, createBatch } from '../batch.ts';
import type { FromProcess, ToProcess } from '../protocol.ts';

/** A worker with the engine in it: a spare until it is started as a process. */
export interface EngineWorker extends Batch<ToProcess> {
  /** Whoever owns the worker reads here; nothing is lost before it is set. */
  onbatch: ((batch: FromProcess[]) => void) | undefined;
  /** Ends it at once, in the middle of whatever it does. */
  terminate(): void;
}

export interface WorkerPool {
  take(): Promise<EngineWorker>;
  /** A worker that was taken has its start behind it. One that is ended needs not say so. */
  begun(worker: EngineWorker): void;
  /** A worker that was taken is busy with its start. */
  readonly isStarting: boolean;
  /** Starts spares until there are enough. */
  fill(): void;
}

/** Evaluated first in every worker: loads the engine from bytes it is handed, because its address may not be readable there. */
const BOOTSTRAP = `onmessage = (event) => {
  onmessage = null;
  const [port] = event.ports;
  self.handfastPort = port;
  const url = URL.createObjectURL(event.data);
  try { importScripts(url); } catch (error) { port.postMessage([{ type: 'failed', message: String(error) }]); }
  URL.revokeObjectURL(url);
};`;

/** `data:` workers are secure contexts in Chromium, `blob:` ones are not; in WebKit a `data:` worker cannot load blobs. */
type Kind = 'data' | 'blob';

const createAddress: Record<Kind, () => string> = {
  data: () => `data:text/javascript,${encodeURIComponent(BOOTSTRAP)}`,
  blob: () => URL.createObjectURL(new Blob([BOOTSTRAP], { type: 'text/javascript' })),
};

/** One for all workers, and never revoked: in WebKit (2.50) a worker whose own address is gone can load no blob either. */
const addresses: { [As in Kind]?: string } = {};
function addressOf(kind: Kind): string {
  addresses[kind] ??= createAddress[kind]();
  return addresses[kind];
}

/** How long nothing starts before spares begin to practise: a Run that comes at once should find them free. */
const PRACTISE_AFTER_MS = 40;

/** New spares wait until every process has begun, for this long: those that start have the processor to themselves. */
const REFILL_AFTER_MS = 250;

/** A program may never get through its start. */
const LONGEST_START_MS = 4000;

export interface PoolOptions {
  /** How many spares are kept. */
  readonly wanted: number;
  /** Whether others than processes need the processor more than spares that practise. */
  isBusy(): boolean;
}

export function createWorkerPool(engine: Blob, { wanted, isBusy }: PoolOptions): WorkerPool {
  const spares: EngineWorker[] = [];
  let kind: Kind | undefined;
  const practised = new WeakSet<EngineWorker>();
  const starting = new Set<EngineWorker>();
  let refill: ReturnType<typeof setTimeout> | undefined;
  let practice: ReturnType<typeof setTimeout> | undefined;
  let probing: Promise<EngineWorker | undefined> | undefined;

  function start(as: Kind, onfirst: (message: FromProcess) => void): EngineWorker {
    const worker = new Worker(addressOf(as));
    const { port1, port2 } = new MessageChannel();
    worker.onerror = (event) => {
      event.preventDefault();
      onfirst({ type: 'failed', message: event.message || 'The worker could not be started' });
    };
    worker.postMessage(engine, [port2]);
    const batch = createBatch<ToProcess>((messages, transfer) => port1.postMessage(messages, transfer));
    const early: FromProcess[] = [];
    let owner: EngineWorker['onbatch'];
    port1.onmessage = ({ data }: MessageEvent<FromProcess[]>) => {
      const [first] = data;
      if (first?.type === 'ready') onfirst(first);
      else if (first?.type === 'failed' && !owner) {
        early.push(...data);
        onfirst(first);
      } else if (owner) owner(data);
      else early.push(...data);
    };
    const started: EngineWorker = {
      ...batch,
      get onbatch() {
        return owner;
      },
      set onbatch(listener) {
        owner = listener;
        // Later: whoever starts a process hears its number first, and then that it has failed.
        if (early.length > 0) setTimeout(() => owner?.(early.splice(0)));
      },
      terminate() {
        port1.onmessage = null;
        port1.close();
        worker.terminate();
        begun(started);
      },
    };
    return started;
  }

  function startKnown(as: Kind): EngineWorker {
    return start(as, (message) => {
      if (message.type === 'ready') practiseLater();
    });
  }

  function practiseLater(): void {
    clearTimeout(practice);
    practice = setTimeout(() => {
      if (starting.size > 0 || isBusy()) return practiseLater();
      for (const worker of spares) {
        if (practised.has(worker)) continue;
        practised.add(worker);
        worker.add({ type: 'practise' });
        worker.flush();
      }
    }, PRACTISE_AFTER_MS);
  }

  /** The first worker shows which kind this browser runs. */
  function probe(as: Kind): Promise<EngineWorker | undefined> {
    return new Promise((resolve) => {
      const worker = start(as, (message) => {
        if (message.type === 'ready') {
          kind = as;
          return resolve(worker);
        }
        if (as === 'data') {
          worker.terminate();
          return resolve(probe('blob'));
        }
        // Neither works: the process that gets this worker will say why.
        kind = as;
        resolve(worker);
      });
    });
  }

  function fill(): void {
    if (!kind) {
      probing ??= probe('data').then((worker) => {
        if (worker) {
          spares.push(worker);
          practiseLater();
        }
        fill();
        return undefined;
      });
      return;
    }
    while (spares.length < wanted) spares.push(startKnown(kind));
  }

  function fillLater(): void {
    clearTimeout(refill);
    refill = setTimeout(fill, starting.size > 0 ? LONGEST_START_MS : REFILL_AFTER_MS);
  }

  function begun(worker: EngineWorker): void {
    if (starting.delete(worker)) fillLater();
  }

  return {
    fill,
    begun,
    get isStarting() {
      return starting.size > 0;
    },
    async take() {
      if (!kind) {
        fill();
        await probing;
      }
      const worker = spares.shift() ?? startKnown(kind as Kind);
      starting.add(worker);
      fillLater();
      practiseLater();
      return worker;
    },
  };
}
