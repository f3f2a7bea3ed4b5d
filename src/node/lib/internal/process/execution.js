// Why not Node's: most of the file compiles `node -e`. The handler of uncaught errors is Node's, word for word in effect.
const {
  exitCodes: { kGenericUserError },
} = internalBinding('errors');
const { clearAsyncIdStack, clearDefaultTriggerAsyncId } = require('internal/async_hooks');
const {
  codes: { ERR_INVALID_ARG_TYPE, ERR_UNCAUGHT_EXCEPTION_CAPTURE_ALREADY_SET },
} = require('internal/errors');

let capture = null;

/** True when somebody handled the error; false when the process must end. */
function onGlobalUncaughtException(error, fromPromise) {
  clearDefaultTriggerAsyncId();
  const origin = fromPromise ? 'unhandledRejection' : 'uncaughtException';
  process.emit('uncaughtExceptionMonitor', error, origin);
  if (capture !== null) capture(error);
  else if (!process.emit('uncaughtException', error, origin)) {
    try {
      if (!process._exiting) {
        process._exiting = true;
        process.exitCode = kGenericUserError;
        process.emit('exit', kGenericUserError);
      }
    } catch {
      // Nothing to be done about it: the process is ending.
    }
    return false;
  }
  // Ticks left behind by the error run with the next immediates.
  require('timers').setImmediate(() => {});
  clearAsyncIdStack();
  return true;
}

function setUncaughtExceptionCaptureCallback(callback) {
  if (callback === null) {
    capture = null;
    return;
  }
  if (typeof callback !== 'function') throw new ERR_INVALID_ARG_TYPE('fn', ['Function', 'null'], callback);
  if (capture !== null) throw new ERR_UNCAUGHT_EXCEPTION_CAPTURE_ALREADY_SET();
  capture = callback;
}

module.exports = {
  onGlobalUncaughtException,
  setUncaughtExceptionCaptureCallback,
  hasUncaughtExceptionCaptureCallback: () => capture !== null,
  tryGetCwd: () => process.cwd(),
};
