/**
 * What the three parties of the embedded engine say to each other: the page, the kernel in the sealed frame, and the
 * processes in their workers. Page and kernel speak over one MessagePort; kernel and each process over another.
 * A message between kernel and process is always a batch, an array in order, so that a burst costs one crossing.
 */

import type { ChildStream, SocketAddress } from '../../node/host.ts';
import type { AssetName, PartName, PieceName } from '../../node/pieces/list.ts';
import type { Endpoint, SandboxEvents } from '../index.ts';
import type { KnownSyntaxTable } from './loader/syntax-table.ts';

/** One file or folder as it travels: a snapshot is a list of these, parents before children. */
export interface FileEntry {
  path: string;
  /** Absent for a folder. */
  bytes?: Uint8Array;
  mtimeMs: number;
  mode: number;
}

/** One change of the file tree, in the kernel's total order. */
export type FileUpdate =
  | { operation: 'write'; path: string; bytes: Uint8Array; mtimeMs: number }
  | { operation: 'make-directory'; path: string; mtimeMs: number }
  | { operation: 'remove'; path: string }
  | { operation: 'rename'; from: string; to: string };

/** A claimed address on a host, as every process of that host knows it. */
export interface PortClaim {
  /** Unique in the world. */
  key: string;
  address: string;
  port: number;
  ipv6Only: boolean;
}

/** What a process needs to know of the network before it runs: enough to bind and resolve without asking. */
export interface NetworkView {
  /** Addresses of the process's own host, besides the loopback block. */
  addresses: string[];
  /** Every name the resolver knows, with its addresses in resolver order. */
  names: Record<string, string[]>;
  claims: PortClaim[];
  /** Ephemeral ports only this process may claim. */
  freePorts: number[];
}

/** Everything that turns a spare worker into a process. */
export interface ProcessStart {
  pid: number;
  /** The process that started this one, if one did. */
  ppid?: number;
  /** Numbers for children of its own. */
  pids: number[];
  /** Path of the file to run. */
  main: string;
  /** `process.argv` from index 1 on. */
  args: string[];
  execArgv: string[];
  cwd: string;
  env: Record<string, string>;
  hostname: string;
  files: FileEntry[];
  network: NetworkView;
  /** Scripts of the pieces of Node's library that the program needs, and the bytes that those need. */
  pieces: Partial<Record<PieceName, string> & Record<AssetName, Uint8Array>>;
  /** What is known of its files' syntax ahead. */
  syntax: KnownSyntaxTable;
}

/** What a process asks of the network. `connection` and `listener` are numbers of the process's own choosing. */
export type NetworkRequest =
  | { type: 'bind'; listener: number; at: SocketAddress; ipv6Only: boolean }
  | { type: 'listen'; listener: number }
  | { type: 'unlisten'; listener: number }
  | { type: 'connect'; connection: number; to: SocketAddress; from?: Partial<SocketAddress> }
  | { type: 'data'; connection: number; bytes: Uint8Array }
  | { type: 'consumed'; connection: number; count: number }
  | { type: 'shutdown'; connection: number }
  | { type: 'close'; connection: number }
  | { type: 'reset'; connection: number };

/** What the network tells a process. */
export type NetworkNotice =
  | { type: 'claims'; added?: PortClaim; removed?: string }
  | { type: 'free-ports'; ports: number[] }
  | { type: 'lost'; listener: number; status: number }
  | { type: 'accept'; listener: number; connection: number; local: SocketAddress; remote: SocketAddress }
  | { type: 'connected'; connection: number; status: number; local?: SocketAddress; remote?: SocketAddress }
  | { type: 'data'; connection: number; bytes: Uint8Array }
  | { type: 'consumed'; connection: number; count: number }
  | { type: 'end'; connection: number }
  | { type: 'reset'; connection: number };

/** A process that another one starts. */
export interface ChildStart {
  /** One of the numbers that the parent was given. */
  pid: number;
  command: string;
  args: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
  stdio: readonly ChildStream[];
}

export type FromProcess =
  | { type: 'ready'; secure: boolean }
  | { type: 'failed'; message: string }
  /** `fd` is 1 or 2, or that of the channel to the parent. */
  | { type: 'output'; fd: number; bytes: Uint8Array }
  /** Nothing more comes on the channel to the parent. */
  | { type: 'close-channel'; fd: number }
  | { type: 'exit'; code: number; signal?: number }
  /** All that its start had it do at once is done: from here on it waits for something. */
  | { type: 'begun' }
  /** From now on it takes its standard input. */
  | { type: 'reads-input' }
  | { type: 'listens-to'; signals: readonly number[] }
  | { type: 'spawn'; child: ChildStart }
  | { type: 'to-child'; pid: number; fd: number; bytes: Uint8Array | null }
  | { type: 'taken'; pid: number; count: number }
  | { type: 'signal'; pid: number; signal: number }
  | { type: 'keylog'; line: string }
  /** It wants an RSA key; requests are answered in their order. */
  | { type: 'rsa-key' }
  | { type: 'file'; update: FileUpdate }
  | NetworkRequest;

export type ToProcess =
  | { type: 'practise' }
  | { type: 'start'; process: ProcessStart }
  /** `fd` is 0 (standard input) or that of the channel to the parent. */
  | { type: 'input'; fd?: number; bytes: Uint8Array | null }
  | { type: 'from-child'; pid: number; fd: number; bytes: Uint8Array | null }
  | { type: 'child-exit'; pid: number; code: number; signal: number; pids: number[] }
  | { type: 'signal'; signal: number }
  /** The key it asked for, in PKCS #8; nothing where the platform makes none. */
  | { type: 'rsa-key'; key: Uint8Array | undefined }
  | { type: 'file'; update: FileUpdate }
  /** The kernel has put this process's own update in order. */
  | { type: 'file-settled' }
  | NetworkNotice;

/** How many bytes one direction of a connection holds before its writer must wait. */
export const WINDOW_BYTES = 64 * 1024;

/** How many bytes of one process's output may be on their way to the page, unacknowledged. */
export const OUTPUT_CREDIT = 1024 * 1024;

/** How many bytes of one process's output the kernel holds for a slow page before it drops the rest. */
export const OUTPUT_BACKLOG = 64 * 1024 * 1024;

/** How many bytes of captured segments may be on their way to the page, unacknowledged. */
export const CAPTURE_CREDIT = 32 * 1024 * 1024;

/** Requests of the page that the kernel answers, by name: what goes in and what comes back. */
export interface KernelCalls {
  boot: {
    in: { hosts: Record<string, string>; workdir: string; localhost: string[]; syntax: KnownSyntaxTable };
    out: { world: number };
  };
  mount: { in: { world: number; entries: FileEntry[] }; out: null };
  spawn: {
    in: {
      world: number;
      command: string;
      args: string[];
      cwd: string;
      env: Record<string, string>;
      host: string;
    };
    out: { pid: number };
  };
  /** The pieces that the program, or else any program among the world's files, needs and the kernel has not got. */
  missingPieces: {
    in: { world: number; program?: { command: string; args: string[]; cwd: string } };
    out: { names: PartName[] };
  };
  addPiece: { in: { name: PartName; script: string | Uint8Array }; out: null };
  readFile: { in: { world: number; path: string }; out: { bytes: Uint8Array } };
  writeFile: { in: { world: number; path: string; bytes: Uint8Array }; out: null };
  readdir: { in: { world: number; path: string }; out: { names: string[] } };
  mkdir: { in: { world: number; path: string; recursive: boolean }; out: null };
  rm: { in: { world: number; path: string; recursive: boolean; force: boolean }; out: null };
  teardown: { in: { world: number }; out: null };
}

export type CallName = keyof KernelCalls;

export type FromPage =
  | { type: 'call'; id: number; name: CallName; body: KernelCalls[CallName]['in'] }
  | { type: 'kill'; world: number; pid: number; code: number }
  | { type: 'input'; world: number; pid: number; bytes: Uint8Array | null }
  /** The page's reader has taken `count` bytes of this process's output. */
  | { type: 'taken'; world: number; pid: number; count: number }
  | { type: 'captured'; world: number; count: number }
  | { type: 'watch'; world: number; name: 'keylog' | 'segment'; on: boolean }
  /** Somebody takes a place on the path of every connection that is opened from now on, or leaves it. */
  | { type: 'on-path'; world: number; on: boolean }
  /** Lets something arrive that has crossed: `bytes` instead of the `count` bytes that were sent. */
  | {
      type: 'pass';
      world: number;
      connection: number;
      sender: 'client' | 'server';
      kind: 'data' | 'fin' | 'rst';
      bytes: Uint8Array<ArrayBuffer>;
      count: number;
    }
  | { type: 'ping'; id: number };

export type ToPage =
  | { type: 'ready' }
  | { type: 'answer'; id: number; value: unknown }
  | { type: 'refusal'; id: number; message: string; code?: string }
  | { type: 'output'; world: number; pid: number; fd: 1 | 2; bytes: Uint8Array }
  | { type: 'output-end'; world: number; pid: number }
  | { type: 'event'; world: number; name: WorldEvent; detail: unknown }
  /** A segment has come to the one on the path, and waits for his `pass`. */
  | {
      type: 'crossing';
      world: number;
      connection: number;
      sender: 'client' | 'server';
      from: Endpoint;
      to: Endpoint;
      kind: 'data' | 'fin' | 'rst';
      bytes: Uint8Array;
    }
  | { type: 'pong'; id: number };

/** Events that the kernel reports; `error` comes from the page's own watch over the frame. */
export type WorldEvent = Exclude<keyof SandboxEvents, 'error'>;
