process.on('exit', (c) => console.log('exit', c));
setTimeout(() => console.log('never'), 50);
Promise.reject(new Error('nobody listens'));
