// The engine comes before the press: when a hand is near, or, where nothing can hover, when a button is looked at.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { LESSON, openSite, type Reader, type Site } from './support/site.ts';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
/** The last step: reading towards it passes all the others by. */
const BUTTON = '[data-step] button >> nth=-1';

let site: Site;
let reader: Reader;
before(async () => {
  site = await openSite();
});
after(() => site.close());
beforeEach(async () => {
  reader = await site.reader(PHONE);
  await reader.page.clock.install();
});
afterEach(() => reader.context.close());

const engine = () => reader.requests.filter((url) => new URL(url).pathname.startsWith('/engine/'));
/** Scrolls there, and waits until the page's observers have been told: the one made last is told last. */
const show = (selector: string) =>
  reader.page
    .locator(selector)
    .first()
    .evaluate((each) => {
      each.scrollIntoView({ block: 'center', behavior: 'instant' });
      return new Promise<void>((resolve) => new IntersectionObserver(() => resolve()).observe(each));
    });

/** Opens the lesson; from here on its timers run by hand. */
async function open(): Promise<void> {
  await reader.open(LESSON);
  await reader.page.clock.pauseAt(Date.now() + 60_000);
}

async function rest(selector: string, milliseconds: number): Promise<void> {
  await show(selector);
  await reader.page.clock.runFor(milliseconds);
}

test('on a phone, a button in view for a second or so brings the engine; one that is passed by does not', async () => {
  await open();
  for (let times = 0; times < 4; times += 1) {
    await rest(BUTTON, 500);
    await rest('h1', 60_000);
  }
  assert.deepEqual(engine(), []);
  const comes = reader.page.waitForRequest((request) =>
    new URL(request.url()).pathname.startsWith('/engine/'),
  );
  await rest(BUTTON, 2000);
  await comes;
  await reader.page.clock.resume();
  await reader.page.locator(BUTTON).tap();
  await reader.page.waitForSelector('[data-step][data-state="passed"]');
});

test('not for a reader who saves data, before a press', async () => {
  await reader.page.addInitScript(() =>
    Object.defineProperty(navigator, 'connection', { value: { saveData: true } }),
  );
  await open();
  await rest(BUTTON, 60_000);
  assert.deepEqual(engine(), []);
  await reader.page.clock.resume();
  await reader.page.locator(BUTTON).tap();
  await reader.page.waitForSelector('[data-step][data-state="passed"]');
});

test('all that a first press needs is asked for at once, whatever comes first, and each of it once', async () => {
  const { page } = reader;
  await page.clock.resume();
  const release = Promise.withResolvers<void>();
  await page.route(/\/_astro\/workbench\.[^/]+\.js$/, async (route) => {
    await release.promise;
    await route.continue();
  });
  await reader.open(LESSON);
  const NEEDED = ['/engine/worker.js', '/engine/kernel.js', `${LESSON}lab.json`];
  const asked = NEEDED.map((name) => page.waitForRequest((request) => request.url().endsWith(name)));
  // A press that no hand announces: no pointer, no focus.
  await page.locator(BUTTON).evaluate((button: HTMLElement) => button.click());
  await Promise.all(asked);
  release.resolve();
  await page.waitForSelector('[data-step][data-state="passed"]');
  for (const name of NEEDED) {
    assert.equal(reader.requests.filter((url) => url.endsWith(name)).length, 1, name);
  }
});

test('what the lab will need of the engine comes while the engine starts, and each of it once', async () => {
  const { page } = reader;
  await page.clock.resume();
  const release = Promise.withResolvers<void>();
  await page.route('**/engine/kernel.js', async (route) => {
    await release.promise;
    await route.continue();
  });
  await reader.open(LESSON);
  const { needs } = await page.evaluate(async () => (await fetch('lab.json')).json());
  const names = (needs.pieces as string[]).map((name) => `/engine/${name}.js`);
  assert.ok(names.includes('/engine/crypto.js'), names.join());
  const asked = names.map((name) => page.waitForRequest((request) => request.url().endsWith(name)));
  await page.locator(BUTTON).evaluate((button: HTMLElement) => button.click());
  await Promise.all(asked);
  release.resolve();
  await page.waitForSelector('[data-step][data-state="passed"]');
  for (const name of names) {
    assert.equal(reader.requests.filter((url) => url.endsWith(name)).length, 1, name);
  }
});
