// Why not Node's: it stands on zlib. The browser has these two.
module.exports = {
  CompressionStream: globalThis.CompressionStream,
  DecompressionStream: globalThis.DecompressionStream,
};
