// WCAG 2.2 AA and good practice, by day and by night, before and after a run; then what no rule can check: the keyboard,
// the narrow screen, the reader who wants no motion.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { LESSON, openSite, type Site, settled } from './support/site.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

let site: Site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

/** What axe finds, one line a finding. */
async function faults(page: Page, within = 'html'): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(
    async ({ tags, within }) => {
      const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
      const { violations } = await axe.run(within, { runOnly: { type: 'tag', values: tags } });
      return violations.flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
      );
    },
    { tags, within },
  );
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const address of ['/', '/404.html', LESSON, `${LESSON}files/`, '/lessons/certificate-bound-tokens/']) {
    test(`axe finds no fault with ${address}, ${colorScheme}`, async () => {
      const { page, open } = await site.reader({ colorScheme });
      await open(address);
      assert.deepEqual(await faults(page), []);
    });
  }

  test(`axe finds no fault with the lesson after a run, while editing and in a dialog, ${colorScheme}`, async () => {
    const { page, open } = await site.reader({ colorScheme });
    await open(LESSON);
    await page.click('[data-step="no-certificate"] button');
    await settled(page);
    await page.click('[data-action="check"]');
    await settled(page);
    await page.click('[data-file="lax-server.js"]');
    await page.click('[data-action="edit"]');
    await page.waitForSelector('.cm-content');
    assert.deepEqual(await faults(page), []);
    await page.click('[data-action="solve"]');
    await page.waitForSelector('dialog[open]');
    // The rest of the page is inert while a dialog is open, which axe does not know.
    assert.deepEqual(await faults(page, 'dialog'), []);
  });
}

test('the keyboard alone: past the header to the text, along the tabs, into the editor and out of it', async () => {
  const { page, open } = await site.reader();
  await open(LESSON);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.className), 'skip');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'text');

  await page.focus('[data-file="client.js"]');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.file), 'server.js');
  assert.ok(await page.isVisible('[data-sheet="server.js"]'));

  await page.focus('[data-action="edit"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.cm-content:focus');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.closest('.cm-editor')), null);
});

test('every control reached by Tab shows where the focus is', async () => {
  const { page, open } = await site.reader();
  await open(LESSON);
  const hidden: string[] = [];
  for (let press = 0; press < 40; press++) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      const shown = [element, element.parentElement as HTMLElement].some(
        (each) => getComputedStyle(each).outlineStyle !== 'none',
      );
      return shown ? '' : element.outerHTML.slice(0, 120);
    });
    if (found) hidden.push(found);
  }
  assert.deepEqual(hidden, []);
});

for (const address of ['/', '/404.html', LESSON, `${LESSON}files/`, '/lessons/certificate-bound-tokens/']) {
  test(`${address} does not scroll sideways on a phone`, async () => {
    const { page, open } = await site.reader({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    await open(address);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  });
}

test('a reader who wants less motion gets none', async () => {
  const { page, open } = await site.reader({ reducedMotion: 'reduce' });
  await open(LESSON);
  await page.evaluate(() => {
    document.querySelector('[data-step]')?.setAttribute('data-state', 'running');
  });
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
});

test('the colours are the reader’s choice, kept, and there before the page is painted', async () => {
  const { page, open } = await site.reader({ colorScheme: 'light' });
  await open('/');
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const day = await paper();
  await page.check('[name="theme"][value="dark"]');
  const night = await paper();
  assert.notEqual(night, day);
  await open(LESSON);
  assert.equal(await paper(), night);
  assert.equal(await page.isChecked('[name="theme"][value="dark"]'), true);
  await page.check('[name="theme"][value="system"]');
  assert.equal(await paper(), day);
});
