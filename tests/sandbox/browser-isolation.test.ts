// What a script in the pane of a lab's browser can get at: nothing of the site, nothing outside the machine.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type BrowserContext, chromium } from 'playwright-core';
import { HANDLER_STUB } from '../../src/sandbox/embedded/browser/markup.ts';
import { PANE_HASHES, PANE_SCRIPT, pagePolicy, panePolicy } from '../../src/sandbox/embedded/policy.ts';
import { findChromium } from '../support/chromium.ts';
import { startLeakServer, whenLogged } from './support/leak-server.ts';
import { servePages } from './support/page-server.ts';
import { ENDS_THE_PAGE, probeRuns, type Run, runControl, runInPanes } from './support/pane-runs.ts';

/** `support/pane-entry.ts`, bundled for the page. */
declare const sandbox: typeof import('./support/pane-entry.ts');

/** Seen in a log of the network layer, not by a server. */
const BY_NAME = 'dns-prefetch';
const CONTROL_LIMIT_MS = 240_000;
const LOOKED_UP = ['dns-prefetch', 'inner-html-dns-prefetch'].map(
  (probe) => `control-document-${probe}.handfast-probe.example`,
);
const SECRET = 'the-secret-of-the-site';

/** What is the site's, and what only a page of it may see; each is a script that reports what it read. */
const READS = {
  'parent storage': 'parent.localStorage.secret',
  'parent document': 'parent.document.title',
  'parent location': 'String(parent.location.href)',
  'own storage': 'localStorage.secret',
  'own cookies': 'document.cookie',
  'site address': "Object.getOwnPropertyDescriptor(Node.prototype, 'baseURI').get.call(document)",
  'resolved address': "Object.assign(document.createElement('a'), { href: '#' }).href",
  'own referrer': "Object.getOwnPropertyDescriptor(Document.prototype, 'referrer').get.call(document)",
  databases: 'await indexedDB.databases().then((all) => all.map(({ name }) => name).join())',
  caches: 'await caches.keys().then((all) => all.join())',
};

const HOST = 'https://app.tally.example:8443';

describe('the pane', () => {
  let browser: BrowserContext;
  let pages: Awaited<ReturnType<typeof servePages>>;
  let leaks: Awaited<ReturnType<typeof startLeakServer>>;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'handfast-pane-'));
  const networkLog = path.join(folder, 'net.json');
  const sealed: Run[] = [];
  let heard: Record<string, string>;
  let silentControls: string[];
  let read: Record<'pane' | 'control', Record<string, string>>;
  let staticDocument: string;

  const readRuns = () =>
    Object.entries(READS).map(([key, expression]) => ({
      key,
      script: `(async () => { try { console.log('read ' + (${expression})); } catch (error) { console.log('threw ' + error.name); } })()`,
    }));

  before(async () => {
    [pages, leaks] = await Promise.all([
      servePages('tests/sandbox/support/pane-entry.ts'),
      startLeakServer(),
    ]);
    // A profile on disk and connections ahead of time, as a person has: see isolation.test.ts.
    browser = await chromium.launchPersistentContext(path.join(folder, 'profile'), {
      executablePath: findChromium(),
      ignoreDefaultArgs: ['--disable-background-networking'],
      args: ['--no-sandbox', '--disable-gpu', '--disable-popup-blocking', `--log-net-log=${networkLog}`],
    });
    browser.setDefaultTimeout(CONTROL_LIMIT_MS);
    sealed.push(...(await probeRuns('pane', leaks)));
    const control = await probeRuns('control', leaks);
    const page = await browser.newPage();
    await page.goto(`${pages.url}#${SECRET}`);
    await page.evaluate(async (secret) => {
      localStorage.secret = secret;
      // biome-ignore lint/suspicious/noDocumentCookie: the test is about this very cookie
      document.cookie = `secret=${secret}`;
      await new Promise((resolve) => {
        indexedDB.open(secret).onsuccess = resolve;
      });
      await caches.open(secret);
    }, SECRET);
    const readInPane = await page.evaluate(runInPanes, readRuns());
    const readInControl = await page.evaluate(async (runs) => {
      const read: Record<string, string> = {};
      for (const { key, script } of runs) {
        const frame = document.createElement('iframe');
        document.body.append(frame);
        const inner = frame.contentWindow as Window & typeof globalThis;
        read[key] = await new Promise((resolve) => {
          inner.console.log = resolve;
          const element = inner.document.createElement('script');
          element.src = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
          inner.document.head.append(element);
        });
      }
      return read;
    }, readRuns());
    read = { pane: readInPane, control: readInControl };
    heard = await page.evaluate(runInPanes, sealed);

    // A page that is full of it from the start.
    const { tcp, url, name, udp } = await leaks.target('pane/static/preconnect', 'preconnect');
    staticDocument = await page.evaluate(
      async ({ html, address }) => {
        const policy = new sandbox.ServerPolicy(address);
        const fetcher = { fetch: () => Promise.reject(new Error('nothing there')) } as never;
        const asker = { url: address, policy };
        return (await sandbox.prepareDocument(html, { fetcher, asker, isLabAddress: () => false, say() {} }))
          .html;
      },
      {
        address: `${HOST}/`,
        html: `<!doctype html><html><head><base href="${url}"><meta http-equiv="refresh" content="0;url=${url}">
          <link rel="preconnect" href="http://127.0.0.1:${tcp}/"><link rel="dns-prefetch" href="http://${name}/">
          <noscript><link rel="preconnect" href="http://127.0.0.1:${tcp}/"></noscript></head><body>
          <iframe src="${url}"></iframe><iframe srcdoc="x"></iframe><object data="${url}"></object><embed src="${url}">
          <a href="${url}" ping="${url}">x</a><svg><a href="http://${name}/"><text>x</text></a><style><p><link rel="preconnect" href="http://127.0.0.1:${tcp}/"></style></svg>
          <template shadowrootmode="open"><link rel="preconnect" href="http://127.0.0.1:${tcp}/"></template>
          <script type="speculationrules">{"prefetch":[{"urls":["${url}"]}]}</script>
          <textarea><link></textarea><title><iframe></title><math><annotation-xml encoding="text/html"><link rel=preconnect></annotation-xml></math>
          <!-- <link rel="preconnect"> --><p title="<link rel=preconnect>">text ${udp}</p></body></html>`,
      },
    );

    // The controls come second: when they have all arrived, the sealed ones have had more time than that.
    const other = await browser.newPage();
    await other.goto(`${pages.url}control`);
    await other.evaluate(
      runControl,
      control.filter(({ key }) => !key.endsWith(ENDS_THE_PAGE)),
    );
    const last = await browser.newPage();
    await last.goto(`${pages.url}control`);
    await last.evaluate(
      runControl,
      control.filter(({ key }) => key.endsWith(ENDS_THE_PAGE)),
    );
    const seenByServer = control.map(({ key }) => key).filter((key) => !key.endsWith(BY_NAME));
    silentControls = await leaks.whenReached(seenByServer, CONTROL_LIMIT_MS);
    const ask = () => other.evaluate(async () => (await fetch('/control', { cache: 'no-store' })).text());
    await whenLogged(networkLog, LOOKED_UP, ask, CONTROL_LIMIT_MS);
    await browser.close();
  });

  after(() => {
    pages.close();
    leaks.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('every probe ran in it', () => {
    assert.deepEqual(
      sealed.map(({ key }) => key).filter((key) => !heard[key]?.startsWith('ran')),
      [],
    );
  });

  test('every probe reaches the server without it: the controls', () => {
    assert.deepEqual(silentControls, []);
  });

  test('no probe reaches the server from inside', () => {
    assert.deepEqual(
      [...leaks.reached].filter((key) => key.startsWith('pane/')),
      [],
    );
  });

  test('no name is looked up from inside, and one is without it', () => {
    const log = readFileSync(networkLog, 'utf8');
    const names = [...new Set([...log.matchAll(/[\w-]+\.handfast-probe\.example/g)].map(([name]) => name))];
    for (const name of LOOKED_UP) assert.ok(names.includes(name), names.join());
    assert.deepEqual(
      names.filter((name) => name.includes('pane-')),
      [],
    );
  });

  test('nothing of the site can be read from inside, and all of it could be without it', () => {
    const { 'parent document': title, 'resolved address': resolved, ...secrets } = read.control;
    assert.match(title, /^read test/);
    assert.match(resolved, /^read http/);
    for (const [what, text] of Object.entries(secrets))
      assert.match(text, new RegExp(`^read .*${SECRET}`), what);
    for (const [what, text] of Object.entries(read.pane)) {
      assert.match(
        text,
        what.endsWith('address') ? /^read http:\/\/127.0.0.1:\d+\/#?$/ : /^(threw \w+|read (undefined)?)$/,
        what,
      );
      assert.doesNotMatch(text, new RegExp(SECRET), what);
    }
  });

  test('a page that is full of it from the start is shown without', () => {
    assert.match(staticDocument, /text/);
    assert.doesNotMatch(
      staticDocument,
      /<(link|iframe|object|embed|base|meta|noscript)|127\.0\.0\.1[^&"]*" ping|speculation/i,
    );
  });
});

describe('the policy of the pane', () => {
  const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

  test('names the hashes of what may stand inline, and nothing else may', () => {
    assert.deepEqual(PANE_HASHES, { script: hashOf(PANE_SCRIPT), handler: hashOf(HANDLER_STUB) });
    assert.doesNotMatch(
      panePolicy(),
      /unsafe-(inline|eval)'[^;]*(script|$)|script-src[^;]*unsafe-(inline|eval)/,
    );
    assert.doesNotMatch(pagePolicy(), /script-src[^;]*'unsafe-(inline|eval)'/);
    assert.match(panePolicy(), /require-trusted-types-for 'script'/);
  });
});
