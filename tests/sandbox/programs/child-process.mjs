// Children: how they are started, what they write, how they end.
import { spawn } from 'node:child_process';

const node = process.execPath;
const hide = (text) => (typeof text === 'string' ? text.replaceAll(node, 'NODE') : text);
const show = (...values) => console.log(...values);
const prints = new URL('children/prints.mjs', import.meta.url).pathname;
const env = { ...process.env, NAME: 'value', WHERE: process.cwd() };

async function run(name, file, args, options) {
  const child = spawn(file, args, options);
  const seen = [];
  const text = { out: '', err: '' };
  child.on('spawn', () => seen.push('spawn'));
  child.on('exit', (code, signal) => seen.push(`exit ${code} ${signal}`));
  child.on('error', ({ code, message, path, syscall, errno, spawnargs }) =>
    seen.push(['error', code, ...[message, path, syscall].map(hide), errno, spawnargs]),
  );
  child.stdout?.setEncoding('utf8').on('data', (piece) => (text.out += piece));
  child.stderr?.setEncoding('utf8').on('data', (piece) => (text.err += piece));
  const closed = await new Promise((resolve) => child.on('close', (...how) => resolve(how)));
  show(
    name,
    typeof child.pid,
    child.spawnargs.slice(1),
    closed,
    child.exitCode,
    child.signalCode,
    child.killed,
    seen,
    text,
  );
}

await run('plain', node, [prints, 'a b', 'c'], { env });
await run('its own folder', node, ['prints.mjs'], { env, cwd: new URL('children', import.meta.url) });
await run('inherit', node, [prints], { env, stdio: ['ignore', 'inherit', 'pipe'] });
await run('ignore', node, [prints], { env, stdio: 'ignore' });
await run('no such program', 'no-such-program', ['x'], {});
await run('no such folder', node, [prints], { cwd: '/no/such/folder' });
await run('no such file', node, ['missing.mjs'], { stdio: ['ignore', 'pipe', 'ignore'] });
await run('eval', node, ['-e', 'console.log(1 + 1, process.argv.length, typeof require)']);
await run('eval a module', node, [
  '-e',
  'import fs from "node:fs"; console.log(typeof fs.readFileSync, process.argv.length)',
  'more',
]);
await run('print', node, ['-p', '[1, 2].map((x) => x * 2)']);
await run(
  'uncaught',
  node,
  ['-e', 'process.on("exit", (code) => console.log("exit", code)); throw new Error("on purpose")'],
  { stdio: ['ignore', 'pipe', 'ignore'] },
);
await run('exit', node, ['-e', 'process.exit(9)']);
