console.log('child', process.argv.slice(2), process.env.NAME, process.cwd() === process.env.WHERE);
console.error('child error');
process.on('exit', (c) => console.log('exit', c));
process.exitCode = 3;
