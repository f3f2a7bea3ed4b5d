// The engine's script, evaluated as in a worker of the page.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { BOOTSTRAP } from '../../src/sandbox/embedded/kernel/workers.ts';

const engine = readFileSync(path.join(import.meta.dirname, '../../.build/engine/worker.js'), 'utf8');

/** What the script finds in a browser's worker, and a count of the frames whose places V8 has to tell. */
const PROGRAM = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { runInThisContext } = require('node:vm');
  let told = 0;
  Error.prepareStackTrace = (error, frames) => {
    told += frames.length;
    return String(error);
  };
  const importScripts = () => runInThisContext(workerData);
  Object.assign(globalThis, { self: globalThis, isSecureContext: true, close() {}, importScripts });
  const said = [];
  ${BOOTSTRAP}
  onmessage({ data: new Blob([]), ports: [{ postMessage: (messages) => said.push(...messages) }] });
  const atStart = told;
  void new Error('of a program').stack;
  parentPort.postMessage({ said, atStart, later: told - atStart });
`;

test('no place in the engine is told while it is evaluated: V8 would parse all of it again', async () => {
  const worker = new Worker(PROGRAM, { eval: true, workerData: engine });
  try {
    const [{ said, atStart, later }] = await once(worker, 'message');
    assert.deepEqual(said, [{ type: 'ready', secure: true }]);
    assert.equal(atStart, 0);
    assert.ok(later > 0, 'the errors of programs have their frames');
  } finally {
    await worker.terminate();
  }
});
