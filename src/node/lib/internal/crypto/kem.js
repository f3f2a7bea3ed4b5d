// Why not Node's: no lesson uses it. See internal/unavailable.
const { notHere } = require('internal/unavailable');
module.exports = {
  encapsulate() {
    notHere('crypto.encapsulate');
  },
  decapsulate() {
    notHere('crypto.decapsulate');
  },
};
