// Modules and functions of Node's that the sandbox has not: reading one says so instead of failing somewhere later.
const { hideStackFrames } = require('internal/errors');

/** The error for a part of Node's that is not here. */
const notHere = hideStackFrames((what) => {
  const error = new Error(`${what} is not available in the browser sandbox; run this with Node.js itself`);
  error.code = 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM';
  throw error;
});

/** A module that exists by name only: each function of it that a program takes throws when called. */
function unavailable(id, present = {}) {
  return new Proxy(present, {
    get(target, name) {
      if (typeof name === 'symbol' || name in target || name === 'then' || name === '__esModule')
        return target[name];
      const stub = (...args) => {
        void args;
        notHere(`node:${id} (${name})`);
      };
      return Object.defineProperty(stub, 'name', { value: name });
    },
  });
}

module.exports = { notHere, unavailable };
