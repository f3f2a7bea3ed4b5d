// Why not Node's: it stands on zlib. The browser compresses, and around it are Node's streams.
const { hold, natives } = internalBinding('blob');
const { ReadableStream } = require('internal/webstreams/readablestream');
const { WritableStream } = require('internal/webstreams/writablestream');

function pairAround(native) {
  const reader = native.readable.getReader();
  const writer = native.writable.getWriter();
  return {
    readable: new ReadableStream(
      {
        async pull(controller) {
          const release = hold();
          try {
            const { done, value } = await reader.read();
            if (done) controller.close();
            else controller.enqueue(value);
          } finally {
            release();
          }
        },
        cancel: (reason) => reader.cancel(reason),
      },
      { highWaterMark: 0 },
    ),
    writable: new WritableStream({
      write: (chunk) => writer.write(chunk),
      close: () => writer.close(),
      abort: (reason) => writer.abort(reason),
    }),
  };
}

class CompressionStream {
  #pair;
  constructor(format) {
    this.#pair = pairAround(new natives.CompressionStream(format));
  }
  get readable() {
    return this.#pair.readable;
  }
  get writable() {
    return this.#pair.writable;
  }
}

class DecompressionStream {
  #pair;
  constructor(format) {
    this.#pair = pairAround(new natives.DecompressionStream(format));
  }
  get readable() {
    return this.#pair.readable;
  }
  get writable() {
    return this.#pair.writable;
  }
}

module.exports = { CompressionStream, DecompressionStream };
