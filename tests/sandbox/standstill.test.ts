// A process that has ended leaves the processor to others until its worker is gone.
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

const LIMIT_MS = 120_000;

test('stands still by waiting, and waits again when it is woken', { timeout: LIMIT_MS }, async () => {
  const place = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL('support/standing-worker.ts', import.meta.url), { workerData: place });
  try {
    // One who loops is never there to be woken.
    for (let times = 0; times < 2; times += 1) {
      while (Atomics.notify(place, 0, 1) === 0) await setImmediate();
    }
  } finally {
    await worker.terminate();
  }
});
