// WCAG 2.2 AA and good practice, by day and by night: every page as it opens, then every lesson after a run, with each of
// its panels open. Pages and panels are taken as they are found, so that a new one is looked at without being listed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { everyLesson, everyPage, faultsDayAndNight } from './support/axe.ts';
import { openSite, type Site, settled } from './support/site.ts';

let site: Site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

test('axe finds no fault with any page as it opens', async (t) => {
  const pages = everyPage();
  assert.ok(pages.includes('/') && pages.includes('/settings/') && pages.length > 9, pages.join(' '));
  for (const address of pages) {
    await t.test(address, async () => {
      const { page, open, context } = await site.reader({ reducedMotion: 'reduce' });
      await open(address);
      assert.deepEqual(await faultsDayAndNight(page), []);
      await context.close();
    });
  }
});

/** The wire with a message opened in it. */
async function openWire(page: Page): Promise<void> {
  await page.locator('#wire .wire-message').last().click();
  await page.waitForSelector('#wire .wire-opened, #wire .wire-fields');
}

for (const lesson of everyLesson()) {
  test(`axe finds no fault with ${lesson} after a run, nor with any of its panels`, async () => {
    const { page, open } = await site.reader({ reducedMotion: 'reduce' });
    await open(lesson);
    await page.locator('[data-step] button').last().click();
    await settled(page);
    assert.deepEqual(await faultsDayAndNight(page), [], 'the page after a run');

    const tabs = await page
      .locator('[data-lab] [role="tab"]')
      .evaluateAll((all) => all.map((tab) => (tab as HTMLElement).dataset.file));
    assert.ok(tabs.includes('wire') && tabs.length > 2);
    for (const tab of tabs) {
      await page.click(`[data-lab] [role="tab"][data-file="${tab}"]`);
      if (tab === 'wire') await openWire(page);
      assert.deepEqual(await faultsDayAndNight(page, '[data-lab] .files'), [], `the panel ${tab}`);
    }

    await page.locator('[data-lab] [role="tab"]').first().click();
    await page.click('[data-action="edit"]');
    await page.waitForSelector('.cm-content');
    await page.locator('.cm-content').press('End');
    await page.keyboard.type(' //');
    assert.deepEqual(await faultsDayAndNight(page, '[data-lab] .files'), [], 'the editor');
    // The rest of the page is inert while a dialog is open, which axe does not know.
    for (const action of ['solve', 'reset']) {
      await page.click(`[data-action="${action}"]`);
      await page.waitForSelector('dialog[open]');
      assert.deepEqual(await faultsDayAndNight(page, 'dialog[open]'), [], `the dialog of ${action}`);
      await page.keyboard.press('Escape');
    }
  });
}

test('axe finds no fault with the settings’ dialogs, nor with what they say of a bad file', async () => {
  const { page, open } = await site.reader({ reducedMotion: 'reduce' });
  await open('/settings/');
  await page.click('[data-forget]');
  assert.deepEqual(await faultsDayAndNight(page, 'dialog[open]'), []);
  await page.keyboard.press('Escape');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.click('[data-import]')]);
  await chooser.setFiles({ name: 'no.json', mimeType: 'application/json', buffer: Buffer.from('no') });
  await page.waitForSelector('.problem');
  assert.deepEqual(await faultsDayAndNight(page), []);
});
