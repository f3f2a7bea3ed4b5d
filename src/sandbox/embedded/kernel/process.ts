import type { FromProcess, ProcessStart } from '../protocol.ts';
import { createOutputQueue, type OutputQueue } from './output.ts';
import type { EngineWorker } from './workers.ts';

/** A running process, as the kernel knows it. */
export interface KernelProcess {
  readonly pid: number;
  readonly worker: EngineWorker;
  readonly output: OutputQueue;
}

/** The exit code of Node.js for a failure of its own inside. */
const INTERNAL_FAILURE = 7;

/** Makes a worker into a process and reads what it says. */
export function startProcess(
  worker: EngineWorker,
  start: ProcessStart,
  handlers: {
    message(message: FromProcess): void;
    exit(code: number): void;
    /** All that one batch caused has been done. */
    settled(): void;
    output(fd: 1 | 2, bytes: Uint8Array): void;
    outputEnd(): void;
  },
): KernelProcess {
  const output = createOutputQueue(handlers.output, handlers.outputEnd);
  worker.onbatch = (batch) => {
    for (const message of batch) {
      if (message.type === 'output') output.push(message.fd, message.bytes);
      else if (message.type === 'exit') handlers.exit(message.code);
      else if (message.type === 'failed') {
        output.push(2, new TextEncoder().encode(`[handfast] The engine failed: ${message.message}\n`));
        handlers.exit(INTERNAL_FAILURE);
      } else handlers.message(message);
    }
    handlers.settled();
  };
  worker.add({ type: 'start', process: start });
  return { pid: start.pid, worker, output };
}
