// Why not Node's: it is V8's C++ interface. Structured copying is what programs use of it.
const { unavailable } = require('internal/unavailable');
module.exports = unavailable('v8', {
  getHeapStatistics() {
    const { heapTotal, heapUsed } = process.memoryUsage();
    return {
      total_heap_size: heapTotal,
      used_heap_size: heapUsed,
      heap_size_limit: 2 ** 31,
      total_available_size: 2 ** 31,
    };
  },
});
