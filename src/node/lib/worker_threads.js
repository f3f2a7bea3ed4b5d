// Why not Node's: the sandbox gives each process one thread. What tells the threads apart is here.
const { unavailable } = require('internal/unavailable');
module.exports = unavailable('worker_threads', {
  isMainThread: true,
  isInternalThread: false,
  parentPort: null,
  threadId: 0,
  threadName: '',
  workerData: null,
  resourceLimits: {},
  MessageChannel: globalThis.MessageChannel,
  MessagePort: globalThis.MessagePort,
  BroadcastChannel: globalThis.BroadcastChannel,
  SHARE_ENV: Symbol.for('nodejs.worker_threads.SHARE_ENV'),
});
