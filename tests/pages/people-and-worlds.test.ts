// Lessons with a person at a browser, and with two worlds side by side, as a reader works them; the network is cut first.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { openSite, reach, type Site } from './support/site.ts';

const HIJACK = '/lessons/session-hijack/';
const BINDING = '/lessons/certificate-bound-tokens/';

let site: Site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

/** A lesson that has all it needs, and no network any more. */
async function offline(address: string): Promise<Page> {
  const reader = await site.reader();
  await reader.open(address);
  await reach(reader);
  await reader.context.setOffline(true);
  return reader.page;
}

async function run(page: Page, step: string): Promise<void> {
  await page.click(`[data-step="${step}"] button`);
  await page.waitForSelector(`[data-step="${step}"]:is([data-state="passed"], [data-state="failed"])`, {
    timeout: 120_000,
  });
  assert.equal(
    await page.getAttribute(`[data-step="${step}"]`, 'data-state'),
    'passed',
    await page.innerText(`[data-step="${step}"]`),
  );
}

test('the script in a note runs in Ana’s page, in a sealed pane with an address bar', async () => {
  const page = await offline(HIJACK);
  await run(page, 'by-script');
  const pane = page.locator('[data-browser="ana"]');
  assert.ok(await pane.isVisible());
  assert.equal(await pane.getAttribute('data-security'), 'secure');
  assert.equal(
    await pane.locator('[data-part="address"]').innerText(),
    'https://app.tally.example:8443/notes',
  );
  assert.equal(await pane.locator('iframe').getAttribute('sandbox'), 'allow-scripts allow-forms');
  const shown = pane.frameLocator('iframe').locator('body');
  assert.match(await shown.innerText(), /The flour comes on Monday\./);
  assert.match(await page.locator('[data-process="mallory"]').innerText(), /loot: a token of ana/);
  assert.match(await page.locator('[data-process="replay"]').innerText(), /GET \/ledger: 200/);

  await pane.locator('[data-part="view"]').selectOption('cookies');
  assert.match(await pane.locator('[data-part="facts"]').innerText(), /session[\s\S]*HttpOnly/);
  await pane.locator('[data-browser-act="certificate"]').click();
  await pane
    .locator('[data-part="facts"]')
    .getByText(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
    .first()
    .waitFor();

  await page.click('[data-action="reset"]');
  await page.waitForSelector('[data-browser="ana"][data-security="none"]', { state: 'attached' });
  assert.equal(await pane.locator('iframe').count(), 0);
});

test('a program that the reader has yet to write runs to its end, and says nothing', async () => {
  const page = await offline(HIJACK);
  await run(page, 'your-attack');
  const attacker = page.locator('[data-process="attacker"]');
  assert.equal(await attacker.locator('[data-process-state]').innerText(), 'exited with 0');
  assert.equal(await attacker.locator('.output').innerText(), '');
  await page.context().close();
});

test('one press, two worlds: the stolen token is served on the left and refused on the right', async () => {
  const page = await offline(BINDING);
  await run(page, 'side-by-side');
  const world = (name: string) => page.locator(`[data-world="${name}"]`);
  const replay = (name: string) => world(name).locator('[data-process="replay"]');
  assert.match(await replay('unbound').innerText(), /no cnf[\s\S]*GET \/ledger: 200/);
  assert.match(await replay('bound').innerText(), /GET \/ledger: 401 Bearer error="invalid_token"/);
  assert.doesNotMatch(await replay('bound').innerText(), /Rent/);
  assert.match(
    await world('bound').locator('[data-process="api"]').innerText(),
    /401: the token is bound to/,
  );
  const binding = (name: string) =>
    world(name)
      .locator('.binding')
      .evaluate((each) => [
        each.querySelector('.binding-words')?.textContent,
        each.querySelector('.binding-line')?.hasAttribute('data-breached'),
      ]);
  assert.deepEqual(await binding('unbound'), ['Mallory reads the ledger.', true], 'the ribbon is cut');
  assert.deepEqual(await binding('bound'), ['Refused: 401.', false], 'and tied');
  for (const name of ['unbound', 'bound']) {
    assert.equal(await world(name).getAttribute('data-state'), 'passed');
    assert.match(await world(name).locator('[data-process="ana"]').innerText(), /Balance: 1204\.50/);
  }
  const [left, right] = await Promise.all([world('unbound').boundingBox(), world('bound').boundingBox()]);
  assert.ok(left && right && left.x + left.width <= right.x + 1 && left.y === right.y, 'side by side');
});

test('below the text, too, a pane that a run opens moves nothing', async () => {
  const reader = await site.reader({ viewport: { width: 768, height: 1024 } });
  await reader.open(HIJACK);
  await reach(reader);
  await reader.page.locator('.file-bar').waitFor();
  const top = () =>
    reader.page
      .locator('.consoles')
      .evaluate((consoles) => Math.round(consoles.getBoundingClientRect().top + scrollY));
  const before = await top();
  await run(reader.page, 'honest-day');
  await reader.page.locator('[data-browser="ana"]').waitFor();
  assert.ok(Math.abs((await top()) - before) <= 1, `${before}, then ${await top()}`);
  await reader.context.close();
});

test('a world that plays alone has no line beside it', async () => {
  const page = await offline(BINDING);
  await run(page, 'changed-token');
  const [shown] = await page
    .locator('.world:visible')
    .evaluateAll((worlds) => worlds.map((world) => getComputedStyle(world).borderInlineStartColor));
  assert.equal(shown, 'rgba(0, 0, 0, 0)');
  await page.context().close();
});

test('on a phone one world follows the other, and nothing lies over anything', async () => {
  const reader = await site.reader({ viewport: { width: 390, height: 844 } });
  await reader.open(BINDING);
  await run(reader.page, 'side-by-side');
  const [first, second] = await reader.page
    .locator('[data-world]')
    .evaluateAll((worlds) => worlds.map((world) => world.getBoundingClientRect()));
  const end = await reader.page
    .locator('[data-world]')
    .first()
    .evaluate((world) => (world.lastElementChild as Element).getBoundingClientRect().bottom);
  assert.ok(first.bottom <= second.top + 1 && end <= second.top + 1);

  // From below the step's button to what its programs said, also when another file has been opened since, and back again.
  const said = async (step: string) => {
    const link = reader.page.locator(`[data-step="${step}"] .to-consoles`);
    await link.scrollIntoViewIfNeeded();
    // Ana's page is another process's: until what was scrolled is drawn, a press goes to where her pane has been.
    await reader.page.evaluate(
      () =>
        new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
    );
    await link.click();
  };
  const isInSight = (selector: string) =>
    reader.page.waitForFunction((selector) => {
      const { top, height } = (document.querySelector(selector) as Element).getBoundingClientRect();
      return height > 0 && top >= 0 && top < innerHeight / 2;
    }, selector);
  await reader.page.click('[data-file="api.js"]');
  await said('side-by-side');
  await isInSight('#worlds');
  await run(reader.page, 'your-app');
  await said('side-by-side');
  await isInSight('#worlds');
  await said('your-app');
  await isInSight('#consoles');

  // From the worlds, too, a way leads back to what was pressed.
  await run(reader.page, 'side-by-side');
  await said('side-by-side');
  const back = reader.page.getByRole('link', { name: 'Back to the step' });
  await back.click();
  await isInSight('#step-side-by-side');
});
