/**
 * The end of a program that is in the middle of a call: nothing of it may run any more, and only the kernel can end the
 * worker. A browser leaves a worker that it ends some time to come to rest by itself (Chromium: two seconds). A loop
 * would keep a processor busy for as long, and the servers of a lab, which start just then, would have one less.
 */

/**
 * A place in memory on which a thread may wait. WebAssembly has such memory where SharedArrayBuffer is kept from a page
 * because it is not isolated. What it needs is taken now: a program may replace it.
 */
export function placeMaker(): () => Int32Array {
  const Memory = globalThis.WebAssembly?.Memory;
  const Words = Int32Array;
  return () => new Words(new Memory({ initial: 1, maximum: 1, shared: true }).buffer);
}

export function createStandstill(makePlace = placeMaker()): () => never {
  const { wait } = Atomics;
  return () => {
    try {
      const place = makePlace();
      for (;;) wait(place, 0, 0);
    } catch {
      for (;;); // where nothing can be waited for
    }
  };
}
