// Why not Node's: it forks operating-system processes. net.js asks only whether this is the primary process.
const { unavailable } = require('internal/unavailable');
module.exports = unavailable('cluster', { isPrimary: true, isMaster: true, isWorker: false, workers: {} });
