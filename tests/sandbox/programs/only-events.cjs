// Names no other module and no global of the web's: what `events` needs must be there all the same.
const events = require('events');
const emitter = new events();
events.setMaxListeners(5, emitter);
console.log(events.getMaxListeners(emitter), emitter.listenerCount('x'));
setImmediate(() => {
  emitter.emit('x', 1);
  setImmediate(() => {
    emitter.emit('y', 2);
    emitter.emit('y', 3);
    setImmediate(() => emitter.emit('error', new Error('on purpose')));
  });
});
(async () => {
  console.log(await events.once(emitter, 'x'));
  let count = 0;
  for await (const [value] of events.on(emitter, 'y')) {
    console.log(value);
    if (++count === 2) break;
  }
  await events.once(emitter, 'never').catch((error) => console.log(error.message));
})();
