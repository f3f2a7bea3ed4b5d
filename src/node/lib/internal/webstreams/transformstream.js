// Why not Node's: the browser has web streams.
module.exports = { TransformStream: globalThis.TransformStream };
