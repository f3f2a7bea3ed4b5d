/** The script of every worker: a spare until the kernel makes it a process. */
import { addTestRunner, createRuntime, practise, prepareRuntime } from '../../../node/index.ts';
import { createLoader, formatUncaught } from '../loader/index.ts';
import { type FromProcess, type ProcessStart, TEST_RUNNER_PATH, type ToProcess } from '../protocol.ts';
import { createEvaluate } from './evaluate.ts';
import { createHost, type WorkerHost } from './host.ts';
import { createOutbox } from './outbox.ts';

// What the engine needs of the browser, taken before the program's globals replace it.
const scope = globalThis as typeof globalThis & { handfastPort?: MessagePort };
const port = scope.handfastPort as MessagePort;
delete scope.handfastPort;
const microtask = globalThis.queueMicrotask.bind(globalThis);
const clock = performance.now.bind(performance);
const close = globalThis.close.bind(globalThis);

const outbox = createOutbox(
  (messages: FromProcess[], transfer) => port.postMessage(messages, transfer),
  microtask,
  clock,
);

/** The end: nothing of the program runs after it, not even the rest of the current call. The kernel terminates us in it. */
function end(code: number): never {
  outbox.send({ type: 'exit', code });
  outbox.flush();
  close();
  for (;;);
}

let host: WorkerHost | undefined;

/** Handshakes a spare makes with itself; more do not make the first real one any faster. */
const PRACTICE_ROUNDS = 4;

/** The page puts the test runner's script among the files when a program there names `node:test`. */
function readTestRunner(files: WorkerHost['files']): string {
  const bytes = files.read(TEST_RUNNER_PATH);
  if (!bytes) throw new Error('The test runner of node:test was not loaded');
  return new TextDecoder().decode(bytes);
}

function start(process: ProcessStart): void {
  host = createHost(process, outbox, end, formatUncaught);
  const runtime = createRuntime(host);
  const evaluate = createEvaluate();
  const { files } = host;
  addTestRunner(() => evaluate(readTestRunner(files), 'node:internal/test_runner'));
  const loader = createLoader({ files, runtime, evaluate });
  runtime.installGlobals(globalThis);
  runtime.run(
    () => loader.runMain(process.args[0]),
    () => loader.describeUnsettled(),
  );
}

port.onmessage = ({ data }: MessageEvent<ToProcess[]>) => {
  for (const message of data) {
    if (message.type === 'start') start(message.process);
    else if (message.type === 'practise') practise(PRACTICE_ROUNDS);
    else host?.receive(message);
  }
};

outbox.send({ type: 'ready', secure: isSecureContext });
outbox.flush();
// A program that starts this instant would have to do it anyway; one that starts later finds it done.
prepareRuntime();
