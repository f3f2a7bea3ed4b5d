// Why not Node's: the browser has Blob.
module.exports = {
  Blob: globalThis.Blob,
  isBlob: (value) => value instanceof globalThis.Blob,
  createObjectURL: (value) => globalThis.URL.createObjectURL(value),
  revokeObjectURL() {},
  resolveObjectURL() {},
};
