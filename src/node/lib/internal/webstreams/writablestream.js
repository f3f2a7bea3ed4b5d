// Why not Node's: the browser has web streams.
const { WritableStream } = globalThis;
module.exports = { WritableStream, isWritableStream: (value) => value instanceof WritableStream };
