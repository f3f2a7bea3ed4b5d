// Why not Node's: the browser has the Performance API. What Node adds to it is small.
const { notHere } = require('internal/unavailable');
const { performance } = globalThis;
const eventLoopUtilization = () => ({ idle: 0, active: 0, utilization: 0 });
module.exports = {
  performance,
  Performance: globalThis.Performance,
  PerformanceEntry: globalThis.PerformanceEntry,
  PerformanceMark: globalThis.PerformanceMark,
  PerformanceMeasure: globalThis.PerformanceMeasure,
  PerformanceObserver: globalThis.PerformanceObserver,
  PerformanceObserverEntryList: globalThis.PerformanceObserverEntryList,
  PerformanceResourceTiming: globalThis.PerformanceResourceTiming,
  eventLoopUtilization,
  timerify: (fn) => fn,
  monitorEventLoopDelay: () => notHere('perf_hooks.monitorEventLoopDelay'),
  createHistogram: () => notHere('perf_hooks.createHistogram'),
  constants: {},
};
