/**
 * Node's library in a worker: the only door to src/node for other folders.
 *
 * `createRuntime(host)` is called once in a realm, before any program is loaded.
 */
import { type FollowAwaits, followAwaits } from './bindings/async.ts';
import { raise } from './bindings/process.ts';
import { errors, lazily } from './bindings/util.ts';
import { installCrypto, practise } from './crypto/index.ts';
import { type Any, setHost } from './current.ts';
import { installGlobals } from './globals.ts';
import type { Host } from './host.ts';
import { enter, gather, hold, reportHandled, reportRejection } from './loop.ts';
import { addModules, builtin, builtinIds, isBuiltin, requireLazily } from './modules.ts';
import { fatal, prepareProcess, runMain, setBuiltinModule, setUpProcess } from './process.ts';
import { process } from './process-object.ts';

export type { Connection, Files, Host, Network, SocketAddress } from './host.ts';
export { type PieceName, setPieceLoader } from './pieces/index.ts';
export { addModules, type FollowAwaits, followAwaits, gather, practise };

export interface Runtime {
  /** `'fs'`, `'node:fs'`, `'node:test'` (only with its prefix) … */
  isBuiltin(id: string): boolean;
  /** What `require(id)` gives; `undefined` where Node has no such module. */
  builtin(id: string): unknown;
  readonly builtinIds: readonly string[];
  readonly process: NodeJS.Process;
  /** Puts Node's globals on `target` and hides the browser's. Call it once the engine's own scripts have what they need. */
  installGlobals(target: object): void;
  /** One callback of Node's event loop: its ticks, then its promise jobs, before any other callback. */
  enter(callback: () => void): void;
  /** Keeps the process alive until the returned function is called. */
  hold(): () => void;
  /**
   * Runs the program, then the loop until nothing keeps it alive: 'beforeExit', 'exit', `host.exit(code)`.
   * What `main` throws synchronously is an uncaught exception (CommonJS); what it rejects with is an unhandled
   * rejection (ES modules), as in Node. A promise that never settles ends the process with code 13;
   * `describeUnsettled` gives the place for the warning.
   */
  run(main: () => Promise<void>, describeUnsettled?: () => string | undefined): void;
  uncaught(error: unknown, origin: 'uncaughtException' | 'unhandledRejection'): void;
  /** A promise was rejected and nobody listens: for realms that report it in another way than by events. */
  rejected(promise: Promise<unknown>, reason: unknown): void;
  rejectionHandled(promise: Promise<unknown>): void;
  /** Tells `assert.ok` where in the program's text an error (or an object with a captured stack) was made. */
  locateErrors(locate: (error: object) => ErrorPlace | undefined): void;
  /** Delivers a signal (15 for SIGTERM): its listeners run, or the process ends with 128 + signal. */
  signal(signal: number): void;
}

/** What V8 tells Node of the first frame of an error: the line's text, and the column counted from 0. */
export interface ErrorPlace {
  sourceLine: string;
  scriptResourceName: string;
  lineNumber: number;
  startColumn: number;
}

let locateError: (error: object) => ErrorPlace | undefined = () => undefined;
// Node's files take the function itself when they are loaded.
errors.getErrorSourcePositions = (error: object) =>
  locateError(error) ?? { sourceLine: '', scriptResourceName: '', lineNumber: 0, startColumn: 0 };

/** A worker tells of unhandled rejections and errors by events. */
function listenToRealm(realm: Any): void {
  if (typeof realm.addEventListener !== 'function' || typeof realm.WorkerGlobalScope !== 'function') return;
  realm.addEventListener('unhandledrejection', (event: PromiseRejectionEvent) => {
    event.preventDefault();
    reportRejection(event.promise, event.reason);
  });
  realm.addEventListener('rejectionhandled', (event: PromiseRejectionEvent) => reportHandled(event.promise));
  realm.addEventListener('error', (event: ErrorEvent) => {
    event.preventDefault();
    enter(() => {
      throw event.error ?? new Error(event.message);
    });
  });
}

/** The part of `createRuntime` that needs no Host: a spare worker does it while it waits for its program. */
export function prepareRuntime(): void {
  lazily.require = requireLazily;
  setBuiltinModule(builtin);
  installCrypto();
  prepareProcess();
}

export function createRuntime(host: Host): Runtime {
  setHost(host);
  prepareRuntime();
  setUpProcess();
  addModules({});
  listenToRealm(globalThis);
  return {
    isBuiltin,
    builtin,
    builtinIds: builtinIds(),
    process,
    installGlobals,
    enter,
    hold,
    run: runMain,
    uncaught: (error, origin) => enter(() => fatal(error, origin === 'unhandledRejection')),
    rejected: reportRejection,
    rejectionHandled: reportHandled,
    locateErrors(locate) {
      locateError = locate;
    },
    signal: (signal) => enter(() => raise(signal)),
  };
}
