import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type BrowserContext, chromium } from 'playwright-core';
import { FRAME_SCRIPT, FRAME_SCRIPT_HASH, framePolicy } from '../../src/sandbox/embedded/policy.ts';
import { findChromium } from '../support/chromium.ts';
import { startLeakServer, whenLogged } from './support/leak-server.ts';
import { servePages } from './support/page-server.ts';
import { documentProbes, probeScript, type Target, workerProbes } from './support/probes.ts';

/** What `page/seal.ts` offers once bundled. */
declare const sandbox: typeof import('../../src/sandbox/embedded/page/seal.ts');

/** A probe's script, and whether it starts in a document or in a worker of which kind. */
interface Run {
  key: string;
  place: 'document' | 'blob-worker' | 'data-worker';
  script: string;
}

/** Seen in a log of the network layer, not by a server. */
const BY_NAME = ['dns-prefetch', 'anchor-dns-prefetch'];
/** It takes its whole page with it. */
const ENDS_THE_PAGE = 'top-location';
const CONTROL_LIMIT_MS = 240_000;
const LOOKED_UP = ['control-document-dns-prefetch.handfast-probe.example'];

/** In the page: starts every probe in a frame of its own, by the way the engine's own kernel is started. */
function runSealed(runs: Run[]): Promise<Record<string, string>> {
  const inWorker = (address: string) =>
    `const [port] = [handfastBoot.port]; const worker = new Worker(${address}); worker.onmessage = (event) => port.postMessage(event.data); worker.onerror = (event) => port.postMessage('worker: ' + event.message);`;
  const heard: Record<string, string> = {};
  return new Promise((resolve) => {
    for (const { key, place, script } of runs) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => {
        heard[key] = `${heard[key] ? `${heard[key]}, ` : ''}${data}`;
        if (Object.keys(heard).length === runs.length) resolve(heard);
      };
      const source = JSON.stringify(script);
      const kernel = {
        document: `const report = (text) => handfastBoot.port.postMessage(text); ${script}`,
        'blob-worker': inWorker(`URL.createObjectURL(new Blob([${source}], { type: 'text/javascript' }))`),
        'data-worker': inWorker(`'data:text/javascript,' + encodeURIComponent(${source})`),
      }[place];
      sandbox.openSealedFrame({ kernel, worker: '' }, port2);
    }
  });
}

/** In a page without a policy: the same scripts in plain frames and workers. */
function runControl(runs: Run[]): void {
  for (const { place, script } of runs) {
    if (place === 'document') {
      const frame = document.createElement('iframe');
      frame.srcdoc = `<!doctype html><html><body><script>const report = () => {}; ${script}</script></body></html>`;
      document.body.append(frame);
    } else {
      new Worker(
        place === 'blob-worker'
          ? URL.createObjectURL(new Blob([script], { type: 'text/javascript' }))
          : `data:text/javascript,${encodeURIComponent(script)}`,
      );
    }
  }
}

describe('the sealed frame', () => {
  let browser: BrowserContext;
  let pages: Awaited<ReturnType<typeof servePages>>;
  let leaks: Awaited<ReturnType<typeof startLeakServer>>;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'handfast-isolation-'));
  const networkLog = path.join(folder, 'net.json');
  let heard: Record<string, string>;
  let silentControls: string[];
  const keys: string[] = [];

  async function allRuns(mode: 'sealed' | 'control'): Promise<Run[]> {
    const runs: Run[] = [];
    const add = async (
      place: Run['place'],
      probes: Record<string, (target: Target) => unknown>,
      report: string,
    ) => {
      for (const [name, probe] of Object.entries(probes)) {
        const key = `${mode}/${place}/${name}`;
        runs.push({ key, place, script: probeScript(probe, await leaks.target(key, name), report) });
      }
    };
    await add('document', documentProbes, 'report');
    for (const place of ['blob-worker', 'data-worker'] as const)
      await add(place, workerProbes, 'postMessage');
    return runs;
  }

  before(async () => {
    [pages, leaks] = await Promise.all([servePages('src/sandbox/embedded/page/seal.ts'), startLeakServer()]);
    // A profile on disk, as a person has: a browser in private mode does not connect ahead, so the controls would fail.
    browser = await chromium.launchPersistentContext(path.join(folder, 'profile'), {
      executablePath: findChromium(),
      // Playwright keeps the browser from connecting ahead; here it should do so whenever a page asks.
      ignoreDefaultArgs: ['--disable-background-networking'],
      args: ['--no-sandbox', '--disable-gpu', '--disable-popup-blocking', `--log-net-log=${networkLog}`],
    });
    browser.setDefaultTimeout(CONTROL_LIMIT_MS);
    const sealed = await allRuns('sealed');
    const control = await allRuns('control');
    const page = await browser.newPage();
    await page.goto(pages.url);
    heard = await page.evaluate(runSealed, sealed);

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
    keys.push(...sealed.map(({ key }) => key));
    const seenByServer = control
      .map(({ key }) => key)
      .filter((key) => !BY_NAME.some((name) => key.endsWith(`/${name}`)));
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
      keys.filter((key) => !heard[key]?.startsWith('ran')),
      [],
    );
  });

  test('every probe reaches the server without the policy: the controls', () => {
    assert.deepEqual(silentControls, []);
  });

  test('no probe reaches the server from inside', () => {
    assert.deepEqual(
      [...leaks.reached].filter((key) => key.startsWith('sealed/')),
      [],
    );
  });

  test('no name is looked up from inside, and one is without the policy', () => {
    const log = readFileSync(networkLog, 'utf8');
    const names = [...new Set([...log.matchAll(/[\w-]+\.handfast-probe\.example/g)].map(([name]) => name))];
    for (const name of LOOKED_UP) assert.ok(names.includes(name), 'the control');
    assert.deepEqual(
      names.filter((name) => name.includes('sealed')),
      [],
    );
  });
});

describe('the policy', () => {
  test('names the hash of the one script the frame may run, and allows no other inline script', () => {
    const hash = createHash('sha256').update(FRAME_SCRIPT).digest('base64');
    assert.equal(FRAME_SCRIPT_HASH, `'sha256-${hash}'`);
    assert.doesNotMatch(framePolicy().replace(" 'wasm-unsafe-eval'", ''), /unsafe/);
  });
});
