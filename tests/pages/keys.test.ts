// Single keys: what they do, where they do nothing, that they can be switched off, and that the focus is never lost.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { faultsDayAndNight as faults } from './support/axe.ts';
import { begun, LESSON, openSite, reach, type Site, settled } from './support/site.ts';

let site: Site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

const held = (page: Page) =>
  page.evaluate(() => {
    const active = document.activeElement as HTMLElement;
    const step = active.closest<HTMLElement>('[data-step]')?.dataset.step;
    return step ?? active.dataset.file ?? (active.id || active.className || active.tagName);
  });

test('keys lead to the steps, the text, the files, the editor, the consoles and the wire', async () => {
  const { page, open } = await site.reader();
  await open(LESSON);
  const press = async (key: string) => {
    await page.keyboard.press(key);
    return held(page);
  };
  assert.equal(await press('n'), 'right-certificate');
  assert.equal(await press('n'), 'no-certificate');
  assert.equal(await press('p'), 'right-certificate');
  assert.equal(await press('p'), 'right-certificate', 'there is none before');
  assert.equal(await press('t'), 'text');
  assert.equal(await press('f'), 'client.js');
  assert.equal(await press('o'), 'consoles');
  await page.keyboard.press('w');
  await page.waitForSelector('[data-file="wire"]:focus');
  await page.click('[data-file="client.js"]');
  await page.keyboard.press('e');
  await page.waitForSelector('[data-sheet="client.js"] .cm-content:focus');
});

test('r runs what was run last, s stops it, c checks', async () => {
  const { page, open } = await site.reader();
  await open(LESSON);
  await page.click('[data-step="no-certificate"] button');
  assert.equal((await settled(page))['no-certificate'], 'passed');
  await page.keyboard.press('r');
  assert.equal((await settled(page))['no-certificate'], 'passed');
  await page.keyboard.press('r');
  await begun(page);
  await page.keyboard.press('s');
  await page.waitForSelector('[data-action="stop"][aria-disabled="true"]');
  await page.keyboard.press('c');
  await settled(page);
  assert.equal(await page.locator('[data-check]:not([data-state="idle"])').count(), 3);
});

test('? lists the keys; Esc closes the list; the focus is where it was', async () => {
  const { page, open } = await site.reader();
  await open(LESSON);
  await page.keyboard.press('n');
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog', { name: 'Keys' });
  await dialog.waitFor();
  assert.ok((await dialog.locator('kbd').count()) > 15);
  await page.keyboard.press('n');
  assert.ok(await dialog.isVisible(), 'while it is open, keys do nothing else');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await held(page), 'right-certificate');
});

test('in the editor and in a field a letter is a letter', async () => {
  const reader = await site.reader();
  const { page } = reader;
  await reader.open(LESSON);
  await reach(reader);
  await page.click('[data-action="edit"]');
  await page.waitForSelector('.cm-content:focus');
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('?nrw ');
  assert.match(await page.locator('.cm-content').innerText(), /^\?nrw import/);
  assert.equal(await page.locator('dialog').count(), 0);
  await page.click('[data-tree]');
  await page.click('[data-create]');
  await page.keyboard.type('open.js');
  assert.equal(await page.inputValue('#new-file'), 'open.js');
  await page.focus('[data-tree]');
  await page.keyboard.press('Control+?');
  await page.keyboard.press('Alt+n');
  assert.equal(await page.locator('dialog').count(), 0);
});

test('Esc, then Tab, leaves the editor; without Esc, Tab indents', async () => {
  const { page, open } = await site.reader();
  await open(LESSON);
  await page.click('[data-action="edit"]');
  await page.waitForSelector('.cm-content:focus');
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Tab');
  assert.match((await page.locator('.cm-content').textContent()) ?? '', /^\s+import/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.closest('.cm-editor')), null);
  assert.notEqual(await held(page), 'BODY');
});

test('single keys are switched off in the list, stay so, and are switched on again by its button', async () => {
  const reader = await site.reader();
  const { page } = reader;
  await reader.open(LESSON);
  await page.keyboard.press('?');
  await page.getByRole('checkbox', { name: 'Single keys act' }).uncheck();
  await page.keyboard.press('Escape');
  await reader.open(LESSON);
  await page.keyboard.press('n');
  await page.keyboard.press('?');
  assert.equal(await held(page), 'BODY');
  await reach(reader);
  await page.click('[data-action="keys"]');
  await page.getByRole('checkbox', { name: 'Single keys act' }).check();
  await page.keyboard.press('Escape');
  await page.waitForSelector('[data-action="keys"]:focus');
  await page.keyboard.press('t');
  assert.equal(await held(page), 'text');
});

for (const viewport of [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
]) {
  test(`axe finds no fault with the list of keys, ${viewport.width} wide`, async () => {
    const { page, open } = await site.reader({ viewport });
    await open(LESSON);
    await page.keyboard.press('?');
    await page.waitForSelector('dialog.keys[open]');
    assert.deepEqual(await faults(page, 'dialog'), []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), viewport.width);
  });
}
