import type { PartName } from '../../../node/pieces/list.ts';
import type { Kernel } from './frame.ts';

/** The parts of Node's library that come on demand. */
export interface Parts {
  /** Fetches a part, unless it is there or on its way. */
  fetch(name: PartName): Promise<unknown>;
  /** Sees to it that a kernel has a part: resolves when it has. What one program waits for, another does not ask again. */
  give(kernel: Kernel, name: PartName): Promise<unknown>;
}

export function createParts(load: (name: PartName) => Promise<string | Uint8Array>): Parts {
  /** Until a kernel has them. A failure is not kept: the network may come back. */
  const fetched = new Map<PartName, Promise<string | Uint8Array>>();
  const given = new WeakMap<Kernel, Map<PartName, Promise<unknown>>>();

  function fetch(name: PartName): Promise<string | Uint8Array> {
    const known = fetched.get(name);
    if (known) return known;
    const loading = load(name);
    fetched.set(name, loading);
    loading.catch(() => fetched.delete(name));
    return loading;
  }

  return {
    fetch,
    give(kernel, name) {
      const all = given.get(kernel) ?? new Map<PartName, Promise<unknown>>();
      given.set(kernel, all);
      const known = all.get(name);
      if (known) return known;
      const giving = fetch(name).then((script) => kernel.call('addPiece', { name, script }));
      all.set(name, giving);
      giving.then(
        () => fetched.delete(name),
        () => all.delete(name),
      );
      return giving;
    },
  };
}
