// Ticks, promise jobs, timers and immediates in Node's order.
const fs = require('node:fs');

const log = (text) => console.log(text);
/** Until timers that have been set meanwhile are due, all of them: whether two fall into one millisecond is chance. */
function busy(milliseconds) {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}
setImmediate(() => {
  setTimeout(() => {
    log('t1');
    Promise.resolve().then(() => {
      log('t1 promise');
      process.nextTick(() => log('t1 promise tick'));
      queueMicrotask(() => log('t1 promise micro'));
    });
    process.nextTick(() => log('t1 tick'));
    setImmediate(() => {
      log('immediate of t1');
      setTimeout(second, 5);
    });
  }, 25);
  setTimeout(() => log('t2'), 25);
  busy(30);
});
function second() {
  setTimeout(third, 20);
  setImmediate(() => {
    log('i1');
    process.nextTick(() => log('i1 tick'));
    Promise.resolve().then(() => log('i1 promise'));
    setImmediate(() => log('i3 next round'));
  });
  const cancelled = setImmediate(() => log('never'));
  setImmediate(() => {
    log('i2');
    process.nextTick(() => log('i2 tick'));
  });
  process.nextTick(() => clearImmediate(cancelled));
}
process.nextTick(() => {
  log('tick 1');
  process.nextTick(() => log('tick 2'));
  Promise.resolve().then(() => log('promise of tick'));
});
Promise.resolve()
  .then(() => {
    log('promise 1');
    process.nextTick(() => log('tick of promise'));
  })
  .then(() => log('promise 2'))
  .then(() => log('promise 3'));
queueMicrotask(() => log('micro'));
(async () => {
  log('async start');
  await null;
  log('async 1');
  await new Promise((resolve) => setImmediate(resolve));
  log('async after immediate');
})();
log('sync');
function third() {
  const order = [];
  let count = 0;
  const interval = setInterval(() => {
    order.push(`interval ${++count}`);
    if (count === 3) {
      clearInterval(interval);
      log(order.join());
      fs.stat(__filename, () => {
        setTimeout(() => log('zero timer'), 0);
        setImmediate(() => log('nested immediate'));
        busy(5);
      });
    }
  }, 3);
}
const unref = setTimeout(() => log('unref should not run'), 60_000);
unref.unref();
log([unref.hasRef(), typeof unref[Symbol.toPrimitive](), unref.ref() === unref, unref.unref() === unref]);
process.on('beforeExit', (code) => {
  log(`beforeExit ${code}`);
  if (!globalThis.again) {
    globalThis.again = true;
    setTimeout(() => log('work after beforeExit'), 2);
  }
});
process.on('exit', (code) => log(`exit ${code}`));
