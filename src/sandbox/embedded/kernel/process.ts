import type { FromProcess, ProcessStart, ToProcess } from '../protocol.ts';
import type { OutputQueue } from './output.ts';
import type { EngineWorker } from './workers.ts';

/** Standard input on its way: of one process, and of those that inherit it. Whoever asked last reads. */
export interface StandardInput {
  readonly waiting: (Uint8Array | null)[];
  reader?: KernelProcess;
  isEnded: boolean;
}

/** A process, as the kernel knows it: one number, and one program after another where `npm run` names several. */
export interface KernelProcess {
  readonly pid: number;
  readonly parent?: KernelProcess;
  readonly host: string;
  readonly env: Readonly<Record<string, string>>;
  readonly input: StandardInput;
  readonly output: OutputQueue;
  /** Who writes into `output`: the process, and children that inherited one of its descriptors. */
  writers: number;
  /** The worker of the program that runs now. */
  worker?: EngineWorker;
  /** What it will be told when it is there. */
  readonly early: ToProcess[];
  /** Signals that do not end it. */
  listensTo: readonly number[];
  /** How it ended. */
  ended?: { readonly code: number; readonly signal: number; isTold?: boolean };
  /** Its descriptors, for a child: which of them are pipes to the parent. */
  readonly pipes: readonly number[];
}

/** The exit code of Node.js for a failure of its own inside. */
const INTERNAL_FAILURE = 7;

export function tell(process: KernelProcess, message: ToProcess): void {
  if (process.worker) process.worker.add(message);
  else process.early.push(message);
}

/** Gives waiting input to whoever reads it. */
export function deliverInput(input: StandardInput): void {
  const { reader, waiting } = input;
  if (!reader || reader.ended) return;
  for (const bytes of waiting.splice(0)) {
    input.isEnded = bytes === null;
    tell(reader, { type: 'input', bytes });
  }
}

/** Makes a worker into a process and reads what it says. */
export function startProcess(
  process: KernelProcess,
  worker: EngineWorker,
  start: ProcessStart,
  handlers: {
    message(message: FromProcess): void;
    exit(code: number, signal?: number): void;
    /** All that one batch caused has been done. */
    settled(): void;
  },
): void {
  const { output } = process;
  worker.onbatch = (batch) => {
    for (const message of batch) {
      if (message.type === 'output') output.push(message.fd, message.bytes);
      else if (message.type === 'exit') handlers.exit(message.code, message.signal);
      else if (message.type === 'failed') {
        output.push(2, new TextEncoder().encode(`[handfast] The engine failed: ${message.message}\n`));
        handlers.exit(INTERNAL_FAILURE);
      } else handlers.message(message);
    }
    handlers.settled();
  };
  worker.add({ type: 'start', process: start });
  process.worker = worker;
  for (const message of process.early.splice(0)) worker.add(message);
}
