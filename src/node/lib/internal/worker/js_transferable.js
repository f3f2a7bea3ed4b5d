// Why not Node's: objects are never sent to another thread here; the browser's structuredClone serves.
module.exports = {
  markTransferMode() {},
  setup() {},
  structuredClone: globalThis.structuredClone,
  kClone: Symbol('kClone'),
  kDeserialize: Symbol('kDeserialize'),
  kTransfer: Symbol('kTransfer'),
  kTransferList: Symbol('kTransferList'),
};
