// A reader on the path: what they do to a message, by mouse and by keyboard, and what the two ends say to it. Offline.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { axeFaults } from './support/axe.ts';
import { LESSON, openSite, reach, type Site } from './support/site.ts';

const STEP = 'right-certificate';
const APP = 'app.tally.example';

let site: Site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

/** The wire of a lesson in which nothing has run yet, offline. */
async function opened(options = {}): Promise<Page> {
  const reader = await site.reader(options);
  await reader.open(LESSON);
  await reach(reader);
  const { page } = reader;
  await page.click('[data-file="wire"]');
  await page.locator('.wire-controls').waitFor();
  await reader.context.setOffline(true);
  return page;
}

const field = (page: Page, label: string) =>
  page
    .locator('.wire-path form label')
    .filter({ hasText: new RegExp(`^${label}`) })
    .locator('select, input');
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const stepButton = (page: Page) => page.locator(`[data-step="${STEP}"] button`).first();
const ended = (page: Page, state: 'passed' | 'failed') =>
  page.waitForSelector(`[data-step="${STEP}"][data-state="${state}"]`);

/** Takes a place on the path with the mouse. */
async function stand(page: Page, name: string, act: string): Promise<void> {
  await button(page, 'On the path').click();
  await field(page, 'When').selectOption(APP);
  await field(page, 'sends').selectOption(name);
  await field(page, 'then').selectOption({ label: act });
  await button(page, 'Stand on the path').click();
}

/** Tab, until the focus is there. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  const isThere = () => target.evaluate((element) => element === document.activeElement);
  for (let press = 0; press < 40 && !(await isThere()); press++) await page.keyboard.press('Tab');
  assert.ok(await isThere(), `the focus came to ${target}`);
}

const consoles = (page: Page) => page.locator('.consoles').innerText();

test('a byte of an encrypted record is changed: both ends say so, and the wire shows which', async () => {
  const page = await opened();
  await stand(page, 'encrypted record', 'change a byte');
  assert.match(await page.innerText('.wire-path [role="status"]'), /encrypted record number 1 of app\.tally/);
  await stepButton(page).click();
  await ended(page, 'failed');
  assert.equal(
    await page.getAttribute('[data-file="wire"]', 'aria-selected'),
    'true',
    'the wire stays in sight',
  );
  const said = await consoles(page);
  assert.match(said, /tlsClientError: ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC/);
  assert.match(said, /error: ERR_SSL_SSL\/TLS_ALERT_BAD_RECORD_MAC/);

  const row = page.locator('.wire-message[data-path="changed"]');
  assert.equal(await row.locator('.wire-text').innerText(), 'Certificate');
  assert.match(await row.innerText(), /changed on the path/);
  const alert = page.locator('.wire-message[data-fault] .wire-text');
  assert.equal(await alert.first().innerText(), 'bad_record_mac');
  await row.click();
  assert.match(
    await page.innerText('.wire-passed'),
    /byte 20 of its record was sent as [0-9a-f]{2} and arrived as [0-9a-f]{2}/,
  );

  // To the one who changed it, it is a record, and the byte is one of its bytes.
  await page.locator('.wire-controls select').last().selectOption('observer');
  const sealed = page.locator('.wire-message[data-path="changed"]');
  assert.equal(await sealed.locator('.wire-text').innerText(), 'encrypted record');
  await sealed.click();
  const byte = page.locator('.wire-bytes [data-changed]');
  assert.equal(await byte.getAttribute('data-at'), '20');
  assert.match((await byte.getAttribute('title')) ?? '', /^sent [0-9a-f]{2}, arrived [0-9a-f]{2}$/);

  await button(page, 'Leave the path').click();
  await stepButton(page).click();
  await ended(page, 'passed');
});

test('by the keyboard: a message is held, the run waits, and goes on when it may pass', async () => {
  const page = await opened();
  await button(page, 'On the path').focus();
  await page.keyboard.press('Enter');
  await tabTo(page, field(page, 'When'));
  await page.keyboard.type(APP);
  await tabTo(page, field(page, 'then'));
  assert.equal(await field(page, 'then').inputValue(), 'hold');
  await tabTo(page, button(page, 'Stand on the path'));
  await page.keyboard.press('Enter');
  assert.ok(
    await button(page, 'Leave the path').evaluate((element) => element === document.activeElement),
    'the focus stays',
  );
  await stepButton(page).focus();
  await page.keyboard.press('Enter');
  const held = page.locator('.wire-held li');
  await held.waitFor();
  assert.match(
    await held.innerText(),
    /^ClientHello, \d+ bytes, app\.tally\.example → ledger\.tally\.example/,
  );
  assert.match(await page.innerText('.wire-path [role="status"]'), /^ClientHello: .*has not arrived/);
  assert.match((await page.locator('.wire-message[data-path="held"]').textContent()) ?? '', /^ClientHello/);
  assert.equal(await button(page, /^On the path/).innerText(), 'On the path · 1 held');
  assert.doesNotMatch(await consoles(page), /secureConnect/);

  await button(page, /^On the path/).focus();
  await tabTo(page, button(page, 'Let it pass'));
  await page.keyboard.press('Enter');
  await ended(page, 'passed');
  assert.equal(await held.count(), 0);
  assert.ok(
    await button(page, 'Leave the path').evaluate((element) => element === document.activeElement),
    'the focus is not lost with the button',
  );
  const row = page.locator('.wire-message[data-path="passed"]');
  assert.match(await row.innerText(), /held on the path, passed after/);
});

test('a message that is held can be sent twice, changed, or dropped; what stops ends between the lanes', async () => {
  const page = await opened();
  await stand(page, 'encrypted record', 'hold it');
  const outcomes: [press: string, state: string][] = [
    ['Send it twice', 'replayed'],
    ['Change byte 20', 'changed'],
    ['Drop it', 'dropped'],
  ];
  for (const [press, state] of outcomes) {
    await stepButton(page).click();
    await page.locator('.wire-held li').waitFor();
    await button(page, press).click();
    await ended(page, 'failed');
    assert.match(await consoles(page), /ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC/);
    const row = page.locator(`.wire-message[data-path="${state}"]`);
    await row.waitFor();
    assert.equal(await row.locator('.wire-eye').count(), 1);
  }
  const width = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((arrow) => arrow.getBoundingClientRect().width);
  const [stopped, whole] = [
    await width('.wire-message[data-path="dropped"] .wire-arrow'),
    await width('.wire-message:not([data-path]) .wire-arrow'),
  ];
  assert.ok(Math.abs(stopped - whole / 2) < 2, `${stopped} of ${whole}`);
});

test('what changed since the last run: nothing but what is random; then what the reader’s edit did', async () => {
  const page = await opened();
  const changes = page.locator('.wire-changes');
  await stepButton(page).click();
  await ended(page, 'passed');
  await page.click('[data-file="wire"]');
  await button(page, 'What changed').click();
  await page.getByText('Run the step twice').waitFor();
  await stepButton(page).click();
  await page.waitForFunction(() => document.querySelector('.wire-changes'));
  await ended(page, 'passed');
  await page.click('[data-file="wire"]');
  await page.getByText('The two runs said the same.').waitFor();
  assert.match(await changes.innerText(), /Left out, because they are random[^:]*: key_exchange, .*random/);

  await page.click('[data-file="client.js"]');
  await page.click('[data-action="edit"]');
  const editor = page.locator('[data-sheet="client.js"] .cm-content');
  const text = readFileSync(new URL('../../lessons/05-mutual-tls/lab/client.js', import.meta.url), 'utf8');
  await editor.fill(text.replace(/ {2}(cert|key): .*\n/g, ''));
  await stepButton(page).click();
  await ended(page, 'failed');
  await page.click('[data-file="wire"]');
  const items = changes.locator('li');
  await items.first().waitFor();
  const listed = await items.allInnerTexts();
  const about = (kind: string, name: string) =>
    listed.some((item) => item.startsWith(kind) && item.includes(name));
  assert.ok(about('different', 'Certificate'), listed.join('\n'));
  assert.ok(about('gone', 'CertificateVerify'), listed.join('\n'));
  assert.ok(about('new', 'certificate_required'), listed.join('\n'));
  await changes.getByRole('button', { name: /certificate_required/ }).click();
  assert.match(await page.innerText('.wire-opened h3'), /^certificate_required/);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing while something is held and two runs are compared, ${colorScheme}`, async () => {
    const page = await opened({ colorScheme });
    const check = async () => {
      const found = await axeFaults(page, '#wire');
      assert.deepEqual(found, []);
    };
    await button(page, 'On the path').click();
    await check();
    await stepButton(page).click();
    await ended(page, 'passed');
    await page.click('[data-file="wire"]');
    await field(page, 'sends').selectOption('encrypted record');
    await button(page, 'Stand on the path').click();
    await button(page, 'What changed').click();
    await stepButton(page).click();
    await page.locator('.wire-held li').waitFor();
    await check();
    await button(page, 'Drop it').click();
    await ended(page, 'failed');
    await page.locator('.wire-message[data-path="dropped"]').click();
    await check();
  });
}
