// An error that the main file throws and a listener takes: the program goes on, and ends well.
process.on('uncaughtException', (error, origin) => {
  console.log('taken', error.message, origin);
  setTimeout(() => console.log('later'), 1);
});
process.on('exit', (code) => console.log('exit', code));
throw new Error('from the main file');
