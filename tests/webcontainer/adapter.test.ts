// The adapter and StackBlitz's real client package in Chromium, against a stand-in for StackBlitz's host on our own origin,
// behind which real Node.js processes run.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { ProbeReport, Sandbox } from '../../src/sandbox/index.ts';
import { launchChromium } from '../support/chromium.ts';
import type { Harness } from './stand-in/harness.ts';
import { openStandIn, type StandIn } from './stand-in/server.ts';

declare const harness: Harness;
declare global {
  var sandbox: Sandbox;
}

const HOSTS = { 'ledger.tally.example': '10.5.0.10', 'app.tally.example': '10.5.0.20' };
const program = (name: string) => readFileSync(new URL(`./programs/${name}`, import.meta.url), 'utf8');

let standIn: StandIn;
let browser: Browser;
let page: Page;
let requests: string[];

before(async () => {
  [standIn, browser] = await Promise.all([openStandIn(), launchChromium()]);
});
after(async () => {
  await browser.close();
  await standIn.close();
});

beforeEach(async () => {
  Object.assign(standIn, { mode: 'answers', sendsHeaders: true, policy: undefined });
  standIn.host.announces = true;
  const context = await browser.newContext();
  page = await context.newPage();
  requests = [];
  page.on('request', (request) => requests.push(new URL(request.url()).pathname));
});
afterEach(async () => {
  await page.context().close();
  await standIn.host.close();
});

async function open(): Promise<void> {
  await page.addInitScript(
    (url) => Object.assign(globalThis, { WEBCONTAINER_API_IFRAME_URL: url }),
    standIn.url,
  );
  await page.goto(`${standIn.url}/harness`);
}

/** Boots with the files of a small lab. */
async function boot(tree: Record<string, string> = {}): Promise<void> {
  await open();
  await page.evaluate(
    async ([hosts, tree]) => {
      globalThis.sandbox = await harness.boot({ hosts });
      await sandbox.mount({ 'package.json': '{"type":"module"}', ...harness.treeOf(tree) });
    },
    [HOSTS, tree] as const,
  );
}

const run = (...words: [command: string, args: string[], host?: string]) =>
  page.evaluate(
    ([command, args, host]) => harness.run(sandbox, command, args, host === undefined ? {} : { host }),
    words,
  );

/** The code of the failure that a boot ends with, and how often the host was asked. */
async function failure(limits: { init?: number; boot?: number } = {}) {
  const code = await page.evaluate(
    (limits) =>
      harness.boot({ limits }).then(
        () => 'it booted',
        ({ code }) => code as string,
      ),
    limits,
  );
  return { code, asked: requests.filter((path) => path === '/headless').length };
}

describe('a container', () => {
  test('says in named steps how far it is', async () => {
    await open();
    const steps = await page.evaluate(async () => {
      const steps: string[] = [];
      await harness.boot({ progress: (step) => void steps.push(step) });
      return steps;
    });
    assert.deepEqual(steps, ['page', 'client', 'host', 'probe', 'ready']);
  });

  test('has the files that are mounted, and its file functions read and change them', async () => {
    await boot({ 'a.txt': 'first' });
    const found = await page.evaluate(async () => {
      const { fs } = sandbox;
      await sandbox.mount({ folder: { 'bytes.bin': new Uint8Array([0, 200, 255]) } });
      await fs.mkdir('/lab/deep/er', { recursive: true });
      await fs.writeFile('deep/er/b.txt', 'zweite ✓');
      await fs.rm('a.txt');
      return {
        names: await fs.readdir('/lab'),
        text: await fs.readFile('/lab/deep/er/b.txt', 'utf-8'),
        bytes: [...(await fs.readFile('folder/bytes.bin'))],
        outside: await fs.readFile('../x').catch(({ message }) => message as string),
      };
    });
    assert.deepEqual(found, {
      names: ['deep', 'folder', 'package.json'],
      text: 'zweite ✓',
      bytes: [0, 200, 255],
      outside: '../x lies outside the lab’s folder /lab.',
    });
  });

  test('runs node and npm scripts; output comes merged, exit codes as they are', async () => {
    const scripts = {
      both: 'node says.js one && GREETING=hi node says.js two',
      fails: 'node -e "process.exit(7)"',
    };
    await boot({
      'package.json': JSON.stringify({
        type: 'module',
        scripts: { ...scripts, chain: 'npm run fails && npm run both' },
      }),
      'says.js':
        'console.log(process.argv[2], process.env.GREETING, process.env.npm_lifecycle_event); console.error("so");',
    });
    const both = await run('npm', ['run', 'both']);
    assert.equal(both.code, 0);
    assert.equal(both.stderr, '');
    assert.deepEqual(both.stdout.trim().split('\n').sort(), [
      'one undefined both',
      'so',
      'so',
      'two hi both',
    ]);
    assert.equal((await run('npm', ['run', 'fails'])).code, 7);
    assert.equal((await run('npm', ['run', 'chain'])).code, 7);
    assert.equal((await run('node', ['-p', '6 * 7'])).stdout, '42\n');
    await assert.rejects(run('ls', []), /runs `node FILE` and `npm run NAME`/);
  });

  test('gives a program its input, and ends one that never would', async () => {
    await boot({
      'echo.js':
        'process.stdin.once("data", (text) => { console.log("heard", String(text)); process.exit(); })',
    });
    const seen = await page.evaluate(async () => {
      const echo = await sandbox.spawn('node', ['echo.js']);
      const writer = echo.input.getWriter();
      await writer.write('you');
      const heard = await harness.seen(echo);
      const endless = await sandbox.spawn('node', ['-e', 'for (;;) {}']);
      endless.kill('SIGKILL');
      return { heard: heard.stdout, killed: await endless.exit };
    });
    assert.deepEqual(seen, { heard: 'heard you\n', killed: 137 });
    assert.equal(standIn.host.running, 0);
  });

  test('brings bytes, much output and many processes through whole', async () => {
    await boot();
    const seen = await page.evaluate(async () => {
      const bytes = Uint8Array.from({ length: 1 << 18 }, (_, index) => (index * 31 + (index >> 8)) & 255);
      await sandbox.mount({ 'a.bin': bytes, 'ü ö': { 'né.js': 'console.log("there")' }, 'none.txt': '' });
      await sandbox.fs.writeFile('part.bin', bytes.subarray(7, 300));
      const same = (one: Uint8Array, other: Uint8Array) => one.join() === other.join();
      const much = await harness.run(sandbox, 'node', [
        '-e',
        'process.stdout.write("0123456789\\n".repeat(100_000))',
      ]);
      const many = Array.from({ length: 8 }, (_, index) =>
        harness.run(sandbox, 'node', ['-e', `console.log(${index}); process.exitCode = ${index}`]),
      );
      return {
        mounted: same(await sandbox.fs.readFile('a.bin'), bytes),
        written: same(await sandbox.fs.readFile('part.bin'), bytes.subarray(7, 300)),
        none: await sandbox.fs.readFile('none.txt', 'utf-8'),
        named: (await harness.run(sandbox, 'node', ['ü ö/né.js'])).stdout,
        much: much.stdout === '0123456789\n'.repeat(100_000),
        many: (await Promise.all(many)).map(({ stdout, code }) => `${stdout.trim()} ${code}`),
      };
    });
    assert.deepEqual(seen, {
      mounted: true,
      written: true,
      none: '',
      named: 'there\n',
      much: true,
      many: ['0 0', '1 1', '2 2', '3 3', '4 4', '5 5', '6 6', '7 7'],
    });
  });

  test('puts each process on its host: names, addresses and ports are the lab’s', async () => {
    await boot({ 'server.js': program('server.js'), 'client.js': program('client.js') });
    const { client, server, events } = await page.evaluate(async () => {
      // biome-ignore lint/suspicious/noExplicitAny: what is compared below
      const events: any[] = [];
      const { promise: listens, resolve } = Promise.withResolvers<void>();
      sandbox.on('listen', ({ at }) => {
        events.push({ listen: at });
        resolve();
      });
      sandbox.on('unlisten', ({ at: { host, port } }) => events.push({ unlisten: `${host}:${port}` }));
      sandbox.on('connection', ({ from, to, status }) => {
        events.push({ from: from.host, to: `${to.host}:${to.port}`, status });
      });
      const server = await sandbox.spawn('node', ['server.js'], { host: 'ledger.tally.example' });
      const output = harness.seen(server);
      await listens;
      const client = await harness.run(sandbox, 'node', ['client.js'], { host: 'app.tally.example' });
      server.kill();
      return { client: client.stdout, server: (await output).stdout, events };
    });
    assert.deepEqual(client.trim().split('\n'), [
      'I am app.tally.example',
      'connected to 10.5.0.10:8443 from 10.5.0.20',
      'it said: hello 10.5.0.20',
      'nobody there: ECONNREFUSED connect ECONNREFUSED 10.5.0.10:9000',
      'no such name: ENOTFOUND getaddrinfo ENOTFOUND nowhere.example',
      'no such host: EHOSTUNREACH',
      'not mine: EADDRNOTAVAIL',
    ]);
    assert.deepEqual(server.trim().split('\n'), [
      'listening on {"address":"::","family":"IPv6","port":8443}',
      'caller ::ffff:10.5.0.20, here ::ffff:10.5.0.10:8443',
      'twice: EADDRINUSE listen EADDRINUSE: address already in use :::8443',
    ]);
    assert.deepEqual(events, [
      {
        listen: {
          host: 'ledger.tally.example',
          address: '10.5.0.10',
          port: 8443,
          behind: events[0]?.listen.behind,
        },
      },
      { from: 'app.tally.example', to: 'ledger.tally.example:8443', status: 'open' },
      { from: 'app.tally.example', to: 'ledger.tally.example:9000', status: 'refused' },
      { unlisten: 'ledger.tally.example:8443' },
    ]);
    assert.notEqual(events.at(0)?.listen?.behind, 8443);
  });

  test('says what it cannot do, and why', async () => {
    await boot();
    const { capabilities, browse } = await page.evaluate(async () => ({
      capabilities: sandbox.capabilities,
      browse: await sandbox.browse({ name: 'ana', host: 'localhost', trusts: 'ca.pem' }).then(
        () => '',
        ({ message }) => message as string,
      ),
    }));
    const cannot = Object.entries(capabilities).filter(([, { can }]) => !can);
    assert.deepEqual(cannot.map(([name]) => name).sort(), [
      'browsers',
      'deterministic',
      'offline',
      'onPath',
      'ownAddresses',
      'separateStderr',
      'wireTap',
      'worlds',
    ]);
    for (const [name, capability] of cannot)
      assert.ok(!capability.can && capability.reason.endsWith('.'), name);
    assert.equal(browse, !capabilities.browsers.can && capabilities.browsers.reason);
  });

  test('is one a page: worlds have folders of their own in it; the last to go tears it down', async () => {
    await boot({ 'a.txt': 'mine' });
    const names = await page.evaluate(async () => {
      const other = await harness.boot();
      await other.mount({ 'b.txt': 'other' });
      const names = [await sandbox.fs.readdir('.'), await other.fs.readdir('.')];
      await other.teardown();
      await sandbox.fs.readdir('.');
      return names;
    });
    assert.deepEqual(names, [['a.txt', 'package.json'], ['b.txt']]);
    assert.equal(standIn.host.alive, 1);
    await page.evaluate(() => sandbox.spawn('node', ['-e', 'setInterval(() => {}, 1000)']));
    assert.equal(standIn.host.running, 1);
    const refused = await page.evaluate(async () => {
      await Promise.all([sandbox.teardown(), sandbox.teardown()]);
      return sandbox.spawn('node', ['-e', '']).catch(({ code }) => code as string);
    });
    assert.equal(refused, 'died');
    await page.waitForFunction(() => harness.boot().then((again) => again.fs.readdir('.')));
    assert.equal(standIn.host.running, 0);
    assert.equal(standIn.host.alive, 1, 'the first is gone, the new one is there');
  });

  test('goes when the reader goes, and what ran is over', async () => {
    await boot();
    const ended = await page.evaluate(async () => {
      const process = await sandbox.spawn('node', ['-e', 'setInterval(() => {}, 1000)']);
      const { promise: failed, resolve } = Promise.withResolvers<string>();
      sandbox.on('error', ({ message }) => resolve(message));
      dispatchEvent(new PageTransitionEvent('pagehide'));
      return { code: await process.exit, message: await failed };
    });
    assert.deepEqual(ended, { code: 137, message: ended.message });
    assert.match(ended.message, /has stopped/);
    // The page comes back out of the browser's cache: it can have another.
    await page.evaluate(() => harness.boot().then(() => undefined));
    assert.equal(standIn.host.running, 0);
    assert.equal(standIn.host.alive, 1);
  });

  test('asks its Node.js what it can do, and whether it announces servers', async () => {
    await boot();
    const { node, answers } = await page.evaluate(() => sandbox.probe as ProbeReport);
    assert.equal(node, process.version);
    for (const [name, answer] of Object.entries(answers)) assert.equal(answer, true, name);
    assert.ok('server-ready' in answers);
  });

  test('that announces no server is used all the same', async () => {
    standIn.host.announces = false;
    await boot({ 'server.js': 'import net from "node:net"; net.createServer().listen(8443);' });
    const seen = await page.evaluate(async () => {
      const { promise: listens, resolve } = Promise.withResolvers<string>();
      sandbox.on('listen', ({ at: { host, port } }) => resolve(`${host}:${port}`));
      await sandbox.spawn('node', ['server.js'], { host: 'app.tally.example' });
      return { listens: await listens, probe: sandbox.probe?.answers['server-ready'] };
    });
    assert.deepEqual(seen, {
      listens: 'app.tally.example:8443',
      probe: 'no server of the probe was announced',
    });
  });

  test('takes calls as Node does: through an agent, ended before they are open, and to no port', async () => {
    const program = `
      import http from 'node:http';
      import net from 'node:net';
      import { text } from 'node:stream/consumers';
      const app = 'app.tally.example';
      http.createServer((request, response) => response.end('hello')).listen(8080, () => {
        http.get({ host: app, port: 8080 }, async (answer) => {
          console.log('through an agent:', await text(answer));
          const heard = net.createServer({ allowHalfOpen: true }, async (socket) => {
            console.log('heard:', await text(socket));
            socket.end();
          });
          heard.listen(9000, () => {
            const socket = net.connect({ host: app, port: 9000 });
            socket.on('lookup', (error, address, family, name) => console.log('lookup', error, address, family, name));
            socket.end('early');
            socket.resume().on('close', () => {
              for (const call of [() => net.connect({ port: 70000 }), () => net.createServer().listen(-1)]) {
                try {
                  call();
                } catch ({ code }) {
                  console.log(code);
                }
              }
              console.log(Object.hasOwn(socket, 'emit') && Object.keys(socket).includes('emit'));
              process.exit();
            });
          });
        });
      });
    `;
    await boot({ 'calls.js': program });
    const { stdout } = await run('node', ['calls.js'], 'app.tally.example');
    assert.deepEqual(stdout.trim().split('\n'), [
      'through an agent: hello',
      'lookup null 10.5.0.20 4 app.tally.example',
      'heard: early',
      'ERR_SOCKET_BAD_PORT',
      'ERR_SOCKET_BAD_PORT',
      'false',
    ]);
  });

  test('gives a port that is free where any will do, and keeps two servers of one process apart', async () => {
    // Two programs draw the same numbers, so that the second wants the port that the first has.
    const program = `
      import net from 'node:net';
      import { once } from 'node:events';
      const draws = [0.25, 0.75];
      Math.random = () => draws.shift() ?? 0.5;
      const [first, second] = [net.createServer(), net.createServer()];
      await once(first.listen(0), 'listening');
      console.log('first', first.address().port);
      draws.unshift(0.25);
      await once(second.listen(0), 'listening');
      console.log('second', second.address().port);
      const third = net.createServer();
      const [refused] = await once(third.listen(first.address().port), 'error').catch((error) => [error]);
      console.log(refused.message);
      try {
        first.listen(7000);
      } catch ({ code }) {
        console.log(code);
      }
      await once(third.listen(7001), 'listening');
      third.close();
      await once(third, 'close');
      const call = net.connect(first.address().port);
      await once(call, 'connect');
      console.log('called', call.remotePort === first.address().port);
      process.exit();
    `;
    await boot({ 'ports.js': program });
    const reported = await page.evaluate(async () => {
      const reported: string[] = [];
      sandbox.on('listen', ({ at }) => reported.push(`+${at.port}`));
      sandbox.on('unlisten', ({ at }) => reported.push(`-${at.port}`));
      const { stdout } = await harness.run(sandbox, 'node', ['ports.js'], { host: 'app.tally.example' });
      return { stdout, reported };
    });
    assert.deepEqual(reported.stdout.trim().split('\n'), [
      'first 36768',
      'second 44768',
      'listen EADDRINUSE: address already in use :::36768',
      'ERR_SERVER_ALREADY_LISTEN',
      'called true',
    ]);
    assert.deepEqual(reported.reported.slice(0, 4), ['+36768', '+44768', '+7001', '-7001']);
  });

  test('a program’s children are on its host, and what they open is seen', async () => {
    const parent = `
      import { fork, spawn } from 'node:child_process';
      const ended = (child) => new Promise((resolve) => child.once('close', resolve));
      console.log('parent', process.execArgv.some((word) => word.includes('.handfast')), Object.keys(process.env).includes('HANDFAST_PLACE'));
      await ended(fork(new URL('child.js', import.meta.url), ['forked', '8443']));
      await ended(spawn(process.execPath, ['child.js', 'spawned', '8444'], { stdio: 'inherit', env: {} }));
      const piped = spawn(process.execPath, ['child.js', 'piped', '8445']);
      for await (const text of piped.stdout) console.log('read', JSON.stringify(String(text)));
    `;
    const child = `
      import net from 'node:net';
      import os from 'node:os';
      const [name, port] = process.argv.slice(2);
      const server = net.createServer((socket) => socket.end()).listen(port, () => {
        const socket = net.connect(port, 'app.tally.example', () => {
          console.log(name, 'on', os.hostname(), socket.remoteAddress, socket.remotePort);
          server.close();
        });
        socket.resume();
      });
    `;
    await boot({ 'parent.js': parent, 'child.js': child });
    const { stdout, code, listened } = await page.evaluate(async () => {
      const listened: number[] = [];
      sandbox.on('listen', ({ at: { port } }) => listened.push(port));
      return {
        ...(await harness.run(sandbox, 'node', ['parent.js'], { host: 'app.tally.example' })),
        listened,
      };
    });
    assert.deepEqual(stdout.trim().split('\n'), [
      'parent false false',
      'forked on app.tally.example 10.5.0.20 8443',
      'spawned on app.tally.example 10.5.0.20 8444',
      'read "piped on app.tally.example 10.5.0.20 8445\\n"',
    ]);
    assert.equal(code, 0);
    // What a child writes for its parent is its parent's: nothing is reported in it.
    assert.deepEqual(listened, [8443, 8444]);
  });

  test('so are one behind a shell, one that is waited for, and a thread', async () => {
    const parent = `
      import { exec, execFileSync, execSync } from 'node:child_process';
      import { once } from 'node:events';
      import { promisify } from 'node:util';
      import { Worker } from 'node:worker_threads';
      const line = '"' + process.execPath + '" child.js';
      const env = { NODE_OPTIONS: '--no-warnings' };
      const { stdout } = await promisify(exec)(line + ' shell && ' + line + ' "its second"', { env });
      process.stdout.write(stdout);
      process.stdout.write(execSync(line + ' waited'));
      process.stdout.write(execFileSync(process.execPath, ['child.js', 'without a shell'], { env: { A: 'b=c' } }));
      await once(new Worker(new URL('child.js', import.meta.url), { argv: ['thread'] }), 'exit');
    `;
    const child = `
      import dns from 'node:dns';
      import os from 'node:os';
      const { address } = await dns.promises.lookup('ledger.tally.example');
      const { A, HANDFAST_PLACE, NODE_OPTIONS } = process.env;
      console.log(process.argv[2], 'on', os.hostname(), address, A, HANDFAST_PLACE, NODE_OPTIONS);
    `;
    await boot({ 'parent.js': parent, 'child.js': child });
    const { stdout, code } = await run('node', ['parent.js'], 'app.tally.example');
    const place = 'on app.tally.example 10.5.0.10';
    assert.deepEqual(stdout.trim().split('\n'), [
      `shell ${place} undefined undefined --no-warnings`,
      `its second ${place} undefined undefined --no-warnings`,
      `waited ${place} undefined undefined undefined`,
      `without a shell ${place} b=c undefined undefined`,
      `thread ${place} undefined undefined undefined`,
    ]);
    assert.equal(code, 0);
  });

  test('has npm itself, for a package that this site does not have', async () => {
    await boot({
      'package.json': '{"type":"module","dependencies":{"greeting":"file:./greeting"}}',
      'main.js': 'import { greet } from "greeting"; console.log(greet("Ana"));',
      'greeting/package.json': '{"name":"greeting","version":"1.0.0","type":"module","exports":"./index.js"}',
      'greeting/index.js': 'export const greet = (name) => "hello " + name;',
    });
    assert.equal((await run('node', ['main.js'])).stdout, 'hello Ana\n');
  });

  test('installs a package that the reader adds later', async () => {
    await boot({
      'greeting/package.json': '{"name":"greeting","version":"1.0.0","type":"module","exports":"./index.js"}',
      'greeting/index.js': 'export const greet = (name) => "hello " + name;',
    });
    await page.evaluate(() =>
      sandbox.mount({
        'package.json': '{"type":"module","dependencies":{"greeting":"file:./greeting"}}',
        'main.js': 'import { greet } from "greeting"; console.log(greet("Ana"));',
      }),
    );
    assert.equal((await run('node', ['main.js'])).stdout, 'hello Ana\n');
  });

  test('where npm fails, its words are told', async () => {
    await assert.rejects(
      boot({ 'package.json': '{"dependencies":{"greeting":"file:./nowhere/greeting.tgz"}}' }),
      /npm install ended with exit code \d+:[\s\S]*ENOENT/,
    );
  });
});

describe('a boot that fails says why', () => {
  test('not isolated: the host is not even asked', async () => {
    standIn.sendsHeaders = false;
    await open();
    assert.deepEqual(await failure(), { code: 'not-isolated', asked: 0 });
  });

  test('offline: the host is not even asked', async () => {
    await open();
    await page.context().setOffline(true);
    assert.deepEqual(await failure(), { code: 'offline', asked: 0 });
  });

  test('offline in the middle of it', async () => {
    standIn.mode = 'silent';
    await open();
    const failing = failure();
    await page.waitForSelector('iframe', { state: 'attached' });
    await page.context().setOffline(true);
    assert.equal((await failing).code, 'offline');
  });

  test('blocked: the frame loads, and no init comes after it', async () => {
    standIn.mode = 'silent';
    await open();
    assert.deepEqual(await failure({ init: 300 }), { code: 'blocked', asked: 1 });
  });

  test('blocked: the connection is cut', async () => {
    await page.route('**/headless*', (route) => route.abort());
    await open();
    assert.equal((await failure({ init: 300 })).code, 'blocked');
  });

  test('the page’s policy does not allow the host', async () => {
    standIn.policy = "frame-src 'none'";
    await open();
    assert.deepEqual(await failure(), { code: 'policy', asked: 0 });
  });

  test('init comes and nothing after it; what might still come has nowhere to come to', async () => {
    standIn.mode = 'never-builds';
    await open();
    assert.equal((await failure({ boot: 1000 })).code, 'too-slow');
    assert.equal(await page.locator('iframe').count(), 0);
  });

  test('the probe never ends', async () => {
    await page.route('**/engine/container-probe.js', (route) =>
      route.fulfill({ body: 'setInterval(() => {}, 1000);' }),
    );
    await page.clock.install();
    await open();
    const runs = page.waitForRequest('**/stand-in/follow');
    const failing = failure();
    await runs;
    await page.clock.fastForward(90_000);
    assert.equal((await failing).code, 'too-slow');
    assert.equal(await page.locator('iframe').count(), 0);
    await standIn.host.gone();
  });

  test('the host refuses: its own words are told', async () => {
    standIn.mode = 'refuses';
    await open();
    const message = await page.evaluate(() => harness.boot().catch(({ message }) => message as string));
    assert.match(String(message), /This site is not registered\..*licence/);
  });

  test('its Node.js cannot be asked: no licence would help, and the next boot may', async () => {
    let isBroken = true;
    await page.route('**/engine/container-probe.js', async (route) =>
      isBroken
        ? route.fulfill({ body: 'console.log("segmentation fault"); process.exit(139);' })
        : route.fallback(),
    );
    await open();
    const message = String(
      await page.evaluate(() => harness.boot().catch(({ message }) => message as string)),
    );
    assert.match(message, /failed before a program could run\. It said: .*segmentation fault/);
    assert.doesNotMatch(message, /licence/);
    isBroken = false;
    assert.equal((await failure()).code, 'it booted');
    assert.equal(standIn.host.alive, 1);
  });

  test('its disk is full: nothing of it stays', async () => {
    await page.route('**/stand-in/fs', async (route) => {
      const { call, path } = route.request().postDataJSON();
      const isFirstFolder = call === 'mkdir' && path.startsWith('world-');
      await (isFirstFolder ? route.fulfill({ json: { error: 'ENOSPC: no space left' } }) : route.continue());
    });
    await open();
    const message = await page.evaluate(() => harness.boot().catch(({ message }) => message as string));
    assert.equal(message, 'ENOSPC: no space left');
    await standIn.host.gone();
  });

  test('somebody else has a container on this page', async () => {
    await open();
    await page.evaluate(() => harness.WebContainer.boot({ workdirName: 'theirs' }).then(() => undefined));
    assert.equal((await failure()).code, 'second-boot');
  });

  test('after a host that did not answer, only a new page helps', async () => {
    standIn.mode = 'silent';
    await open();
    await failure({ init: 300 });
    standIn.mode = 'answers';
    assert.equal((await failure()).code, 'needs-reload');
    await page.reload();
    assert.equal((await failure()).code, 'it booted');
  });
});

describe('a container that dies in the middle of a run', () => {
  // Whoever starts must not be taken for silent because the machine is busy: the test turns the clock on.
  const HEARTBEAT_MS = 3_600_000;

  /** It is asked whether it lives, and has had its time to answer. */
  async function waitInVain(): Promise<void> {
    await page.clock.fastForward(HEARTBEAT_MS);
    for (let asked = 1; asked <= 3; asked += 1) await page.clock.fastForward(HEARTBEAT_MS);
  }

  for (const [how, die] of [
    ['says so', async () => standIn.host.breakDown('out of memory')],
    ['falls silent', () => standIn.host.fallSilent().then(waitInVain)],
  ] as const) {
    test(`and ${how}: its processes end, whoever listens hears of it, and the next boot says what to do`, async () => {
      await page.clock.install();
      await open();
      const dying = page.evaluate(async (heartbeatMs) => {
        globalThis.sandbox = await harness.boot({ heartbeatMs });
        const errors: string[] = [];
        const exits: number[] = [];
        sandbox.on('error', ({ message }) => errors.push(message));
        sandbox.on('exit', ({ code }) => exits.push(code));
        const process = await sandbox.spawn('node', [
          '-e',
          'console.log("here"); setInterval(() => {}, 1000)',
        ]);
        const reader = process.stdout.getReader();
        await reader.read();
        document.title = 'runs';
        const code = await process.exit;
        return { errors, exits, code, next: await harness.boot().catch(({ code }) => code as string) };
      }, HEARTBEAT_MS);
      await page.waitForFunction(() => document.title === 'runs');
      await die();
      const { errors, exits, code, next } = await dying;
      assert.match(
        errors.join(),
        how === 'says so' ? /stopped\. It said: out of memory/ : /The WebContainer has stopped/,
      );
      assert.deepEqual({ exits, code, next }, { exits: [137], code: 137, next: 'needs-reload' });
      // Nothing of it is left in the page to take its share of the machine.
      assert.equal(await page.locator('iframe').count(), 0);
      await standIn.host.gone();
    });
  }

  test('and falls silent: whoever has asked something of it hears of that, and it can be put away', async () => {
    await page.clock.install();
    await open();
    await page.evaluate(async (heartbeatMs) => {
      globalThis.sandbox = await harness.boot({ heartbeatMs });
      await sandbox.spawn('node', ['-e', 'setInterval(() => {}, 1000)']);
    }, HEARTBEAT_MS);
    await standIn.host.fallSilent();
    const codes = page.evaluate(async () => {
      const asked = [
        sandbox.mount({ 'a.txt': '' }),
        sandbox.spawn('node', ['-e', '']),
        sandbox.fs.readFile('a.txt', 'utf-8'),
        sandbox.fs.writeFile('a.txt', ''),
        sandbox.fs.readdir('.'),
        sandbox.fs.mkdir('folder'),
        sandbox.fs.rm('a.txt'),
      ];
      document.title = 'asked';
      const settled = await Promise.allSettled(asked);
      await sandbox.teardown();
      return settled.map((each) => each.status === 'rejected' && each.reason.code);
    });
    await page.waitForFunction(() => document.title === 'asked');
    await waitInVain();
    assert.deepEqual(await codes, Array(7).fill('died'));
  });

  test('and falls silent once it has started: the boot fails', async () => {
    standIn.mode = 'dies-early';
    await page.clock.install();
    await open();
    const muted = page.waitForRequest('**/stand-in/muted');
    const booting = page.evaluate(
      (heartbeatMs) => harness.boot({ heartbeatMs }).catch(({ code }) => code as string),
      HEARTBEAT_MS,
    );
    await muted;
    await waitInVain();
    assert.equal(await booting, 'died');
  });
});
