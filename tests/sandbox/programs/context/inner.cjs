exports.inner = async () => {
  globalThis.say('inner');
  await null;
  globalThis.say('inner, later');
};
