/** `internalBinding` of what a process asks of its system: `process_methods`, `credentials`, `os`, `signal_wrap`, clocks. */
import { type Any, host } from '../current.ts';
import { activeHandles, enter, loopNow } from '../loop.ts';
import { constants } from './constants.ts';
import { HandleWrap } from './stream.ts';
import { UV } from './uv.ts';

const clock = globalThis.performance;
/** When this process began; a worker that waited as a spare begins when it gets its program. */
let origin = clock.now();
export const startClock = (): void => {
  origin = clock.now();
};

const hrtimeBuffer = new Uint32Array(3);
const nanoseconds = (): bigint => BigInt(Math.round((clock.timeOrigin + clock.now()) * 1e6));
let cwd = '/';
export const setCwd = (path: string): void => {
  cwd = path;
};

/** What the process looked like it used; a worker cannot measure itself, but programs subtract two readings. */
function memory(values: Float64Array): void {
  const heap = (clock as Any).memory?.usedJSHeapSize ?? 12 << 20;
  values.set([heap + (30 << 20), heap + (4 << 20), heap, 1 << 20, 1 << 16]);
}

const errno = (code: number, syscall: string, extra: object = {}): Error => {
  const { UVException } = require('internal/errors');
  return new UVException({ errno: code, syscall, ...extra });
};

export const processMethods: Any = {
  hrtimeBuffer,
  hrtime() {
    const now = nanoseconds();
    const seconds = now / 1_000_000_000n;
    hrtimeBuffer[0] = Number(seconds >> 32n);
    hrtimeBuffer[1] = Number(seconds & 0xffffffffn);
    hrtimeBuffer[2] = Number(now % 1_000_000_000n);
  },
  hrtimeBigInt() {
    new BigUint64Array(hrtimeBuffer.buffer, 0, 1)[0] = nanoseconds();
  },
  uptime: () => (clock.now() - origin) / 1000,
  memoryUsage: memory,
  rss: () => 42 << 20,
  constrainedMemory: () => 0,
  availableMemory: () => 2 ** 31,
  cpuUsage(values: Float64Array) {
    values[0] = (clock.now() - origin) * 1000;
    values[1] = 0;
  },
  threadCpuUsage(values: Float64Array) {
    values[0] = (clock.now() - origin) * 1000;
    values[1] = 0;
  },
  resourceUsage(values: Float64Array) {
    values.fill(0);
    values[0] = (clock.now() - origin) * 1000;
  },
  _getActiveRequests: () => [],
  _getActiveHandles: () => activeHandles(),
  getActiveResourcesInfo: () => activeHandles().map((handle) => `${handle.constructor.name}Wrap`),
  _kill(pid: number, signal: number) {
    if (pid !== host().self.pid && pid !== 0) return host().children?.signal(pid, signal) ? 0 : UV.UV_ESRCH;
    if (signal !== 0) enter(() => raise(signal));
    return 0;
  },
  _rawDebug: (text: string) => host().write(2, new TextEncoder().encode(`${text}\n`)),
  _debugProcess() {},
  _debugEnd() {},
  reallyExit: (code: number) => host().exit(code),
  abort: () => host().exit(134),
  causeSegfault() {},
  dlopen(_module: object, file: string) {
    throw Object.assign(new Error(`${file}: the sandbox has no native addons`), {
      code: 'ERR_DLOPEN_FAILED',
    });
  },
  execve() {
    throw errno(UV.UV_ENOSYS, 'execve');
  },
  loadEnvFile(path = '.env') {
    const { readFileSync } = require('fs');
    const { process } = require('process') as Any;
    const entries = require('util').parseEnv(readFileSync(path, 'utf8'));
    for (const [name, value] of Object.entries(entries))
      if (!(name in process.env)) process.env[name] = value;
  },
  setEmitWarningSync() {},
  cwd: () => cwd,
  chdir(path: string) {
    const target = require('path').resolve(cwd, path);
    const found = host().files.stat(target);
    if (found?.kind !== 'directory')
      throw errno(found ? UV.UV_ENOTDIR : UV.UV_ENOENT, 'chdir', { path: cwd, dest: path });
    cwd = target;
  },
  umask: (() => {
    let mask = 0o22;
    return (next?: number) => {
      const prior = mask;
      if (next !== undefined) mask = next & 0o777;
      return prior;
    };
  })(),
};

export const credentials: Any = {
  implementsPosixCredentials: true,
  safeGetenv: (name: string) => host().self.env[name],
  getTempDir: () => host().self.env.TMPDIR ?? '/tmp',
  getuid: () => 1000,
  geteuid: () => 1000,
  getgid: () => 1000,
  getegid: () => 1000,
  getgroups: () => [1000],
};

export const os: Any = {
  getAvailableParallelism: () => globalThis.navigator?.hardwareConcurrency ?? 1,
  getCPUs: () => {
    const cores = globalThis.navigator?.hardwareConcurrency ?? 1;
    return Array.from({ length: cores }, () => ['Handfast sandbox', 0, 0, 0, 0, 0, 0]).flat();
  },
  getFreeMem: () => 2 ** 30,
  getTotalMem: () => 2 ** 32,
  getHomeDirectory: () => host().self.env.HOME ?? '/root',
  getHostname: () => host().self.hostname,
  getOSInformation: () => ['Linux', '#1 SMP', '6.8.0', 'x86_64'],
  getInterfaceAddresses: () => [
    ...['lo', '127.0.0.1', '255.0.0.0', 'IPv4', '00:00:00:00:00:00', true, -1],
    ...['lo', '::1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'IPv6', '00:00:00:00:00:00', true, 0],
  ],
  getLoadAvg(values: Float64Array) {
    values.fill(0);
  },
  getPriority: () => 0,
  setPriority: () => 0,
  getUptime: () => clock.now() / 1000 + 1,
  getUserInfo: () => ({
    uid: 1000,
    gid: 1000,
    username: 'user',
    homedir: host().self.env.HOME ?? '/home/user',
    shell: '/bin/sh',
  }),
  isBigEndian: false,
};

const listening = new Map<number, Set<Signal>>();

function tellSignals(): void {
  host().listensTo?.([...listening].filter(([, wraps]) => wraps.size > 0).map(([signal]) => signal));
}

class Signal extends HandleWrap {
  onsignal?: (signal: number) => void;
  #signal = 0;
  start(signal: number): number {
    if (signal === constants.os.signals.SIGKILL || signal === constants.os.signals.SIGSTOP)
      return UV.UV_EINVAL;
    this.#signal = signal;
    const set = listening.get(signal) ?? new Set();
    listening.set(signal, set.add(this));
    tellSignals();
    return 0;
  }
  stop(): number {
    if (listening.get(this.#signal)?.delete(this)) tellSignals();
    return 0;
  }
  protected override onClose(): void {
    this.stop();
  }
}

/** Delivers a signal to this process: to its listeners, or by ending it. Returns false when nobody listened. */
export function raise(signal: number): boolean {
  const wraps = [...(listening.get(signal) ?? [])];
  for (const wrap of wraps) wrap.onsignal?.(signal);
  const harmless = [
    constants.os.signals.SIGCHLD,
    constants.os.signals.SIGWINCH,
    constants.os.signals.SIGCONT,
    constants.os.signals.SIGURG,
  ];
  if (wraps.length === 0 && !harmless.includes(signal)) host().exit(128 + signal, signal);
  return wraps.length > 0;
}

export const signalWrap: Any = { Signal };

export const performanceBinding: Any = {
  now: () => clock.now() - origin,
  loopIdleTime: () => 0,
  getTimeOrigin: () => origin,
  observerCounts: new Uint32Array(8),
  milestones: new Float64Array(8),
  constants: {},
  loopNow,
};
