// "Errors you will meet": found by eye, by words and by address; every link of it leads somewhere; light enough.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { addressOfError, ERRORS_PAGE, errorCodes, errorKinds, errorsPage } from '../../src/text/index.ts';
import { axeFaults, smallTargets } from './support/axe.ts';
import { dist, openSite, type Site } from './support/site.ts';

const kilobytes = (...parts: (string | Buffer)[]) =>
  parts.reduce((sum, part) => sum + gzipSync(part).length, 0) / 1000;

let site: Site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

const shownCodes = (page: Page) =>
  page.locator('.entry:visible').evaluateAll((found) => found.map(({ id }) => id));

for (const colorScheme of ['light', 'dark'] as const)
  for (const width of [1440, 390])
    test(`axe finds no fault, ${colorScheme}, ${width} wide, and nothing is wider than the page`, async () => {
      const { page, open, complaints } = await site.reader({
        colorScheme,
        viewport: { width, height: 900 },
      });
      await open(ERRORS_PAGE);
      const faults = await axeFaults(page, 'html');
      assert.deepEqual(faults, []);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
      assert.deepEqual(complaints, []);
    });

test('at most 10 kB of JavaScript, 25 kB of HTML, 17 kB of CSS', async () => {
  const { page, requests, open } = await site.reader();
  await open(ERRORS_PAGE);
  await page.waitForLoadState('networkidle');
  const html = readFileSync(path.join(dist, ERRORS_PAGE, 'index.html'));
  const inline = await page.evaluate(() =>
    [...document.scripts].filter((script) => !script.src).map((script) => script.text),
  );
  const loaded = (extension: string) =>
    [...new Set(requests)]
      .map((url) => new URL(url).pathname)
      .filter((file) => file.endsWith(extension))
      .map((file) => readFileSync(path.join(dist, file)));
  assert.ok(kilobytes(html) <= 25, `${kilobytes(html)} kB of HTML`);
  assert.ok(kilobytes(...inline, ...loaded('.js')) <= 10, 'JavaScript');
  assert.ok(kilobytes(...loaded('.css')) <= 17, 'CSS');
});

test('with JavaScript off all of it is there: every code under its kind, with its message, and a table of contents', async () => {
  const { page, open } = await site.reader({ javaScriptEnabled: false });
  await open(ERRORS_PAGE);
  assert.deepEqual(await shownCodes(page), errorCodes);
  for (const { id, entries } of errorKinds) {
    const text = (await page.locator(`#${id}`).textContent()) ?? '';
    for (const { code, message } of entries) assert.ok(text.includes(code) && text.includes(message), code);
  }
  const listed = page.locator('.errors-contents li li a');
  assert.deepEqual(
    await listed.evaluateAll((links) =>
      links.map((link) => decodeURIComponent((link as HTMLAnchorElement).hash)),
    ),
    errorCodes.map((code) => `#${code}`),
  );
  assert.equal(await page.locator('#find').isVisible(), false);
});

test('words narrow the page, and the contents with it; a link to a hidden code shows it', async () => {
  const { page, open } = await site.reader();
  await open(ERRORS_PAGE);
  await page.getByLabel(errorsPage.find).fill('leaf signature');
  assert.deepEqual(await shownCodes(page), ['UNABLE_TO_VERIFY_LEAF_SIGNATURE']);
  assert.deepEqual(await page.locator('.errors-contents li li:visible').allInnerTexts(), [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ]);
  assert.equal(await page.locator('.kind:visible').count(), 1);
  const count = page.getByRole('status').and(page.locator('[data-count]'));
  assert.equal(await count.innerText(), errorsPage.found(1, errorCodes.length));
  await page.getByLabel(errorsPage.find).fill('no such words anywhere');
  assert.equal(await count.innerText(), errorsPage.none);
  await page.evaluate(() => {
    location.hash = 'EPIPE';
  });
  await page.locator('#EPIPE').waitFor();
  assert.equal((await shownCodes(page)).length, errorCodes.length);
  await page.waitForFunction(() => {
    const { top } = (document.querySelector('#EPIPE') as Element).getBoundingClientRect();
    return scrollY > 0 && top >= 0 && top < innerHeight;
  });
});

test('where the contents stand before the text they are a few lines, until words narrow them', async () => {
  const { page, open } = await site.reader({ viewport: { width: 390, height: 844 } });
  await open(ERRORS_PAGE);
  const contents = page.locator('.errors-contents');
  assert.deepEqual(
    await contents.locator('a:visible').allInnerTexts(),
    errorKinds.map(({ title }) => title),
  );
  const height = await contents.evaluate((element) => element.getBoundingClientRect().height);
  assert.ok(height < 844 / 3, `${height} pixels`);
  assert.deepEqual(await smallTargets(contents.locator('a:visible')), []);
  await page.getByLabel(errorsPage.find).fill('leaf signature');
  assert.deepEqual(await contents.locator('li li:visible').allInnerTexts(), [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ]);
});

test('the address of every code is an anchor of the page', async () => {
  const { page, open } = await site.reader();
  for (const code of [
    'ECONNRESET',
    'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE',
    'insufficient_scope',
  ] as const) {
    await open('/404.html');
    await open(addressOfError(code));
    assert.equal(await page.evaluate(() => document.querySelector(':target')?.id), code);
    await page.waitForFunction(() => {
      const { top } = (document.querySelector(':target') as Element).getBoundingClientRect();
      return scrollY > 0 && top >= 0 && top < innerHeight;
    });
  }
});

test('by keyboard a code’s link is copied, said to be copied, and in the address bar', async () => {
  const { page, context, open } = await site.reader();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(ERRORS_PAGE);
  const link = page.locator('#EPIPE .permalink');
  assert.equal(await link.getAttribute('aria-label'), errorsPage.linkTo('EPIPE'));
  await link.focus();
  await page.keyboard.press('Enter');
  await page
    .getByRole('status')
    .filter({ hasText: errorsPage.spokenCopied('EPIPE') })
    .waitFor({ state: 'attached' });
  assert.equal(await link.innerText(), errorsPage.copied);
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, site.url + addressOfError('EPIPE'));
  assert.equal(page.url(), copied);
});

test('every link of it leads somewhere, and each page leads to it', async () => {
  const { page, open } = await site.reader();
  await open(ERRORS_PAGE);
  const links = await page
    .locator('main a')
    .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
  const inside = [...new Set(links.filter((href) => href.startsWith(site.url)))];
  assert.ok(inside.some((href) => href.includes('/lessons/')));
  for (const href of inside) {
    const { pathname, hash } = new URL(href);
    const html = readFileSync(path.join(dist, pathname, 'index.html'), 'utf8');
    assert.ok(html.includes(`id="${decodeURIComponent(hash.slice(1))}"`), href);
  }
  for (const href of links.filter((href) => !href.startsWith(site.url)))
    assert.match(href, /^https:\/\/www\.rfc-editor\.org\/rfc\/rfc\d+#section-\d+(\.\d+)*$/);
  for (const address of ['/', '/lessons/mutual-tls/']) {
    await open(address);
    await page.locator('footer').getByRole('link', { name: errorsPage.title }).click();
    await page.waitForURL(`**${ERRORS_PAGE}`);
  }
});
