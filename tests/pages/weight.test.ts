// What a page weighs before anything is run. Sizes are those of gzip, as a server would send.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { dist, LESSON, openSite, type Site } from './support/site.ts';

const kilobytes = (...parts: (string | Buffer)[]) =>
  parts.reduce((sum, part) => sum + gzipSync(part).length, 0) / 1000;

let site: Site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

for (const address of ['/', LESSON]) {
  test(`${address}: at most 10 kB of JavaScript, 25 kB of HTML, 17 kB of CSS, two fonts ahead of need`, async () => {
    const { page, requests, open } = await site.reader();
    await open(address);
    await page.waitForLoadState('networkidle');
    const html = readFileSync(path.join(dist, address, 'index.html'), 'utf8');
    const inline = await page.evaluate(() =>
      [...document.scripts].filter((script) => !script.src).map((script) => script.text),
    );
    const loaded = (extension: string) =>
      [...new Set(requests)]
        .filter((url) => new URL(url).pathname.endsWith(extension))
        .map((url) => readFileSync(path.join(dist, new URL(url).pathname)));
    const scripts = kilobytes(...inline, ...loaded('.js'), ...loaded('.mjs'));
    assert.ok(scripts <= 10, `${scripts} kB of JavaScript`);
    assert.ok(kilobytes(html) <= 25, `${kilobytes(html)} kB of HTML`);
    const styles = kilobytes(...loaded('.css'));
    assert.ok(styles <= 17, `${styles} kB of CSS`);
    assert.ok((await page.locator('link[rel="preload"][as="font"]').count()) <= 2);
    assert.ok(
      !requests.some((url) => url.includes('/engine/')),
      'the engine waits until somebody reaches for it',
    );
  });
}

test('a run of a step loads the engine, at most 320 kB, and no piece of Node’s library that its programs do not name', async () => {
  const { page, requests, open } = await site.reader();
  await open(LESSON);
  const step = page.locator('[data-step="right-certificate"]');
  await step.locator('button').first().click();
  await page.locator('[data-step="right-certificate"][data-state="passed"]').waitFor();
  const engine = [...new Set(requests.map((url) => new URL(url).pathname))].filter((file) =>
    file.startsWith('/engine/'),
  );
  assert.ok(engine.includes('/engine/worker.js') && engine.includes('/engine/kernel.js'), engine.join(' '));
  const weight = kilobytes(
    ...['worker.js', 'kernel.js'].map((name) => readFileSync(path.join(dist, 'engine', name))),
  );
  assert.ok(weight <= 320, `${weight} kB of engine`);
  assert.ok(!engine.includes('/engine/http.js'), 'no program of this lesson speaks HTTP');
});
