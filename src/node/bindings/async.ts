/**
 * `internalBinding('async_wrap')` and `'async_context_frame'`, and the base of every handle and request.
 *
 * `AsyncLocalStorage` rides on V8's continuation data, which follows promises. A browser has none: here the frame follows
 * every callback of Node's (ticks, timers, handles, requests), through `Promise.prototype.then` explicit promise callbacks,
 * and through what the loader writes around it (`loader/awaits.ts`) a program's `await`.
 */
import type { Any } from '../current.ts';
import { enter } from '../loop.ts';

let frame: unknown;

export const currentFrame = (): unknown => frame;

export const asyncContextFrame = {
  getContinuationPreservedEmbedderData: currentFrame,
  setContinuationPreservedEmbedderData(value: unknown) {
    if (value !== undefined) followPromises();
    frame = value;
  },
};

/** Runs a host callback of a handle or request in the frame that made it. */
export function enterWith(resource: { readonly frame: unknown }, callback: () => void): void {
  enter(() => {
    frame = resource.frame;
    try {
      callback();
    } finally {
      frame = undefined;
    }
  });
}

/** Calls what belongs to another frame than the present one. */
export function within<Result>(captured: unknown, callback: () => Result): Result {
  const prior = frame;
  frame = captured;
  try {
    return callback();
  } finally {
    frame = prior;
  }
}

let followsPromises = false;
/** Called when the first AsyncLocalStorage is used: wraps `then` so that its callbacks run in the caller's frame. */
export function followPromises(): void {
  if (followsPromises) return;
  followsPromises = true;
  const original = Promise.prototype.then;
  const inFrame = (callback: Any) => {
    if (typeof callback !== 'function') return callback;
    const captured = frame;
    return (value: unknown) => within(captured, () => callback(value));
  };
  // biome-ignore lint/suspicious/noThenProperty: replacing the method is the purpose
  Promise.prototype.then = function then(onFulfilled, onRejected) {
    return original.call(this, inFrame(onFulfilled), inFrame(onRejected)) as Any;
  };
}

const { resolve } = Promise;
const { then } = Promise.prototype;

/**
 * A promise that gives back the present frame before it gives anything to whoever awaits it next: jobs of one promise run
 * in the order in which they were asked for, with nothing in between. A stack is not followed through such a promise.
 */
function follow<Value>(value: Value): Value | Promise<Awaited<Value>> {
  if (!followsPromises) return value;
  const captured = frame;
  const giveBack = () => {
    frame = captured;
  };
  const promise = resolve.call(Promise, value);
  then.call(promise, giveBack, giveBack);
  return promise as Promise<Awaited<Value>>;
}

/** What the loader has a program's files call. */
export interface FollowAwaits {
  value<Value>(value: Value): Value | Promise<Awaited<Value>>;
  each(iterable: Any): Any;
}

export const followAwaits: FollowAwaits = {
  value: follow,
  /** What is not iterable in this way is walked as it is. */
  each(iterable) {
    const begin = iterable?.[Symbol.asyncIterator];
    if (typeof begin !== 'function') return iterable;
    return {
      [Symbol.asyncIterator]() {
        const iterator = begin.call(iterable);
        return {
          next: (...given: unknown[]) => follow(iterator.next(...given)),
          // `for await` calls it only if it is there.
          ...(iterator.return && { return: (...given: unknown[]) => follow(iterator.return(...given)) }),
        };
      },
    };
  },
};

const fields = new Uint32Array(9);
const ids = new Float64Array([0, 0, 1, -1]);
const [EXECUTION, TRIGGER, COUNTER, DEFAULT_TRIGGER] = [0, 1, 2, 3];
const STACK_LENGTH = 7;
const resources: unknown[] = [];
let stack = new Float64Array(64);

function pushAsyncContext(asyncId: number, triggerAsyncId: number): void {
  const depth = fields[STACK_LENGTH];
  if (depth * 2 >= stack.length) {
    const larger = new Float64Array(stack.length * 2);
    larger.set(stack);
    stack = larger;
    asyncWrap.async_ids_stack = stack;
  }
  stack[depth * 2] = ids[EXECUTION];
  stack[depth * 2 + 1] = ids[TRIGGER];
  fields[STACK_LENGTH] = depth + 1;
  ids[EXECUTION] = asyncId;
  ids[TRIGGER] = triggerAsyncId;
}

function popAsyncContext(_asyncId: number): boolean {
  const depth = fields[STACK_LENGTH];
  if (depth === 0) return false;
  ids[EXECUTION] = stack[(depth - 1) * 2];
  ids[TRIGGER] = stack[(depth - 1) * 2 + 1];
  fields[STACK_LENGTH] = depth - 1;
  resources.length = Math.min(resources.length, depth - 1);
  return depth > 1;
}

export const asyncWrap: Any = {
  setupHooks() {},
  setCallbackTrampoline() {},
  setPromiseHooks() {},
  getPromiseHooks: () => [undefined, undefined, undefined, undefined],
  registerDestroyHook() {},
  queueDestroyAsyncId() {},
  async_hook_fields: fields,
  async_id_fields: ids,
  async_ids_stack: stack,
  execution_async_resources: resources,
  pushAsyncContext,
  popAsyncContext,
  executionAsyncResource: (index: number) => resources[index],
  clearAsyncIdStack() {
    fields[STACK_LENGTH] = 0;
    ids[EXECUTION] = 0;
    ids[TRIGGER] = 0;
    resources.length = 0;
  },
  constants: {
    kInit: 0,
    kBefore: 1,
    kAfter: 2,
    kDestroy: 3,
    kPromiseResolve: 4,
    kTotals: 5,
    kCheck: 6,
    kStackLength: STACK_LENGTH,
    kUsesExecutionAsyncResource: 8,
    kExecutionAsyncId: EXECUTION,
    kTriggerAsyncId: TRIGGER,
    kAsyncIdCounter: COUNTER,
    kDefaultTriggerAsyncId: DEFAULT_TRIGGER,
  },
  Providers: {},
};
/** The JS face of a C++ AsyncWrap. */
export class AsyncResource {
  readonly frame: unknown = frame;
  readonly #id: number = ++ids[COUNTER];
  getAsyncId(): number {
    return this.#id;
  }
  getProviderType(): number {
    return 0;
  }
  asyncReset(): void {}
}

/** A request: the library sets `oncomplete` and reads what the binding writes on it. */
export class Request extends AsyncResource {
  oncomplete?: (...args: Any[]) => void;
}
