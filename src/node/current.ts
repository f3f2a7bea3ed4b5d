/**
 * The one process of this JavaScript realm. Node's library keeps its state in modules, so a realm (a worker) can hold
 * only one runtime: `createRuntime` puts its Host here before anything of Node's is evaluated.
 */
import type { Host } from './host.ts';

// biome-ignore lint/suspicious/noExplicitAny: values of Node's untyped internal library
export type Any = any;

let current: Host | undefined;

export function setHost(host: Host): void {
  if (current)
    throw new Error('createRuntime was called twice in one realm: Node keeps its state in modules');
  current = host;
}

export function host(): Host {
  if (!current) throw new Error('createRuntime has not been called');
  return current;
}
