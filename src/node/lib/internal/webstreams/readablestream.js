// Why not Node's: the browser has web streams.
const { ReadableStream } = globalThis;
module.exports = {
  ReadableStream,
  ReadableStreamDefaultReader: globalThis.ReadableStreamDefaultReader,
  ReadableStreamBYOBReader: globalThis.ReadableStreamBYOBReader,
  isReadableStream: (value) => value instanceof ReadableStream,
};
