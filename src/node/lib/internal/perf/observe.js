// Why not Node's: it reports Node's own operations to PerformanceObserver; the browser's observer knows nothing of them.
module.exports = {
  hasObserver: () => false,
  startPerf() {},
  stopPerf() {},
  enqueue() {},
  isObserving: () => false,
  PerformanceObserver: globalThis.PerformanceObserver,
};
