/**
 * Node's event loop on top of a browser's.
 *
 * libuv's phases (timers, poll, check, close) are walked in order, and each callback gets a browser task of its own,
 * because only the end of a task drains promise jobs. So after every callback: ticks are drained here, then the browser
 * drains promise jobs, then the next task begins with the ticks those jobs queued. That is Node's order exactly:
 * callback, ticks, promise jobs, ticks of promise jobs, …, next callback.
 */
import type { Any } from './current.ts';

type Callback = () => void;
type Phase = 'timers' | 'poll' | 'check' | 'close';

/** Thrown by `runNextTicks` to leave Node's processTimers/processImmediate after one callback; both can be entered again. */
const YIELD = { yield: true };

/** A libuv handle, as far as the loop asks: does it keep the process alive? */
export interface Handle {
  isAlive(): boolean;
}

/** What the process does with an error nobody caught, and at the loop's end. Set by process.ts. */
export interface Ending {
  uncaught(error: unknown): void;
  /** Nothing is left to wait for. Returns false when the process has ended. */
  beforeExit(): void;
  exit(): void;
}

// The host's own timers: user code gets Node's.
const hostSetTimeout = globalThis.setTimeout.bind(globalThis);
const hostClearTimeout = globalThis.clearTimeout.bind(globalThis);
const hostQueueMicrotask = globalThis.queueMicrotask.bind(globalThis);
const clock = globalThis.performance;
const started = clock.now();

const channel = new MessageChannel(); // a task without setTimeout's 4 ms clamp
const events: Callback[] = [];
/** Joins `events` one turn later. */
const slow: Callback[] = [];
const closing: Callback[] = [];
const handles = new Set<Handle>();

let ending: Ending | undefined;
let phase: Phase = 'timers';
let batch = 0;
let running = false;
let failed = false;
let posted = false;
let waiting = false;
let gathering = false;
let finished = false;
let begun = false;
let requests = 0;
let deadline = Number.POSITIVE_INFINITY;
let timersNow: number | undefined;
let hostTimer: ReturnType<typeof setTimeout> | undefined;
let quietBeforeExit: 'no' | 'asked' | 'emitted' = 'no';
let processImmediate: Callback;
let processTimers: (now: number) => number;
let tickCallback: Callback = () => {};

export const immediateInfo = new Uint32Array(3);
const [IMMEDIATES, REFED_IMMEDIATES, OUTSTANDING] = [0, 1, 2];
/** How many timers are referenced. */
export const timeoutInfo = new Int32Array(1);

/** Node's library writes here when a tick is queued; outside a callback that must wake the loop. */
export const tickInfo: Any = {
  scheduled: 0,
  1: 0,
  get 0() {
    return this.scheduled;
  },
  set 0(value: number) {
    this.scheduled = value;
    if (value && !running) post();
  },
};

/**
 * The browser reports rejected promises in a task that it queues when a task of ours has ended, and Node before its next
 * callback. So a message is sent twice: what the browser queued in between comes before the second. Ticks do not wait
 * for that: they belong to the callback before, and may still handle the promise.
 */
channel.port1.onmessage = ({ data: isSecond }) => {
  if (!isSecond && !hasTicks() && !finished) {
    channel.port2.postMessage(true);
    return;
  }
  posted = false;
  step();
};

function post(): void {
  if (posted || finished) return;
  posted = true;
  channel.port2.postMessage(false);
}

const hasTicks = (): boolean => (tickInfo.scheduled || tickInfo[1]) && !failed;

/** Milliseconds since the loop began, as `uv_now` counts them. */
export const loopNow = (): number => Math.floor(clock.now() - started);

/** Calls into Node's library. False when an error came out: then it has been handled, or the process has ended. */
function guarded(callback: Callback): boolean {
  try {
    callback();
  } catch (error) {
    if (error === YIELD) return true;
    failed = true;
    ending?.uncaught(error);
    return false;
  }
  return true;
}

function drainTicks(): void {
  if (tickInfo.scheduled || tickInfo[1]) guarded(tickCallback);
}

/**
 * Runs one callback and the ticks it queued; promise jobs follow when the browser's task ends. As in Node, the ticks of
 * a callback that failed wait for the callback after it.
 */
function run(callback: Callback): void {
  running = true;
  quietBeforeExit = 'no';
  failed = false;
  if (guarded(callback) && !finished) drainTicks();
  running = false;
  post();
}

/** One browser task: at most one callback of Node's. */
function step(): void {
  if (finished || running) return;
  wake();
  if (hasTicks()) {
    const was = quietBeforeExit;
    run(() => {});
    quietBeforeExit = was;
    return;
  }
  if (unhandled.size > 0) {
    run(tellOfRejections);
    return;
  }
  for (;;) {
    if (phase === 'timers') {
      if (timersNow !== undefined || deadline <= loopNow()) {
        run(runTimers);
        return;
      }
      beginPoll();
    } else if (phase === 'poll') {
      if (batch > 0) {
        batch--;
        run(events.shift() as Callback);
        return;
      }
      if (mustWait()) {
        wait();
        return;
      }
      phase = 'check';
    } else if (phase === 'check') {
      if (immediateInfo[IMMEDIATES] > 0 || immediateInfo[OUTSTANDING] > 0) {
        run(runImmediates);
        return;
      }
      phase = 'close';
    } else {
      const callback = closing.shift();
      if (callback) {
        run(callback);
        return;
      }
      phase = 'timers';
    }
  }
}

/** What came in before this turn runs in it; what comes in now waits for the next. */
function beginPoll(): void {
  phase = 'poll';
  batch = events.length;
  if (slow.length > 0) events.push(...slow.splice(0));
}

/** In the poll phase libuv blocks when no other phase has work. */
function mustWait(): boolean {
  if (events.length > 0 || slow.length > 0 || closing.length > 0) return false;
  if (immediateInfo[REFED_IMMEDIATES] > 0 || immediateInfo[OUTSTANDING] > 0) return false;
  return deadline > loopNow() || !isAlive();
}

function wait(): void {
  if (failed) {
    failed = false;
    post();
    return;
  }
  if (!isAlive()) {
    endOrAsk();
    return;
  }
  waiting = true;
  if (deadline !== Number.POSITIVE_INFINITY) {
    hostTimer = hostSetTimeout(
      () => {
        hostTimer = undefined;
        if (!waiting) return;
        phase = 'timers';
        step();
      },
      Math.max(1, deadline - loopNow()),
    );
  }
}

function wake(): void {
  waiting = false;
  if (hostTimer === undefined) return;
  hostClearTimeout(hostTimer);
  hostTimer = undefined;
}

/**
 * Nothing keeps the process alive. First the browser gets a turn to report promise rejections; then 'beforeExit';
 * and if that brought no new work, the end.
 */
function endOrAsk(): void {
  if (!begun) return;
  if (quietBeforeExit === 'no') {
    quietBeforeExit = 'asked';
    hostSetTimeout(post, 0);
  } else if (quietBeforeExit === 'asked') {
    run(() => ending?.beforeExit());
    quietBeforeExit = 'emitted';
  } else {
    ending?.exit();
  }
}

function runTimers(): void {
  const now = timersNow ?? loopNow();
  timersNow = now;
  const next = processTimers(now); // leaves by YIELD or an error when more is due: then `timersNow` stays
  timersNow = undefined;
  deadline = next === 0 ? Number.POSITIVE_INFINITY : Math.abs(next);
  beginPoll();
}

function runImmediates(): void {
  processImmediate(); // leaves by YIELD or an error when more are outstanding: then the phase stays
  phase = 'close';
}

function isAlive(): boolean {
  if (requests > 0 || timeoutInfo[0] > 0 || closing.length > 0 || timersNow !== undefined) return true;
  if (immediateInfo[REFED_IMMEDIATES] > 0 || immediateInfo[OUTSTANDING] > 0) return true;
  for (const handle of handles) if (handle.isAlive()) return true;
  return false;
}

/** An I/O callback: runs in the poll phase, at once when the loop waits for exactly that. */
export function enter(callback: Callback): void {
  if (finished) return;
  events.push(callback);
  if (gathering) return;
  if (waiting && !running) poll();
  else post();
}

/** Goes on with what a callback has begun: after its ticks and promise jobs, and before every other callback. */
export function enterNext(callback: Callback): void {
  if (finished) return;
  events.unshift(callback);
  if (phase === 'poll') batch++;
  if (!running) post();
}

/** The wait is over: what came in is the turn's. */
function poll(): void {
  batch = events.length;
  phase = 'poll';
  step();
}

/** What comes in together is one turn's, as what one `epoll_wait` tells of: all has arrived before any callback runs. */
export function gather(arrive: Callback): void {
  gathering = true;
  try {
    arrive();
  } finally {
    gathering = false;
  }
  if (events.length === 0 || finished) return;
  if (waiting && !running) poll();
  else post();
}

/**
 * The answer of a thread pool (files, names): never in the poll phase of the loop turn that asked, so that immediates
 * come first, as they do in Node, where a thread takes longer than a turn.
 */
export function enterLater(callback: Callback): void {
  if (finished) return;
  slow.push(callback);
  if (!running) post();
}

/** A close callback: runs in the close phase and keeps the loop alive until then. */
export function enterClosing(callback: Callback): void {
  closing.push(callback);
  post();
}

/** Keeps the process alive until the returned function is called: a request in flight, as libuv counts them. */
export function hold(): Callback {
  requests++;
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    requests--;
    if (!running) post();
  };
}

export const addHandle = (handle: Handle): void => {
  handles.add(handle);
};
export function removeHandle(handle: Handle): void {
  if (handles.delete(handle) && !running) post();
}
/** A handle stopped (or began) keeping the process alive: a waiting loop must look again. */
export const handleChanged = (): void => {
  if (!running) post();
};
export const activeHandles = (): readonly Handle[] => [...handles].filter((handle) => handle.isAlive());

export function beginLoop(main: Callback, endings: Ending): void {
  ending = endings;
  begun = true;
  run(main);
}

/** For everything before `beginLoop`, and for errors that reach us from outside any callback. */
export function setEnding(endings: Ending): void {
  ending = endings;
}

export function stopLoop(): void {
  finished = true;
  wake();
  events.length = 0;
  closing.length = 0;
}

/** A promise job of the user's: its errors take Node's way. */
function enqueueMicrotask(callback: Callback): void {
  hostQueueMicrotask(() => {
    try {
      callback();
    } catch (error) {
      enter(() => {
        throw error;
      });
    }
  });
}

export const timersBinding = {
  immediateInfo,
  timerInfo: timeoutInfo,
  timeoutInfo,
  getLibuvNow: loopNow,
  scheduleTimer(milliseconds: number) {
    deadline = loopNow() + Math.max(1, milliseconds);
    if (!running) post();
  },
  toggleTimerRef: handleChanged,
  toggleImmediateRef: handleChanged,
  setupTimers(immediates: Callback, timers: (now: number) => number) {
    processImmediate = immediates;
    processTimers = timers;
  },
};

/** Given to Node's getTimerCallbacks in place of `runNextTicks`: one callback a task. */
export function yieldToTicks(): never {
  throw YIELD;
}

export const taskQueueBinding = {
  tickInfo,
  enqueueMicrotask,
  runMicrotasks() {},
  setTickCallback(callback: Callback) {
    tickCallback = callback;
  },
  setPromiseRejectCallback(callback: (type: number, promise: Promise<unknown>, reason: unknown) => void) {
    promiseRejected = callback;
  },
  promiseRejectEvents: {
    kPromiseRejectWithNoHandler: 0,
    kPromiseHandlerAddedAfterReject: 1,
    kPromiseResolveAfterResolved: 2,
    kPromiseRejectAfterResolved: 3,
  },
};

/** The promises known to be rejected: only the engine itself could look into the others. */
export const rejections = new WeakMap<object, unknown>();

let promiseRejected: (type: number, promise: Promise<unknown>, reason: unknown) => void = () => {};

/** Rejections that the browser has reported and Node's library has not been told of: not before its ticks are done. */
const unhandled = new Map<Promise<unknown>, unknown>();

/**
 * The browser reports a rejection without handler after the promise jobs of a task. Ticks and their promise jobs may
 * still handle it: Node looks when none of either is left.
 */
export function reportRejection(promise: Promise<unknown>, reason: unknown): void {
  rejections.set(promise, reason);
  unhandled.set(promise, reason);
  if (!running) post();
}
export function reportHandled(promise: Promise<unknown>): void {
  if (unhandled.delete(promise)) return;
  promiseRejected(1, promise, undefined);
  drainTicksSoon();
}
function tellOfRejections(): void {
  const told = [...unhandled];
  unhandled.clear();
  for (const [promise, reason] of told) promiseRejected(0, promise, reason);
}
function drainTicksSoon(): void {
  if (running || finished) {
    post();
    return;
  }
  running = true;
  drainTicks();
  running = false;
  post();
}
