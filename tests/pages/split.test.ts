// The lines between text and lab, and between files and consoles: dragged, moved by keys, kept, and put back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { faultsDayAndNight as faults } from './support/axe.ts';
import { LESSON, openSite, type Site } from './support/site.ts';

let site: Site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

const COLUMNS = '.split[aria-orientation="vertical"]';
const ROWS = '.split[aria-orientation="horizontal"]';

const width = (page: Page) => page.locator('.book').evaluate((book) => book.getBoundingClientRect().width);
const height = (page: Page) =>
  page.locator('.files').evaluate((files) => files.getBoundingClientRect().height);
const value = async (page: Page, line: string) =>
  Number(await page.locator(line).getAttribute('aria-valuenow'));

test('by keys: arrows move the line, with Shift further; Home and End as far as it goes; Enter puts it back', async () => {
  const { page, open } = await site.reader();
  await open(LESSON);
  const [first, start] = [await width(page), await value(page, COLUMNS)];
  await page.focus(COLUMNS);
  await page.keyboard.press('ArrowLeft');
  assert.equal(await value(page, COLUMNS), start - 2);
  const once = await width(page);
  assert.ok(once < first, `${once} is less than ${first}`);
  await page.keyboard.press('Shift+ArrowLeft');
  assert.ok((await width(page)) < once);
  await page.keyboard.press('Home');
  const least = await width(page);
  assert.ok(least >= 384, `the text keeps 24rem: ${least}`);
  await page.keyboard.press('End');
  const lab = await page.locator('.lab').evaluate((each) => each.getBoundingClientRect().width);
  assert.ok(lab >= 384, `the lab keeps 24rem: ${lab}`);
  assert.ok((await width(page)) > first);
  await page.keyboard.press('Enter');
  assert.equal(await width(page), first);
  assert.equal(await page.evaluate(() => localStorage.getItem('handfast:settings')), null);

  const before = await height(page);
  await page.focus(ROWS);
  await page.keyboard.press('ArrowDown');
  assert.ok((await height(page)) > before);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  assert.ok((await height(page)) < before);
  await page.keyboard.press('Enter');
  assert.equal(await height(page), before);
});

test('by hand: dragged, kept for the next visit before anything is painted, and put back by a double click', async () => {
  const { page, open } = await site.reader();
  await open(LESSON);
  const first = await width(page);
  const box = await page.locator(COLUMNS).boundingBox();
  assert.ok(box);
  const y = box.y + box.height / 3;
  await page.mouse.move(box.x + box.width / 2, y);
  await page.mouse.down();
  await page.mouse.move(box.x - 50, y, { steps: 3 });
  await page.mouse.move(box.x - 100, y, { steps: 3 });
  const dragged = await width(page);
  await page.mouse.up();
  const way = box.x + box.width / 2 - (box.x - 100);
  assert.ok(Math.abs(first - dragged - way) < 2, `${dragged}, from ${first}, by ${way}`);
  assert.ok(Math.abs((await width(page)) - dragged) < 2);
  await page.reload({ waitUntil: 'commit' });
  await page.waitForSelector('.book');
  assert.ok(await page.evaluate(() => 'split' in document.documentElement.dataset));
  await page.waitForSelector(COLUMNS);
  assert.ok(Math.abs((await width(page)) - dragged) < 2);
  await page.dblclick(COLUMNS);
  assert.equal(await width(page), first);
});

test('where text and lab stand one below the other there is no line, and a kept one changes nothing', async () => {
  const narrow = await site.reader({ viewport: { width: 768, height: 1024 } });
  await narrow.context.addInitScript(() => {
    if (origin === 'null') return;
    localStorage.setItem('handfast:settings', '{"version":1,"settings":{"split":30,"rows":30}}');
  });
  await narrow.open(LESSON);
  const { page } = narrow;
  assert.equal(await page.locator('.split:visible').count(), 0);
  const kept = await width(page);
  await page.evaluate(() => {
    for (const name of ['split', 'rows']) delete document.documentElement.dataset[name];
  });
  assert.equal(await width(page), kept);
});

test('on paper there is no line', async () => {
  const { page, open } = await site.reader();
  await open(LESSON);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('.split:visible').count(), 0);
});

test('axe finds no fault with the lines, moved as far as they go', async () => {
  const { page, open } = await site.reader();
  await open(LESSON);
  for (const key of ['Home', 'End']) {
    for (const line of [COLUMNS, ROWS]) {
      await page.focus(line);
      await page.keyboard.press(key);
    }
    assert.deepEqual(await faults(page), []);
  }
});
