/** What the files beside this one patch with, and by which rule. */
import type { Any } from './here.ts';

/** Puts a function of an object's own before the one it has; whoever looks at the object sees nothing of it. */
export function override(
  object: object,
  name: string,
  before: (former: Any) => (...args: Any[]) => unknown,
): void {
  const value = before((object as Any)[name]);
  Object.defineProperty(object, name, { value, configurable: true, writable: true });
}

/** What Node takes for a port. */
export const isPort = (port: unknown): boolean =>
  (typeof port === 'number' || (typeof port === 'string' && port.trim() !== '')) &&
  Number(port) === Number(port) >>> 0 &&
  Number(port) <= 65_535;
