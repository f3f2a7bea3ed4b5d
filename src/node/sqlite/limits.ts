/** `database.limits`: an object whose properties are SQLite's run-time limits (https://sqlite.org/limits.html). */
import type { Connection } from './errors.ts';
import { illegalConstructor, invalidState, invalidType, native, outOfRange } from './native.ts';
import { sqlite } from './wasm.ts';

/** In Node's order; the numbers are SQLite's `SQLITE_LIMIT_…`. */
const LIMITS = {
  length: 0,
  sqlLength: 1,
  column: 2,
  exprDepth: 3,
  compoundSelect: 4,
  vdbeOp: 5,
  functionArg: 6,
  attach: 7,
  likePatternLength: 8,
  variableNumber: 9,
  triggerDepth: 10,
} as const;

export type LimitName = keyof typeof LIMITS;
export const limitNames = Object.keys(LIMITS) as LimitName[];

const LARGEST = 0x7fffffff;

export const setLimit = ({ pointer }: Connection, name: LimitName, value: number): number =>
  sqlite.sqlite3_limit(pointer, LIMITS[name], value);

/** The constructor, which has no name, shows only in the prototype. */
const prototype = Object.create(Object.prototype, {
  constructor: { value: native('', illegalConstructor), writable: true, configurable: true },
});

const isLimit = (name: string | symbol): name is LimitName => Object.hasOwn(LIMITS, name);

function mustBeOpen({ pointer }: Connection): void {
  if (pointer === 0) throw invalidState('database is not open');
}

function limitValue(value: unknown): number {
  if (value === Number.POSITIVE_INFINITY) return LARGEST;
  if (typeof value !== 'number' || (value | 0) !== value) {
    throw invalidType('Limit value must be a non-negative integer or Infinity.');
  }
  if (value < 0) throw outOfRange('Limit value must be non-negative.');
  return value;
}

export function createLimits(connection: Connection): object {
  const read = (name: LimitName) => {
    mustBeOpen(connection);
    return setLimit(connection, name, -1);
  };
  const target: object = Object.create(prototype);
  // A proxy may only report what its target has, or could have.
  return new Proxy(target, {
    get: (own, name, receiver) => (isLimit(name) ? read(name) : Reflect.get(own, name, receiver)),
    set(own, name, value) {
      if (!isLimit(name)) return Reflect.set(own, name, value);
      mustBeOpen(connection);
      setLimit(connection, name, limitValue(value));
      return true;
    },
    has: (own, name) => isLimit(name) || Reflect.has(own, name),
    ownKeys: (own) => [...Reflect.ownKeys(own).filter((name) => !isLimit(name)), ...limitNames],
    getOwnPropertyDescriptor: (own, name) =>
      isLimit(name)
        ? { value: connection.pointer && read(name), writable: true, enumerable: true, configurable: true }
        : Reflect.getOwnPropertyDescriptor(own, name),
    deleteProperty: (own, name) => isLimit(name) || Reflect.deleteProperty(own, name),
  });
}
