/**
 * The bare `process`: Node's files name it before it is complete. `process.ts` fills it as Node's bootstrap does.
 * Its prototype is an object whose `constructor` is a function named `process`, as `util.inspect` shows.
 */
import type { Any } from './current.ts';

const processConstructor = { process() {} }.process;
const prototype = Object.create(Object.prototype, {
  constructor: { value: processConstructor, configurable: true, writable: true },
});

export const process: Any = Object.create(prototype);
