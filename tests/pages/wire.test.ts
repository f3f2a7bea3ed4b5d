// The wire view as a reader uses it: what was said, message by message, opened, and seen with other eyes. Offline.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { axeFaults } from './support/axe.ts';
import { LESSON, openSite, reach, type Site } from './support/site.ts';

const BINDING = '/lessons/certificate-bound-tokens/';

let site: Site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

/** A lesson whose step has been run, with the wire open. */
async function opened(address: string, step: string, options = {}): Promise<Page> {
  const reader = await site.reader(options);
  await reader.open(address);
  await reach(reader);
  await reader.context.setOffline(true);
  const { page } = reader;
  await page.click(`[data-step="${step}"] button`);
  await page.waitForSelector(`[data-step="${step}"]:is([data-state="passed"], [data-state="failed"])`, {
    timeout: 120_000,
  });
  await page.click('[data-file="wire"]');
  // It is read a little at a time: the last of it is that the two ends send no more.
  const ends = step === 'right-certificate' ? 2 : 1;
  await page
    .locator('.wire-message', { hasText: 'sends no more' })
    .nth(ends - 1)
    .waitFor();
  return page;
}

/** The messages in sight, by name. The view is made tall, so that all of them are. */
async function names(page: Page): Promise<string[]> {
  await page.addStyleTag({ content: '.lab .sheet.wire[data-shown] { height: 4000px !important; }' });
  await page.waitForFunction(() => (document.querySelector('.wire-list')?.clientHeight ?? 0) > 1000);
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  return page.locator('.wire-message .wire-text').allInnerTexts();
}

test('a mutual handshake is there, every message of it, and the answer that came under its keys', async () => {
  const page = await opened(LESSON, 'right-certificate');
  const shown = await names(page);
  assert.deepEqual(shown.slice(0, 13), [
    'connected',
    'ClientHello',
    'ServerHello',
    'ChangeCipherSpec',
    'EncryptedExtensions',
    'CertificateRequest',
    'Certificate',
    'CertificateVerify',
    'Finished',
    'ChangeCipherSpec',
    'Certificate',
    'CertificateVerify',
    'Finished',
  ]);
  assert.ok(shown.includes('application data'), shown.join());
  assert.match(await page.innerText('.wire-connection'), /TLS 1\.3/);

  await page.locator('.wire-controls select').last().selectOption('observer');
  const seen = await names(page);
  assert.ok(seen.includes('ClientHello') && seen.includes('encrypted record'));
  assert.ok(
    !seen.some((name) => ['Certificate', 'Finished', 'application data'].includes(name)),
    seen.join(),
  );
});

test('a field lights up its bytes, and a byte its field', async () => {
  const page = await opened(LESSON, 'right-certificate');
  await page.locator('.wire-message', { hasText: 'ServerHello' }).click();
  const field = page.locator('.wire-tree [role="treeitem"]', { hasText: 'cipher_suite' });
  await field.click();
  assert.equal(await page.locator('[data-lit]').count(), 2);
  assert.match(await page.innerText('.wire-opened > .wire-words'), /RFC 8446 §4\.1\.3/);
  // Where the system forces its colours, too, one sees what is chosen, and which way an arrow points.
  await page.emulateMedia({ forcedColors: 'active' });
  const style = (selector: string, property: string, part?: string) =>
    page
      .locator(selector)
      .first()
      .evaluate(
        (found, [property, part]) => getComputedStyle(found, part).getPropertyValue(property as string),
        [property, part],
      );
  const ground = await style('.strip', 'background-color');
  for (const chosen of [
    '.wire-tree [aria-selected="true"]',
    '.wire-message[aria-selected="true"]',
    '[data-lit]',
  ])
    assert.notEqual(await style(chosen, 'background-color'), ground, `${chosen} is like any other`);
  assert.equal(await style('.wire-arrow', 'border-top-color', '::after'), 'rgba(0, 0, 0, 0)');
  await page.emulateMedia({ forcedColors: 'none' });

  await page.locator('.wire-hex [data-at="0"]').click();
  assert.match(
    await page.innerText('.wire-tree [role="treeitem"][aria-selected="true"]'),
    /^msg_type server_hello/,
  );
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  assert.equal(await page.locator('.wire-opened').count(), 0);
  assert.ok(
    await page.locator('.wire-list').evaluate((list) => list === document.activeElement),
    'focus is not lost',
  );
});

test('a certificate is opened, and a failure is marked where it happened', async () => {
  const page = await opened(LESSON, 'no-certificate');
  const fault = page.locator('.wire-message[data-fault]');
  assert.equal(await fault.locator('.wire-text').innerText(), 'certificate_required');
  assert.match((await fault.textContent()) ?? '', /^Failure: certificate_required/);
  await page
    .locator('.wire-text', { hasText: /^Certificate$/ })
    .first()
    .click();
  assert.match(await page.innerText('.wire-tree'), /subjectAltName DNS:ledger\.tally\.example/);
});

test('filter, fold, and everything by the keyboard', async () => {
  const page = await opened(LESSON, 'right-certificate');
  const list = page.locator('.wire-list');
  const status = page.locator('.wire-view > [role="status"]');
  await page.fill('.wire-filter input', 'certificateverify');
  await status.filter({ hasText: '2 messages hold this text.' }).waitFor();
  assert.deepEqual(await page.locator('.wire-message .wire-text').allInnerTexts(), [
    'CertificateVerify',
    'CertificateVerify',
  ]);
  await page.fill('.wire-filter input', 'no such thing');
  await page.locator('.wire-empty', { hasText: 'No message holds this text.' }).waitFor();
  assert.equal(await status.innerText(), '0 messages hold this text.');
  await page.fill('.wire-filter input', '');

  await list.focus();
  await page.keyboard.press('Home');
  const active = () => list.getAttribute('aria-activedescendant');
  const head = await active();
  assert.match(head ?? '', /^wire-c/);
  await page.keyboard.press('ArrowLeft');
  assert.equal(await page.locator('.wire-message').count(), 0, 'folded');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  assert.match((await page.locator(`#${await active()}`).textContent()) ?? '', /^ClientHello/);
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  assert.match(await page.innerText('.wire-tree [role="treeitem"][aria-selected="true"]'), /^msg_type/);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowLeft');
  assert.equal(await page.locator('.wire-tree [role="treeitem"]').count(), 2, 'the body is shut');
});

test('what a message says is found, the field that says it is chosen, and a link to it counts what is hidden', async () => {
  const page = await opened(LESSON, 'right-certificate');
  const find = (text: string) => page.fill('.wire-filter input', text);
  const messages = page.locator('.wire-message');
  await find('subjectaltname: dns:app.tally.example');
  await page
    .locator('.wire-view > [role="status"]')
    .filter({ hasText: '1 message holds this text.' })
    .waitFor();
  assert.equal(await messages.locator('.wire-text').innerText(), 'Certificate');
  await messages.click();
  const chosen = page.locator('.wire-tree [aria-selected="true"]');
  assert.match(await chosen.innerText(), /^subjectAltName DNS:app\.tally\.example/);
  assert.ok((await page.locator('.wire-bytes [data-lit]').count()) > 0, 'its bytes are lit');

  // Who follows the link sees everything, so it counts what the filter and folds leave out here.
  await page.evaluate(() => {
    Object.defineProperty(navigator, 'clipboard', {
      value: { writeText: async (text: string) => document.body.setAttribute('data-copied', text) },
    });
  });
  await find('');
  const alike = messages.filter({ has: page.locator('.wire-text', { hasText: /^NewSessionTicket$/ }) });
  const link = async () => {
    await page.click('.wire-opened .quiet-press >> text=Copy a link');
    return page.locator('body[data-copied]').getAttribute('data-copied');
  };
  await alike.nth(1).click();
  const whole = await link();
  assert.match(whole ?? '', /\/NewSessionTicket\/2$/);
  const ticket = page.locator('.wire-tree [role="treeitem"]', { hasText: /^ticket / }).last();
  await find((await ticket.locator('.wire-value').innerText()).slice(0, 100));
  await page
    .locator('.wire-view > [role="status"]')
    .filter({ hasText: '1 message holds this text.' })
    .waitFor();
  await page.evaluate(() => document.body.removeAttribute('data-copied'));
  assert.equal(await link(), whole);
});

test('two worlds: the same stolen token is bound to nothing, and to a certificate that Mallory has not', async () => {
  const page = await opened(BINDING, 'side-by-side');
  const world = page.locator('.wire-controls select').first();
  const shown: Record<string, string[]> = { Unbound: [], Bound: [] };
  for (const title of Object.keys(shown)) {
    await world.selectOption({ label: title });
    await page.fill('.wire-filter input', 'bearer token mallory.example');
    const requests = page.locator('.wire-message', { hasText: 'GET /ledger' });
    await requests.nth(1).waitFor();
    assert.equal(await requests.count(), 2, 'with no certificate, and with her own');
    for (const request of await requests.all()) {
      await request.click();
      shown[title].push(await page.innerText('.wire-oauth'));
    }
  }
  for (const text of shown.Unbound) assert.doesNotMatch(text, /cnf/);
  assert.match(shown.Bound[0], /Bound to a certificate, and this connection shows none\.\s+RFC 8705 §3\.1/);
  assert.match(
    shown.Bound[1],
    /Bound to another certificate than the one of this connection\.\s+RFC 8705 §3\.1/,
  );
});

test('the capture is saved as a file that Wireshark opens, keys and names inside', async () => {
  const page = await opened(LESSON, 'right-certificate');
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as .pcapng' }).click();
  const download = await saving;
  assert.equal(download.suggestedFilename(), 'mutual-tls.pcapng');
  const file = await download.path();
  assert.equal(readFileSync(file).readUInt32LE(0), 0x0a0d0d0a);
  if (spawnSync('tshark', ['--version']).status === 0) {
    const options = [
      '-r',
      file,
      '-d',
      'tcp.port==8443,tls',
      '-Y',
      'tls.handshake.type == 15',
      '-T',
      'fields',
      '-e',
      'ip.src_host',
    ];
    const { stdout } = spawnSync('tshark', ['-N', 'n', ...options], { encoding: 'utf8' });
    assert.deepEqual(
      new Set(stdout.trim().split('\n')),
      new Set(['ledger.tally.example', 'app.tally.example']),
    );
  }
  rmSync(file);
});

test('a name in the text opens that message on the wire; a link from elsewhere waits for the reader', async () => {
  const reader = await site.reader({ permissions: ['clipboard-read', 'clipboard-write'] });
  await reader.open(LESSON);
  const { page } = reader;
  await page.click('a[href="#wire=right-certificate/client/CertificateVerify"]');
  const heading = page.locator('.wire-opened h3');
  await heading.waitFor();
  assert.match(await heading.innerText(), /^CertificateVerify app\.tally\.example → ledger/);
  await page.waitForSelector('[data-step="right-certificate"][data-state="passed"]');
  // The same step has been run: its other messages are there at once.
  await page.click('a[href="#wire=right-certificate/server/CertificateRequest"]');
  await page.waitForFunction(() =>
    document.querySelector('.wire-opened h3')?.textContent?.startsWith('CertificateRequest'),
  );

  // Each is a place in the history; a link in the address of this page is followed as well.
  const opens = (name: string) =>
    page.waitForFunction(
      (name) => document.querySelector('.wire-opened h3')?.textContent?.startsWith(name),
      name,
    );
  await page.goBack();
  await opens('CertificateVerify');
  await page.goForward();
  await opens('CertificateRequest');
  await page.evaluate(() => {
    location.hash = '#wire=right-certificate/server/ServerHello';
  });
  await opens('ServerHello');
  await page.goBack();
  await opens('CertificateRequest');

  await page.getByRole('button', { name: 'Copy a link' }).click();
  await page.waitForFunction(() =>
    document.querySelector('.wire-opened > .wire-words')?.textContent?.includes('copied'),
  );
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(link, /\/lessons\/mutual-tls\/#wire=right-certificate\/server\/CertificateRequest$/);
  await page.getByRole('button', { name: 'Copy as hex' }).click();
  await page.waitForFunction(() =>
    document.querySelector('.wire-opened > .wire-words')?.textContent?.startsWith('Bytes'),
  );
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^0d[0-9a-f]+$/);

  const other = await site.reader();
  await other.page.goto(link);
  await other.page.waitForFunction(() =>
    /this link points at/.test(document.querySelector('[data-status]')?.textContent ?? ''),
  );
  assert.equal(await other.page.locator('.wire-row').count(), 0, 'nothing runs by itself');
  await other.page.click('[data-step="right-certificate"] button');
  await other.page.locator('.wire-opened h3').waitFor();
  assert.match(await other.page.innerText('.wire-opened h3'), /^CertificateRequest/);
  // Once it has been shown, the step opens its file again.
  await other.page.waitForSelector('[data-step="right-certificate"][data-state="passed"]');
  await other.page.click('[data-step="right-certificate"] button');
  await other.page.locator('[data-sheet="client.js"]').waitFor();

  // The step may be far from where one reads: the wire has its button as well. On a phone the link leads there.
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ]) {
    const third = await site.reader({ viewport });
    await third.page.goto(link);
    await third.page
      .locator('#wire')
      .getByRole('button', { name: 'Call with the app’s certificate' })
      .click();
    await third.page.locator('.wire-opened h3').waitFor();
    assert.match(await third.page.innerText('.wire-opened h3'), /^CertificateRequest/);
    await third.context.close();
  }
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the wire view, ${colorScheme}`, async () => {
    const page = await opened(LESSON, 'no-certificate', { colorScheme });
    await page.locator('.wire-message', { hasText: 'ServerHello' }).click();
    await page.locator('.wire-tree [role="treeitem"]').nth(2).click();
    const found = await axeFaults(page, '#wire');
    assert.deepEqual(found, []);
  });
}
