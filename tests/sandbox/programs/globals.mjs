import { inspect } from 'node:util';

const b = new Blob(['hello'], { type: 'text/plain' }),
  f = new File(['x'], 'a.txt', { lastModified: 5, type: 'a/b' });
console.log(b, f, [b], { f }, inspect({ a: { b: { c: b } } }, { depth: 1 }), inspect(b, { compact: false }));
for (const k of [
  'structuredClone',
  'performance',
  'fetch',
  'crypto',
  'queueMicrotask',
  'navigator',
  'Blob',
]) {
  const d = Object.getOwnPropertyDescriptor(globalThis, k);
  console.log(k, d.enumerable, typeof d.get, typeof d.set, d.writable, d.configurable);
}
console.log(Object.keys(globalThis).sort().join());
console.log(
  navigator,
  navigator instanceof Navigator,
  Object.prototype.toString.call(performance),
  typeof performance.now(),
);
