// The wire view under load: ten thousand messages scroll smoothly, and a large capture is read without holding up the page.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import type { Seen } from '../../src/wire/index.ts';
import { launchChromium } from '../support/chromium.ts';
import { play } from '../wire/support/scenes.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

declare global {
  var wire: {
    give(seen: Seen[]): void;
    /** What was given is read and drawn from now on. */
    begin(): void;
    /** Resolves when all that was given has been read; with the longest task meanwhile, in milliseconds. */
    settled(): Promise<number>;
    messages(): number;
  };
}

/** The view in an empty page, with its own reading and drawing, and a capture that the test fills. */
const HARNESS = `
import { signal } from '@preact/signals';
import { showWire } from './src/lab/workbench/wire/view.tsx';
const capture = { seen: [], version: signal(0) };
const captures = { worlds: signal([undefined]), of: () => capture };
const lab = { hosts: [], processes: [], steps: [] };
let longest = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
}).observe({ type: 'longtask' });
showWire(document.getElementById('wire'), lab, 'speed', captures);
const shown = () => document.querySelector('.wire-list')?.firstElementChild?.getBoundingClientRect().height ?? 0;
globalThis.wire = {
  give(seen) { capture.seen = seen; },
  begin() { longest = 0; capture.version.value += 1; },
  messages: () => Math.round(shown() / 30),
  async settled() {
    let before = -1;
    let same = 0;
    while (same < 20) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      same = shown() === before && shown() > 0 ? same + 1 : 0;
      before = shown();
    }
    return longest;
  },
};
`;

let browser: Browser;
before(async () => {
  browser = await launchChromium();
});
after(() => browser.close());

async function harness(): Promise<Page> {
  const bundle = await build({
    stdin: { contents: HARNESS, resolveDir: root, loader: 'tsx' },
    bundle: true,
    format: 'iife',
    target: 'es2022',
    write: false,
  });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.setContent(
    '<style>#wire { height: 600px; overflow: hidden } .wire-view, .wire-panes, .wire-sequence { height: 100% } ' +
      '.wire-list { height: 500px; overflow-y: auto } .wire-all { position: relative } .wire-row { position: absolute; height: 30px }</style><div id="wire"></div>',
  );
  await page.addScriptTag({ content: bundle.outputFiles[0].text });
  return page;
}

/** Bytes travel as Base64, and are made anew there: a long task, but the test's, so it is over before the reading begins. */
async function give(page: Page, seen: readonly Seen[]): Promise<void> {
  const plain = seen.map((each) =>
    each.type === 'segment' ? { ...each, bytes: Buffer.from(each.bytes).toString('base64') } : each,
  );
  await page.evaluate((list) => {
    const bytesOf = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    wire.give(
      list.map((each) =>
        'bytes' in each ? { ...each, bytes: bytesOf(each.bytes) } : each,
      ) as unknown as Seen[],
    );
  }, plain);
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  await page.evaluate(() => wire.begin());
}

/** The same conversation again and again, each time on another connection. */
function repeated(seen: readonly Seen[], times: number): Seen[] {
  const all: Seen[] = [];
  for (let copy = 0; copy < times; copy++) {
    for (const each of seen) {
      if (each.type === 'connection') all.push({ ...each, id: each.id + 1000 * copy });
      else if (each.type === 'segment') all.push({ ...each, connection: each.connection + 1000 * copy });
      else if (copy === 0) all.push(each);
    }
  }
  return all;
}

test('ten thousand messages scroll with no frame over 50 ms', async () => {
  const page = await harness();
  const seen = await play('mutual TLS 1.3, three requests on one connection');
  await give(page, repeated(seen, 430));
  await page.evaluate(() => wire.settled());
  const count = await page.evaluate(() => wire.messages());
  assert.ok(count >= 10_000, `${count} rows`);
  const frames = await page.evaluate(async () => {
    const list = document.querySelector('.wire-list') as HTMLElement;
    const took: number[] = [];
    for (let step = 0; step < 60; step++) {
      list.scrollTop = (list.scrollHeight / 60) * step;
      const start = performance.now();
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      took.push(performance.now() - start);
    }
    return { took: took.sort((a, b) => a - b), rows: document.querySelectorAll('.wire-row').length };
  });
  assert.ok(frames.rows < 120, `${frames.rows} rows are in the page`);
  // A machine that does something else at the time may spoil a frame or two.
  const [slowest] = frames.took.slice(-3);
  assert.ok(slowest <= 50, `the slowest frames took ${frames.took.slice(-5).map(Math.round).join(', ')} ms`);
});

test('twenty megabytes are read with no task over 100 ms', async () => {
  const page = await harness();
  const seen = await play('TLS 1.3 with much to say');
  const size = seen.reduce((sum, each) => sum + (each.type === 'segment' ? each.bytes.length : 0), 0);
  assert.ok(size >= 20_000_000, `${size} bytes`);
  await give(page, seen);
  const longest = await page.evaluate(() => wire.settled());
  const said = await page.locator('.wire-message .wire-text').allInnerTexts();
  assert.ok(
    said.some((text) => text.startsWith('HTTP/1.1 200')),
    said.join(),
  );
  assert.ok(longest <= 100, `a task took ${Math.round(longest)} ms`);
});
