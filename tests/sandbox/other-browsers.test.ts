// Firefox and WebKit run what Chromium runs: programs, mutual TLS, and a lab's browser that nothing leaves.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { type DrivenBrowser, drivenBrowsers } from '../support/driven-browsers.ts';
import { startLeakServer } from './support/leak-server.ts';
import { servePages } from './support/page-server.ts';
import { ENDS_THE_PAGE, probeRuns, runControl, runInPanes } from './support/pane-runs.ts';

/** `src/sandbox/embedded/index.ts`, bundled for the page. */
declare const sandbox: typeof import('../../src/sandbox/embedded/index.ts');

/** Milliseconds; whatever takes so long hangs. */
const LIMIT = 900_000;
const CONTROL_LIMIT = 240_000;

const HOSTS = { 'app.tally.example': '10.1.0.1', 'ana.example': '10.1.0.2' };
const pki = JSON.parse(readFileSync(new URL('../node/tls/fixtures/pki.json', import.meta.url), 'utf8'));

const PROGRAMS = {
  'refused.mjs': `
    async function open() { await null; throw new RangeError('too far'); }
    console.log(new Error('shown').message, [1, 2].at(-1));
    await open();`,
  'mutual.cjs': `
    const tls = require('node:tls');
    const pki = require('./pki.json');
    const pair = (name) => ({ key: pki[name + '.key'], cert: pki[name + '.chain'] });
    const ca = pki['root-ec.crt'];
    const server = tls.createServer({ ...pair('server-ec'), ca, requestCert: true }, (socket) => {
      socket.end('served ' + socket.authorized + ' ' + socket.getPeerCertificate().subject.CN);
    });
    server.listen(8443, () => {
      const socket = tls.connect({ port: 8443, servername: 'localhost', ca, ...pair('client-ec') });
      socket.on('data', (data) => console.log(socket.getProtocol(), String(data)));
      socket.on('close', () => server.close());
    });`,
  'page.cjs': `
    const script = 'console.log("ran"); fetch("/note").then((r) => r.text()).then((text) => console.log("read " + text))';
    require('node:http').createServer(({ url }, response) => {
      if (url === '/note') return response.end('a note');
      response.setHeader('content-type', 'text/html');
      response.end('<title>T</title><a href="/next">On</a><p>at ' + url + '<script>' + script + '//' + 'x'.repeat(50000) + '</script>');
    }).listen(80);`,
};

/** What a sandbox begins with. */
interface Boxed {
  files: Record<string, string>;
  hosts: Record<string, string>;
}

/** In the page: a program to its end. */
async function run({ files, args, hosts }: Boxed & { args: string[] }) {
  const box = await sandbox.bootEmbedded({ hosts });
  await box.mount(files);
  const process = await box.spawn('node', args, { host: 'app.tally.example' });
  const text = async (stream: ReadableStream<string>) => {
    let all = '';
    await stream.pipeTo(
      new WritableStream({
        write(piece) {
          all += piece;
        },
      }),
    );
    return all;
  };
  const [stdout, stderr, code] = await Promise.all([
    text(process.stdout),
    text(process.stderr),
    process.exit,
  ]);
  await box.teardown();
  return { stdout, stderr, code };
}

/** In the page: Ana opens a page with a script in it, and follows its link. */
async function visit({ files, hosts }: Boxed) {
  const box = await sandbox.bootEmbedded({ hosts });
  await box.mount(files);
  const listening = new Promise((resolve) => box.on('listen', resolve));
  await box.spawn('node', ['page.cjs'], { host: 'app.tally.example' });
  await listening;
  const ana = await box.browse({ name: 'ana', host: 'ana.example', trusts: 'package.json' });
  const printed: string[] = [];
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  void ana.output.pipeTo(
    new WritableStream({
      write(piece) {
        printed.push(...piece.split('\n').filter((line) => line !== ''));
        const times = printed.filter((line) => line === 'console: read a note').length;
        if (times > 0) first.resolve();
        if (times > 1) second.resolve();
      },
    }),
  );
  await ana.perform({ open: 'http://app.tally.example/' });
  await first.promise;
  await ana.perform({ press: 'On' });
  await second.promise;
  await box.teardown();
  return printed;
}

/**
 * Probes whose control reaches nobody. Names are looked up where no server sees it; neither gathers candidates of this
 * machine's own addresses for WebRTC; pings of links are off, windows that nobody asked for do not open; the rest is
 * not there yet.
 */
const SILENT: Readonly<Record<string, RegExp>> = {
  Firefox: /dns-prefetch|webrtc|anchor-ping/,
  WebKitGTK: /webrtc|webtransport|prefetch|new-window|window-open|sanitized-html|custom-element-preconnect/,
};

for (const { name, skip, launch } of drivenBrowsers) {
  const files = { 'package.json': '{}', 'pki.json': JSON.stringify(pki), ...PROGRAMS };
  // One that is installed and does not start (no shared memory, no display) tells nothing about us.
  const started =
    skip || (await launch().catch((error: Error) => `${name} does not start: ${error.message}`));
  const missing = typeof started === 'string' && started;
  const browser = started as DrivenBrowser;

  describe(name, { skip: missing, timeout: LIMIT }, () => {
    let pages: Awaited<ReturnType<typeof servePages>>;

    before(async () => {
      pages = await servePages('src/sandbox/embedded/index.ts');
      await browser.open(pages.url);
    });
    after(async () => {
      await browser.close();
      pages.close();
    });

    test('runs a program, and an error that nobody catches says what it is', async () => {
      const { stdout, stderr, code } = await browser.evaluate(run, {
        files,
        args: ['refused.mjs'],
        hosts: HOSTS,
      });
      assert.equal(stdout, 'shown 2\n');
      assert.match(stderr, /RangeError: too far/);
      assert.match(stderr, /Node\.js v24\./);
      assert.equal(code, 1);
    });

    test('shakes hands with a certificate on both sides', async () => {
      const result = await browser.evaluate(run, { files, args: ['mutual.cjs'], hosts: HOSTS });
      assert.deepEqual(result, { stdout: 'TLSv1.3 served true ana ec\n', stderr: '', code: 0 });
    });

    test('shows a page of a lab, runs its script and follows its link', async () => {
      const page = (path: string) => [
        `page: 200 http://app.tally.example${path}`,
        ...['title: T', 'text: On', `text: at ${path}`, 'console: ran'],
        ...[`request: GET http://app.tally.example/note 200`, 'console: read a note'],
      ];
      assert.deepEqual(await browser.evaluate(visit, { files, hosts: HOSTS }), [
        ...page('/'),
        ...page('/next'),
      ]);
    });

    test('lets nothing out of a lab’s browser that gets out without it', async () => {
      const [panes, leaks] = await Promise.all([
        servePages('tests/sandbox/support/pane-entry.ts'),
        startLeakServer(),
      ]);
      try {
        const sealed = await probeRuns('pane', leaks);
        const control = (await probeRuns('control', leaks)).filter(({ key }) => !key.endsWith(ENDS_THE_PAGE));
        // A pane changes the page's address twice, which WebKit lets a page do a hundred times in ten seconds.
        const heard: Record<string, string> = {};
        for (let at = 0; at < sealed.length; at += 40) {
          await browser.open(panes.url);
          Object.assign(heard, await browser.evaluate(runInPanes, sealed.slice(at, at + 40)));
        }
        assert.deepEqual(
          sealed.map(({ key }) => key).filter((key) => !heard[key]?.startsWith('ran')),
          [],
        );
        // The controls come second: when they have arrived, the sealed ones have had more time than that.
        await browser.open(`${panes.url}control`);
        await browser.evaluate(runControl, control);
        const keys = control.map(({ key }) => key).filter((key) => !SILENT[name].test(key));
        assert.ok(keys.length > 40);
        assert.deepEqual(await leaks.whenReached(keys, CONTROL_LIMIT), [], 'every control gets out');
        assert.deepEqual(
          [...leaks.reached].filter((key) => key.startsWith('pane/')),
          [],
        );
      } finally {
        panes.close();
        leaks.close();
      }
    });
  });
}
