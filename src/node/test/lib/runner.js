// Why not Node's: it starts a process for each test file. Here a test file is the program.
const {
  codes: { ERR_FEATURE_UNAVAILABLE_ON_PLATFORM },
} = require('internal/errors');

module.exports = {
  run() {
    throw new ERR_FEATURE_UNAVAILABLE_ON_PLATFORM('run() of node:test');
  },
};
