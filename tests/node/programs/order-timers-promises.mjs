import { EventEmitter, on, once } from 'node:events';
import {
  setInterval as every,
  setImmediate as immediate,
  scheduler,
  setTimeout as sleep,
} from 'node:timers/promises';

console.log(await sleep(2, 'value'), await immediate('now'));
let n = 0;
for await (const v of every(1, 'i')) {
  if (++n === 3) break;
}
console.log(n);
const ac = new AbortController();
setTimeout(() => ac.abort(), 3);
try {
  await sleep(1000, null, { signal: ac.signal });
} catch (e) {
  console.log(e.name, e.code, e.message);
}
try {
  await sleep(1, null, { signal: 5 });
} catch (e) {
  console.log(e.code);
}
await scheduler.wait(1);
await scheduler.yield();
const e = new EventEmitter();
process.nextTick(() => e.emit('x', 1, 2));
console.log(await once(e, 'x'));
setTimeout(() => {
  e.emit('y', 1);
  e.emit('y', 2);
}, 1);
const got = [];
for await (const [v] of on(e, 'y')) {
  got.push(v);
  if (got.length === 2) break;
}
console.log(got, AbortSignal.timeout(5).aborted);
process.nextTick(() => console.log('tick in module'));
Promise.resolve().then(() => console.log('promise in module'));
