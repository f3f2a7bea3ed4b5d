process.on('exit', (c) => console.log('exit', c));
setTimeout(() => {
  console.log('before');
  process.exit(3);
  console.log('never');
}, 1);
