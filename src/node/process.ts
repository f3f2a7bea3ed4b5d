/**
 * Fills `process` in the order of Node's lib/internal/bootstrap/node.js, and says how a process ends: by itself, by
 * `process.exit`, by an error nobody caught.
 */
import { buffer } from './bindings/buffer.ts';
import { flush } from './bindings/fs-files.ts';
import { processMethods, setCwd, startClock } from './bindings/process.ts';
import { errors, setPrivate, util } from './bindings/util.ts';
import { host } from './current.ts';
import { beginLoop, type Ending, enter, setEnding, stopLoop, timersBinding, yieldToTicks } from './loop.ts';
import { process } from './process-object.ts';

const VERSION = 'v24.21.0';
const VERSIONS = {
  node: '24.21.0',
  ada: '4.0.0',
  llhttp: '9.4.3',
  modules: '137',
  openssl: '3.5.8',
  sqlite: '3.53.4',
  unicode: '17.0',
  uv: '1.52.1',
  v8: '13.6.233.17-node.53',
};

/** What Node's files read while they are being loaded: the same for every process. */
function setUpConstants(): void {
  process.version = VERSION;
  process.versions = Object.freeze({ ...VERSIONS });
  process.arch = 'x64';
  process.platform = 'linux';
  process.release = Object.freeze({ name: 'node', lts: 'Krypton' });
  process.title = 'node';
  process.debugPort = 9229;
  process.domain = null;
  process.moduleLoadList = [];
  process.env = {};
  setPrivate(process, 'exit_info_private_symbol', new Int32Array(3));
}

/** What this process has of its own. */
function setUpSelf(): void {
  const { self } = host();
  process.argv = [self.execPath, ...self.args];
  process.argv0 = 'node';
  process.execArgv = [...self.execArgv];
  process.execPath = self.execPath;
  process.pid = self.pid;
  process.ppid = self.ppid ?? 1;
  process.env = environment(self.env);
  setCwd(self.cwd);
}

/** Values of the environment are strings, whatever is assigned. */
function environment(initial: Readonly<Record<string, string>>): Record<string, string> {
  const asText = (value: unknown) => {
    if (typeof value === 'symbol') throw new TypeError('Cannot convert a Symbol value to a string');
    return String(value);
  };
  return new Proxy(
    { ...initial },
    {
      set(target, name, value) {
        if (typeof name === 'symbol') throw new TypeError('Cannot convert a Symbol value to a string');
        target[name] = asText(value);
        return true;
      },
      defineProperty(target, name, descriptor) {
        if ('value' in descriptor) target[name as string] = asText(descriptor.value);
        return true;
      },
    },
  );
}

/** `process.exitCode` accepts integers and their text, and says so otherwise. */
function setUpExitCode(): void {
  const { validateInteger } = require('internal/validators');
  const fields = process[util.privateSymbols.exit_info_private_symbol];
  const [EXITING, CODE, HAS_CODE] = [0, 1, 2];
  Object.defineProperty(process, '_exiting', {
    get: () => fields[EXITING] === 1,
    set(value) {
      fields[EXITING] = value ? 1 : 0;
    },
    enumerable: true,
    configurable: true,
  });
  Object.defineProperty(process, 'exitCode', {
    get: () => (fields[HAS_CODE] ? fields[CODE] : undefined),
    set(code) {
      if (code === null || code === undefined) {
        fields[HAS_CODE] = 0;
        return;
      }
      let value = code;
      if (typeof code === 'string' && code !== '' && !Number.isNaN(Number(code))) value = Number(code);
      validateInteger(value, 'code');
      fields[CODE] = value;
      fields[HAS_CODE] = 1;
    },
    enumerable: true,
    configurable: false,
  });
}

function setUpMethods(): void {
  const perThread = require('internal/process/per_thread');
  const wrapped = perThread.wrapProcessMethods(processMethods);
  for (const name of [
    'dlopen',
    'uptime',
    '_getActiveRequests',
    '_getActiveHandles',
    'getActiveResourcesInfo',
    'reallyExit',
    '_kill',
    'constrainedMemory',
    'availableMemory',
    'abort',
    'loadEnvFile',
    'cwd',
  ]) {
    process[name] = processMethods[name];
  }
  for (const name of [
    '_rawDebug',
    'cpuUsage',
    'threadCpuUsage',
    'resourceUsage',
    'memoryUsage',
    'kill',
    'exit',
    'execve',
  ]) {
    process[name] = wrapped[name];
  }
  process.ref = perThread.ref;
  process.unref = perThread.unref;
  process.hrtime = perThread.hrtime;
  process.hrtime.bigint = perThread.hrtimeBigInt;
  perThread.refreshHrtimeBuffer?.();
  const { validateString } = require('internal/validators');
  process.chdir = function chdir(directory: unknown) {
    validateString(directory, 'directory');
    processMethods.chdir(directory);
  };
  const { parseFileMode } = require('internal/validators');
  process.umask = function umask(mask: unknown) {
    return mask === undefined ? processMethods.umask() : processMethods.umask(parseFileMode(mask, 'mask'));
  };
  process.openStdin = () => {
    process.stdin.resume();
    return process.stdin;
  };
  for (const name of ['getuid', 'geteuid', 'getgid', 'getegid']) process[name] = () => 1000;
  process.getgroups = () => [1000];
  process.binding = (name: string) => {
    throw new (require('internal/errors').codes.ERR_ACCESS_DENIED)(`process.binding('${name}')`);
  };
  process.getBuiltinModule = (id: string) => {
    const { validateString: check } = require('internal/validators');
    check(id, 'id');
    return builtinModule(id);
  };
}

let builtinModule: (id: string) => unknown = () => undefined;
export const setBuiltinModule = (find: (id: string) => unknown): void => {
  builtinModule = find;
};

function setUpFeatures(): void {
  Object.defineProperty(process, 'features', {
    enumerable: true,
    value: {
      inspector: false,
      debug: false,
      uv: true,
      ipv6: true,
      tls_alpn: true,
      tls_sni: true,
      tls_ocsp: true,
      tls: true,
      openssl_is_boringssl: false,
      cached_builtins: true,
      require_module: true,
      quic: false,
      typescript: false,
    },
  });
  Object.defineProperty(process, 'config', {
    enumerable: true,
    configurable: true,
    value: Object.freeze({ target_defaults: Object.freeze({}), variables: Object.freeze({}) }),
  });
  Object.defineProperty(process, 'allowedNodeEnvironmentFlags', {
    enumerable: true,
    configurable: true,
    value: new Set(),
  });
  process.report = { reportOnUncaughtException: false };
  Object.defineProperty(process, 'sourceMapsEnabled', { enumerable: true, configurable: true, value: false });
  process.setSourceMapsEnabled = () => {};
}

function setUpTasks(): void {
  const { setupTaskQueue } = require('internal/process/task_queues');
  const { nextTick, runNextTicks } = setupTaskQueue();
  process.nextTick = nextTick;
  process._tickCallback = runNextTicks;
  require('timers');
  const { processImmediate, processTimers } = require('internal/timers').getTimerCallbacks(yieldToTicks);
  timersBinding.setupTimers(processImmediate, processTimers);
}

/** Ends the process as Node does for an error: after 'exit', the error's text on standard error. */
function print(error: unknown, origin: 'uncaughtException' | 'unhandledRejection'): void {
  const text = host().formatUncaught(error, origin).replace(/\n$/, '');
  host().write(2, new TextEncoder().encode(`${text}\n\nNode.js ${VERSION}\n`));
}

function end(code: number): void {
  stopLoop();
  flush();
  host().exit(code);
}
/** An error nobody caught: 'uncaughtException' listeners first, else the end. */
export function fatal(error: unknown, fromPromise: boolean): void {
  const origin = fromPromise ? 'unhandledRejection' : 'uncaughtException';
  let handled: boolean;
  try {
    handled = process._fatalException(error, fromPromise);
  } catch (inListener) {
    print(inListener, origin);
    end(7);
    return;
  }
  if (handled) return;
  print(error, origin);
  end(process.exitCode ?? 1);
}

let prepared = false;

/**
 * Everything that needs no Host: a spare worker does it while it waits. Order matters: each step needs the ones before.
 */
export function prepareProcess(): void {
  if (prepared) return;
  prepared = true;
  // Node's promises.js takes the function when it is loaded, so it comes first.
  errors.triggerUncaughtException = fatal;
  setUpConstants();
  const EventEmitter = require('events');
  Object.setPrototypeOf(Object.getPrototypeOf(process), EventEmitter.prototype);
  EventEmitter.call(process);
  Object.defineProperty(process, Symbol.toStringTag, { value: 'process', writable: true });
  setUpExitCode();
  buffer.setBufferPrototype(require('buffer').Buffer.prototype);
  setUpMethods();
  setUpTasks();
  setUpFeatures();
  const execution = require('internal/process/execution');
  process._fatalException = execution.onGlobalUncaughtException;
  process.setUncaughtExceptionCaptureCallback = execution.setUncaughtExceptionCaptureCallback;
  process.hasUncaughtExceptionCaptureCallback = execution.hasUncaughtExceptionCaptureCallback;
  const warning = require('internal/process/warning');
  process.emitWarning = warning.emitWarning;
  process.on('warning', warning.onWarning);
  processMethods.reallyExit = end;
  process.reallyExit = end;
  require('internal/standard-streams').defineStreams(process);
  require('internal/console/constructor').initializeGlobalConsole(require('internal/console/global'));
  const signals = require('internal/process/signal');
  process.on('newListener', signals.startListeningIfSignal);
  process.on('removeListener', signals.stopListeningIfSignal);
  setEnding(ending);
  require('internal/dns/utils').initializeDns();
  // The first `console.log` needs these; loading them is most of what it would take.
  require('net');
}

/** Called once, after `setHost`. */
export function setUpProcess(): void {
  prepareProcess();
  setUpSelf();
}

const hostSetTimeout = globalThis.setTimeout.bind(globalThis);
let mainSettled = false;

const ending: Ending = {
  uncaught: (error) => fatal(error, false),
  beforeExit() {
    process.emit('beforeExit', process.exitCode || 0);
  },
  exit() {
    const unsettled = !mainSettled && (process.exitCode ?? 0) === 0;
    if (unsettled) process.exitCode = 13;
    if (!process._exiting) {
      process._exiting = true;
      try {
        process.emit('exit', process.exitCode || 0);
      } catch (error) {
        return fatal(error, false);
      }
    }
    if (unsettled && process.exitCode === 13) warnOfUnsettledMain();
    // Promise jobs of 'exit' listeners still run, as in Node.
    stopLoop();
    hostSetTimeout(() => end(process.exitCode || 0), 0);
  },
};

/** The place where the main module waits, with its line: the module loader knows it. */
let describeUnsettled = (): string | undefined => undefined;

function warnOfUnsettledMain(): void {
  const place = describeUnsettled() ?? `file://${host().self.args[0] ?? ''}\n`;
  host().write(2, new TextEncoder().encode(`Warning: Detected unsettled top-level await at ${place}\n\n\n`));
}

/** As Node does before it runs a program that was forked. */
function openChannel(): void {
  const { NODE_CHANNEL_FD: fd, NODE_CHANNEL_SERIALIZATION_MODE: mode = 'json' } = process.env;
  if (!fd) return;
  delete process.env.NODE_CHANNEL_FD;
  delete process.env.NODE_CHANNEL_SERIALIZATION_MODE;
  require('child_process')._forkChild(Number(fd), mode);
}

/** Runs the program. What `main` throws is an uncaught exception; what it rejects with is an unhandled rejection. */
export function runMain(main: () => Promise<void>, describe = describeUnsettled): void {
  describeUnsettled = describe;
  startClock();
  openChannel();
  const settle = () => {
    mainSettled = true;
  };
  beginLoop(() => {
    let running: Promise<void>;
    try {
      running = main();
    } catch (error) {
      settle(); // a listener for 'uncaughtException' may keep the process alive
      throw error;
    }
    running.then(settle, (error) => {
      settle();
      enter(() => fatal(error, true));
    });
  }, ending);
}
