/** Makes a worker's global object look like Node's: Node's globals are put on it, everything else of the browser's is hidden. */
import type { Any } from './current.ts';
import { process } from './process-object.ts';

/** Web classes that Node has too and that the browser implements. They stay as they are. */
const KEPT = [
  ...['BroadcastChannel', 'MessageChannel', 'MessagePort', 'Blob', 'File'],
  ...['Performance', 'PerformanceEntry', 'PerformanceMark', 'PerformanceMeasure', 'PerformanceObserver'],
  ...['PerformanceObserverEntryList', 'PerformanceResourceTiming', 'URLPattern'],
  ...['Crypto', 'CryptoKey', 'SubtleCrypto', 'TextEncoder'],
  ...['WebAssembly', 'crypto', 'eval'],
];

/** The language's own globals, present in every realm. */
const LANGUAGE = [
  ...[
    'Object',
    'Function',
    'Array',
    'Number',
    'parseFloat',
    'parseInt',
    'Infinity',
    'NaN',
    'undefined',
    'Boolean',
  ],
  ...['String', 'Symbol', 'Date', 'Promise', 'RegExp', 'Error', 'AggregateError', 'EvalError', 'RangeError'],
  ...[
    'ReferenceError',
    'SyntaxError',
    'TypeError',
    'URIError',
    'globalThis',
    'JSON',
    'Math',
    'Intl',
    'ArrayBuffer',
  ],
  ...[
    'Atomics',
    'Uint8Array',
    'Int8Array',
    'Uint16Array',
    'Int16Array',
    'Uint32Array',
    'Int32Array',
    'BigUint64Array',
  ],
  ...[
    'BigInt64Array',
    'Uint8ClampedArray',
    'Float32Array',
    'Float64Array',
    'DataView',
    'Map',
    'BigInt',
    'Set',
  ],
  ...['Iterator', 'WeakMap', 'WeakSet', 'Proxy', 'Reflect', 'FinalizationRegistry', 'WeakRef', 'decodeURI'],
  ...['decodeURIComponent', 'encodeURI', 'encodeURIComponent', 'escape', 'unescape', 'isFinite', 'isNaN'],
  ...['SuppressedError', 'DisposableStack', 'AsyncDisposableStack', 'Float16Array', 'SharedArrayBuffer'],
];

/** `accessor`: Node defines it with a getter and a setter. `lazy`: `value` makes it when it is first read. */
type Globals = Record<string, { value: unknown; enumerable?: boolean; accessor?: boolean; lazy?: boolean }>;

const STREAMS = [
  ...[
    'ReadableStream',
    'ReadableStreamDefaultReader',
    'ReadableStreamBYOBReader',
    'ReadableStreamBYOBRequest',
  ],
  ...['ReadableByteStreamController', 'ReadableStreamDefaultController', 'TransformStream'],
  ...['TransformStreamDefaultController', 'WritableStream', 'WritableStreamDefaultController'],
  ...['WritableStreamDefaultWriter', 'ByteLengthQueuingStrategy', 'CountQueuingStrategy'],
  ...['TextEncoderStream', 'TextDecoderStream', 'CompressionStream', 'DecompressionStream'],
];

/** Classes of the library, made when they are first named: most of them are in a piece. */
const LAZY: Readonly<Record<string, () => Any>> = {
  Event: () => require('internal/event_target'),
  EventTarget: () => require('internal/event_target'),
  CustomEvent: () => require('internal/event_target'),
  AbortController: () => require('internal/abort_controller'),
  AbortSignal: () => require('internal/abort_controller'),
  FormData: () => require('internal/deps/undici/undici'),
  CloseEvent: () => require('internal/deps/undici/undici'),
  Headers: () => require('internal/deps/undici/undici'),
  MessageEvent: () => require('internal/deps/undici/undici'),
  Request: () => require('internal/deps/undici/undici'),
  Response: () => require('internal/deps/undici/undici'),
  WebSocket: () => require('internal/deps/undici/undici'),
  ...Object.fromEntries(STREAMS.map((name) => [name, () => require('stream/web')])),
};

/** The minifier leaves the names of properties alone, and with them the function's. */
const asNamed = {
  fetch(input: unknown, init: unknown = undefined) {
    return require('internal/deps/undici/undici').fetch(input, init);
  },
};

function nodeGlobals(): Globals {
  // What it does to the browser's class must not wait until somebody asks for the module.
  require('internal/blob');
  const timers = require('timers');
  const { URL, URLSearchParams } = require('internal/url');
  const { Buffer, atob, btoa } = require('buffer');
  const { TextDecoder, TextEncoder } = require('internal/encoding');
  const { DOMException } = require('internal/util').lazyDOMExceptionClass
    ? { DOMException: require('internal/util').lazyDOMExceptionClass() }
    : ({} as Any);
  const listed = (value: unknown) => ({ value, enumerable: true });
  const hidden = (value: unknown) => ({ value });
  return {
    process: { value: process, accessor: true },
    Buffer: { value: Buffer, accessor: true },
    console: hidden(require('internal/console/global')),
    clearImmediate: listed(timers.clearImmediate),
    setImmediate: listed(timers.setImmediate),
    clearInterval: listed(timers.clearInterval),
    clearTimeout: listed(timers.clearTimeout),
    setInterval: listed(timers.setInterval),
    setTimeout: listed(timers.setTimeout),
    queueMicrotask: listed(require('internal/process/task_queues').queueMicrotask),
    structuredClone: listed(globalThis.structuredClone),
    performance: { value: globalThis.performance, accessor: true, enumerable: true },
    atob: listed(atob),
    btoa: listed(btoa),
    URL: hidden(URL),
    URLSearchParams: hidden(URLSearchParams),
    TextDecoder: hidden(TextDecoder),
    TextEncoder: hidden(TextEncoder),
    DOMException: hidden(DOMException),
    fetch: listed(asNamed.fetch),
    ...Object.fromEntries(
      Object.entries(LAZY).map(([name, from]) => [name, { value: () => from()[name], lazy: true }]),
    ),
    ...navigatorOf(globalThis.navigator as Any),
  };
}

function navigatorOf(browser: Any): Globals {
  const facts = {
    hardwareConcurrency: browser?.hardwareConcurrency ?? 1,
    language: 'en-US',
    languages: ['en-US'],
    userAgent: 'Node.js/24',
    platform: 'linux',
  };
  const { Navigator } = { Navigator: class {} };
  for (const [name, fact] of Object.entries(facts))
    Object.defineProperty(Navigator.prototype, name, {
      get: () => fact,
      enumerable: true,
      configurable: true,
    });
  const navigator = new Navigator();
  return {
    Navigator: { value: Navigator },
    navigator: { value: () => navigator, lazy: true, accessor: true },
  };
}

let more: Globals = {};
/** Adds a global that another part supplies: `crypto`, `fetch` … It is made when it is first read. */
export function addLazyGlobal(name: string, make: () => unknown): void {
  more[name] = { value: make, lazy: true, accessor: /^[a-z]/.test(name) };
}

/** Removes a browser's global, or shadows it where it cannot be removed. */
function hide(target: Any, name: PropertyKey): void {
  if (Object.hasOwn(target, name)) {
    try {
      if (delete target[name]) return;
    } catch {
      // Not configurable: shadowing fails too, and then it stays.
    }
  }
  if (!(name in target)) return;
  try {
    Object.defineProperty(target, name, {
      value: undefined,
      writable: true,
      configurable: true,
      enumerable: false,
    });
  } catch {
    // A property the browser protects (`location`, say) stays visible.
  }
}

/** A global that becomes an ordinary property when it is first read or written: its class is in a piece of the library. */
function defineLazily(target: Any, name: string, make: () => unknown): void {
  const settle = (value: unknown) => {
    Object.defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
    return value;
  };
  Object.defineProperty(target, name, {
    get: () => settle(make()),
    set: settle,
    enumerable: false,
    configurable: true,
  });
}

/** A global that can be read and not assigned, as Node's `crypto`. */
function defineGetter(target: Any, name: string, make: () => unknown): void {
  const get = () => make();
  Object.defineProperty(get, 'name', { value: `get ${name}` });
  Object.defineProperty(target, name, { get, set: undefined, enumerable: true, configurable: true });
}

export function installGlobals(target: Any): void {
  const globals = { ...nodeGlobals(), ...more };
  more = {};
  const allowed = new Set<PropertyKey>([...KEPT, ...LANGUAGE, ...Object.keys(globals), 'global']);
  const inWorker = typeof target.WorkerGlobalScope === 'function';
  if (inWorker) {
    for (let at = target; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
      for (const name of Reflect.ownKeys(at)) {
        if (typeof name === 'string' && name !== 'constructor' && !allowed.has(name)) hide(target, name);
      }
    }
  }
  for (const [name, { value, enumerable = false, accessor, lazy }] of Object.entries(globals)) {
    if (lazy) {
      if (accessor) defineGetter(target, name, value as () => unknown);
      else defineLazily(target, name, value as () => unknown);
      continue;
    }
    let current = value;
    Object.defineProperty(
      target,
      name,
      accessor
        ? {
            get: () => current,
            set: (next) => {
              current = next;
            },
            enumerable,
            configurable: true,
          }
        : { value, writable: true, enumerable, configurable: true },
    );
  }
  target.global = target;
  Object.defineProperty(target, Symbol.toStringTag, { value: 'global', configurable: true });
}
