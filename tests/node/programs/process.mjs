import os from 'node:os';
import process from 'node:process';

console.log(
  process.argv.length,
  process.argv.slice(2),
  typeof process.pid,
  process.platform,
  process.version,
  process.versions.node,
  process.release.name,
  process.arch,
  process.title.length > 0,
  process.execArgv,
);
console.log(
  typeof process.hrtime.bigint(),
  process.hrtime([0, 0]).length,
  process.uptime() >= 0,
  typeof process.memoryUsage().heapUsed,
  typeof process.memoryUsage.rss(),
  process.cwd() === os.homedir() ? 'home' : 'cwd',
);
process.env.NEW = 5;
console.log(
  process.env.NEW,
  'NEW' in process.env,
  delete process.env.NEW,
  process.env.NEW,
  process.env.UNDEFINED_ONE,
);
for (const code of [1.5, 'x', '3', {}, null, NaN, 2 ** 40]) {
  try {
    process.exitCode = code;
    console.log('exitCode', process.exitCode);
  } catch (e) {
    console.log(e.name, e.code, e.message);
  }
}
process.exitCode = undefined;
for (const body of [
  () => process.exit('y'),
  () => process.chdir('/no/such'),
  () => process.chdir(5),
  () => process.kill('x'),
  () => process.kill(process.pid, 'SIGNOPE'),
  () => process.nextTick(5),
  () => process.emitWarning(5),
  () => process.hrtime(5),
  () => process.umask('x'),
  () => process.setUncaughtExceptionCaptureCallback(5),
  () => process.kill(99999999, 0),
  () => process.cpuUsage('x'),
])
  try {
    console.log(body());
  } catch (e) {
    console.log(e.name, e.code, e.message);
  }
console.log(
  process.stdout.isTTY,
  process.stdout._type,
  process.stdout.fd,
  process.stdout.writable,
  process.stdout.constructor.name,
  process.stdin.fd,
  process.stdin.isTTY,
);
console.log(
  process.emitWarning('careful', { code: 'W1', detail: 'more detail' }),
  process.listenerCount('warning'),
);
process.on('warning', (w) => console.log('warning', w.name, w.message, w.code));
process.emitWarning('second', 'CustomWarning', 'C2');
console.log(
  process.stdout.write('direct\n', () => console.log('write callback')),
  Object.prototype.toString.call(process),
  typeof process.constrainedMemory(),
);
process.nextTick((...args) => console.log('tick', args), 1, 2);
process.once('beforeExit', () => {
  console.log('beforeExit');
  process.exitCode = 7;
});
process.on('exit', (code) => {
  console.log('exit', code, process.exitCode);
  setTimeout(() => console.log('never'));
  Promise.resolve().then(() => console.log('never'));
});
console.log(
  process.getBuiltinModule('node:os') === os,
  os.EOL === '\n',
  os.type(),
  os.endianness(),
  os.devNull,
  typeof os.hostname(),
  os.constants.signals.SIGTERM,
  os.tmpdir().length > 0,
  os.availableParallelism() > 0,
);
console.log(
  typeof globalThis.structuredClone,
  structuredClone(new Map([[1, { a: new Date(0) }]])),
  globalThis.global === globalThis,
  Object.prototype.toString.call(globalThis),
  navigator.userAgent,
  typeof performance.now(),
  typeof require,
  typeof window,
);
await new Promise((resolve) => {
  process.on('SIGUSR2', (signal, number) => resolve(console.log(signal, number)));
  process.kill(process.pid, 'SIGUSR2');
  console.log('sent');
  setTimeout(() => {}, 100); // a signal listener alone does not keep a process alive
});
process.removeAllListeners('SIGUSR2');
