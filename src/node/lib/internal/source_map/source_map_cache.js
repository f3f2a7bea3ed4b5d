// Why not Node's: it reads source maps of what the program loads. Programs run here as they are written.
module.exports = {
  getSourceMapsSupport: () => ({ enabled: false, nodeModules: false, generatedCode: false }),
  findSourceMap: () => undefined,
  getSourceLine: () => undefined,
  maybeCacheSourceMap() {},
};
