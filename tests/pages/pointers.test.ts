// Every name in a lesson's text that points at the wire: pressing it runs its step and opens exactly that message.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readPointer } from '../../src/lab/workbench/wire/pointer.ts';
import { openSite, type Site } from './support/site.ts';

/** For each link: who sends the message, and what is said of it when it is opened. */
const LESSONS: Record<string, string[]> = {
  'mutual-tls': [
    'CertificateRequest ledger.tally.example → app.tally.example',
    'Certificate app.tally.example → ledger.tally.example',
    'CertificateVerify app.tally.example → ledger.tally.example',
  ],
  'oauth-in-one-sitting': [
    'authorization request ana.example → auth.tally.example',
    'token request app.tally.example → auth.tally.example',
    'authorization response ana.example → app.tally.example',
  ],
  'session-hijack': [
    'refusal of a token api.tally.example → mallory.example',
    'GET /session/token HTTP/1.1 ana.example → app.tally.example',
    'request with a bearer token app.tally.example → api.tally.example',
    'request with a bearer token mallory.example → api.tally.example',
  ],
  'certificate-bound-tokens': [
    'decrypt_error api.tally.example → mallory.example',
    'CertificateVerify app.tally.example → auth.tally.example',
    'refusal of a token api.tally.example → mallory.example',
  ],
};

let site: Site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

for (const [slug, expected] of Object.entries(LESSONS))
  test(`the pointers of ${slug}`, async () => {
    const { page, open } = await site.reader();
    await open(`/lessons/${slug}/`);
    const links = page.locator('a.on-wire');
    assert.equal(await links.count(), expected.length);
    for (const [at, opened] of expected.entries()) {
      const pointer = readPointer(decodeURI((await links.nth(at).getAttribute('href')) ?? ''));
      assert.ok(pointer);
      // The message of the link before must not be taken for this one.
      const shown = page.locator('.wire-opened');
      if (await shown.isVisible()) await shown.getByRole('button', { name: 'Close', exact: true }).click();
      await shown.waitFor({ state: 'detached' });
      await links.nth(at).press('Enter');
      await page.waitForSelector(`[data-step="${pointer.step}"][data-state="passed"]`, { timeout: 120_000 });
      await shown.waitFor();
      const [, name, between] = /^(.*?) (\S+ → \S+)$/.exec(opened) as RegExpExecArray;
      const text = (await shown.innerText()).replaceAll(/\s+/g, ' ');
      assert.ok(text.includes(between), `${opened}: ${text.slice(0, 200)}`);
      assert.ok(text.toLowerCase().includes(name.toLowerCase()), `${opened}: ${text.slice(0, 200)}`);
      await page.evaluate(() => history.replaceState(null, '', location.pathname));
    }
  });
