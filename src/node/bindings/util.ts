/** `internalBinding('util')`, `'types'`, `'symbols'` and `'errors'`: what V8 tells Node about values. */
import type { Any } from '../current.ts';
import { rejections } from '../loop.ts';
import { readableStack } from '../other-browsers.ts';

const ANY_TAG = Object.prototype.toString;
const tag = (value: unknown): string => ANY_TAG.call(value).slice(8, -1);

/** True when `probe`, a method that reads an internal slot, accepts the value: what `instanceof` only guesses at. */
const slot =
  (probe: (this: Any) => unknown) =>
  (value: unknown): boolean => {
    if (typeof value !== 'object' || value === null) return false;
    try {
      probe.call(value);
      return true;
    } catch {
      return false;
    }
  };
const getter = (target: object, name: PropertyKey) =>
  Object.getOwnPropertyDescriptor(target, name)?.get as (this: Any) => unknown;

const isDate = slot(Date.prototype.getTime);
const isMap = slot(getter(Map.prototype, 'size'));
const isSet = slot(getter(Set.prototype, 'size'));
const weakMapHas = WeakMap.prototype.has;
const weakSetHas = WeakSet.prototype.has;
const isWeakMap = slot(function () {
  weakMapHas.call(this, {});
});
const isWeakSet = slot(function () {
  weakSetHas.call(this, {});
});
const isArrayBuffer = slot(getter(ArrayBuffer.prototype, 'byteLength'));
const isSharedArrayBuffer =
  typeof SharedArrayBuffer === 'undefined'
    ? () => false
    : slot(getter(SharedArrayBuffer.prototype, 'byteLength'));
const isDataView = slot(getter(DataView.prototype, 'byteLength'));
const isNumberObject = slot(Number.prototype.valueOf);
const isStringObject = slot(String.prototype.valueOf);
const isBooleanObject = slot(Boolean.prototype.valueOf);
const isSymbolObject = slot(Symbol.prototype.valueOf);
const isBigIntObject = slot(BigInt.prototype.valueOf);
const regExpSource = getter(RegExp.prototype, 'flags');
const isRegExp = (value: unknown) => {
  if (typeof value !== 'object' || value === null || value === RegExp.prototype) return false;
  if (tag(value) === 'RegExp') return true;
  return (
    Symbol.toStringTag in value && value instanceof RegExp && typeof regExpSource.call(value) === 'string'
  );
};

/**
 * Iterators and promises have no side-effect-free probe, so the built-in tag decides, and their prototype must not have
 * been shadowed by an own tag.
 */
const builtinTag = (name: string) => (value: unknown) =>
  typeof value === 'object' &&
  value !== null &&
  !Object.hasOwn(value, Symbol.toStringTag) &&
  tag(value) === name;
const isGeneratorFunction = (value: unknown) =>
  typeof value === 'function' && /GeneratorFunction$/.test(tag(value));
const isAsyncFunction = (value: unknown) => typeof value === 'function' && /^Async/.test(tag(value));

const errorProbe = (Error as Any).isError as ((value: unknown) => boolean) | undefined;
/** Classes of ours that V8 knows nothing of and that Node treats as errors with an internal slot. */
const isNativeError = (value: unknown): boolean =>
  errorProbe
    ? errorProbe(value) && tag(value) === 'Error'
    : value instanceof Error && (tag(value) === 'Error' || Symbol.toStringTag in value);

export const types = {
  isExternal: () => false,
  isDate,
  isArgumentsObject: (value: unknown) =>
    typeof value === 'object' &&
    value !== null &&
    !(Symbol.toStringTag in value) &&
    tag(value) === 'Arguments',
  isBigIntObject,
  isBooleanObject,
  isNumberObject,
  isStringObject,
  isSymbolObject,
  isBoxedPrimitive: (value: unknown) =>
    isNumberObject(value) ||
    isStringObject(value) ||
    isBooleanObject(value) ||
    isBigIntObject(value) ||
    isSymbolObject(value),
  isNativeError,
  isRegExp,
  isAsyncFunction,
  isGeneratorFunction,
  isGeneratorObject: (value: unknown) =>
    typeof value === 'object' &&
    value !== null &&
    /^(Async)?Generator$/.test(tag(value)) &&
    !Object.hasOwn(value, Symbol.toStringTag) &&
    typeof (value as Any).next === 'function',
  isPromise: (value: unknown) =>
    value instanceof Promise && value !== Promise.prototype && builtinPromise(value),
  isMap,
  isSet,
  isMapIterator: builtinTag('Map Iterator'),
  isSetIterator: builtinTag('Set Iterator'),
  isWeakMap,
  isWeakSet,
  isArrayBuffer,
  isDataView,
  isSharedArrayBuffer,
  isProxy: () => false,
  isModuleNamespaceObject: (value: unknown) =>
    typeof value === 'object' &&
    value !== null &&
    Object.getPrototypeOf(value) === null &&
    tag(value) === 'Module',
  isAnyArrayBuffer: (value: unknown) => isArrayBuffer(value) || isSharedArrayBuffer(value),
  isCryptoKey: (value: unknown) => tag(value) === 'CryptoKey',
  isKeyObject: () => false,
  isEventTarget: () => false,
};

function builtinPromise(value: unknown): boolean {
  // An object that merely inherits from Promise.prototype is no promise: `constructor` lookups cannot tell, `then` can.
  const prototype = Object.getPrototypeOf(value);
  return prototype === Promise.prototype || prototype instanceof Promise || tag(value) === 'Promise';
}

/** Symbols by name, made on first use: the library and the bindings only need them to be the same. */
const symbolsNamed = (prefix: string): Any =>
  new Proxy({} as Any, {
    get(made, name) {
      if (typeof name !== 'string') return undefined;
      made[name] ??= Symbol(prefix + name);
      return made[name];
    },
  });

export const symbols = symbolsNamed('');
const privateSymbols = symbolsNamed('node:');

/**
 * V8's private symbols are invisible to reflection. Ours are not, so objects users look at get them as
 * non-enumerable properties.
 */
export function setPrivate(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, privateSymbols[name], {
    value,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}

class WeakReference {
  readonly #reference: WeakRef<object>;
  #strong: object | undefined;
  #count = 0;
  constructor(object: object) {
    this.#reference = new WeakRef(object);
  }
  get() {
    return this.#reference.deref();
  }
  incRef() {
    this.#count++;
    this.#strong = this.#reference.deref();
  }
  decRef() {
    if (--this.#count === 0) this.#strong = undefined;
    return this.#strong;
  }
}

function getConstructorName(object: object): string {
  for (let at: object | null = object; at !== null; at = Object.getPrototypeOf(at)) {
    const found = Object.getOwnPropertyDescriptor(at, 'constructor');
    if (typeof found?.value === 'function' && found.value.name !== '') return found.value.name;
  }
  return '';
}

const ONLY_ENUMERABLE = 2;
const isIndex = (key: string) => /^(0|[1-9]\d{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1;

function getOwnNonIndexProperties(object: object, filter: number): PropertyKey[] {
  return Reflect.ownKeys(object).filter((key) => {
    if (typeof key === 'string' && isIndex(key)) return false;
    return filter !== ONLY_ENUMERABLE || Object.prototype.propertyIsEnumerable.call(object, key);
  });
}

function previewEntries(object: Any, isIterator?: boolean): Any {
  const iterates = types.isMapIterator(object) || types.isSetIterator(object);
  if (!types.isMap(object) && !types.isSet(object) && !iterates)
    return isIterator === undefined ? undefined : [[], false];
  // Reading an iterator would move it; there is no way to look inside one.
  if (iterates) return isIterator === undefined ? [] : [[], false];
  const entries = [...object];
  return isIterator === undefined ? entries : [entries.flat(), types.isMap(object)];
}

/** One line per call site of the current stack, newest first, without the library's own. */
function getCallSites(frames: number): Any[] {
  const holder: { stack?: string } = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = frames + 8;
  (Error as Any).captureStackTrace?.(holder, getCallSites);
  Error.stackTraceLimit = limit;
  const lines = (holder.stack ?? '').split('\n').slice(1);
  return lines.slice(0, frames).map((line) => {
    const [, functionName = '', scriptName = '', lineNumber = '0', column = '0'] =
      /^\s*at (?:(.*?) \()?(.*?):(\d+):(\d+)\)?$/.exec(line) ?? [];
    return {
      functionName,
      scriptId: '0',
      scriptName,
      lineNumber: Number(lineNumber),
      columnNumber: Number(column),
      column: Number(column),
    };
  });
}

/** `require` of the library by id, for properties that are filled in when first read. Set by modules.ts. */
export const lazily: { require: (id: string) => Any } = {
  require: (id) => {
    throw new Error(`${id} was asked for before the modules were ready`);
  },
};

function defineLazyProperties(target: object, id: string, keys: readonly string[], enumerable = true): void {
  for (const key of keys) {
    const set = {
      [key](this: unknown, value: unknown) {
        Object.defineProperty(target, key, { value, writable: true, enumerable, configurable: true });
      },
    }[key];
    const get = {
      [key]() {
        const value = lazily.require(id)[key];
        set.call(target, value);
        return value;
      },
    }[key];
    Object.defineProperty(target, key, { enumerable, configurable: true, get, set });
  }
}

/** Reads `NAME=value` lines as `process.loadEnvFile` does. */
function parseEnv(text: string): Record<string, string> {
  const result: Record<string, string> = {};
  const line = /^\s*(?:export\s+)?([\w.-]+)\s*=[ \t]*("(?:[^"])*"|'(?:[^'])*'|`(?:[^`])*`|[^\n#]*)[^\n]*$/gm;
  for (const [, name, raw] of text.replaceAll('\r\n', '\n').matchAll(line)) {
    const value = raw.trim();
    const quote = /^(["'`])([\s\S]*)\1$/.exec(value);
    result[name] = quote === null ? value : quote[1] === '"' ? quote[2].replaceAll('\\n', '\n') : quote[2];
  }
  return result;
}

const kExitInfo = new Int32Array(3);
export const exitInfo = { fields: kExitInfo, kExiting: 0, kExitCode: 1, kHasExitCode: 2 };

export const util: Any = {
  constants: {
    // The states that getPromiseDetails gives.
    kPending: 0,
    kFulfilled: 1,
    kRejected: 2,
    kExiting: 0,
    kExitCode: 1,
    kHasExitCode: 2,
    ALL_PROPERTIES: 0,
    ONLY_WRITABLE: 1,
    ONLY_ENUMERABLE,
    ONLY_CONFIGURABLE: 4,
    SKIP_STRINGS: 8,
    SKIP_SYMBOLS: 16,
    kDisallowCloneAndTransfer: 0,
    kTransferable: 1,
    kCloneable: 2,
  },
  privateSymbols,
  shouldAbortOnUncaughtToggle: [0],
  WeakReference,
  getConstructorName,
  getOwnNonIndexProperties,
  getPromiseDetails(promise: unknown) {
    if (!(promise instanceof Promise)) return undefined;
    return rejections.has(promise) ? [2, rejections.get(promise)] : [0];
  },
  getProxyDetails: () => undefined,
  getCallerLocation: () => undefined,
  previewEntries,
  getExternalValue: () => 0n,
  getCallSites,
  // An index into internal/util's list: standard streams are pipes (4), everything else is a file (3).
  guessHandleType: (fd: number) => (fd <= 2 ? 4 : 3),
  toUSVString: (text: string) => String(text).toWellFormed(),
  sleep() {},
  isInsideNodeModules: () => false,
  isConstructor: (value: unknown) => {
    try {
      Reflect.construct(Object, [], value as Any);
      return true;
    } catch {
      return false;
    }
  },
  constructSharedArrayBuffer: (size: number) => new SharedArrayBuffer(size),
  defineLazyProperties,
  parseEnv,
  arrayBufferViewHasBuffer: () => true,
  isArrayBufferDetached: (buffer: Any) => buffer.detached === true,
  getSystemErrorName: String,
  getSystemErrorMessage: String,
};

export const errors: Any = {
  readableStack,
  exitCodes: {
    kNoFailure: 0,
    kGenericUserError: 1,
    kInternalJSParseError: 3,
    kInternalJSEvaluationFailure: 4,
    kV8FatalError: 5,
    kInvalidFatalExceptionMonkeyPatching: 6,
    kExceptionInFatalExceptionHandler: 7,
    kUnsettledTopLevelAwait: 13,
    kInvalidCommandLineArgument: 9,
    kBootstrapFailure: 10,
    kInvalidCommandLineArgument2: 12,
    kStartupSnapshotFailure: 14,
    kAbort: 134,
  },
  noSideEffectsToString(value: unknown): string {
    if (typeof value === 'symbol' || typeof value === 'bigint') return value.toString();
    if (typeof value === 'object' && value !== null && !(value instanceof Error))
      return `#<${getConstructorName(value) || 'Object'}>`;
    return String(value);
  },
  setPrepareStackTraceCallback() {},
  setGetSourceMapErrorSource() {},
  setSourceMapsEnabled() {},
  setMaybeCacheGeneratedSourceMap() {},
  setEnhanceStackForFatalException() {},
  /** Set by process.ts, which knows how the process ends. */
  triggerUncaughtException(error: unknown) {
    throw error;
  },
};
