// The embedded engine in a page under the site's own policy.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openBrowser } from '../../scripts/sandbox/browser.ts';
import { openEnginePage } from './support/engine-page.ts';
import { servePages } from './support/page-server.ts';

/** `src/sandbox/embedded/index.ts`, bundled for the page. */
declare const sandbox: typeof import('../../src/sandbox/embedded/index.ts');

/** Helpers that every test's function finds in the page. */
declare const kit: {
  boot: typeof import('../../src/sandbox/embedded/index.ts').bootEmbedded;
  text(stream: ReadableStream<string>): Promise<string>;
  /** Runs files[0] of a new sandbox to its end. */
  run(
    files: Record<string, string>,
    args?: string[],
  ): Promise<{ stdout: string; stderr: string; code: number }>;
  until(stream: ReadableStream<string>, wanted: string): Promise<string>;
};

function installKit(): void {
  const text = async (stream: ReadableStream<string>) => {
    let all = '';
    for await (const chunk of stream) all += chunk;
    return all;
  };
  Object.assign(window, {
    kit: {
      boot: sandbox.bootEmbedded,
      text,
      async run(files: Record<string, string>, args: string[] = []) {
        const box = await sandbox.bootEmbedded();
        await box.mount(files);
        const process = await box.spawn('node', [Object.keys(files)[0], ...args]);
        const [stdout, stderr, code] = await Promise.all([
          text(process.stdout),
          text(process.stderr),
          process.exit,
        ]);
        await box.teardown();
        return { stdout, stderr, code };
      },
      async until(stream: ReadableStream<string>, wanted: string) {
        let seen = '';
        const reader = stream.getReader();
        while (!seen.includes(wanted)) {
          const { value, done } = await reader.read();
          if (done) throw new Error(`The stream ended without: ${wanted}`);
          seen += value;
        }
        reader.releaseLock();
        return seen;
      },
    },
  });
}

describe('the embedded engine', () => {
  let engine: Awaited<ReturnType<typeof openEnginePage>>;
  const inPage = <Result>(work: () => Promise<Result>) => engine.page.evaluate(work);

  before(async () => {
    engine = await openEnginePage();
    await engine.page.evaluate(installKit);
  });
  after(() => engine.close());

  test('loads nothing until it is asked to', () => {
    assert.deepEqual(
      engine.asked.filter((path) => path.startsWith('/engine')),
      [],
    );
  });

  test('runs a program: arguments, both streams, exit code', async () => {
    const result = await inPage(() =>
      kit.run(
        {
          'main.js':
            "console.log(process.argv.slice(1).join()); console.error('aside'); process.exitCode = 3",
        },
        ['a', 'b c'],
      ),
    );
    assert.deepEqual(result, { stdout: '/lab/main.js,a,b c\n', stderr: 'aside\n', code: 3 });
  });

  test('is fetched once, however often one boots', async () => {
    await inPage(async () => {
      await (await kit.boot()).teardown();
      await (await kit.boot()).teardown();
    });
    assert.deepEqual(engine.asked.filter((path) => path.startsWith('/engine')).sort(), [
      '/engine/kernel.js',
      // A program ran before that nobody had parsed ahead.
      '/engine/parser.js',
      '/engine/worker.js',
    ]);
    assert.equal(await engine.page.locator('iframe').count(), 1);
  });

  test('keeps two sandboxes apart: files, ports, processes', async () => {
    const result = await inPage(async () => {
      const [one, other] = await Promise.all([kit.boot(), kit.boot()]);
      const server = "require('net').createServer().listen(8443, () => console.log('listening'))";
      await one.mount({ 'server.js': server });
      await other.mount({ 'server.js': server });
      const first = await one.spawn('node', ['server.js']);
      const second = await other.spawn('node', ['server.js']);
      await Promise.all([kit.until(first.stdout, 'listening'), kit.until(second.stdout, 'listening')]);
      await one.fs.writeFile('only-here.txt', 'x');
      const names = await other.fs.readdir('.');
      await one.teardown();
      second.kill();
      const codes = [await first.exit, await second.exit];
      await other.teardown();
      return { names, codes };
    });
    assert.deepEqual(result, { names: ['server.js'], codes: [137, 143] });
  });

  test('kills a program at once inside while (true), and what it printed before is there', async () => {
    const result = await inPage(async () => {
      const box = await kit.boot();
      await box.mount({ 'loop.js': "console.log('before'); while (true);" });
      const codes: number[] = [];
      // A busy machine makes it slower, never faster: the best of some rounds counts.
      let took = Number.POSITIVE_INFINITY;
      for (let round = 0; round < 8 && took >= 1000; round += 1) {
        const process = await box.spawn('node', ['loop.js']);
        await kit.until(process.stdout, 'before');
        const started = performance.now();
        process.kill('SIGKILL');
        codes.push(await process.exit);
        took = Math.min(took, performance.now() - started);
      }
      await box.teardown();
      return { codes: [...new Set(codes)], took };
    });
    assert.deepEqual(result.codes, [137]);
    assert.ok(result.took < 1000, `took ${result.took} ms`);
  });

  test('survives a program that prints for ever: the page keeps moving and the program can be killed', async () => {
    const result = await inPage(async () => {
      const box = await kit.boot();
      await box.mount({
        'flood.js': "for (;;) console.log('x'.repeat(1000));",
        'spin.js': "console.log('x'); for (;;);",
      });
      const codes: number[] = [];
      /** The median of the page's turns beside a program that never ends, of whose output nobody reads more than a line. */
      const turnBeside = async (file: string) => {
        const process = await box.spawn('node', [file]);
        await kit.until(process.stdout, 'x');
        const turns: number[] = [];
        for (let turn = 0; turn < 41; turn += 1) {
          const started = performance.now();
          await new Promise((resolve) => setTimeout(resolve, 0));
          turns.push(performance.now() - started);
        }
        process.kill();
        codes.push(await process.exit);
        return turns.sort((a, b) => a - b)[20];
      };
      // On a busy machine the page is slow beside any program: what counts is whether it is slower beside this one.
      let [flood, spin] = [Number.POSITIVE_INFINITY, 0];
      for (let round = 0; round < 5 && flood >= Math.max(60, 3 * spin); round += 1) {
        flood = await turnBeside('flood.js');
        spin = await turnBeside('spin.js');
      }
      await box.teardown();
      return { codes: [...new Set(codes)], flood, spin };
    });
    assert.deepEqual(result.codes, [143]);
    const { flood, spin } = result;
    assert.ok(
      flood < Math.max(60, 3 * spin),
      `the median turn of the page's loop took ${flood} ms, and ${spin} ms beside a program that prints nothing`,
    );
  });

  test('gives a program standard input, to its end', async () => {
    const result = await inPage(async () => {
      const box = await kit.boot();
      await box.mount({
        'echo.js':
          "process.stdin.setEncoding('utf8').on('data', (text) => process.stdout.write(text.toUpperCase()))",
      });
      const process = await box.spawn('node', ['echo.js']);
      const writer = process.input.getWriter();
      await writer.write('grüße ');
      await writer.write('ana');
      await writer.close();
      const stdout = await kit.text(process.stdout);
      const code = await process.exit;
      await box.teardown();
      return { stdout, code };
    });
    assert.deepEqual(result, { stdout: 'GRÜSSE ANA', code: 0 });
  });

  test('runs npm scripts of the form `node FILE`, and says so of any other command', async () => {
    const result = await inPage(async () => {
      const box = await kit.boot();
      await box.mount({
        'package.json': JSON.stringify({
          scripts: { client: "node client.js 'one two'", odd: 'vite build' },
        }),
        'client.js': 'console.log(process.argv[2], process.argv[3])',
      });
      const process = await box.spawn('npm', ['run', 'client', '--', 'three']);
      const stdout = await kit.text(process.stdout);
      const refusals: string[] = [];
      for (const [command, ...args] of [
        ['ls'],
        ['npm', 'install'],
        ['npm', 'run', 'none'],
        ['npm', 'run', 'odd'],
        ['node'],
      ]) {
        await box.spawn(command, args).catch((error) => refusals.push(error.message));
      }
      await box.teardown();
      return { stdout, refusals };
    });
    assert.equal(result.stdout, 'one two three\n');
    assert.equal(result.refusals.length, 5);
    assert.match(result.refusals[0], /not `ls`/);
    assert.match(result.refusals[2], /Missing script: "none"/);
    assert.match(result.refusals[3], /vite build/);
  });

  test('runs the commands of an npm script one after another, until one fails', async () => {
    const result = await inPage(async () => {
      const box = await kit.boot();
      await box.mount({
        'package.json': JSON.stringify({
          scripts: {
            all: 'NAME=one node say.js && npm run two && node fail.js && node say.js',
            two: 'NAME=two node say.js',
          },
        }),
        'say.js': 'console.log(process.env.NAME, process.pid)',
        'fail.js': 'console.error(process.pid); process.exitCode = 3;',
      });
      const process = await box.spawn('npm', ['run', 'all']);
      const stdout = await kit.text(process.stdout);
      const stderr = await kit.text(process.stderr);
      const exit = await process.exit;
      await box.teardown();
      return { pid: process.pid, stdout, stderr, exit };
    });
    const { pid } = result;
    assert.deepEqual(result, { pid, stdout: `one ${pid}\ntwo ${pid}\n`, stderr: `${pid}\n`, exit: 3 });
  });

  test('shares one file tree between the page and every process, in order', async () => {
    const result = await inPage(async () => {
      const box = await kit.boot();
      await box.mount({
        data: { 'given.txt': 'from the page', 'bytes.bin': new Uint8Array([0, 255, 128]) },
        'writer.js': `
          const fs = require('fs'), net = require('net');
          console.log(fs.readFileSync('data/given.txt', 'utf8'), [...fs.readFileSync('data/bytes.bin')].join());
          fs.mkdirSync('made/deep', { recursive: true });
          net.createServer((socket) => { fs.writeFileSync('made/deep/note.txt', 'written first'); socket.end('now'); })
            .listen(7000, () => console.log('ready'));`,
        'reader.js': `
          const fs = require('fs');
          require('net').connect(7000).on('data', () => {
            console.log(fs.readFileSync('made/deep/note.txt', 'utf8')); fs.rmSync('data', { recursive: true });
          });`,
      });
      const writer = await box.spawn('node', ['writer.js']);
      const said = await kit.until(writer.stdout, 'ready');
      const reader = await box.spawn('node', ['reader.js']);
      const read = await kit.text(reader.stdout);
      const errors = await kit.text(reader.stderr);
      const names = await box.fs.readdir('.');
      const note = await box.fs.readFile('made/deep/note.txt', 'utf-8');
      const missing = await box.fs.readFile('data/given.txt').catch((error) => error.code);
      await box.teardown();
      return { said, read, errors, names, note, missing };
    });
    assert.deepEqual(result, {
      said: 'from the page 0,255,128\nready\n',
      read: 'written first\n',
      errors: '',
      names: ['made', 'reader.js', 'writer.js'],
      note: 'written first',
      missing: 'ENOENT',
    });
  });

  test('tells what happens: spawn, listen, connection, segments, exit', async () => {
    const events = await inPage(async () => {
      const box = await kit.boot({ hosts: { 'api.example': '10.0.0.2', 'ana.example': '10.0.0.3' } });
      await box.mount({
        'server.js': "const s = require('net').createServer((c) => c.end('hello')).listen(8443)",
        'client.js':
          "require('net').connect(8443, 'api.example').resume(); require('net').connect(1, 'api.example').on('error', () => {})",
      });
      const seen: string[] = [];
      const at = ({ host, port }: { host: string; port: number }) =>
        port > 30000 ? host : `${host}:${port}`;
      box.on('spawn', ({ args, host }) => seen.push(`spawn ${args} on ${host}`));
      box.on('listen', ({ at: place }) => seen.push(`listen ${at(place)}`));
      box.on('unlisten', ({ at: place }) => seen.push(`unlisten ${at(place)}`));
      box.on('connection', ({ from, to, status }) => seen.push(`${status} ${at(from)} > ${at(to)}`));
      box.on('segment', ({ from, to, kind, bytes }) =>
        seen.push(`${kind} ${at(from)} > ${at(to)} ${new TextDecoder().decode(bytes)}`.trim()),
      );
      box.on('exit', ({ code }) => seen.push(`exit ${code}`));
      const server = await box.spawn('node', ['server.js'], { host: 'api.example' });
      await new Promise<void>((resolve) => {
        const stop = box.on('listen', () => {
          stop();
          resolve();
        });
      });
      const client = await box.spawn('node', ['client.js'], { host: 'ana.example' });
      await client.exit;
      server.kill();
      await server.exit;
      await box.teardown();
      return seen;
    });
    assert.deepEqual(
      new Set(events),
      new Set([
        'spawn server.js on api.example',
        'listen api.example:8443',
        'spawn client.js on ana.example',
        'open ana.example > api.example:8443',
        'refused ana.example > api.example:1',
        'data api.example:8443 > ana.example hello',
        'fin api.example:8443 > ana.example',
        'fin ana.example > api.example:8443',
        'exit 0',
        'unlisten api.example:8443',
        'exit 143',
      ]),
    );
    assert.ok(events.indexOf('listen api.example:8443') < events.indexOf('spawn client.js on ana.example'));
    assert.ok(events.indexOf('data api.example:8443 > ana.example hello') < events.indexOf('exit 0'));
  });

  test('hides the browser from programs: what the worker could use is not there', async () => {
    const { stdout } = await inPage(() =>
      kit.run({
        'main.js': `
          const browser = ['importScripts', 'postMessage', 'XMLHttpRequest', 'WorkerGlobalScope', 'indexedDB', 'caches',
            'self', 'location', 'onmessage', 'handfastPort', 'handfastBoot', 'EventSource', 'Worker', 'close'];
          console.log(browser.filter((name) => typeof globalThis[name] !== 'undefined').join());`,
      }),
    );
    assert.equal(stdout, '\n');
  });

  test('has what its haste rests on: the frame makes keys, and a worker that has ended can wait', async () => {
    await inPage(async () => (await kit.boot()).teardown());
    const frame = engine.page.frames().find((each) => each !== engine.page.mainFrame());
    // What the frame's document does not need, it has lost; without these, keys would be made only when asked for.
    const kind = await frame?.evaluate(async () => {
      const algorithm = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, hash: 'SHA-256' };
      const publicExponent = Uint8Array.of(1, 0, 1);
      const { privateKey } = await crypto.subtle.generateKey({ ...algorithm, publicExponent }, true, [
        'sign',
      ]);
      return (await crypto.subtle.exportKey('pkcs8', privateKey)).constructor.name;
    });
    assert.equal(kind, 'ArrayBuffer');
    const { stdout } = await inPage(() =>
      kit.run({
        'main.js': `
          const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
          console.log(Atomics.wait(new Int32Array(buffer), 0, 0, 1));`,
      }),
    );
    assert.equal(stdout, 'timed-out\n');
  });

  test('comes back after a memory bomb ended its frame: processes end, the page is told, boot works again', async () => {
    // Without Playwright, for which a frame that crashes is a page that crashed.
    const pages = await servePages('tests/sandbox/support/bomb-page.ts');
    const browser = await openBrowser(pages.url, ['--js-flags=--max-old-space-size=64']);
    try {
      const { told, code, again, frames } = JSON.parse(await pages.reported);
      assert.match(told, /stopped answering/);
      assert.equal(code, 137);
      assert.equal(again, 'alive\n');
      assert.equal(frames, 1);
    } finally {
      browser.close();
      pages.close();
    }
  });

  test('closes a frame that sends what the kernel never would', async () => {
    const other = await openEnginePage();
    try {
      await other.page.evaluate(installKit);
      const message = await other.page.evaluate(async () => {
        // Before the engine starts, the page hands the frame a kernel of the attacker's.
        const original = window.fetch;
        const evil =
          "handfastBoot.port.postMessage([{ type: 'ready' }]); handfastBoot.port.onmessage = ({ data }) => handfastBoot.port.postMessage(data.name === 'boot' ? [{ type: 'answer', id: data.id, value: { world: 1 } }, { type: 'event', world: 1, name: 'exit', detail: { pid: '1', code: {} } }] : []);";
        window.fetch = async (url) => (String(url).includes('kernel') ? new Response(evil) : original(url));
        return kit.boot().then(
          () => 'booted',
          (error) => error.message,
        );
      });
      assert.match(message, /never should/);
      assert.equal(await other.page.locator('iframe').count(), 0);
    } finally {
      await other.close();
    }
  });
});
