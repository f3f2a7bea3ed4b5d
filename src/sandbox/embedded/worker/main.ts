/** The script of every worker: a spare until the kernel makes it a process. */
import {
  createRuntime,
  followAwaits,
  gather,
  practise,
  prepareRuntime,
  setPieceLoader,
} from '../../../node/index.ts';
import { createLoader, formatUncaught } from '../loader/index.ts';
import type { FromProcess, ProcessStart, ToProcess } from '../protocol.ts';
import { createEvaluate } from './evaluate.ts';
import { createHost, type WorkerHost } from './host.ts';
import { createOutbox } from './outbox.ts';
import { createStandstill } from './standstill.ts';

// What the engine needs of the browser, taken before the program's globals replace it.
const scope = globalThis as typeof globalThis & { handfastPort?: MessagePort };
const port = scope.handfastPort as MessagePort;
delete scope.handfastPort;
const microtask = globalThis.queueMicrotask.bind(globalThis);
const clock = performance.now.bind(performance);
const later = globalThis.setTimeout.bind(globalThis);
const close = globalThis.close.bind(globalThis);
const standStill = createStandstill();

const outbox = createOutbox(
  (messages: FromProcess[], transfer) => port.postMessage(messages, transfer),
  microtask,
  clock,
);

/** The end: nothing of the program runs after it, not even the rest of the current call. The kernel terminates us in it. */
function end(code: number, signal?: number): never {
  outbox.send({ type: 'exit', code, signal });
  outbox.flush();
  close();
  return standStill();
}

let host: WorkerHost | undefined;
let deliver: (signal: number) => void = () => {};

/** Handshakes a spare makes with itself; more do not make the first real one any faster. */
const PRACTICE_ROUNDS = 4;

function start(process: ProcessStart): void {
  host = createHost(process, outbox, end, formatUncaught);
  const runtime = createRuntime(host);
  deliver = runtime.signal;
  const evaluate = createEvaluate();
  const { files } = host;
  setPieceLoader((name, root) => {
    const script = process.pieces[name];
    // The kernel reads a program's text to know: this one names the module only as it runs.
    if (script === undefined) {
      throw new Error(
        `The module "${root}" of Node's library is not loaded: the sandbox loads what a program's text names. ` +
          `Name it there, as in require('${root}').`,
      );
    }
    evaluate(script, `node:internal/${name}`);
  });
  const follow = process.pieces.awaits === undefined ? undefined : followAwaits;
  const loader = createLoader({ files, runtime, evaluate, syntax: process.syntax, follow });
  runtime.installGlobals(globalThis);
  runtime.run(
    () => loader.runMain(process.main),
    () => loader.describeUnsettled(),
  );
  later(() => outbox.send({ type: 'begun' }), 0);
}

function receive(message: ToProcess): void {
  if (message.type === 'start') start(message.process);
  else if (message.type === 'practise') practise(PRACTICE_ROUNDS);
  else if (message.type === 'signal') deliver(message.signal);
  else host?.receive(message);
}

port.onmessage = ({ data }: MessageEvent<ToProcess[]>) => gather(() => data.forEach(receive));

outbox.send({ type: 'ready', secure: isSecureContext });
outbox.flush();
// A program that starts this instant would have to do it anyway; one that starts later finds it done.
prepareRuntime();
