process.on('uncaughtExceptionMonitor', (e, o) => console.log('monitor', e.message, o));
setImmediate(() => {
  require('node:events').prototype.emit.call(
    new (require('node:events'))(),
    'error',
    new Error('no listener'),
  );
});
