// Why not Node's: the browser has File.
module.exports = { File: globalThis.File };
