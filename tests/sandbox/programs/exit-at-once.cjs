// Nothing runs after process.exit, and everything printed before it arrives.
process.stdout.write(`${'y'.repeat(30_000)}\n`);
console.error('before');
process.nextTick(() => console.log('never'));
Promise.resolve().then(() => console.log('never'));
try {
  process.exit(5);
} finally {
  console.log('never');
}
