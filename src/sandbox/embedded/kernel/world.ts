import type { PartName } from '../../../node/pieces/list.ts';
import type { Endpoint } from '../../index.ts';
import { type Batch, ownBytes } from '../batch.ts';
import { FileTree, parentOf, resolvePath } from '../files/tree.ts';
import type { KnownSyntaxTable } from '../loader/syntax-table.ts';
import { createNetwork, type Segment } from '../network/network.ts';
import {
  CAPTURE_CREDIT,
  type FileEntry,
  type FileUpdate,
  type FromProcess,
  type KernelCalls,
  type ToPage,
  type WorldEvent,
} from '../protocol.ts';
import { readCommand } from './command.ts';
import { piecesForTree, readProgram } from './pieces.ts';
import { type KernelProcess, startProcess } from './process.ts';
import type { WorkerPool } from './workers.ts';

/** An error with a code that the page can show, as Node's file system errors have. */
export class KernelError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

/** Where `node` is said to be, as in Node's own container images. */
const FOLDERS = ['/tmp', '/usr/local/bin'];

type In<Name extends keyof KernelCalls> = Omit<KernelCalls[Name]['in'], 'world'>;

/** One lab: its files, its network, its processes. Worlds share nothing but the pool of spare workers. */
export class World {
  readonly id: number;
  readonly #workdir: string;
  readonly #syntax: KnownSyntaxTable;
  readonly #page: Batch<ToPage>;
  readonly #pool: WorkerPool;
  readonly #nextPid: () => number;
  readonly #files = new FileTree(Date.now);
  readonly #network;
  readonly #processes = new Map<number, KernelProcess>();
  readonly #draining = new Map<number, KernelProcess>();
  readonly #watched = new Set<'keylog' | 'segment'>();
  #captureTravelling = 0;
  #captureLost = 0;

  constructor(
    id: number,
    boot: KernelCalls['boot']['in'],
    page: Batch<ToPage>,
    pool: WorkerPool,
    nextPid: () => number,
  ) {
    this.id = id;
    this.#workdir = resolvePath('/', boot.workdir);
    this.#syntax = boot.syntax;
    this.#page = page;
    this.#pool = pool;
    this.#nextPid = nextPid;
    for (const folder of [...FOLDERS, this.#workdir]) this.#files.makeParents(folder);
    this.#network = createNetwork({
      hosts: boot.hosts,
      localhost: boot.localhost,
      deliver: (pid, notice) => this.#processes.get(pid)?.worker.add(notice),
      watcher: {
        listen: (pid, at) => this.#emit('listen', { pid, at }),
        unlisten: (pid, at) => this.#emit('unlisten', { pid, at }),
        connection: (connection, from, to, status) =>
          this.#emit('connection', { id: connection, from, to, status }),
      },
    });
  }

  #emit(name: WorldEvent, detail: unknown): void {
    this.#page.add({ type: 'event', world: this.id, name, detail });
  }

  /** Sends what has gathered for the processes; the page's batch is flushed by the kernel. */
  flush(): void {
    for (const { worker } of this.#processes.values()) worker.flush();
  }

  // --- processes

  #program({ command, args, cwd }: { command: string; args: string[]; cwd: string }) {
    const directory = resolvePath(this.#workdir, cwd);
    if (this.#files.stat(directory)?.kind !== 'directory') {
      throw new KernelError('ENOENT', `no such directory, spawn in '${directory}'`);
    }
    const program = readCommand(this.#files, directory, command, args);
    const read = (path: string) => this.#files.read(path);
    return { directory, ...program, ...readProgram(read, program.args[0], this.#syntax) };
  }

  piecesFor(program: In<'missingPieces'>['program']): PartName[] {
    return program ? this.#program(program).pieces : piecesForTree(this.#files.snapshot());
  }

  async spawn(
    { command, args, cwd, env, host }: In<'spawn'>,
    pieces: ReadonlyMap<PartName, string | Uint8Array>,
  ): Promise<{ pid: number }> {
    const program = this.#program({ command, args, cwd });
    const worker = await this.#pool.take();
    const pid = this.#nextPid();
    const process = startProcess(
      worker,
      {
        pid,
        args: program.args,
        execArgv: program.execArgv,
        cwd: program.directory,
        env,
        hostname: host,
        files: this.#files.snapshot(),
        network: this.#network.attach(pid, host),
        pieces: Object.fromEntries(program.pieces.map((name) => [name, pieces.get(name)])),
        syntax: program.syntax,
      },
      {
        message: (message) => this.#receive(pid, message),
        exit: (code) => this.#end(pid, code),
        settled: () => {
          this.flush();
          this.#page.flush();
        },
        output: (fd, bytes) => this.#page.add({ type: 'output', world: this.id, pid, fd, bytes }),
        outputEnd: () => {
          this.#draining.delete(pid);
          this.#page.add({ type: 'output-end', world: this.id, pid });
        },
      },
    );
    this.#processes.set(pid, process);
    worker.flush();
    this.#emit('spawn', { pid, command, args, host });
    return { pid };
  }

  #receive(pid: number, message: FromProcess): void {
    if (!this.#processes.has(pid)) return;
    switch (message.type) {
      case 'file':
        this.#files.apply(message.update);
        this.#processes.get(pid)?.worker.add({ type: 'file-settled' });
        this.#broadcast(message.update, pid);
        return;
      case 'keylog':
        if (this.#watched.has('keylog')) this.#emit('keylog', { pid, line: message.line });
        return;
      case 'ready':
      case 'failed':
      case 'output':
      case 'exit':
        return;
      default:
        this.#network.receive(pid, message);
    }
  }

  #end(pid: number, code: number): void {
    const process = this.#processes.get(pid);
    if (!process) return;
    this.#processes.delete(pid);
    process.worker.terminate();
    this.#network.detach(pid);
    this.#emit('exit', { pid, code });
    this.#draining.set(pid, process);
    process.output.end();
  }

  kill(pid: number, code: number): void {
    this.#end(pid, code);
    this.flush();
  }

  input(pid: number, bytes: Uint8Array | null): void {
    const worker = this.#processes.get(pid)?.worker;
    worker?.add({ type: 'input', bytes });
    worker?.flush();
  }

  taken(pid: number, count: number): void {
    (this.#processes.get(pid) ?? this.#draining.get(pid))?.output.taken(count);
  }

  // --- the tap

  watch(name: 'keylog' | 'segment', on: boolean): void {
    if (on) this.#watched.add(name);
    else this.#watched.delete(name);
    this.#network.watcher.segment = this.#watched.has('segment')
      ? (segment) => this.#capture(segment)
      : undefined;
  }

  captured(count: number): void {
    this.#captureTravelling = Math.max(0, this.#captureTravelling - count);
  }

  #capture({ connection, from, to, kind, bytes }: Segment): void {
    if (this.#captureTravelling > CAPTURE_CREDIT) {
      this.#captureLost += bytes.length;
      return;
    }
    if (this.#captureLost > 0) {
      this.#emit('notice', {
        message: `${this.#captureLost} bytes on the wire were not captured: they came too fast.`,
      });
      this.#captureLost = 0;
    }
    this.#captureTravelling += bytes.length;
    const plain = ({ host, address, port }: Endpoint) => ({ host, address, port });
    this.#emit('segment', {
      connection,
      from: plain(from),
      to: plain(to),
      kind,
      bytes,
      time: performance.timeOrigin + performance.now(),
    });
  }

  // --- files

  #broadcast(update: FileUpdate, except?: number): void {
    for (const { pid, worker } of this.#processes.values()) {
      if (pid === except) continue;
      // Each process gets bytes of its own: the kernel's stay where they are, and posting copies them.
      worker.add({ type: 'file', update });
    }
  }

  #change(update: FileUpdate): void {
    if (this.#files.apply(update)) this.#broadcast(update);
  }

  mount(entries: readonly FileEntry[]): null {
    for (const { path, bytes: given, mtimeMs, mode } of entries) {
      const place = resolvePath(this.#workdir, path);
      if (given === undefined) this.#makeParents(place);
      else {
        const bytes = ownBytes(given);
        this.#makeParents(parentOf(place));
        this.#files.load([{ path: place, bytes, mtimeMs, mode }]);
        this.#broadcast({ operation: 'write', path: place, bytes, mtimeMs });
      }
    }
    this.flush();
    return null;
  }

  #makeParents(path: string): void {
    for (const made of this.#files.makeParents(path)) this.#broadcast(made);
  }

  readFile(path: string): { bytes: Uint8Array } {
    const place = resolvePath(this.#workdir, path);
    const bytes = this.#files.read(place);
    if (!bytes) throw this.#missing('open', place);
    return { bytes: bytes.slice() };
  }

  writeFile(path: string, bytes: Uint8Array): null {
    const place = resolvePath(this.#workdir, path);
    if (this.#files.stat(place)?.kind === 'directory')
      throw new KernelError('EISDIR', `illegal operation on a directory, open '${place}'`);
    if (this.#files.stat(parentOf(place))?.kind !== 'directory') throw this.#missing('open', place);
    this.#change({ operation: 'write', path: place, bytes, mtimeMs: Date.now() });
    this.flush();
    return null;
  }

  readdir(path: string): { names: string[] } {
    const place = resolvePath(this.#workdir, path);
    const names = this.#files.list(place);
    if (names) return { names };
    if (this.#files.stat(place)) throw new KernelError('ENOTDIR', `not a directory, scandir '${place}'`);
    throw this.#missing('scandir', place);
  }

  mkdir(path: string, recursive: boolean): null {
    const place = resolvePath(this.#workdir, path);
    const there = this.#files.stat(place);
    if (recursive && there?.kind !== 'file') this.#makeParents(place);
    else if (there) throw new KernelError('EEXIST', `file already exists, mkdir '${place}'`);
    else if (this.#files.stat(parentOf(place))?.kind !== 'directory') throw this.#missing('mkdir', place);
    else this.#change({ operation: 'make-directory', path: place, mtimeMs: Date.now() });
    this.flush();
    return null;
  }

  rm(path: string, recursive: boolean, force: boolean): null {
    const place = resolvePath(this.#workdir, path);
    const there = this.#files.stat(place);
    if (!there && !force) throw this.#missing('rm', place);
    if (there?.kind === 'directory' && !recursive) {
      throw new KernelError(
        'ERR_FS_EISDIR',
        `Path is a directory: rm returned EISDIR (is a directory) ${place}`,
      );
    }
    const visit = (at: string) => {
      for (const name of this.#files.list(at) ?? []) visit(at === '/' ? `/${name}` : `${at}/${name}`);
      this.#change({ operation: 'remove', path: at });
    };
    if (there) visit(place);
    this.flush();
    return null;
  }

  #missing(call: string, path: string): KernelError {
    return new KernelError('ENOENT', `no such file or directory, ${call} '${path}'`);
  }

  teardown(): null {
    for (const pid of [...this.#processes.keys()]) this.#end(pid, 137);
    return null;
  }
}
