// One whole lesson without a mouse: from the front page to the saved results, by the keys alone.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { KeyboardReader } from './support/keyboard.ts';
import { openSite, type Site } from './support/site.ts';

let site: Site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

const solution = readFileSync(
  new URL('../../lessons/05-mutual-tls/solution/lax-server.js', import.meta.url),
  'utf8',
);

test('a whole lesson by the keyboard: front page, text, steps, wire, editor, checks, quiz, results saved', async (t) => {
  const { page, open } = await site.reader({ reducedMotion: 'reduce' });
  const reader = new KeyboardReader(page);
  const tab = (file: string) => `[role="tab"][data-file="${file}"]`;
  const state = (selector: string) => page.getAttribute(selector, 'data-state');

  await t.test('from the front page to the text of the lesson', async () => {
    await open('/');
    await reader.press('Tab');
    assert.ok(await reader.isOn('.skip'));
    await reader.press('Enter');
    assert.ok(await reader.isOn('main'));
    await reader.goTo('.begin a');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/lessons/mutual-tls/');
    await reader.press('Tab');
    await reader.press('Enter');
    assert.ok(await reader.isOn('main'));
    await reader.press('PageDown');
    await page.waitForFunction(() => scrollY > 200);
  });

  await t.test('every step, from where it stands in the text', async () => {
    const steps = await page
      .locator('[data-step]')
      .evaluateAll((all) => all.map((each) => (each as HTMLElement).dataset.step as string));
    assert.ok(steps.length >= 9);
    for (const step of steps) {
      const place = `[data-step="${step}"]`;
      await reader.goTo(`${place} button`);
      await reader.press('Enter');
      await page.locator(`${place}:is([data-state="passed"], [data-state="failed"])`).waitFor();
      assert.equal(await state(place), 'passed', step);
      assert.ok(await reader.isOn(`${place} button`), 'the focus stays where it was');
    }
    await page.locator('[data-action="stop"][aria-disabled="true"]').waitFor();
  });

  await t.test('to the lab: the wire, and a message in it', async () => {
    await reader.goTo('[data-lab] [role="tab"][aria-selected="true"]');
    await reader.press('End');
    while (!(await reader.isOn(tab('wire')))) await reader.press('ArrowLeft');
    await page.waitForSelector('.wire-list');
    await reader.goTo('.wire-list');
    for (const key of ['Home', 'ArrowDown', 'ArrowDown']) await reader.press(key);
    assert.match(await page.innerText('.wire-opened h3'), /ClientHello/);
    await reader.press('Enter');
    await reader.press('ArrowDown');
    assert.match(await page.innerText('[role="treeitem"][aria-selected="true"]'), /msg_type/);
  });

  await t.test('the solution is written in the editor, and the editor left', async () => {
    await reader.goTo('[data-lab] [role="tab"][aria-selected="true"]', 'Shift+Tab');
    await reader.press('Home');
    while (!(await reader.isOn(tab('lax-server.js')))) await reader.press('ArrowRight');
    await reader.goTo('[data-action="edit"]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.cm-content:focus');
    await reader.press('Control+a');
    await page.keyboard.insertText(solution);
    await page.keyboard.press('Escape');
    await reader.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.closest('.cm-editor')), null);
    await page.waitForSelector(`${tab('lax-server.js')}[data-changed]`);
  });

  await t.test('the checks pass, and one reads it', async () => {
    await reader.goTo('[data-action="check"]', 'Shift+Tab');
    await reader.press('Enter');
    await page.waitForFunction(() =>
      [...document.querySelectorAll<HTMLElement>('[data-check]')].every(
        (each) => each.dataset.state === 'passed' || each.dataset.state === 'failed',
      ),
    );
    const words = await page.locator('[data-check] [data-word]').allInnerTexts();
    assert.ok(words.length > 0 && words.every((word) => word === 'passed'), words.join());
    assert.ok(await reader.isOn('[data-action="check"]'));
  });

  await t.test('the questions: the answer that is chosen says why', async () => {
    const questions = await page
      .locator('.question')
      .evaluateAll((all) => all.map((each, at) => each.setAttribute('data-at', `${at}`)).length);
    assert.ok(questions >= 3);
    for (let at = 0; at < questions; at++) {
      const question = page.locator('.question').nth(at);
      await reader.goTo(`[data-at="${at}"] input`);
      await reader.press('Space');
      assert.equal(await question.locator('.answer:has(:checked) details').getAttribute('open'), '');
    }
  });

  await t.test('the results are saved as a file', async () => {
    await reader.goTo('.site-nav a', 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/settings/');
    await reader.goTo('[data-export]');
    const [download] = await Promise.all([page.waitForEvent('download'), reader.press('Enter')]);
    const { lessons } = JSON.parse(readFileSync(await download.path(), 'utf8'));
    const { results, edits } = lessons['mutual-tls'];
    assert.equal(Object.keys(results.checks).length, 3);
    assert.ok(Object.keys(results.steps).length > 0);
    assert.equal(edits.files['lax-server.js'], solution);
  });
});
