/**
 * What functions and objects of Node's C++ look like from JavaScript: methods that cannot be constructed, getters on the
 * instance, receivers that are checked, errors whose stack begins with the caller.
 */

type Method = (...args: never[]) => unknown;

/** The innermost call from the program: errors leave out its frame and what lies above. */
let entered: Method | undefined;

/** A function that hides what it is made of from the stacks of the errors it throws. */
export function native(name: string, call: (self: object, args: unknown[]) => unknown): Method {
  const method = {
    [name](this: object, ...args: unknown[]) {
      const before = entered;
      entered = method;
      try {
        return call(this, args);
      } finally {
        entered = before;
      }
    },
  }[name];
  Object.defineProperty(method, 'length', { value: 0, configurable: true });
  return method;
}

/** A constructor as of a C++ class; what `construct` returns becomes the state of the new object. */
export function nativeClass<State extends object>(
  name: string,
  construct: (args: unknown[], self: object, isNew: boolean) => State,
) {
  const states = new WeakMap<object, State>();
  const getters: PropertyDescriptorMap = {};
  const Class = function (this: object, ...args: unknown[]) {
    const before = entered;
    entered = Class;
    try {
      const state = construct(args, this, new.target !== undefined);
      states.set(this, state);
      Object.defineProperties(this, getters);
    } finally {
      entered = before;
    }
  };
  Object.defineProperty(Class, 'name', { value: name, configurable: true });
  Object.defineProperty(Class, 'length', { value: 0, configurable: true });

  return {
    Class,
    /** A new object that no program's call of the constructor made. */
    create(state: State): object {
      const object = Object.create(Class.prototype, getters);
      states.set(object, state);
      return object;
    },
    stateOf: (object: unknown): State | undefined => states.get(object as object),
    /** Adds methods to the prototype, in order. */
    methods(methods: Record<string | symbol, (state: State, args: unknown[], self: object) => unknown>) {
      for (const key of Reflect.ownKeys(methods)) {
        Class.prototype[key] = native(typeof key === 'symbol' ? '' : key, (self, args) =>
          methods[key as string](receiver(states, self), args, self),
        );
      }
      // It comes last there.
      delete Class.prototype.constructor;
      const property = { value: Class, writable: true, configurable: true };
      Object.defineProperty(Class.prototype, 'constructor', property);
    },
    /** Adds getters, which each instance has itself, as instances of C++ classes do. */
    getters(table: Record<string, (state: State) => unknown>) {
      for (const [key, read] of Object.entries(table)) {
        const get = native('', (self) => read(receiver(states, self))) as () => unknown;
        getters[key] = { get, enumerable: true };
      }
    },
  };
}

function receiver<State extends object>(states: WeakMap<object, State>, self: unknown): State {
  const state = states.get(self as object);
  if (!state) throw hideFrames(new TypeError('Illegal invocation'));
  return state;
}

/** Makes an error's stack begin where the program called. */
export function hideFrames<Thrown extends Error>(error: Thrown): Thrown {
  if (entered) Error.captureStackTrace?.(error, entered);
  return error;
}

/** Frames of SQLite's that may lie between a function of the program and the program's call. */
const FRAMES_BETWEEN = 40;

/** Runs a callback of the program so that the errors it makes reach the frames behind SQLite's, which are not shown. */
export function withDeepStacks(run: () => void): void {
  const limit = Error.stackTraceLimit;
  if (typeof limit === 'number' && limit > 0) Error.stackTraceLimit = limit + FRAMES_BETWEEN;
  try {
    run();
  } catch (error) {
    // A stack is written when it is first looked at, with as many frames as are allowed then.
    if (error instanceof Error) void error.stack;
    throw error;
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** As the errors of Node's C++: an ordinary error with a code. */
function coded<Thrown extends Error>(error: Thrown, code: string): Thrown {
  Object.assign(error, { code });
  return hideFrames(error);
}

export const invalidState = (message: string) => coded(new Error(message), 'ERR_INVALID_STATE');
export const invalidType = (message: string) => coded(new TypeError(message), 'ERR_INVALID_ARG_TYPE');
export const invalidValue = (message: string) => coded(new TypeError(message), 'ERR_INVALID_ARG_VALUE');
export const outOfRange = (message: string) => coded(new RangeError(message), 'ERR_OUT_OF_RANGE');
export const otherError = (message: string, code: string) => coded(new Error(message), code);
export const otherTypeError = (message: string, code: string) => coded(new TypeError(message), code);

/** For the constructors of objects that only methods make. */
export function illegalConstructor(): never {
  throw otherError('Illegal constructor', 'ERR_ILLEGAL_CONSTRUCTOR');
}
