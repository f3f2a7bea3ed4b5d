// Why not Node's: it needs what a browser worker has not. See internal/unavailable.
const { unavailable } = require('internal/unavailable');
module.exports = unavailable('dgram');
