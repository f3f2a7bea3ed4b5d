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

module.exports = {
  Blob,
  isBlob: (value) => value instanceof Blob,
  createObjectURL: (value) => globalThis.URL.createObjectURL(value),
  revokeObjectURL() {},
  resolveObjectURL() {},
};
