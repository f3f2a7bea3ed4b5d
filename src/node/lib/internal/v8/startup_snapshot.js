// Why not Node's: there is no snapshot in a browser; nothing is ever being built into one.
const namespace = {
  isBuildingSnapshot: () => false,
  addSerializeCallback() {},
  addDeserializeCallback() {},
  setDeserializeMainFunction() {},
};
module.exports = {
  namespace,
  ...namespace,
  addAfterUserSerializeDeserializeSnapshot() {},
  runDeserializeCallbacks() {},
  isUserSnapshot: () => false,
};
