import type { PartName } from '../../../node/pieces/list.ts';
import type { Endpoint } from '../../index.ts';
import { type Batch, ownBytes } from '../batch.ts';
import { FileTree, parentOf, resolvePath } from '../files/tree.ts';
import { createNetwork, type Segment } from '../network/network.ts';
import {
  CAPTURE_CREDIT,
  type FileEntry,
  type FileUpdate,
  type FromPage,
  type FromProcess,
  type KernelCalls,
  type NetworkRequest,
  type ToPage,
  type WorldEvent,
} from '../protocol.ts';
import { KernelError } from './error.ts';
import { Processes } from './processes.ts';
import { makesRsaKeys, type RsaKeys } from './rsa-keys.ts';
import type { WorkerPool } from './workers.ts';

/** Where `node` is said to be, as in Node's own container images. */
const FOLDERS = ['/tmp', '/usr/local/bin'];

/** Milliseconds since the Unix epoch, finer than `Date.now` and never going back. */
const now = () => performance.timeOrigin + performance.now();

type In<Name extends keyof KernelCalls> = Omit<KernelCalls[Name]['in'], 'world'>;

/** One lab: its files, its network, its processes. Worlds share nothing but the spare workers and the stock of unused keys. */
export class World {
  readonly id: number;
  readonly #workdir: string;
  readonly #page: Batch<ToPage>;
  readonly #files = new FileTree(Date.now);
  readonly #network;
  readonly #processes: Processes;
  readonly #keys: RsaKeys;
  readonly #watched = new Set<'keylog' | 'segment'>();
  #captureTravelling = 0;
  #captureLost = 0;

  constructor(
    id: number,
    boot: KernelCalls['boot']['in'],
    page: Batch<ToPage>,
    pool: WorkerPool,
    keys: RsaKeys,
    nextPid: () => number,
  ) {
    this.id = id;
    this.#workdir = resolvePath('/', boot.workdir);
    this.#page = page;
    this.#keys = keys;
    for (const folder of [...FOLDERS, this.#workdir]) this.#files.makeParents(folder);
    this.#network = createNetwork({
      hosts: boot.hosts,
      localhost: boot.localhost,
      deliver: (pid, notice) => this.#processes.tell(pid, notice),
      watcher: {
        listen: (pid, at) => this.#emit('listen', { pid, at }),
        unlisten: (pid, at) => this.#emit('unlisten', { pid, at }),
        connection: (connection, from, to, status) =>
          this.#emit('connection', { id: connection, from, to, status, time: now() }),
        crossing: (segment) => this.#page.add({ type: 'crossing', world: this.id, ...segment }),
      },
    });
    this.#processes = new Processes({
      world: id,
      workdir: this.#workdir,
      syntax: boot.syntax,
      page,
      pool,
      files: this.#files,
      network: this.#network,
      nextPid,
      emit: (name, detail) => this.#emit(name, detail),
      receive: (pid, message) => this.#receive(pid, message),
    });
  }

  #emit(name: WorldEvent, detail: unknown): void {
    this.#page.add({ type: 'event', world: this.id, name, detail });
  }

  /** Sends what has gathered for the processes; the page's batch is flushed by the kernel. */
  flush(): void {
    this.#processes.flush();
  }

  // --- processes

  piecesFor(program: In<'missingPieces'>['program']): PartName[] {
    return this.#processes.piecesFor(program);
  }

  spawn(body: In<'spawn'>, pieces: ReadonlyMap<PartName, string | Uint8Array>): Promise<{ pid: number }> {
    return this.#processes.spawn(body, pieces);
  }

  kill(pid: number, code: number): void {
    this.#processes.kill(pid, code);
  }

  input(pid: number, bytes: Uint8Array | null): void {
    this.#processes.input(pid, bytes);
  }

  taken(pid: number, count: number): void {
    this.#processes.taken(pid, count);
  }

  #receive(pid: number, message: FromProcess): void {
    switch (message.type) {
      case 'file':
        this.#files.apply(message.update);
        this.#processes.tell(pid, { type: 'file-settled' });
        this.#broadcast(message.update, pid);
        return;
      case 'keylog':
        if (this.#watched.has('keylog')) this.#emit('keylog', { pid, line: message.line });
        return;
      case 'rsa-key':
        void this.#keys.take().then((key) => {
          this.#processes.tell(pid, { type: 'rsa-key', key });
          this.flush();
        });
        return;
      case 'ready':
        return;
      default:
        this.#network.receive(pid, message as NetworkRequest);
    }
  }

  // --- the tap

  watch(name: 'keylog' | 'segment', on: boolean): void {
    if (on) this.#watched.add(name);
    else this.#watched.delete(name);
    this.#network.watcher.segment = this.#watched.has('segment')
      ? (segment) => this.#capture(segment)
      : undefined;
  }

  onPath(on: boolean): void {
    this.#network.watcher.isOnPath = on;
  }

  pass({ connection, sender, kind, bytes, count }: FromPage & { type: 'pass' }): void {
    this.#network.pass(connection, sender, kind, bytes, count);
    this.flush();
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
      time: now(),
    });
  }

  // --- files

  #broadcast(update: FileUpdate, except?: number): void {
    // Each process gets bytes of its own: the kernel's stay where they are, and posting copies them.
    this.#processes.tellAll({ type: 'file', update }, except);
  }

  #change(update: FileUpdate): void {
    if (this.#files.apply(update)) this.#broadcast(update);
  }

  mount(entries: readonly FileEntry[]): null {
    if (makesRsaKeys(entries)) this.#keys.stock();
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
    this.#processes.killAll();
    return null;
  }
}
