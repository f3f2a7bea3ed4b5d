// Children that are forked, fed, stopped.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';

const node = process.execPath;
const show = (...values) => console.log(...values);

const reader = spawn(
  node,
  ['-e', 'process.stdin.on("data", (d) => console.log("in", String(d))).on("end", () => console.log("end"))'],
  {
    stdio: ['pipe', 'inherit', 'inherit'],
  },
);
reader.stdin.end('what it reads');
show(await once(reader, 'close'));
const heir = spawn(node, ['-e', 'process.stdin.on("data", (d) => process.stdout.write(d))'], {
  stdio: 'inherit',
});
show(await once(heir, 'close'));

const answers = new URL('children/answers.mjs', import.meta.url);
const forked = fork(answers, ['x'], { silent: true });
forked.on('disconnect', () => show('disconnected'));
forked.on('message', (message) => {
  show('message', message);
  if (Array.isArray(message)) {
    forked.send({ a: [1, 'é', null] }, (error) => show('sent', error));
    forked.send('x'.repeat(100_000));
  } else if (typeof message.got === 'string') forked.send('leave');
  if (typeof message.got === 'string') show(message.got.length);
});
show(forked.connected, await once(forked, 'close'), forked.connected);
forked.on('error', (error) => show(error.code));
show(forked.send('too late'));
const left = fork(answers);
left.once('message', () => left.disconnect());
show(await once(left, 'exit'));

const killed = spawn(node, ['-e', 'console.log("up"); setInterval(() => {}, 1000)']);
killed.stdout.once('data', () => show(killed.kill(), killed.killed));
show(await once(killed, 'close'), killed.kill());
const stubborn = spawn(node, [
  '-e',
  'process.on("SIGTERM", () => { console.log("caught"); process.exit(5); }); console.log("up"); setInterval(() => {}, 1000)',
]);
stubborn.stdout.once('data', () => process.kill(stubborn.pid, 'SIGTERM'));
show(await once(stubborn, 'close'));
const busy = spawn(node, ['-e', 'console.log("up"); for (;;);']);
busy.stdout.once('data', () => busy.kill('SIGKILL'));
show(await once(busy, 'close'));
const controller = new AbortController();
const aborted = spawn(node, ['-e', 'setInterval(() => {}, 1000)'], { signal: controller.signal });
aborted.on('error', ({ name, code }) => show(name, code));
aborted.on('spawn', () => controller.abort());
await new Promise((resolve) => aborted.on('close', resolve));
