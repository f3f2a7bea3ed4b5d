// Ana's browser, as a reader uses it: what is behind the padlock, what the browser keeps, and what it says when no page came.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { ui } from '../../src/text/index.ts';
import { axeFaults } from './support/axe.ts';
import { openSite, reach, type Site } from './support/site.ts';

const HIJACK = '/lessons/session-hijack/';
const STEP = '[data-step="honest-day"]';
const FINGERPRINT = /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/;
const words = ui.browser;

let site: Site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

const faults = (page: Page) => axeFaults(page, '[data-browser="ana"]');

async function visit(page: Page): Promise<Locator> {
  await page.click(`${STEP} button`);
  await page.waitForSelector(`${STEP}:is([data-state="passed"], [data-state="failed"])`, {
    timeout: 120_000,
  });
  return page.locator('[data-browser="ana"]');
}

const facts = (pane: Locator) => pane.locator('[data-part="facts"]');
/** What a certificate says, by the names of its fields. */
const fields = (certificate: Locator) =>
  certificate.evaluate((element) =>
    Object.fromEntries(
      [...element.querySelectorAll('dt')].map((term) => [
        term.textContent,
        term.nextElementSibling?.textContent ?? '',
      ]),
    ),
  );

test('by keyboard, and with the network gone, the padlock opens the chain: fields, names, the authority', async () => {
  const reader = await site.reader();
  await reader.open(HIJACK);
  const padlockCode = reader.page.waitForResponse(/\/certificate\.[^/]+\.js$/);
  await reach(reader);
  await (await padlockCode).finished();
  await reader.context.setOffline(true);
  const { page } = reader;
  const pane = await visit(page);
  const padlock = pane.getByRole('button', { name: words.padlock(words.security.secure) });
  await padlock.focus();
  await page.keyboard.press('Enter');
  assert.equal(await padlock.getAttribute('aria-expanded'), 'true');
  const controlled = page.locator(`#${await padlock.getAttribute('aria-controls')}`);
  await controlled.getByText(words.vouches('Tally CA', 'app.tally.example')).waitFor();

  const chain = controlled.locator('.certificate');
  assert.equal(await chain.count(), 2);
  const { rows } = words.certificate;
  await page.waitForFunction(() => !document.querySelector('.fingerprint')?.textContent?.includes('…'));
  const leaf = await fields(chain.first());
  assert.equal(leaf[rows.subject], 'CN=app.tally.example');
  assert.equal(leaf[rows.names], 'DNS:app.tally.example');
  assert.equal(leaf[rows.issuer], 'CN=Tally CA');
  assert.equal(leaf[rows.key], 'RSA, 2048 bits');
  assert.match(leaf[rows.to], /^\d{4}-\d\d-\d\d \d\d:\d\d UTC: (29|30) days left$/);
  assert.match(leaf[rows.fingerprint], FINGERPRINT);
  await chain.last().locator('summary').focus();
  await page.keyboard.press('Enter');
  assert.ok(await chain.last().locator('dl').isVisible());
  const authority = await fields(chain.last());
  assert.match(authority[rows.uses], /keyCertSign.*may sign certificates/);
  assert.match(authority[rows.fingerprint], FINGERPRINT);
  assert.notEqual(authority[rows.fingerprint], leaf[rows.fingerprint]);

  await padlock.focus();
  await page.keyboard.press('Enter');
  assert.equal(await facts(pane).isVisible(), false);
  assert.ok(await pane.locator('iframe').isVisible());
});

for (const [colorScheme, width] of [
  ['light', 1440],
  ['dark', 390],
] as const)
  test(`cookies in words, storage, source, and a reload when nobody listens any more: ${colorScheme}, ${width} wide`, async () => {
    const { page, open, complaints } = await site.reader({ colorScheme, viewport: { width, height: 844 } });
    await open(HIJACK);
    const view = page.locator('[data-browser="ana"] select');
    const pane = await visit(page);
    const look = async (name: keyof typeof words.views) => {
      await view.selectOption(name);
      const group = pane.getByRole('group', { name: words.views[name] });
      await group.waitFor();
      assert.deepEqual(await faults(page), [], name);
      const wide = await group.evaluate((each) => each.scrollWidth > each.clientWidth);
      assert.equal(wide, false, `${name} is no wider than its pane`);
      return group;
    };
    const cookies = await look('cookies');
    const session = cookies.getByRole('row').filter({ hasText: 'session' }).first();
    assert.deepEqual(
      (await session.getByRole('cell').allInnerTexts())
        .map((text) => text.split('\n')[0])
        .filter((_, at) => at !== 1),
      ['session', 'app.tally.example, and no other host', 'Secure: only over TLS §4.1.2.5'],
    );
    assert.match(await session.innerText(), /HttpOnly: no script of a page can read it §4\.1\.2\.6/);
    const section = session.getByRole('link', { name: '§4.1.2.6' });
    assert.match(String(await section.getAttribute('href')), /rfc6265bis#section-4\.1\.2\.6$/);
    assert.equal(await cookies.getByRole('columnheader').count(), 4);
    assert.equal(await (await look('storage')).innerText(), words.noStorage);
    assert.match(await (await look('source')).innerText(), /^<!doctype html>/);
    await look('certificate');

    await view.selectOption('page');
    await pane.getByRole('button', { name: words.reload }).press('Enter');
    await pane.getByText('ERR_CONNECTION_REFUSED').waitFor();
    assert.equal(await pane.getAttribute('data-security'), 'refused');
    assert.deepEqual(await faults(page), []);
    await pane.getByRole('link', { name: words.what }).click();
    await page.waitForURL('**/errors/#ECONNREFUSED');
    assert.deepEqual(complaints, []);
  });

/** A lesson whose lab differs in one text: so that Ana meets a server that she should not believe. */
async function visitChanged(from: string, to: string): Promise<Locator> {
  const { page, open } = await site.reader();
  await page.route('**/lab.json', async (route) => {
    const text = await (await route.fetch()).text();
    assert.ok(text.includes(from));
    await route.fulfill({ body: text.replaceAll(from, to), contentType: 'application/json' });
  });
  await open(HIJACK);
  return visit(page);
}

test('a certificate for another name: refused in the page’s place, with the names it has', async () => {
  const pane = await visitChanged(
    "cert: pem('app.pem'), key: pem('app.key.pem')",
    "cert: pem('mallory.pem'), key: pem('mallory.key.pem')",
  );
  await pane.getByText('ERR_CERT_COMMON_NAME_INVALID').waitFor();
  assert.match(await facts(pane).innerText(), /DNS:mallory\.example/);
  const href = await pane.getByRole('link', { name: words.what }).getAttribute('href');
  assert.equal(href, '/errors/#ERR_TLS_CERT_ALTNAME_INVALID');
});

test('an authority that she does not know: refused, and nobody is said to vouch', async () => {
  const pane = await visitChanged(
    '"trusts":"certificates/tally-ca.pem"',
    '"trusts":"certificates/mallory.pem"',
  );
  await pane.getByText('ERR_CERT_AUTHORITY_INVALID').waitFor();
  assert.doesNotMatch(await facts(pane).innerText(), /vouches/);
  const href = await pane.getByRole('link', { name: words.what }).getAttribute('href');
  assert.equal(href, '/errors/#UNABLE_TO_VERIFY_LEAF_SIGNATURE');
});

test('a browser that has not been opened says so in every view', async () => {
  const { page, open } = await site.reader();
  await open(HIJACK);
  await visit(page);
  await page.click('[data-action="reset"]');
  const pane = page.locator('[data-browser="ana"][data-security="none"]');
  await pane.waitFor({ state: 'attached' });
  await page.click('[role="tab"]:has-text("Ana")');
  for (const view of ['cookies', 'storage', 'source', 'certificate'] as const) {
    await pane.locator('select').selectOption(view);
    assert.equal(await facts(pane).innerText(), words.nothing);
  }
});
