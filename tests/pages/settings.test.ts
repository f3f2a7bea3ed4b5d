// The settings: what is kept is shown, saved as a file, taken from one, and forgotten when the reader says so.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { LESSON, openSite, type Reader, type Site } from './support/site.ts';

const SETTINGS = '/settings/';
let site: Site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

/** A reader who has been at two lessons. */
async function student(): Promise<Reader> {
  const reader = await site.reader();
  await reader.open('/404.html');
  await reader.page.evaluate(() => {
    const lessons = {
      'mutual-tls': {
        steps: { 'right-certificate': 'passed', 'no-certificate': 'breached', 'forged-key': 'failed' },
        checks: { 'stranger-refused': 'passed' },
      },
      'session-hijack': { steps: { 'honest-day': 'passed' }, checks: {} },
    };
    localStorage.setItem('handfast:results', JSON.stringify({ version: 1, lessons }));
    localStorage.setItem(
      'handfast:edits:mutual-tls',
      JSON.stringify({ version: 1, base: 'then', files: { 'client.js': '// mine\n' } }),
    );
  });
  await reader.open(SETTINGS);
  return reader;
}

const stored = (page: Page) =>
  page.evaluate(() =>
    Object.fromEntries(Object.keys(localStorage).map((key) => [key, localStorage.getItem(key)])),
  );
const row = (page: Page, title: string) => page.locator('[data-rows] li', { hasText: title });
const said = (page: Page, where: string) => page.locator(`[role="status"][data-said="${where}"]`);

/** What was agreed to in a dialog is done once it is shut: the page then says so. */
const hears = (page: Page, where: string, words: string) =>
  said(page, where).filter({ hasText: words }).waitFor();

async function choose(page: Page, text: string): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.click('[data-import]')]);
  await chooser.setFiles({ name: 'any.json', mimeType: 'application/json', buffer: Buffer.from(text) });
}

async function saved(page: Page, selector: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(selector)]);
  assert.match(download.suggestedFilename(), /^handfast-.*\d{4}-\d\d-\d\d\.json$/);
  return readFileSync(await download.path(), 'utf8');
}

test('it shows how far the reader came in each lesson, in words', async () => {
  const { page, complaints } = await student();
  assert.match(
    await row(page, 'Mutual TLS').innerText(),
    /2 of 9 steps passed · \d of \d checks passed · 1 file of your own/,
  );
  assert.match(await row(page, 'OAuth 2.0').innerText(), /nothing yet/);
  assert.equal(await row(page, 'OAuth 2.0').locator('button').count(), 0);
  assert.match(await page.locator('[data-size="handfast:edits:"]').innerText(), /^\d+ characters$/);
  assert.deepEqual(complaints, []);
});

test('what is saved as a file is what another browser imports, after it has said what that does', async () => {
  const { page } = await student();
  const file = await saved(page, '[data-export]');
  assert.match(await said(page, 'transfer').innerText(), /Saved as handfast-/);
  const mine = await stored(page);

  const other = await site.reader();
  await other.open(SETTINGS);
  await choose(other.page, file);
  const dialog = other.page.locator('dialog[open]');
  assert.match(
    await dialog.innerText(),
    /Adds 5 results in 2 lessons \(Mutual TLS and The session hijack\)[\s\S]*Adds your edits in 1 lesson \(Mutual TLS\)/,
  );
  assert.deepEqual(await stored(other.page), {}, 'nothing until the reader agrees');
  assert.equal(await dialog.locator(':focus').innerText(), 'Cancel', 'Enter loses nothing');
  await dialog.getByText('Import', { exact: true }).click();
  await hears(other.page, 'transfer', 'Imported.');
  const theirs = await stored(other.page);
  assert.deepEqual(theirs['handfast:edits:mutual-tls'], mine['handfast:edits:mutual-tls']);
  assert.match(await row(other.page, 'Mutual TLS').innerText(), /2 of 9 steps/);
  await other.open(LESSON);
  assert.equal(await other.page.getAttribute('[data-step="right-certificate"]', 'data-state'), 'passed');
});

for (const [text, words] of [
  [
    'not json at all',
    /cannot be read\. Nothing here was changed[\s\S]*Expected[\s\S]*Came[\s\S]*begins “not json[\s\S]*What to do/,
  ],
  ['{"format":"something-else","version":1}', /not one of ours[\s\S]*“something-else”[\s\S]*What to do/],
  [
    '{"format":"handfast-progress","version":7}',
    /newer version[\s\S]*version 1[\s\S]*version 7[\s\S]*Reload/,
  ],
  [
    '{"format":"handfast-progress","version":1,"lessons":{"knots":{"results":{}}}}',
    /nothing in this file[\s\S]*Left out[\s\S]*the lesson “knots”/,
  ],
] as const) {
  test(`a file that is none: ${text}`, async () => {
    const { page } = await student();
    const before = await stored(page);
    await choose(page, text);
    await said(page, 'transfer').locator('.problem').waitFor();
    assert.match(await said(page, 'transfer').innerText(), words);
    assert.equal(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.said), 'transfer');
    assert.deepEqual(await stored(page), before);
  });
}

test('a file that is far too large is not read, and one that has gone meanwhile is told', async () => {
  const { page } = await student();
  await choose(page, ' '.repeat(16_000_000));
  await said(page, 'transfer').locator('.problem').waitFor();
  assert.match(await said(page, 'transfer').innerText(), /too large[\s\S]*at most 5 MB[\s\S]*about 16 MB/);
  // A file that was changed or taken away after it was chosen is refused by the browser.
  await page.evaluate(() => {
    File.prototype.text = () => Promise.reject(new DOMException('gone', 'NotFoundError'));
  });
  await choose(page, '{}');
  await page.locator('[data-said="transfer"] .problem', { hasText: 'cannot be opened' }).waitFor();
  assert.match(await said(page, 'transfer').innerText(), /NotFoundError: gone[\s\S]*Choose it again/);
});

test('a name that the course does not have is left out and named, the rest can be had', async () => {
  const { page } = await student();
  const results = { steps: { 'old-step': 'passed', 'forged-key': 'passed' }, checks: {} };
  const lessons = { 'mutual-tls': { results } };
  await choose(page, JSON.stringify({ format: 'handfast-progress', version: 1, lessons }));
  const words = await page.locator('dialog[open]').innerText();
  assert.match(words, /Replaces 1 result in 1 lesson \(Mutual TLS\)/);
  assert.match(words, /Left out[\s\S]*the step “old-step” of Mutual TLS/);
  await page.keyboard.press('Escape');
  await hears(page, 'transfer', 'Nothing here was changed.');
});

test('one lesson is started over: it says what goes, offers it as a file, and the rest stays', async () => {
  const { page } = await student();
  await row(page, 'Mutual TLS').locator('button').click();
  const dialog = page.locator('dialog[open]');
  assert.match(await dialog.innerText(), /4 results[\s\S]*your changes in client\.js/);
  const file = await saved(page, 'dialog[open] >> text=Save them first');
  assert.equal(JSON.parse(file).lessons['mutual-tls'].edits.files['client.js'], '// mine\n');
  await dialog.locator('.press').click();
  await hears(page, 'done', 'Mutual TLS is as on the first day');
  assert.equal(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.said), 'done');
  assert.match(await row(page, 'Mutual TLS').innerText(), /nothing yet/);
  assert.match(await row(page, 'session hijack').innerText(), /1 of \d+ steps/);
  assert.equal((await stored(page))['handfast:edits:mutual-tls'], undefined);
});

test('all lessons are started over and the settings stay; everything is forgotten, and they go too', async () => {
  const { page } = await student();
  await page.check('[name="theme-setting"][value="dark"]');
  assert.equal(await page.isChecked('[name="theme"][value="dark"]'), true, 'the header follows');
  await page.uncheck('[data-setting="keys"]');
  await page.click('[data-reset-all]');
  await page.locator('dialog[open] .press').click();
  await hears(page, 'done', 'The course is as on the first day');
  assert.deepEqual(Object.keys(await stored(page)).sort(), [
    'handfast:results',
    'handfast:settings',
    'handfast:theme',
  ]);
  assert.equal(await page.isVisible('[data-reset-all]'), false);
  await page.click('[data-forget]');
  assert.match(await page.locator('dialog[open]').innerText(), /your settings/);
  await page.locator('dialog[open] .press').click();
  await hears(page, 'keeps', 'keeps nothing of this site');
  assert.deepEqual(await stored(page), {});
  assert.equal(await page.isChecked('[name="theme-setting"][value="system"]'), true);
  assert.equal(await page.isChecked('[data-setting="keys"]'), true);
});

test('a settings page in another tab follows, and so do the colours of a lesson there', async () => {
  const { page, context } = await student();
  const other = await context.newPage();
  await other.goto(site.url + LESSON);
  await page.check('[name="theme-setting"][value="dark"]');
  await other.waitForSelector('html[data-theme="dark"]');
  await other.evaluate(() => localStorage.removeItem('handfast:edits:mutual-tls'));
  await page.waitForFunction(
    () => !document.querySelector('[data-rows]')?.textContent?.includes('of your own'),
  );
});

test('where storage is refused the page says so, and works', async () => {
  const { page, open, complaints } = await site.reader();
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('Access is denied for this document.', 'SecurityError');
      },
    });
  });
  await open(SETTINGS);
  assert.ok(await page.isVisible('[data-refused]'));
  await page.check('[name="theme-setting"][value="dark"]');
  assert.equal(await page.getAttribute('html', 'data-theme'), 'dark', 'for this page');
  assert.deepEqual(complaints, []);
});

test('where storage is granted nothing is said about it; without JavaScript the page says what it cannot do', async () => {
  const { page, open } = await site.reader();
  await open(SETTINGS);
  assert.equal(await page.isVisible('[data-refused]'), false);
  const plain = await site.reader({ javaScriptEnabled: false });
  await plain.open(SETTINGS);
  assert.match(await plain.page.innerText('.settings'), /JavaScript is off/);
});
