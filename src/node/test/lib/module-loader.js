// Why not Node's: the sandbox has a module loader of its own. Mocking modules stays switched off, as without its option.
module.exports = { Module: {} };
