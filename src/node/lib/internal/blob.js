// Why not Node's: the browser has Blob. Reading one takes place outside the loop, which must wait for it.
const { hold } = internalBinding('blob');
const { Blob } = globalThis;

for (const name of ['arrayBuffer', 'text', 'bytes']) {
  const original = Blob.prototype[name];
  if (original === undefined) continue;
  const method = {
    [name]() {
      const release = hold();
      const reading = Reflect.apply(original, this, []);
      reading.then(release, release);
      return reading;
    },
  }[name];
  Object.defineProperty(Blob.prototype, name, {
    value: method,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

// Node's own streams, where they are at hand: a program that has them may look inside.
const { slice, stream, arrayBuffer } = Blob.prototype;
const PIECE = 65536;
Blob.prototype.stream = {
  stream() {
    let ReadableStream;
    try {
      ({ ReadableStream } = require('internal/webstreams/readablestream'));
    } catch {
      return Reflect.apply(stream, this, []);
    }
    let at = 0;
    const pull = async (controller) => {
      if (at >= this.size) {
        controller.close();
        controller.byobRequest?.respond(0);
        return;
      }
      const part = Reflect.apply(slice, this, [at, at + PIECE]);
      at += part.size;
      controller.enqueue(new Uint8Array(await Reflect.apply(arrayBuffer, part, [])));
    };
    return new ReadableStream({ type: 'bytes', pull }, { highWaterMark: 0 });
  },
}.stream;

const inspected = (blob) => {
  const { size, type, name, lastModified } = blob;
  return blob instanceof globalThis.File
    ? ['File', { size, type, name, lastModified }]
    : ['Blob', { size, type }];
};
Object.defineProperty(Blob.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value(depth, options, inspect) {
    if (depth < 0) return this;
    const [name, shown] = inspected(this);
    const inside = { ...options, depth: options.depth == null ? null : options.depth - 1 };
    return `${name} ${inspect(shown, inside)}`;
  },
});

module.exports = {
  Blob,
  isBlob: (value) => value instanceof Blob,
  createObjectURL: (value) => globalThis.URL.createObjectURL(value),
  revokeObjectURL() {},
  resolveObjectURL() {},
};
