// The front page shows a handshake as it happens in the reader's own browser; where it cannot, it is still a front page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openSite, type Site } from './support/site.ts';

let site: Site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

const DONE = '[data-live-again]:not([hidden])';

test('client and server shake hands, and the flights are those of mutual TLS 1.3', async () => {
  const { page, open, complaints, requests } = await site.reader();
  await open('/');
  await page.waitForSelector(DONE);
  const flights = page.locator('[data-live-flights] li');
  assert.deepEqual(await flights.locator('.said').allTextContents(), [
    'ClientHello (in clear) ',
    'ServerHello (in clear) ',
    ...['EncryptedExtensions', 'CertificateRequest', 'Certificate', 'CertificateVerify', 'Finished'].map(
      (name) => `${name} (encrypted) `,
    ),
    ...['Certificate', 'CertificateVerify', 'Finished'].map((name) => `${name} (encrypted) `),
    ...(await flights.last().locator('.said').allTextContents()),
  ]);
  const sides = await flights.evaluateAll((all) => all.map((each) => (each as HTMLElement).dataset.role));
  assert.deepEqual(sides.slice(0, 3), ['client', 'server', 'client']);
  const words = await page.innerText('[role="status"][data-live-words]');
  assert.match(words, /^\d+ messages in \d+ ms, just now/);
  assert.match(
    (await page.locator('[data-live-words] a').getAttribute('href')) ?? '',
    /#step-right-certificate$/,
  );
  assert.deepEqual(complaints, []);
  assert.ok(
    requests.every((url) => url.startsWith(site.url) || /^(data|blob):/.test(url)),
    requests.join('\n'),
  );

  await page.click('[data-live-again]');
  await page.waitForSelector(DONE);
  assert.match(await page.innerText('[role="status"][data-live-words]'), /^\d+ messages/);
});

test('what stands below the handshake holds still while it happens', async () => {
  for (const width of [1440, 768, 390, 375, 320]) {
    const { page, open, context } = await site.reader({ viewport: { width, height: 900 } });
    await open('/');
    await page.evaluate(() => document.fonts.ready);
    const top = () => page.evaluate(() => document.querySelector('h1')?.getBoundingClientRect().top);
    const before = await top();
    await page.waitForSelector(DONE);
    assert.equal(await top(), before, `${width} wide`);
    await context.close();
  }
});

test('without the network it says so, and the page stays whole', async () => {
  const { page, open, context } = await site.reader();
  // The handshake begins a moment after the page is there, which may be before the network can be cut.
  await context.route('**/engine/**', (route) => route.abort());
  await open('/');
  await context.setOffline(true);
  await page.waitForSelector(DONE);
  assert.match(await page.innerText('[role="status"][data-live-words]'), /could not run it/);
  assert.ok(await page.isVisible('.begin a'));
});

test('without JavaScript it is a drawing with its caption', async () => {
  const { page, open } = await site.reader({ javaScriptEnabled: false });
  await open('/');
  assert.equal(await page.isVisible('[data-live]'), false);
  assert.equal(await page.isVisible('.figure figcaption'), true);
});

test('what was done in a lesson is said in the course list, and only there', async () => {
  const { page, open } = await site.reader();
  await open('/');
  const lines = page.locator('[data-so-far]');
  assert.equal(await lines.locator('visible=true').count(), 0, 'nothing yet');
  const lesson = page.locator('[data-so-far="mutual-tls"]');
  const names = async (count: string) =>
    Array.from({ length: Number(await lesson.getAttribute(count)) }, (_, at) => [`${at}`, 'passed']);
  const [steps, checks] = [await names('data-steps'), await names('data-checks')];
  assert.ok(steps.length > 1 && checks.length > 1);
  const keep = (kept: object) =>
    page.evaluate((kept) => localStorage.setItem('handfast:results', JSON.stringify(kept)), {
      version: 1,
      lessons: { 'mutual-tls': kept },
    });
  await keep({ steps: { a: 'passed', b: 'breached', c: 'failed' }, checks: {} });
  await page.reload();
  assert.equal(
    await lesson.innerText(),
    `So far: 2 of ${steps.length} steps and 0 of ${checks.length} checks passed.`,
  );
  assert.equal(await lesson.locator('svg').isVisible(), false);
  assert.equal(await lines.locator('visible=true').count(), 1);
  await keep({ steps: Object.fromEntries(steps), checks: Object.fromEntries(checks) });
  await page.reload();
  assert.equal(await lesson.innerText(), 'Done: every step and every check passed.');
  assert.equal(await lesson.locator('svg').isVisible(), true);
});
