process.on('exit', () => {
  process.exitCode = 9;
});
setTimeout(() => {
  throw { not: 'an error' };
}, 1);
