import type { PartName } from '../../../node/pieces/list.ts';
import { engineWords } from '../../../text/index.ts';
import { type Capabilities, can, cannot } from '../../capabilities.ts';
import type { FileTree, Sandbox, SandboxEvents, SandboxFileSystem, SpawnOptions } from '../../index.ts';
import { createOnPath } from '../../on-path.ts';
import type { FileEntry, FromPage } from '../protocol.ts';
import { EngineError, type Kernel, type WorldMessage } from './frame.ts';
import { type FetchPackage, missingPackages } from './packages.ts';
import { createProcess, type EmbeddedProcess, type ProcessHandle } from './process.ts';

/** The embedded engine's sandbox; its processes also give their output as bytes. */
export interface EmbeddedSandbox extends Sandbox {
  spawn(command: string, args?: string[], options?: SpawnOptions): Promise<EmbeddedProcess>;
  /** `mount` for files that come with their times and modes; paths count from the workdir. */
  mountEntries(entries: FileEntry[]): Promise<void>;
}

type Listeners = { [Name in keyof SandboxEvents]: Set<(detail: SandboxEvents[Name]) => void> };

const { reasons } = engineWords;

const capabilities: Capabilities = {
  wireTap: can,
  worlds: can,
  onPath: can,
  deterministic: cannot(reasons.random),
  npmInstall: cannot(reasons.ownPackages),
  separateStderr: can,
  offline: can,
  browsers: can,
  ownAddresses: can,
};

const KILLED = 137;
const DEFAULT_HOST = 'localhost';

/** One world of the kernel, as a Sandbox. */
export function createSandbox(
  kernel: Kernel,
  world: number,
  workdir: string,
  hosts: readonly string[],
  fetchScript: (name: string) => Promise<string>,
  givePart: (name: PartName) => Promise<unknown>,
  fetchPackage: FetchPackage,
): EmbeddedSandbox {
  /** Gives the kernel what it still lacks of Node's library for a program, or for any program among the files. */
  async function providePieces(program?: { command: string; args: string[]; cwd: string }): Promise<void> {
    const { names } = await kernel.call('missingPieces', { world, program });
    await Promise.all(names.map(givePart));
  }

  /** Folders of packages that came with a mount: mounting again does not bring them again. */
  const brought = new Set<string>();
  const processes = new Map<number, ProcessHandle>();
  const listeners: Listeners = {
    spawn: new Set(),
    listen: new Set(),
    unlisten: new Set(),
    connection: new Set(),
    exit: new Set(),
    keylog: new Set(),
    segment: new Set(),
    notice: new Set(),
    error: new Set(),
  };

  function emit<Name extends keyof SandboxEvents>(name: Name, detail: SandboxEvents[Name]): void {
    for (const listener of [...listeners[name]]) {
      try {
        listener(detail);
      } catch (error) {
        // One listener's mistake must not keep the others, or the engine, from going on.
        reportError(error);
      }
    }
  }

  function receive(message: WorldMessage): void {
    switch (message.type) {
      case 'output': {
        const handle = processes.get(message.pid);
        if (handle && !handle.output(message.fd, message.bytes)) {
          kernel.fail('The sandbox sent more output than it was allowed to: it was closed');
        }
        return;
      }
      case 'output-end':
        processes.get(message.pid)?.outputEnd();
        processes.delete(message.pid);
        return;
      case 'crossing':
        path.receive(message);
        return;
      case 'event':
        if (message.name === 'exit') {
          const { pid, code } = message.detail as SandboxEvents['exit'];
          processes.get(pid)?.exited(code);
        }
        if (message.name === 'segment') {
          const { bytes } = message.detail as SandboxEvents['segment'];
          kernel.post({ type: 'captured', world, count: bytes.length });
        }
        emit(message.name, message.detail as never);
    }
  }

  function died(reason: string): void {
    for (const [pid, handle] of processes) {
      handle.exited(KILLED);
      handle.outputEnd();
      emit('exit', { pid, code: KILLED });
    }
    processes.clear();
    emit('error', { message: reason });
  }

  const path = createOnPath({
    relay: (on) => kernel.post({ type: 'on-path', world, on }),
    pass: ({ connection, sender, kind }, bytes, count) =>
      kernel.post({ type: 'pass', world, connection, sender, kind, bytes, count }),
    now: () => performance.now(),
    after(milliseconds, callback) {
      const timer = setTimeout(callback, milliseconds);
      return () => clearTimeout(timer);
    },
  });

  kernel.attach(world, { message: receive, died });

  const fs = {
    async readFile(path: string, encoding?: 'utf-8') {
      const { bytes } = await kernel.call('readFile', { world, path });
      return encoding ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) : bytes;
    },
    async writeFile(path: string, data: string | Uint8Array) {
      const bytes = bytesOf(data);
      await kernel.call('writeFile', { world, path, bytes });
    },
    async readdir(path: string) {
      return (await kernel.call('readdir', { world, path })).names;
    },
    async mkdir(path: string, { recursive = false } = {}) {
      await kernel.call('mkdir', { world, path, recursive });
    },
    async rm(path: string, { recursive = false, force = false } = {}) {
      await kernel.call('rm', { world, path, recursive, force });
    },
  } as SandboxFileSystem;

  return {
    engine: 'embedded',
    path,
    workdir,
    capabilities,
    fs,
    async mount(tree, { mountPoint = '.' } = {}) {
      await this.mountEntries([...entriesOf(tree, mountPoint)]);
    },
    async mountEntries(entries) {
      const packages = await missingPackages(entries, fetchPackage, brought);
      await kernel.call('mount', { world, entries: [...entries, ...packages] });
      // What any program among the files may need comes now, beside whatever runs: a reader who goes offline after this
      // can still run everything. Should it fail, the program that needs a piece asks again.
      providePieces().catch(() => {});
    },
    async spawn(command, args = [], { cwd = '.', env = {}, host = DEFAULT_HOST } = {}) {
      await providePieces({ command, args: [...args], cwd });
      let handle: ProcessHandle | undefined;
      await kernel.call(
        'spawn',
        { world, command, args: [...args], cwd, env: { ...env }, host },
        ({ pid }) => {
          const about = { world, pid };
          const post = (message: FromPage) => kernel.post(message);
          handle = createProcess(pid, {
            kill: (code) => post({ type: 'kill', ...about, code }),
            input: (bytes) => post({ type: 'input', ...about, bytes }),
            taken: (count) => post({ type: 'taken', ...about, count }),
          });
          processes.set(pid, handle);
        },
      );
      if (!handle) throw new EngineError('ERR_SANDBOX_DIED', 'The sandbox has stopped');
      return handle.process;
    },
    async browse(options) {
      // Loaded with the first browser only: most labs have none.
      const { openBrowser } = await import('../browser/index.ts');
      return openBrowser(this, options, { hosts, fetchScript });
    },
    on(event, listener) {
      const all = listeners[event] as Set<typeof listener>;
      all.add(listener);
      const watch = (on: boolean) => {
        if (event === 'keylog' || event === 'segment') kernel.post({ type: 'watch', world, name: event, on });
      };
      if (all.size === 1) watch(true);
      return () => {
        if (all.delete(listener) && all.size === 0) watch(false);
      };
    },
    async teardown() {
      if (!kernel.isAlive) return;
      await kernel.call('teardown', { world });
      kernel.detach(world);
      for (const handle of processes.values()) handle.outputEnd();
      processes.clear();
    },
  };
}

const encoder = new TextEncoder();
const bytesOf = (data: string | Uint8Array) => (typeof data === 'string' ? encoder.encode(data) : data);

/** The folders and files of a tree, parents first. */
function* entriesOf(tree: FileTree, folder: string): Generator<FileEntry> {
  const mtimeMs = Date.now();
  yield { path: folder, mtimeMs, mode: 0 };
  for (const [name, content] of Object.entries(tree)) {
    const path = `${folder}/${name}`;
    if (typeof content === 'string' || content instanceof Uint8Array) {
      yield { path, bytes: bytesOf(content), mtimeMs, mode: 0 };
    } else yield* entriesOf(content, path);
  }
}
