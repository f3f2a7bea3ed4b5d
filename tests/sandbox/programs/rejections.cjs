// A rejected promise is reported before the next callback, and shown as rejected.
process.on('unhandledRejection', (reason, promise) => console.log('unhandled', reason, promise));
process.on('rejectionHandled', () => console.log('handled late'));
const late = Promise.reject('late');
setImmediate(() => {
  console.log('immediate');
  late.catch(() => {});
  const soon = Promise.reject('soon');
  process.nextTick(() => soon.catch(() => console.log('caught in a tick')));
});
