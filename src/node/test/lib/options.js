// Why not the engine's: it knows no options. Those of the test runner are read from the command line and NODE_OPTIONS.
const { getOptionValue: engineOption } = require('internal/options');

const words = [...(process.env.NODE_OPTIONS ?? '').split(/\s+/), ...process.execArgv];

function valuesOf(name) {
  const values = [];
  for (const [index, word] of words.entries()) {
    if (word.startsWith(`${name}=`)) values.push(word.slice(name.length + 1));
    else if (word === name && index + 1 < words.length) values.push(words[index + 1]);
  }
  return values;
}

const lists = [
  '--test-reporter',
  '--test-reporter-destination',
  '--test-name-pattern',
  '--test-skip-pattern',
];

module.exports = {
  getOptionValue(name) {
    if (lists.includes(name)) return valuesOf(name);
    if (name === '--test-only') return words.includes(name);
    if (name === '--test-timeout') return Number(valuesOf(name)[0] ?? 0);
    // A file given to `node --test` runs in this very process: what it prints has the same shape.
    if (name.startsWith('--test') || name.startsWith('--experimental-test') || name === '--watch')
      return undefined;
    return engineOption(name);
  },
};
