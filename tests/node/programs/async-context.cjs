const { AsyncLocalStorage, AsyncResource, executionAsyncId, createHook } = require('node:async_hooks');
const als = new AsyncLocalStorage();
als.run({ id: 1 }, () => {
  console.log(als.getStore());
  setImmediate(() => {
    console.log('immediate', als.getStore());
    setTimeout(() => console.log('timer', als.getStore()), 2);
    als.run({ id: 2 }, () => setTimeout(() => console.log('inner', als.getStore()), 40));
  });
  process.nextTick(() => console.log('tick', als.getStore()));
  Promise.resolve().then(() => console.log('then', als.getStore()));
  queueMicrotask(() => console.log('micro', als.getStore()));
  als.exit(() => console.log('exit', als.getStore()));
});
console.log('outside', als.getStore());
const bound = als.run('bound', () => AsyncResource.bind(() => als.getStore()));
console.log(bound(), typeof executionAsyncId());
const snap = als.run('snap', () => AsyncLocalStorage.snapshot());
console.log(snap(() => als.getStore()));
const r = new AsyncResource('X');
console.log(
  r.runInAsyncScope((a) => a + 1, null, 1),
  typeof r.asyncId(),
);
const dc = require('node:diagnostics_channel');
const ch = dc.channel('c');
ch.subscribe((m, n) => console.log('dc', m, n));
ch.publish({ a: 1 });
console.log(ch.hasSubscribers, dc.hasSubscribers('zz'));
