// The ids that programs may require. src/node/modules.ts fills it; Node's files only ask what is in it.
let ids = new Set();
module.exports = {
  builtinIds: () => ids,
  setBuiltinIds(list) {
    ids = new Set(list);
  },
};
