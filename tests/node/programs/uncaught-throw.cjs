process.on('exit', (c) => console.log('exit', c));
process.nextTick(() => console.log('never'));
setTimeout(() => console.log('never'));
throw new Error('plain');
