/**
 * `internalBinding('process_wrap')` and what else Node's child_process asks for. A child is another process of the
 * sandbox; the host starts it, and its pipes end here.
 */
import { type Any, host } from '../current.ts';
import type { Child } from '../host.ts';
import { addHandle, enter, handleChanged } from '../loop.ts';
import { enterWith } from './async.ts';
import type { Pipe } from './pipe.ts';
import { processMethods } from './process.ts';
import { HandleWrap } from './stream.ts';
import { UV } from './uv.ts';

/** One entry of `stdio`, as lib/internal/child_process.js describes it. */
interface Stdio {
  type: 'ignore' | 'pipe' | 'overlapped' | 'inherit' | 'fd' | 'wrap';
  handle?: Pipe;
  fd?: number;
}

/** Programs that can be started here, as a shell would find them. */
const COMMANDS = /^(?:(?:\/usr\/local\/bin\/)?(?:node|npm)|\/bin\/sh)$/;

class Process extends HandleWrap {
  onexit?: (code: number, signal: string) => void;
  pid?: number;
  #isRunning = false;
  #child: Child | undefined;

  constructor() {
    super();
    addHandle(this);
  }
  override isActive(): boolean {
    return !this.closed && this.#isRunning;
  }

  spawn(
    file: string,
    args: readonly string[] | undefined,
    folder: string | undefined,
    envPairs: readonly string[] | undefined,
    stdio: readonly Stdio[],
  ): number {
    const { children, self, files } = host();
    if (!children) return UV.UV_ENOSYS;
    const directory = require('path').resolve(processMethods.cwd(), folder ?? '.');
    if (!COMMANDS.test(file) || files.stat(directory)?.kind !== 'directory') {
      // The pipes are there, with nobody at the other end.
      for (const { handle } of stdio) handle?.receive(null);
      return UV.UV_ENOENT;
    }
    if (stdio.some(({ type }) => type === 'wrap')) return UV.UV_ENOTSUP;
    const env = envPairs ? Object.fromEntries(envPairs.map(splitPair)) : { ...self.env };
    const child = children.start(
      {
        command: file.slice(file.lastIndexOf('/') + 1),
        args: (args ?? [file]).slice(1),
        cwd: directory,
        env,
        stdio: stdio.map(({ type, fd = -1 }) => {
          if (type === 'ignore') return 'ignore';
          return (type === 'inherit' || type === 'fd') && fd <= 2 ? fd : 'pipe';
        }),
      },
      {
        data: (fd, bytes) => this.#receive(stdio[fd], bytes),
        exit: (code, signal) => {
          this.#isRunning = false;
          // What the child wrote is read first, as the system tells of its end last.
          const tell = () => {
            if (stdio.some(({ handle }) => handle?.isDelivering())) enterWith(this, tell);
            else this.onexit?.(code, signal === 0 ? '' : nameOf(signal));
          };
          enterWith(this, tell);
        },
      },
    );
    if (!child) return UV.UV_EAGAIN;
    this.pid = child.pid;
    this.#isRunning = true;
    this.#child = child;
    for (const [fd, { handle, type }] of stdio.entries()) {
      if (type === 'pipe' || type === 'overlapped')
        handle?.join(
          (bytes) => child.write(fd, bytes),
          (count) => child.taken(count),
        );
    }
    handleChanged();
    return 0;
  }

  /** A pipe's bytes, or those for an open file that the child was given as a descriptor. */
  #receive({ handle, fd }: Stdio, bytes: Uint8Array | null): void {
    if (handle) handle.receive(bytes);
    else if (fd !== undefined && bytes) {
      this.#child?.taken(bytes.length);
      enter(() => require('fs').writeSync(fd, bytes));
    }
  }

  kill(signal: number): number {
    return this.#child?.kill(signal) ? 0 : UV.UV_ESRCH;
  }
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return [pair.slice(0, at), pair.slice(at + 1)];
}

function nameOf(signal: number): string {
  const { signals } = require('os').constants;
  return Object.keys(signals).find((name) => signals[name] === signal) ?? '';
}

const notHere = (what: string) => () =>
  require('internal/unavailable').notHere(`${what}: a process that waits for another without its event loop`);

export const processWrap: Any = {
  Process,
  constants: { kProcessFlagDetached: 1, kProcessFlagWindowsHide: 2, kProcessFlagWindowsVerbatimArguments: 4 },
};
export const ttyWrap: Any = { TTY: class TTY {} };
export const udpWrap: Any = { UDP: class UDP {}, constants: {} };
export const spawnSync: Any = { spawn: notHere('child_process.spawnSync') };
export const ipcSerdes: Any = {
  serialize: notHere("serialization: 'advanced'"),
  deserialize: notHere("serialization: 'advanced'"),
};
