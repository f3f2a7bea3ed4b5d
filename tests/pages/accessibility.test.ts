// What no rule of axe can check: the keyboard, the narrow screen, the reader who wants no motion, colours that the system
// forces. What axe checks is in `axe.test.ts`; a whole lesson by the keyboard in `keyboard.test.ts`.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { everyPage } from './support/axe.ts';
import { LESSON, openSite, type Site, settled } from './support/site.ts';

let site: Site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

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

for (const address of everyPage()) {
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

test('a reader who wants less motion gets none: nothing moves while a step runs, or is left moving by it', async () => {
  const { page, open } = await site.reader({ reducedMotion: 'reduce' });
  await open(LESSON);
  await page.evaluate(() => {
    const seen = globalThis as unknown as { moved: string[] };
    seen.moved = [];
    for (const kind of ['transitionrun', 'animationstart'])
      addEventListener(
        kind,
        ({ target }) => seen.moved.push(`${kind} ${(target as Element).outerHTML.slice(0, 80)}`),
        true,
      );
  });
  await page.click('[data-step="right-certificate"] button');
  await settled(page);
  await page.click('[data-file="wire"]');
  await page.locator('.wire-message').first().click();
  const moved = await page.evaluate(() => (globalThis as unknown as { moved: string[] }).moved);
  assert.deepEqual(moved, []);
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  assert.equal(
    await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior),
    'auto',
    'nor does the page glide',
  );
});

test('where the system forces its colours, every verdict still has its word and its mark', async () => {
  const { page, open } = await site.reader({ forcedColors: 'active' });
  await open(LESSON);
  const colour = (action: string) =>
    page.locator(`[data-action="${action}"]`).evaluate((button) => getComputedStyle(button).color);
  assert.notEqual(await colour('stop'), await colour('reset'), 'what cannot be pressed looks so');
  await page.click('[data-step="no-certificate"] button');
  await settled(page);
  await page.click('[data-tree]');
  const grounds = await page
    .locator('[role="tree"] [role="treeitem"]')
    .evaluateAll((lines) => lines.map((line) => getComputedStyle(line).backgroundColor));
  const [chosen, ...others] = [...new Set(grounds)].filter((ground) => !/, 0\)$/.test(ground));
  const strip = await page.locator('.strip').evaluate((each) => getComputedStyle(each).backgroundColor);
  assert.ok(chosen && chosen !== strip && others.length === 0, `${grounds}`);
  await page.click('[data-action="check"]');
  await settled(page);
  const verdicts = await page.evaluate(() => {
    const ran = document.querySelectorAll<HTMLElement>(
      ':is([data-step], [data-check]):is([data-state="passed"], [data-state="failed"])',
    );
    return [...ran].map((each) => {
      const word = each.querySelector<HTMLElement>('[data-verdict] [data-word]');
      const mark = each.querySelector<SVGElement>('[data-verdict] svg');
      const drawn = mark && getComputedStyle(mark);
      return {
        word: word?.innerText,
        isDrawn:
          drawn?.visibility === 'visible' && drawn.color !== getComputedStyle(document.body).backgroundColor,
        isSaid: word !== null && word.getClientRects().length > 0 && getComputedStyle(word).opacity === '1',
      };
    });
  });
  assert.ok(verdicts.length >= 4, 'a step and three checks');
  for (const verdict of verdicts) {
    assert.match(verdict.word ?? '', /^(passed|failed|the attack succeeds)/i);
    assert.deepEqual([verdict.isDrawn, verdict.isSaid], [true, true], verdict.word);
  }
  // What a background draws is drawn: a system that forces colours paints backgrounds like the page.
  const drawn = await page.evaluate(() =>
    ['.check-panel h3 button', '.split', '.expectations li'].map(
      (selector) => getComputedStyle(document.querySelector(selector) as Element, '::before').backgroundColor,
    ),
  );
  assert.deepEqual(drawn, ['rgb(0, 0, 0)', 'rgb(0, 0, 0)', 'rgba(0, 0, 0, 0)']);
});

test('every control of the lab is a target of at least 24 by 24 pixels, on a desk and on a phone', async () => {
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ]) {
    const { page, open, context } = await site.reader({ viewport });
    await open(LESSON);
    await page.click('[data-step="right-certificate"] button');
    await settled(page);
    for (const file of ['client.js', 'wire']) {
      await page.click(`[data-lab] [role="tab"][data-file="${file}"]`);
      if (file === 'wire') await page.locator('.wire-message').first().click();
      const small = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('.lab :is(button, select, input, summary, [role="tab"])')]
          // A field or a byte of a message is chosen from many by the arrow keys; its neighbours are its like.
          .filter((each) => each.getClientRects().length > 0 && !each.closest('[role="tree"], .wire-bytes'))
          .map((each) => (each.matches('label > input') ? (each.parentElement as HTMLElement) : each))
          .filter((each) => {
            const { width, height } = each.getBoundingClientRect();
            return width < 24 || height < 24;
          })
          .map((each) => `${each.outerHTML.slice(0, 100)} ${each.getBoundingClientRect().height}`),
      );
      assert.deepEqual(small, [], `${viewport.width} ${file}`);
    }
    await context.close();
  }
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
