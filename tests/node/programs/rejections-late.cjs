// A rejection counts as unhandled when no tick and no promise job is left that may still handle it, and not before.
const { compose, finished } = require('node:stream');

process.on('unhandledRejection', (error) => console.log('unhandled', error.message));
process.on('rejectionHandled', () => console.log('handled late'));

const rejected = (text) => Promise.reject(new Error(text));
const log = (name) => (error) => console.log(name, error.message);

// In a tick, in a promise job of a tick, in a tick of a promise job: in time.
const inTick = rejected('tick');
process.nextTick(() => inTick.catch(log('in a tick:')));
const inJob = rejected('job');
process.nextTick(() => Promise.resolve().then(() => inJob.catch(log('in a job of a tick:'))));
const deep = rejected('deep');
Promise.resolve().then(() =>
  process.nextTick(() => Promise.resolve().then(() => process.nextTick(() => deep.catch(log('deep:'))))),
);
// In the next callback: too late.
const late = rejected('late');
setImmediate(() => {
  late.catch(log('in an immediate:'));
  setTimeout(inTimers, 5);
});
rejected('nobody');

// A stream whose body returns something looks at its promise only when it ends.
const body = compose(async (source) => {
  let text = '';
  for await (const chunk of source) text += chunk;
  return text;
});
body.on('error', log('stream:'));
finished(body, (error) => console.log('finished', error.code));
body.end('text');

function inTimers() {
  const inTimer = rejected('timer');
  process.nextTick(() => Promise.resolve().then(() => inTimer.catch(log('in a timer:'))));
  rejected('timer, nobody');
}
