// Many immediates, timers cleared from other timers, errors thrown in callbacks and caught by the process.
const seen = [];
/** Until timers that have been set meanwhile are due, all of them: whether two fall into one millisecond is chance. */
function busy(milliseconds) {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}
for (let i = 0; i < 200; i++) {
  setImmediate(() => {
    seen.push(i);
    if (i % 50 === 0) process.nextTick(() => seen.push(`tick${i}`));
  });
}
const steps = [
  (next) =>
    setImmediate(() => next(console.log(seen.length, seen.slice(0, 4).join(), seen.slice(-3).join()))),
  (next) => {
    const b = setTimeout(() => console.log('b must not run'), 0);
    setTimeout(() => console.log('c'), 0);
    clearTimeout(b);
    const t = setTimeout(() => next(console.log('refreshed')), 14);
    setTimeout(() => t.refresh(), 2);
  },
  (next) => {
    setTimeout(() => {
      process.nextTick(() => console.log('tick after throw'));
      throw new Error('from timer');
    }, 5);
    setTimeout(() => next(console.log('same list goes on')), 5);
    busy(10);
  },
  (next) => {
    setImmediate(() => {
      process.nextTick(() => console.log('tick after throw in immediate'));
      throw new Error('from immediate');
    });
    setImmediate(() => next(console.log('next immediate goes on')));
  },
  (next) => {
    process.nextTick(() => {
      throw new Error('from tick');
    });
    process.nextTick(() => console.log('tick after tick'));
    setTimeout(next, 5);
  },
  (next) => {
    queueMicrotask(() => {
      throw new Error('from microtask');
    });
    setTimeout(next, 5);
  },
  (next) => {
    Promise.reject(new Error('rejected'));
    setTimeout(next, 5);
  },
  (next) => {
    const late = Promise.reject(new Error('late'));
    setTimeout(() => late.catch(() => console.log('handled late')), 5);
    setTimeout(next, 15);
  },
  () => console.log('done'),
];
process.on('uncaughtException', (error, origin) => console.log('caught', error.message, origin));
process.on('unhandledRejection', (reason, promise) =>
  console.log('unhandled', reason.message, promise instanceof Promise),
);
process.on('rejectionHandled', () => console.log('rejectionHandled'));
const run = () => steps.shift()(() => setTimeout(run, 3));
run();
