// Why not Node's copy: the module loader has the same parser from npm.
module.exports = require('acorn');
