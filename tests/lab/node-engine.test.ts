// The engine `node`: real Node.js behind the Sandbox interface, each lab host with an address of its own.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import type { Sandbox, SandboxEvents, SandboxProcess } from '../../src/sandbox/index.ts';
import { bootNode } from '../../src/sandbox/node/index.ts';
import { claimLoopbackBlock } from '../../src/sandbox/node/loopback.ts';

const hosts = { 'api.tally.example': '10.0.0.1', 'app.tally.example': '10.0.0.2' };
const onLinux = { skip: process.platform !== 'linux' && 'only Linux answers on all of 127.0.0.0/8' };
let sandbox: Sandbox;
before(async () => {
  sandbox = await bootNode({ hosts });
});
after(() => sandbox.teardown());

async function textOf(stream: ReadableStream<string>): Promise<string> {
  let text = '';
  for await (const part of stream as unknown as AsyncIterable<string>) text += part;
  return text;
}

/** Runs a program to its end. */
async function run(source: string, options?: { host?: string; env?: Record<string, string> }) {
  await sandbox.mount({ 'program.mjs': source });
  const child = await sandbox.spawn('node', ['program.mjs'], options);
  const [stdout, stderr, code] = await Promise.all([textOf(child.stdout), textOf(child.stderr), child.exit]);
  return { stdout, stderr, code };
}

/** The next event of a kind. */
function next<Name extends keyof SandboxEvents>(event: Name): Promise<SandboxEvents[Name]> {
  return new Promise((resolve) => {
    const stop = sandbox.on(event, (detail) => {
      stop();
      resolve(detail);
    });
  });
}

test('stdout and stderr come apart and unchanged; the exit code is the program’s', async () => {
  const { stdout, stderr, code } = await run(
    "process.stdout.write('out: zw\\u00f6lf'); process.stderr.write('err'); process.exitCode = 7;",
  );
  assert.deepEqual({ stdout, stderr, code }, { stdout: 'out: zwölf', stderr: 'err', code: 7 });
});

test('the program sees the environment it was given, and nothing of ours', async () => {
  process.env.HANDFAST_SECRET = 'x';
  const { stdout } = await run('console.log(JSON.stringify(process.env))', { env: { COLOUR: 'rose' } });
  delete process.env.HANDFAST_SECRET;
  const { PATH: _, ...env } = JSON.parse(stdout);
  assert.deepEqual(env, { COLOUR: 'rose' });
});

test('input reaches the program, and its end', async () => {
  await sandbox.mount({
    'upper.mjs':
      'for await (const chunk of process.stdin) process.stdout.write(String(chunk).toUpperCase());',
  });
  const child = await sandbox.spawn('node', ['upper.mjs']);
  const writer = child.input.getWriter();
  await writer.write('hello');
  await writer.close();
  assert.equal(await textOf(child.stdout), 'HELLO');
});

test('kill ends an endless loop; the code is 128 and the signal’s number', async () => {
  await sandbox.mount({ 'loop.mjs': "process.on('SIGTERM', () => {}); console.log('on'); while (true);" });
  const kill = async (signal?: Parameters<SandboxProcess['kill']>[0]) => {
    const child = await sandbox.spawn('node', ['loop.mjs']);
    await child.stdout.getReader().read();
    child.kill(signal);
    return child.exit;
  };
  assert.equal(await kill(), 143);
  assert.equal(await kill('SIGKILL'), 137);
});

test('npm run takes the script from package.json, with further arguments', async () => {
  await sandbox.mount({
    'args.mjs': 'console.log(process.argv.slice(2).join())',
    'package.json': JSON.stringify({
      scripts: { args: 'node args.mjs one', test: 'node args.mjs t', bad: 'rm -rf /' },
    }),
  });
  const args = await sandbox.spawn('npm', ['run', 'args', '--', 'two']);
  assert.equal(await textOf(args.stdout), 'one,two\n');
  assert.equal(await textOf((await sandbox.spawn('npm', ['test'])).stdout), 't\n');
  await assert.rejects(sandbox.spawn('npm', ['run', 'nothing']), /No script "nothing".*args, test, bad/);
  await assert.rejects(
    sandbox.spawn('npm', ['run', 'bad']),
    /expected the form node FILE …, found "rm -rf \/"/,
  );
  await assert.rejects(sandbox.spawn('npm', ['install', 'x']), /expected npm run NAME/);
  await assert.rejects(sandbox.spawn('bash', []), /Cannot run "bash"/);
  await assert.rejects(sandbox.spawn('node', ['args.mjs'], { host: 'x.example' }), /No host "x.example"/);
});

const answer = `
import { createServer } from 'node:net';
const server = createServer((socket) => {
  console.log('from', socket.remoteAddress, socket.remoteFamily, 'to', socket.localAddress);
  socket.end('hello');
  server.close();
});
server.listen(8443, () => console.log(JSON.stringify(server.address())));
`;
const ask = `
import { connect } from 'node:net';
const socket = connect(8443, process.argv[2] ?? 'api.tally.example');
socket.on('connect', () => console.log('from', socket.localAddress, 'to', socket.remoteAddress));
socket.on('data', (data) => console.log(String(data)));
socket.on('error', (error) => console.log(error.message));
`;

test('hosts reach each other by name, and see the addresses of the lab', onLinux, async () => {
  await sandbox.mount({ 'answer.mjs': answer, 'ask.mjs': ask });
  const events = Promise.all([next('listen'), next('connection'), next('unlisten')]);
  const server = await sandbox.spawn('node', ['answer.mjs'], { host: 'api.tally.example' });
  const [output, listening] = [textOf(server.stdout), await next('listen')];
  const at = { host: 'api.tally.example', address: '10.0.0.1', port: 8443 };
  assert.deepEqual(listening, { pid: server.pid, at });

  const client = await sandbox.spawn('node', ['ask.mjs'], { host: 'app.tally.example' });
  assert.equal(await textOf(client.stdout), 'from 10.0.0.2 to 10.0.0.1\nhello\n');
  assert.equal(
    await output,
    '{"address":"::","family":"IPv6","port":8443}\nfrom ::ffff:10.0.0.2 IPv6 to ::ffff:10.0.0.1\n',
  );
  const [, connection, closed] = await events;
  assert.equal(connection.status, 'open');
  assert.equal(connection.from.host, 'app.tally.example');
  assert.deepEqual(connection.to, at);
  assert.deepEqual(closed, { pid: server.pid, at });
});

test(
  'a closed port, an unknown name and an address outside the lab are refused as on a real network',
  onLinux,
  async () => {
    await sandbox.mount({ 'ask.mjs': ask });
    const said = async (to: string) => {
      const child = await sandbox.spawn('node', ['ask.mjs', to], { host: 'app.tally.example' });
      return textOf(child.stdout);
    };
    assert.equal(await said('api.tally.example'), 'connect ECONNREFUSED 10.0.0.1:8443\n');
    assert.equal(await said('nobody.example'), 'getaddrinfo ENOTFOUND nobody.example\n');
    assert.match(await said('192.0.2.1'), /^connect EHOSTUNREACH 192\.0\.2\.1:8443/);
  },
);

test('localhost is each host itself', onLinux, async () => {
  await sandbox.mount({ 'answer.mjs': answer, 'ask.mjs': ask });
  const listening = next('listen');
  const server = await sandbox.spawn('node', ['answer.mjs'], { host: 'api.tally.example' });
  await listening;
  const say = async (host: string) =>
    textOf((await sandbox.spawn('node', ['ask.mjs', 'localhost'], { host })).stdout);
  assert.match(await say('app.tally.example'), /ECONNREFUSED 127\.0\.0\.1:8443/);
  assert.match(await say('api.tally.example'), /hello/);
  assert.equal(await server.exit, 0);
});

test('two sandboxes use the same port at the same time', onLinux, async () => {
  const other = await bootNode({ hosts });
  try {
    const servers: SandboxProcess[] = [];
    for (const each of [sandbox, other]) {
      await each.mount({ 'answer.mjs': answer });
      const listening = new Promise((resolve) => each.on('listen', resolve));
      servers.push(await each.spawn('node', ['answer.mjs'], { host: 'api.tally.example' }));
      await listening;
    }
    for (const each of servers) each.kill();
    await Promise.all(servers.map((each) => each.exit));
  } finally {
    await other.teardown();
  }
});

test('a block of loopback addresses has one owner at a time', onLinux, async () => {
  const block = await claimLoopbackBlock();
  const first = block.next();
  assert.match(first, /^127\.\d+\.\d+\.1$/);
  const claim = { host: first.replace(/1$/, '255'), port: 27_477 };
  const rival = () => once(createServer().listen(claim), 'listening');
  await assert.rejects(rival(), { code: 'EADDRINUSE' });
  for (let last = 2; last < 255; last += 1) block.next();
  assert.throws(() => block.next(), /too many hosts/);
  block.release();
  const server = createServer().listen(claim);
  await once(server, 'listening');
  server.close();
});

test('files stay inside the lab', async () => {
  await sandbox.fs.mkdir('notes/old', { recursive: true });
  await sandbox.fs.writeFile('/lab/notes/a.txt', 'a');
  assert.deepEqual(await sandbox.fs.readdir('notes'), ['a.txt', 'old']);
  assert.equal(await sandbox.fs.readFile('notes/a.txt', 'utf-8'), 'a');
  await sandbox.fs.rm('notes', { recursive: true });
  await assert.rejects(sandbox.fs.readFile('notes/a.txt'), { code: 'ENOENT' });
  await assert.rejects(sandbox.fs.readFile('../../etc/passwd'), /outside the lab/);
  await assert.rejects(sandbox.fs.writeFile('/etc/passwd', ''), /outside the lab/);
});

test('teardown ends every process and removes the files', async () => {
  const other = await bootNode();
  await other.mount({ 'loop.mjs': 'console.log(process.cwd()); while (true);' });
  const child = await other.spawn('node', ['loop.mjs']);
  const { value: folder } = await child.stdout.getReader().read();
  assert.ok(existsSync(String(folder).trim()));
  await other.teardown();
  assert.equal(await child.exit, 137);
  assert.ok(!existsSync(String(folder).trim()));
});
