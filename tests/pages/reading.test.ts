// Reading costs nothing: the page is whole with JavaScript off.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import lab from '../../lessons/05-mutual-tls/lab.ts';
import { LESSON, openSite, type Site } from './support/site.ts';

const lessonFolder = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../../lessons/05-mutual-tls',
);

let site: Site;
let page: Page;
before(async () => {
  site = await openSite();
  const reader = await site.reader({ javaScriptEnabled: false });
  page = reader.page;
  await reader.open(LESSON);
});
after(() => site.close());

test('with JavaScript off, every step says what it does and what will be seen', async () => {
  for (const step of lab.steps) {
    const text = await page.locator(`[data-step="${step.id}"]`).innerText();
    assert.ok(text.includes(step.title), step.id);
    for (const { words } of step.expect) assert.ok(text.includes(words), `${step.id}: ${words}`);
  }
});

test('with JavaScript off, every file of the lab is there to read', async () => {
  const files = readdirSync(path.join(lessonFolder, 'lab'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(path.join(lessonFolder, 'lab'), path.join(entry.parentPath, entry.name)));
  await page.click('noscript a');
  await page.waitForURL(`**${LESSON}files/`);
  for (const file of files) {
    const sheet = page.locator(`[data-sheet="${file.split(path.sep).join('/')}"]`);
    assert.ok(await sheet.isVisible(), file);
    assert.ok((await sheet.innerText()).length > file.length, file);
  }
  await page.goBack();
});

test('with JavaScript off, hints and answers open, and questions can be answered', async () => {
  const hint = page.locator('[data-check] details').first();
  await hint.locator('summary').click();
  assert.ok(await hint.locator('p').isVisible());
  const answer = page.locator('[data-question] .answer').first();
  await answer.locator('input[type="radio"]').check();
  await answer.locator('summary').click();
  assert.ok(await answer.locator('details p').isVisible());
});

test('with JavaScript off, no control is shown that could do nothing', async () => {
  const buttons = await page.locator('button:visible').allInnerTexts();
  assert.deepEqual(buttons, []);
});

test('on paper there are margins, and what a step shows stays with its name', async () => {
  const { page, open } = await site.reader();
  await open(LESSON);
  await page.emulateMedia({ media: 'print' });
  const margins = await page.evaluate(() =>
    [...document.styleSheets]
      .flatMap((sheet) => [...sheet.cssRules])
      .flatMap((rule) => (rule instanceof CSSPageRule ? [rule.style.getPropertyValue('margin')] : [])),
  );
  assert.deepEqual(margins, ['18mm 14mm']);
  const after = await page
    .locator('.step-act, .see')
    .evaluateAll((all) => [...new Set(all.map((each) => getComputedStyle(each).breakAfter))]);
  assert.deepEqual(after, ['avoid']);
});

test('code in the text is the code of the lab', async () => {
  const listing = await page
    .locator('.listing', { hasText: 'client.js' })
    .first()
    .locator('code')
    .innerText();
  const { readFileSync } = await import('node:fs');
  const source = readFileSync(path.join(lessonFolder, 'lab/client.js'), 'utf8');
  for (const line of listing.trim().split('\n')) assert.ok(source.includes(line.trim()), line);
});

test('an unknown address gets a page that leads back', async () => {
  const response = await page.goto(`${site.url}/no/such/page/`);
  assert.equal(response?.status(), 404);
  assert.equal(await page.locator('main a[href="/"]').count(), 1);
});
