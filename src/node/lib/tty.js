// Why not Node's: it wraps terminals. Standard streams of the sandbox are pipes.
const { unavailable } = require('internal/unavailable');
module.exports = unavailable('tty', { isatty: () => false });
