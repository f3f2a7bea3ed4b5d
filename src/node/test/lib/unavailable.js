// A part of Node's test runner that nothing in a browser can back; only options or calls that need it would reach it.
module.exports = {};
