// Why not Node's: three kB of formatting for traces of Node's own code. `util.debuglog` itself works as documented.
let enabledSets;
function enabled(set) {
  if (enabledSets === undefined) {
    const list = process.env?.NODE_DEBUG;
    if (!list) return false;
    enabledSets = new RegExp(
      `^(${list
        .replace(/[|\\{}()[\]^$+?.]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll(',', '|')})$`,
      'i',
    );
  }
  return enabledSets.test(set);
}
function debuglog(set, onEnabled) {
  const log = (...args) => {
    if (!enabled(set)) return;
    const { formatWithOptions } = require('internal/util/inspect');
    process.stderr.write(`${set.toUpperCase()} ${process.pid}: ${formatWithOptions({}, ...args)}\n`);
  };
  if (onEnabled) {
    /* Node's files swap in the real function here; ours looks each time. */
  }
  Object.defineProperty(log, 'enabled', { get: () => enabled(set), configurable: true, enumerable: true });
  return log;
}
const none = () => {};
module.exports = {
  debuglog,
  debugWithTimer: () => ({ startTimer: none, endTimer: none, logTimer: none }),
  initializeDebugEnv() {},
  kNone: 1,
  kSkipLog: 2,
  kSkipTrace: 4,
  formatTime(ms) {
    let hours = 0,
      minutes = 0,
      seconds = 0;
    if (ms >= 1000) {
      if (ms >= 60000) {
        if (ms >= 3600000) {
          hours = Math.floor(ms / 3600000);
          ms %= 3600000;
        }
        minutes = Math.floor(ms / 60000);
        ms %= 60000;
      }
      seconds = ms / 1000;
    }
    const pad = (value) => String(value).padStart(2, '0');
    if (hours !== 0 || minutes !== 0) {
      const [whole, part] = seconds.toFixed(3).split('.');
      const text = hours !== 0 ? `${hours}:${pad(minutes)}` : minutes;
      return `${text}:${pad(whole)}.${part} (${hours !== 0 ? 'h:m' : ''}m:ss.mmm)`;
    }
    return seconds !== 0 ? `${seconds.toFixed(3)}s` : `${Number(ms.toFixed(3))}ms`;
  },
  time(timeStore, _traceCategory, implementation, _timerFlags, label = 'default') {
    label = `${label}`;
    if (timeStore.has(label))
      return process.emitWarning(`Label '${label}' already exists for ${implementation}`);
    timeStore.set(label, process.hrtime());
  },
  timeEnd(timeStore, traceCategory, implementation, logImp, timerFlags, label = 'default') {
    module.exports.timeLog(timeStore, traceCategory, implementation, logImp, timerFlags, label);
    timeStore.delete(`${label}`);
  },
  timeLog(timeStore, _traceCategory, implementation, logImp, _timerFlags, label = 'default', args) {
    label = `${label}`;
    const start = timeStore.get(label);
    if (start === undefined) return process.emitWarning(`No such label '${label}' for ${implementation}`);
    const [seconds, nanos] = process.hrtime(start);
    logImp(label, module.exports.formatTime(seconds * 1000 + nanos / 1e6), args);
  },
};
