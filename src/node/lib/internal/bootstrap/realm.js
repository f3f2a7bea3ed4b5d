// Why not Node's: it is the loader that gives Node's files to each other; the bundler has done that.
const { builtinIds } = require('internal/builtin-modules');
const BuiltinModule = {
  exists(id) {
    return builtinIds().has(id);
  },
  canBeRequiredByUsers(id) {
    return builtinIds().has(id);
  },
  canBeRequiredByUsersWithoutScheme(id) {
    return builtinIds().has(id);
  },
  canBeRequiredWithoutScheme(id) {
    return builtinIds().has(id);
  },
  normalizeRequirableId(id) {
    const bare = id.startsWith('node:') ? id.slice(5) : id;
    return builtinIds().has(bare) ? bare : undefined;
  },
  getSchemeOnlyModuleNames() {
    return ['test'];
  },
};
module.exports = { BuiltinModule, internalBinding };
