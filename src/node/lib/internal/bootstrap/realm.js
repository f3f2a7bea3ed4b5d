// Why not Node's: it is the loader that gives Node's files to each other; the bundler has done that.
const { builtinIds } = require('internal/builtin-modules');
class BuiltinModule {
  static exists(id) {
    return builtinIds().has(id);
  }
  static canBeRequiredByUsers(id) {
    return builtinIds().has(id);
  }
  static canBeRequiredByUsersWithoutScheme(id) {
    return builtinIds().has(id);
  }
  static canBeRequiredWithoutScheme(id) {
    return builtinIds().has(id);
  }
  static normalizeRequirableId(id) {
    const bare = id.startsWith('node:') ? id.slice(5) : id;
    return builtinIds().has(bare) ? bare : undefined;
  }
  static getSchemeOnlyModuleNames() {
    return ['test'];
  }
}
module.exports = { BuiltinModule, internalBinding };
