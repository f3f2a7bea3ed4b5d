import { setTimeout as wait } from 'node:timers/promises';

let ticks = 0;
await new Promise((resolve) => {
  const interval = setInterval(() => {
    console.log('tick', ++ticks);
    if (ticks < 3) return;
    clearInterval(interval);
    resolve();
  }, 10);
});
const started = Date.now();
await wait(50, 'value').then((value) => console.log(value, Date.now() - started >= 49));
setTimeout(() => console.log('unref never'), 10_000).unref();
const controller = new AbortController();
wait(1000, undefined, { signal: controller.signal }).catch((error) => console.log(error.name, error.code));
controller.abort();
