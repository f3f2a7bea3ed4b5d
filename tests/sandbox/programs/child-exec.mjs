// execFile and exec, limits, descriptors that are files.
import { exec, execFile, execSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { promisify } from 'node:util';

const node = process.execPath;
const show = (...values) => console.log(...values);
const prints = new URL('children/prints.mjs', import.meta.url).pathname;
const env = { ...process.env, NAME: 'value', WHERE: process.cwd() };

show(
  await promisify(execFile)(node, [prints, 'promised'], { env }).catch(({ code, stdout, stderr }) => [
    code,
    stdout,
    stderr,
  ]),
);
await new Promise((resolve) =>
  execFile(node, ['-e', 'setInterval(() => {}, 1000)'], { timeout: 300 }, ({ killed, signal, code }) =>
    resolve(show(killed, signal, code)),
  ),
);
await new Promise((resolve) =>
  execFile(node, ['-e', 'console.log("x".repeat(2000))'], { maxBuffer: 100 }, ({ code, message }, out) =>
    resolve(show(code, message, out.length)),
  ),
);
show(await promisify(exec)(`"${node}" -p 7 && NAME=b\\ c "${node}" -p process.env.NAME`));
show(
  await promisify(exec)(`"${node}" -e 'process.exit(4)' && "${node}" -p 1`).catch(({ code, stdout }) => [
    code,
    stdout,
  ]),
);
const file = `/tmp/handfast-${process.pid}.txt`;
const out = fs.openSync(file, 'w');
const writer = spawn(node, ['-e', 'console.log("to a file")'], { stdio: ['ignore', out, 'inherit'] });
show(await once(writer, 'close'), writer.stdout, fs.readFileSync(file, 'utf8'));
fs.closeSync(out);
fs.rmSync(file);
try {
  show(typeof execSync);
  spawn('');
} catch (error) {
  show(error.code, error.message);
}
show([process.send, process.connected, process.channel, process.ppid > 0]);
