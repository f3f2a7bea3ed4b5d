/**
 * The only door to the engines that run a lab. The shape follows `@webcontainer/api` (boot, mount, spawn, fs, on,
 * teardown), so that an adapter for it stays thin; `stdout` and `stderr` are separate here.
 */

import type { PartName } from '../node/pieces/list.ts';
import type { Browser, BrowserOptions } from './browser.ts';
import type { Capabilities } from './capabilities.ts';
import type { KnownSyntaxTable } from './embedded/loader/syntax-table.ts';
import type { OnPath } from './on-path.ts';
import type { ProbeReport } from './probe/index.ts';

export type { Browser, BrowserAction, BrowserCookie, BrowserOptions, BrowserPage } from './browser.ts';
export type { Capabilities, Capability } from './capabilities.ts';
export type { OnPath, PathAct, PathFact, PathRule } from './on-path.ts';
export { pathNames } from './on-path-cutter.ts';
export { fetchPreloaded } from './preloaded.ts';
export { fetchProbe, type ProbeReport, probe } from './probe/index.ts';
export type { KnownSyntaxTable };

/** Contents of a folder: a string or bytes is a file, an object is a folder. */
export interface FileTree {
  [name: string]: string | Uint8Array | FileTree;
}

export interface BootOptions {
  /** Hosts of the lab by name, each with its own IPv4 address. `localhost` is always there and is each host itself. */
  hosts?: Record<string, string>;
  /** Absolute path of the folder that `mount` fills and that processes start in. Default `/lab`. */
  workdir?: string;
  /** What the build has parsed of the lab's files (`syntaxAhead`): the embedded engine starts them without a parser. */
  syntax?: KnownSyntaxTable;
  /** What the build knows the lab to ask for (`neededAhead`): the embedded engine fetches it while it starts. */
  needs?: NeededAhead;
  /** Called as an engine that takes its time goes from step to step. */
  progress?: (step: BootStep) => void;
}

/** Packages that a lab's programs name, and pieces of Node's library. */
export interface NeededAhead {
  readonly packages: readonly string[];
  readonly pieces: readonly PartName[];
}

/** The steps in which WebContainers start. */
export type BootStep = 'page' | 'client' | 'host' | 'probe' | 'ready';

export interface SpawnOptions {
  /** Default: the workdir. */
  cwd?: string;
  env?: Record<string, string>;
  /** The lab host the process runs on. Default: a host of its own named `localhost`. */
  host?: string;
}

export interface SandboxProcess {
  readonly pid: number;
  readonly stdout: ReadableStream<string>;
  readonly stderr: ReadableStream<string>;
  readonly input: WritableStream<string>;
  /** The exit code; 128 + signal number after `kill`. Never rejects. */
  readonly exit: Promise<number>;
  /** Ends the process at once, even inside `while (true)`. */
  kill(signal?: 'SIGTERM' | 'SIGKILL' | 'SIGINT'): void;
}

export interface SandboxFileSystem {
  readFile(path: string): Promise<Uint8Array>;
  readFile(path: string, encoding: 'utf-8'): Promise<string>;
  writeFile(path: string, data: string | Uint8Array): Promise<void>;
  readdir(path: string): Promise<string[]>;
  mkdir(path: string, options?: { recursive?: boolean }): Promise<void>;
  rm(path: string, options?: { recursive?: boolean; force?: boolean }): Promise<void>;
}

export interface Endpoint {
  /** Lab host name, e.g. `api.tally.example`. */
  host: string;
  address: string;
  port: number;
  /** The port of the one address behind which this one stands, where hosts have no addresses of their own. */
  behind?: number;
}

export interface SandboxEvents {
  spawn: { pid: number; command: string; args: string[]; host: string };
  /** A process accepts connections: the moment a step that waits for a server may go on. */
  listen: { pid: number; at: Endpoint };
  unlisten: { pid: number; at: Endpoint };
  /** `time`: milliseconds since the Unix epoch, as a fraction where the clock gives one. */
  connection: { id: number; from: Endpoint; to: Endpoint; status: 'open' | 'refused'; time: number };
  exit: { pid: number; code: number };
  /** Key-log lines and captured segments, for the wire view. */
  keylog: { pid: number; line: string };
  segment: {
    connection: number;
    from: Endpoint;
    to: Endpoint;
    kind: 'data' | 'fin' | 'rst';
    bytes: Uint8Array;
    time: number;
  };
  /** Something was left out that should have been seen (a capture that came too fast, say). */
  notice: { message: string };
  /** The engine itself failed (its frame died, say). What it was doing is lost; `boot` again. */
  error: { message: string };
}

export interface Sandbox {
  readonly engine: 'embedded' | 'webcontainer' | 'node';
  readonly workdir: string;
  readonly capabilities: Capabilities;
  /** What its Node.js can do by itself, where that was not known before. */
  readonly probe?: ProbeReport;
  /** Our own `tls`, `crypto` and `https` stand in for that Node’s, which lacks something of them. */
  readonly standsIn?: boolean;
  /** Puts a tree under the workdir (or `mountPoint` inside it), replacing files of the same name. */
  mount(tree: FileTree, options?: { mountPoint?: string }): Promise<void>;
  /**
   * Runs `node FILE …`, `node -e CODE` or `npm run NAME`, whose script is one or several of these, joined by `&&`. Rejects
   * for any other command, saying so.
   */
  spawn(command: string, args?: string[], options?: SpawnOptions): Promise<SandboxProcess>;
  readonly fs: SandboxFileSystem;
  /** Starts a browser on a host of the lab, with a person at it. Rejects when what it shall trust cannot be read. */
  browse(options: BrowserOptions): Promise<Browser>;
  /** Whoever stands on the path between two hosts, where the engine can put somebody there. */
  readonly path?: OnPath;
  /** Returns the function that stops listening. */
  on<Name extends keyof SandboxEvents>(
    event: Name,
    listener: (detail: SandboxEvents[Name]) => void,
  ): () => void;
  /** Ends every process and frees everything. */
  teardown(): Promise<void>;
}

/** Starts an engine in the page. The code of an engine is loaded only here, on first use. */
export async function boot(engine: Sandbox['engine'], options: BootOptions = {}): Promise<Sandbox> {
  if (engine === 'embedded') return (await import('./embedded/index.ts')).bootEmbedded(options);
  if (engine === 'webcontainer') {
    return (await import('./webcontainer/index.ts')).bootWebContainer(options);
  }
  throw new Error(`The engine "${engine}" does not run in a page of this site`);
}

/** Loads an engine ahead of its first use; `browsers`: with what the browsers of a lab need. */
export async function preload(
  engine: Sandbox['engine'],
  options: { browsers?: boolean } = {},
): Promise<void> {
  if (engine === 'embedded') await (await import('./embedded/index.ts')).preload(options);
}
