// What runs when a process ends, and with which code.
process.on('beforeExit', (code) => console.log('beforeExit', code));
process.on('exit', (code) => {
  console.log('exit', code);
  setTimeout(() => console.log('never'), 0);
});
setTimeout(() => {
  process.exitCode = 9;
}, 5);
