// Why not Node's: no lesson uses it. See internal/unavailable.
const { notHere } = require('internal/unavailable');
module.exports = {
  argon2() {
    notHere('crypto.argon2');
  },
  argon2Sync() {
    notHere('crypto.argon2Sync');
  },
};
