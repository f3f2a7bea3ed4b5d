import type { PartName } from '../../../node/pieces/list.ts';
import type { Batch } from '../batch.ts';
import { type FileTree, resolvePath } from '../files/tree.ts';
import type { KnownSyntaxTable } from '../loader/syntax-table.ts';
import type { Network } from '../network/network.ts';
import type {
  ChildStart,
  FileEntry,
  FromProcess,
  KernelCalls,
  ToPage,
  ToProcess,
  WorldEvent,
} from '../protocol.ts';
import { type NodeCommand, readCommand } from './command.ts';
import { KernelError } from './error.ts';
import { createOutputQueue } from './output.ts';
import { type Needs, piecesForTree, readProgram, withNeeds } from './pieces.ts';
import { deliverInput, type KernelProcess, type StandardInput, startProcess, tell } from './process.ts';
import type { WorkerPool } from './workers.ts';

/** What processes have around them. */
interface Surroundings {
  readonly world: number;
  readonly workdir: string;
  readonly syntax: KnownSyntaxTable;
  readonly page: Batch<ToPage>;
  readonly pool: WorkerPool;
  readonly files: FileTree;
  readonly network: Pick<Network, 'attach' | 'detach'>;
  nextPid(): number;
  emit(name: WorldEvent, detail: unknown): void;
  /** What a process says that concerns files, network or tap. */
  receive(pid: number, message: FromProcess): void;
}

/** Numbers that a process has at hand for its children, so that it knows a child's at once. */
const NUMBERS_AHEAD = 16;
const SIGKILL = 9;
/** What a shell ends with that does not know a command. */
const NOT_FOUND = 127;
/** SIGCHLD, SIGCONT, SIGURG, SIGWINCH: without a listener they do nothing. */
const HARMLESS = [17, 18, 23, 28];

type Spawn = Omit<KernelCalls['spawn']['in'], 'world'>;

/** The processes of one world: those that the page starts, and the children that they start. */
export class Processes {
  readonly #around: Surroundings;
  readonly #running = new Map<number, KernelProcess>();
  /** Ended, with output that is still on its way. */
  readonly #draining = new Map<number, KernelProcess>();
  #pieces: ReadonlyMap<PartName, string | Uint8Array> = new Map();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  tell(pid: number, message: ToProcess): void {
    this.#running.get(pid)?.worker?.add(message);
  }

  /** Tells every process that has begun. */
  tellAll(message: ToProcess, except?: number): void {
    for (const { pid, worker } of this.#running.values()) if (pid !== except) worker?.add(message);
  }

  has(pid: number): boolean {
    return this.#running.has(pid);
  }

  flush(): void {
    for (const { worker } of this.#running.values()) worker?.flush();
  }

  // --- starting

  #program({ command, args, cwd }: { command: string; args: readonly string[]; cwd: string }) {
    const { files, workdir, syntax } = this.#around;
    const directory = resolvePath(workdir, cwd);
    if (files.stat(directory)?.kind !== 'directory') {
      throw new KernelError('ENOENT', `no such directory, spawn in '${directory}'`);
    }
    const { steps, host } = readCommand(files, directory, command, args);
    const programs = steps.map((step) => {
      const read = (path: string) => (path === step.main ? step.text : undefined) ?? files.read(path);
      return { ...step, ...readProgram(read, step.main, syntax) };
    });
    return { directory, programs, host };
  }

  /** The pieces of Node's library that a program needs, or any program among the files. */
  piecesFor(program: KernelCalls['missingPieces']['in']['program']): PartName[] {
    const { files } = this.#around;
    if (!program) return piecesForTree(files.snapshot());
    const needed = new Set(this.#program(program).programs.flatMap(({ pieces }) => pieces));
    // Its children come without the page being asked: they may be any program of the tree.
    if (needed.has('child-process')) for (const name of piecesForTree(files.snapshot())) needed.add(name);
    return [...needed];
  }

  async spawn(
    { command, args, cwd, env, host }: Spawn,
    pieces: ReadonlyMap<PartName, string | Uint8Array>,
  ): Promise<{ pid: number }> {
    const { page, world, emit, nextPid } = this.#around;
    this.#pieces = pieces;
    const { directory, programs } = this.#program({ command, args, cwd });
    const pid = nextPid();
    const process: KernelProcess = {
      pid,
      host,
      env,
      input: { waiting: [], isEnded: false },
      output: createOutputQueue(
        (fd, bytes) => page.add({ type: 'output', world, pid, fd: fd as 1 | 2, bytes }),
        () => {
          this.#draining.delete(pid);
          page.add({ type: 'output-end', world, pid });
        },
      ),
      writers: 1,
      early: [],
      listensTo: [],
      pipes: [],
    };
    this.#running.set(pid, process);
    await this.#start(process, directory, programs);
    emit('spawn', { pid, command, args, host });
    return { pid };
  }

  /** Runs the first of these programs, and after it the others. */
  async #start(
    process: KernelProcess,
    directory: string,
    [program, ...rest]: readonly (NodeCommand & Needs)[],
  ): Promise<void> {
    const { pool, files, network, nextPid, page, receive } = this.#around;
    const worker = await pool.take();
    if (process.ended) return worker.terminate();
    const { pid, host, env, parent } = process;
    startProcess(
      process,
      worker,
      {
        pid,
        ppid: parent?.pid,
        pids: Array.from({ length: NUMBERS_AHEAD }, nextPid),
        main: program.main,
        args: program.args,
        execArgv: program.execArgv,
        cwd: directory,
        env: { ...env, ...program.env },
        hostname: host,
        files: [...files.snapshot(), ...textOf(program)],
        network: network.attach(pid, host),
        pieces: Object.fromEntries(program.pieces.map((name) => [name, this.#pieces.get(name)])),
        syntax: program.syntax,
      },
      {
        message: (message) => {
          if (this.#running.has(pid) && !this.#receive(process, message)) receive(pid, message);
        },
        exit: (code, signal) => {
          if (code !== 0 || rest.length === 0) return this.#end(process, code, signal);
          process.worker = undefined;
          worker.terminate();
          network.detach(pid);
          void this.#start(process, directory, rest);
        },
        settled: () => {
          this.flush();
          page.flush();
        },
      },
    );
    worker.flush();
  }

  // --- children

  /** What a process says to its children, or the kernel about itself; `false` for anything else. */
  #receive(process: KernelProcess, message: FromProcess): boolean {
    switch (message.type) {
      case 'begun':
        if (process.worker) this.#around.pool.begun(process.worker);
        return true;
      case 'spawn':
        this.#spawnChild(process, message.child);
        return true;
      case 'to-child': {
        const child = this.#running.get(message.pid);
        if (child?.parent !== process) return true;
        if (message.fd !== 0) tell(child, { type: 'input', fd: message.fd, bytes: message.bytes });
        else {
          child.input.waiting.push(message.bytes);
          deliverInput(child.input);
        }
        return true;
      }
      case 'taken':
        this.taken(message.pid, message.count);
        return true;
      case 'signal':
        this.#signal(message.pid, message.signal);
        return true;
      case 'close-channel':
        this.#toParent(process, message.fd, null);
        return true;
      case 'listens-to':
        process.listensTo = message.signals;
        return true;
      case 'reads-input':
        process.input.reader = process;
        if (process.input.isEnded && process.input.waiting.length === 0) process.input.waiting.push(null);
        deliverInput(process.input);
        return true;
      default:
        return false;
    }
  }

  #spawnChild(parent: KernelProcess, { pid, command, args, cwd, env, stdio }: ChildStart): void {
    const inherited = stdio.filter((stream) => stream === 1 || stream === 2);
    parent.writers += inherited.length;
    const input: StandardInput =
      stdio[0] === 0 ? parent.input : { waiting: stdio[0] === 'ignore' ? [null] : [], isEnded: false };
    const child: KernelProcess = {
      pid,
      parent,
      host: parent.host,
      env,
      input,
      output: createOutputQueue(
        (fd, bytes) => {
          const stream = stdio[fd];
          const { length } = bytes;
          if (stream === 'pipe' && !parent.ended) return this.#toParent(child, fd, bytes);
          if (typeof stream === 'number') parent.output.push(stream, bytes);
          child.output.taken(length);
        },
        () => {
          this.#draining.delete(pid);
          for (const fd of child.pipes.toReversed()) this.#toParent(child, fd, null);
          this.#tellEnd(child);
          for (const _ of inherited) this.#release(parent);
        },
      ),
      writers: 1,
      early: [],
      listensTo: [],
      pipes: [...stdio.keys()].filter((fd) => fd > 0 && stdio[fd] === 'pipe'),
    };
    this.#running.set(pid, child);
    try {
      const { directory, programs, host } = this.#program({ command, args, cwd });
      const place = host === undefined ? child : Object.assign(child, { host });
      this.#around.emit('spawn', { pid, command, args: [...args], host: place.host });
      // A forked program has its channel without naming the module.
      const isForked = env.NODE_CHANNEL_FD !== undefined;
      const all = isForked ? programs.map(withChannel) : programs;
      void this.#start(child, directory, all);
    } catch (error) {
      child.output.push(2, new TextEncoder().encode(`${(error as Error).message}\n`));
      this.#end(child, command === 'sh' ? NOT_FOUND : 1);
    }
  }

  #toParent({ pid, parent }: KernelProcess, fd: number, bytes: Uint8Array | null): void {
    if (parent && !parent.ended) tell(parent, { type: 'from-child', pid, fd, bytes });
  }

  /** Tells the parent that a child has ended. */
  #tellEnd({ pid, parent, ended }: KernelProcess): void {
    if (!parent || parent.ended || !ended || ended.isTold) return;
    const { code, signal } = ended;
    ended.isTold = true;
    tell(parent, { type: 'child-exit', pid, code, signal, pids: [this.#around.nextPid()] });
  }

  #signal(pid: number, signal: number): void {
    const process = this.#running.get(pid);
    if (!process) return;
    if (signal !== SIGKILL && process.listensTo.includes(signal)) tell(process, { type: 'signal', signal });
    else if (!HARMLESS.includes(signal)) this.#end(process, 128 + signal, signal);
  }

  // --- ending

  #end(process: KernelProcess, code: number, signal = 0): void {
    const { pid, worker } = process;
    if (process.ended) return;
    process.ended = { code, signal };
    this.#running.delete(pid);
    worker?.terminate();
    this.#around.network.detach(pid);
    this.#around.emit('exit', { pid, code });
    this.#draining.set(pid, process);
    // What its children still write goes nowhere, and nothing more comes to them.
    for (const child of this.#running.values()) {
      if (child.parent !== process) continue;
      if (child.input !== process.input) child.input.waiting.push(null);
      deliverInput(child.input);
      const channel = Number(child.env.NODE_CHANNEL_FD);
      if (channel > 0) tell(child, { type: 'input', fd: channel, bytes: null });
    }
    this.#release(process);
    if (process.writers > 0) this.#tellEnd(process);
  }

  #release(process: KernelProcess): void {
    if (--process.writers === 0) process.output.end();
  }

  /** Ends a process and all that it started. */
  kill(pid: number, code: number): void {
    const process = this.#running.get(pid);
    if (process) this.#end(process, code);
    for (const { parent, pid: child } of [...this.#running.values()])
      if (parent?.pid === pid) this.kill(child, code);
    this.flush();
  }

  killAll(): void {
    for (const pid of [...this.#running.keys()]) this.kill(pid, 128 + SIGKILL);
  }

  // --- standard streams

  input(pid: number, bytes: Uint8Array | null): void {
    const process = this.#running.get(pid);
    if (!process) return;
    process.input.waiting.push(bytes);
    deliverInput(process.input);
    this.flush();
  }

  taken(pid: number, count: number): void {
    (this.#running.get(pid) ?? this.#draining.get(pid))?.output.taken(count);
  }
}

/** The text that `node -e` was given, as the file that its program believes to be. */
const textOf = ({ main, text }: NodeCommand): FileEntry[] =>
  text ? [{ path: main, bytes: text.slice(), mtimeMs: Date.now(), mode: 0 }] : [];

const withChannel = <Program extends Needs>(program: Program): Program => ({
  ...program,
  pieces: [...new Set([...program.pieces, ...withNeeds(['child-process'])])],
});
