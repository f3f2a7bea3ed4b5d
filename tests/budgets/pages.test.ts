// What a page weighs before anything is run, and what comes on first use. Sizes are those of gzip, as a server would send.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { everyPage } from '../pages/support/axe.ts';
import { dist, LESSON, openSite, type Reader, type Site, settled } from '../pages/support/site.ts';
import { closureOf, inFolder } from './support/chunks.ts';

const kilobytes = (...parts: (string | Buffer)[]) =>
  parts.reduce((sum, part) => sum + gzipSync(part).length, 0) / 1000;
const kilobytesOf = (chunks: Iterable<string>) =>
  kilobytes(...[...chunks].map((chunk) => readFileSync(inFolder(chunk))));

let site: Site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

/** Kilobytes of HTML that a page may have. Where a page holds every file of a lab, that is what it is for. */
const HTML = [
  { pages: /^\/lessons\/[^/]+\/files\/$/, most: 40 },
  { pages: /./, most: 25 },
];
const SCRIPTS = 10;
const STYLES = 17;

test('every page: at most 10 kB of JavaScript, 17 kB of CSS, its share of HTML, two fonts ahead of need, no engine', async (t) => {
  for (const address of everyPage()) {
    await t.test(address, async () => {
      const { page, requests, open, context } = await site.reader();
      await open(address);
      await page.waitForLoadState('networkidle');
      const file = address.endsWith('/') ? `${address}index.html` : address;
      const html = kilobytes(readFileSync(path.join(dist, file)));
      const most = HTML.find(({ pages }) => pages.test(address))?.most as number;
      assert.ok(html <= most, `${html} of ${most} kB of HTML`);
      const inline = await page.evaluate(() =>
        [...document.scripts]
          .filter(({ src, type }) => !src && type !== 'application/json')
          .map(({ text }) => text),
      );
      const loaded = (extension: RegExp) =>
        [...new Set(requests.map((url) => new URL(url).pathname))]
          .filter((name) => extension.test(name))
          .map((name) => readFileSync(path.join(dist, name)));
      const scripts = kilobytes(...inline, ...loaded(/\.m?js$/));
      assert.ok(scripts <= SCRIPTS, `${scripts} kB of JavaScript`);
      const styles = kilobytes(...loaded(/\.css$/));
      assert.ok(styles <= STYLES, `${styles} kB of CSS`);
      assert.ok((await page.locator('link[rel="preload"][as="font"]').count()) <= 2);
      const engine = requests.filter((url) => url.includes('/engine/'));
      assert.deepEqual(engine, [], 'the engine waits until somebody reaches for it');
      await context.close();
    });
  }
});

test('on first use: at most 60 kB of workbench, 140 kB of editor, 60 kB of wire view, 320 kB of engine', async (t) => {
  const reader = await site.reader();
  await reader.open(LESSON);
  await reader.page.waitForLoadState('networkidle');
  const before = chunksOf(reader);
  await reader.page.click('[data-step="right-certificate"] button');
  await settled(reader.page);
  await reader.page.waitForLoadState('networkidle');
  const fetched = [...chunksOf(reader)].filter((chunk) => !before.has(chunk));
  const named = (name: string) => {
    const chunk = fetched.find((each) => each.startsWith(`${name}.`));
    assert.ok(chunk, `${name} is not among ${fetched.join(' ')}`);
    return chunk;
  };

  // Of what the editor and the wire view stand on, the workbench's own share counts as the workbench's.
  const workbench = closureOf(named('workbench'));
  const without = (chunks: Set<string>) =>
    new Set([...chunks].filter((chunk) => !workbench.has(chunk) && !before.has(chunk)));
  const editor = without(closureOf(named('editor')));
  const wire = without(closureOf(named('view')));
  const rest = fetched.filter((chunk) => !editor.has(chunk) && !wire.has(chunk));
  for (const [name, chunks, most] of [
    ['workbench', rest, 60],
    ['editor', editor, 140],
    ['wire view', wire, 60],
  ] as const) {
    const weight = kilobytesOf(chunks);
    t.diagnostic(`${name}: ${weight} kB`);
    assert.ok(weight <= most, `${weight} of ${most} kB of ${name}: ${[...chunks].join(' ')}`);
  }

  const engine = [...new Set(reader.requests.map((url) => new URL(url).pathname))].filter((file) =>
    file.startsWith('/engine/'),
  );
  assert.ok(engine.includes('/engine/worker.js') && engine.includes('/engine/kernel.js'), engine.join(' '));
  const weight = kilobytes(
    ...['worker.js', 'kernel.js'].map((name) => readFileSync(path.join(dist, 'engine', name))),
  );
  assert.ok(weight <= 320, `${weight} kB of engine`);
  assert.ok(!engine.includes('/engine/http.js'), 'no program of this lesson speaks HTTP');
});

/** The names of the chunks of JavaScript that a reader's page has asked for. */
function chunksOf({ requests }: Reader): Set<string> {
  const paths = requests.map((url) => new URL(url).pathname);
  return new Set(paths.filter((name) => /^\/_astro\/.*\.js$/.test(name)).map((name) => path.basename(name)));
}
