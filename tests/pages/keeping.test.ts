// Results and edits stay in this browser; edits end when the lesson's own files change.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { strFromU8, unzipSync } from 'fflate';
import { LESSON, openSite, type Reader, type Site, settled, states } from './support/site.ts';

let site: Site;
let reader: Reader;
before(async () => {
  site = await openSite();
  reader = await site.reader();
  await reader.open(LESSON);
});
after(() => site.close());

const MINE = "console.log('mine');\n";

async function edit(path: string, text: string): Promise<void> {
  const { page } = reader;
  await page.click(`[data-file="${path}"]`);
  await page.click('[data-action="edit"]');
  await page.locator(`[data-sheet="${path}"] .cm-content`).fill(text);
}

test('a step that passed is still passed after a reload', async () => {
  const { page } = reader;
  await page.click('[data-step="right-certificate"] button');
  assert.equal((await settled(page))['right-certificate'], 'passed');
  await reader.open(LESSON);
  const found = await states(page, 'step');
  assert.equal(found['right-certificate'], 'passed');
  assert.equal(found['no-certificate'], 'idle');
  assert.match(await page.locator('[data-step="right-certificate"] [data-verdict]').innerText(), /passed/);
});

test('an edited file is still edited after a reload, and is what runs', async () => {
  const { page } = reader;
  await edit('client.js', MINE);
  await reader.open(LESSON);
  await page.waitForSelector('[data-file="client.js"][data-changed]');
  assert.equal((await page.locator('[data-sheet="client.js"] code').textContent())?.trim(), MINE.trim());
  await page.click('[data-step="right-certificate"] button');
  await settled(page);
  assert.match(await page.locator('[data-process="client"]').innerText(), /mine/);
});

test('when the lesson’s files have changed, the new start is offered, and one’s own as a download', async () => {
  const { page } = reader;
  await page.evaluate(() => {
    const key = 'handfast:edits:mutual-tls';
    const edits = JSON.parse(localStorage.getItem(key) ?? '{}');
    localStorage.setItem(key, JSON.stringify({ ...edits, base: 'an earlier state' }));
  });
  await reader.open(LESSON);
  await page.waitForSelector('dialog[open]');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('dialog [data-download]')]);
  assert.equal(download.suggestedFilename(), 'handfast-mutual-tls-mine.zip');
  await page.click('dialog [data-action="confirm"]');
  await page.waitForSelector('dialog', { state: 'detached' });
  assert.equal(await page.locator('[data-file="client.js"]').getAttribute('data-changed'), null);
  assert.match((await page.locator('[data-sheet="client.js"] code').textContent()) ?? '', /connect\(/);
});

test('one’s own files are kept when the lesson’s have changed: added, deleted and edited ones; or all can be left behind', async () => {
  const { page, open, context } = await site.reader();
  const stale = JSON.stringify({
    version: 1,
    base: 'an earlier state',
    files: { 'own/note.js': MINE, 'client.js': MINE },
    removed: ['server.js', 'a-file-that-was.js'],
  });
  await context.addInitScript((stale) => {
    if (origin === 'null' || sessionStorage.getItem('begun')) return;
    sessionStorage.setItem('begun', 'yes');
    localStorage.setItem('handfast:edits:mutual-tls', stale);
  }, stale);
  await open(LESSON);
  const dialog = page.locator('dialog[open]');
  await dialog.locator('li', { hasText: 'server.js (deleted)' }).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.locator('[data-download]').click(),
  ]);
  const entries = unzipSync(readFileSync(await download.path()));
  assert.deepEqual(Object.keys(entries).sort(), [
    'handfast-mutual-tls-mine/client.js',
    'handfast-mutual-tls-mine/own/note.js',
  ]);
  assert.equal(strFromU8(entries['handfast-mutual-tls-mine/own/note.js']), MINE);
  await dialog.locator('[data-action="cancel"]').click();
  for (const name of ['client.js (changed)', 'server.js (deleted)', 'own/note.js (new)']) {
    await page.getByRole('tab', { name }).waitFor();
  }
  await page.waitForFunction(
    () => !localStorage.getItem('handfast:edits:mutual-tls')?.includes('an earlier state'),
  );
  await open(LESSON);
  await page.getByRole('tab', { name: 'own/note.js (new)' }).waitFor();
  assert.equal(await page.locator('dialog').count(), 0, 'asked once');
});

test('two tabs of one lesson have the same files: neither forgets what was done in the other', async () => {
  const { page, open, context } = await site.reader();
  await open(LESSON);
  const other = await context.newPage();
  await other.goto(page.url());
  const write = async (tab: typeof page, path: string, text: string) => {
    await tab.bringToFront();
    await tab.click(`[data-file="${path}"]`);
    await tab.click('[data-action="edit"]');
    await tab.locator(`[data-sheet="${path}"] .cm-content`).fill(text);
  };
  const has = (tab: typeof page, path: string, text: string) =>
    tab.locator(`[data-sheet="${path}"]`).getByText(text).first().waitFor({ state: 'attached' });
  const marked = (tab: typeof page, path: string) =>
    tab.waitForSelector(`[data-file="${path}"][data-changed]`);
  const plain = (tab: typeof page, path: string) =>
    tab.waitForSelector(`[data-file="${path}"]:not([data-changed])`);

  await other.click('[data-action="edit"]');
  await write(page, 'client.js', '// from the first tab');
  await marked(other, 'client.js');
  await has(other, 'client.js', '// from the first tab');
  await write(other, 'server.js', '// from the second tab');
  await has(page, 'server.js', '// from the second tab');
  await has(page, 'client.js', '// from the first tab');
  // An editor that is open follows, too.
  await write(page, 'server.js', '// and back');
  await has(other, 'server.js', '// and back');
  await other.reload();
  await has(other, 'client.js', '// from the first tab');
  await has(other, 'server.js', '// and back');

  await other.click('[data-action="reset"]');
  await other.click('dialog [data-action="confirm"]');
  for (const tab of [other, page]) for (const path of ['client.js', 'server.js']) await plain(tab, path);
  await context.close();
});

test('storage that holds nonsense, or is refused, does not keep the lesson from working', async () => {
  const { page, open, complaints, context } = await site.reader();
  await context.addInitScript(() => {
    // The sandbox's frame has no storage at all, and this script runs there too.
    if (origin === 'null') return;
    localStorage.setItem(
      'handfast:results',
      '{"version":1,"lessons":{"mutual-tls":{"steps":[1,2],"checks":null}}}',
    );
    localStorage.setItem('handfast:edits:mutual-tls', '[[["');
    Storage.prototype.setItem = () => {
      throw new DOMException('refused', 'QuotaExceededError');
    };
  });
  await open(LESSON);
  await page.click('[data-step="right-certificate"] button');
  assert.equal((await settled(page))['right-certificate'], 'passed');
  assert.deepEqual(complaints, []);
});
