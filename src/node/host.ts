import type { AssetName } from './pieces/list.ts';

/**
 * What Node's library needs from the world outside a process: files, a network, standard streams, a clock.
 * The embedded engine's worker supplies one over the kernel; tests supply one over memory.
 * Error numbers are libuv's negative errno values (`-111` is ECONNREFUSED on Linux).
 */
export interface Host {
  /** What `process` says about this process. */
  readonly self: {
    readonly pid: number;
    /** Default 1. */
    readonly ppid?: number;
    /** Absolute path of the program, e.g. `/usr/local/bin/node`. */
    readonly execPath: string;
    /** `process.argv` from index 1 on: the main file as an absolute path, then the arguments. */
    readonly args: readonly string[];
    readonly execArgv: readonly string[];
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    /** The host this process runs on, e.g. `api.tally.example`; what `os.hostname()` gives. */
    readonly hostname: string;
  };
  readonly files: Files;
  readonly network: Network;
  /** Bytes that a part of the library needs and that come with it; `undefined` where they were not loaded. */
  asset(name: AssetName): Uint8Array | undefined;
  /** Writes bytes to standard output (1) or standard error (2). */
  write(fd: 1 | 2, bytes: Uint8Array): void;
  /** Delivers standard input: bytes, or `null` at its end. Called at most once, when the program first looks at stdin. */
  onInput(listener: (bytes: Uint8Array | null) => void): void;
  /** Ends the process; nothing runs after it. `signal` is the one that ended it, if one did. */
  exit(code: number, signal?: number): void;
  /** The signals that the program listens to now: every other ends it. */
  listensTo?(signals: readonly number[]): void;
  /** Where child processes can be started. */
  readonly children?: Children;
  /** The channel to the parent, for a process that was forked. */
  readonly channel?: Channel;
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Fills `bytes` (any length) with random bytes. */
  random(bytes: Uint8Array): void;
  /**
   * A new RSA key of 2048 bits with the exponent 65537, in PKCS #8, from somebody who makes them ahead; nothing, or no such
   * function, where nobody does.
   */
  rsaKey?(): Promise<Uint8Array | undefined>;
  /** One line in the SSLKEYLOGFILE format for the tap, so that the wire view can decrypt what this process sent. */
  keylog(line: string): void;
  /** The text printed on standard error for an error nobody caught, as Node prints it (without the version line). */
  formatUncaught(error: unknown, origin: 'uncaughtException' | 'unhandledRejection'): string;
}

/** A child's descriptor: one of the parent's own, by number; a pipe between the two; or nothing. */
export type ChildStream = number | 'pipe' | 'ignore';

export interface Children {
  /**
   * Starts `node`, `npm` or `sh` with its arguments. `data` gets what the child writes into a pipe, `null` for the end;
   * `exit` comes after that. `undefined` when too many are being started.
   */
  start(
    child: {
      command: string;
      args: readonly string[];
      cwd: string;
      env: Readonly<Record<string, string>>;
      stdio: readonly ChildStream[];
    },
    events: {
      data(fd: number, bytes: Uint8Array | null): void;
      exit(code: number, signal: number): void;
    },
  ): Child | undefined;
  /** Sends a signal to a child; `false` where there is none of that number. */
  signal(pid: number, signal: number): boolean;
}

export interface Child {
  readonly pid: number;
  /** Writes into a pipe of the child; `null` ends it. */
  write(fd: number, bytes: Uint8Array | null): void;
  /** The program has read so many bytes of what the child wrote. */
  taken(count: number): void;
  kill(signal: number): boolean;
}

/** Bytes both ways between a process and the parent that forked it. */
export interface Channel {
  readonly fd: number;
  write(bytes: Uint8Array | null): void;
  onData(listener: (bytes: Uint8Array | null) => void): void;
}

/** A synchronous file tree. Paths are absolute and normalised ('/a/b'). Reads see this process's own writes at once. */
export interface Files {
  /** The file's bytes, or `undefined` where there is no file. */
  read(path: string): Uint8Array | undefined;
  /** Creates or replaces a file. The parent folder exists already: the caller has checked. */
  write(path: string, bytes: Uint8Array): void;
  makeDirectory(path: string): void;
  /** Removes a file or an empty folder. */
  remove(path: string): void;
  rename(from: string, to: string): void;
  stat(path: string): { kind: 'file' | 'directory'; size: number; mtimeMs: number; mode: number } | undefined;
  /** Names in a folder, sorted, or `undefined` where there is no folder. */
  list(path: string): string[] | undefined;
}

export interface SocketAddress {
  /** `127.0.0.1`, `::1`, `::`, `10.0.0.7` … */
  address: string;
  family: 'IPv4' | 'IPv6';
  port: number;
}

export interface Network {
  /**
   * Claims an address to listen on; port 0 asks for a free one.
   * `status` 0, or -98 (EADDRINUSE), -99 (EADDRNOTAVAIL), -13 (EACCES).
   * The answer may come before `bind` returns: the embedded engine always answers so, from its replica of the host's
   * port table, and `server.address()` is then known as early as in Node.
   */
  bind(
    address: SocketAddress & { ipv6Only?: boolean },
    answer: (status: number, bound: SocketAddress) => void,
  ): void;
  /**
   * Starts accepting on an address that `bind` granted. `lost` is called when another process of the same host had
   * claimed it at the same instant: the early answer was wrong, and nothing will be accepted (-98).
   */
  listen(
    bound: SocketAddress,
    accept: (connection: Connection) => void,
    lost?: (status: number) => void,
  ): { close(): void };
  /** `status` 0 with a connection, or -111 (ECONNREFUSED), -113 (EHOSTUNREACH), -110 (ETIMEDOUT) … */
  connect(
    to: SocketAddress,
    from: Partial<SocketAddress> | undefined,
    answer: (status: number, connection?: Connection) => void,
  ): void;
  /** Name resolution. `status` 0 with at least one address in resolver order, or -3008 (ENOTFOUND). Synchronous tables are fine. */
  resolve(
    name: string,
    answer: (status: number, addresses: { address: string; family: 4 | 6 }[]) => void,
  ): void;
}

/** One end of a TCP connection. The owner sets the `on…` callbacks at once; nothing is delivered before it has had a chance to. */
export interface Connection {
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  /**
   * Sends bytes (the buffer is given away). `done(status)` comes when the peer's window has taken them: that is the
   * back-pressure. Where the window has room it comes before `write` returns, as libuv's try-write.
   */
  write(bytes: Uint8Array, done: (status: number) => void): void;
  /** Half-close: no more bytes from this side. */
  shutdown(done: (status: number) => void): void;
  /** Closes both directions. With unread data in the receive queue the peer sees a reset, as with TCP. */
  close(): void;
  /** Aborts: the peer reads ECONNRESET. */
  reset(): void;
  /** Tells the network that the owner has consumed `count` received bytes, which opens the window again. */
  consumed(count: number): void;
  ondata: ((bytes: Uint8Array) => void) | null;
  onend: (() => void) | null;
  onerror: ((status: number) => void) | null;
}
