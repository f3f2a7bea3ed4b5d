// The site with the other engine: chosen in the settings, on pages of its own, and our own engine in its place when it fails.
// The host is the stand-in of `stand-in/`; nothing here has been run against StackBlitz's.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import lab8 from '../../lessons/08-oauth-in-one-sitting/lab.ts';
import lab9 from '../../lessons/09-session-hijack/lab.ts';
import { dist, settled, states, watchRuns } from '../pages/support/site.ts';
import { launchChromium } from '../support/chromium.ts';
import { openStandIn, type StandIn } from './stand-in/server.ts';

const LESSON = '/lessons/mutual-tls/';
const ROUTE = `${LESSON}webcontainer/`;

let standIn: StandIn;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let requests: URL[];

before(async () => {
  [standIn, browser] = await Promise.all([openStandIn(dist), launchChromium()]);
});
after(async () => {
  await browser.close();
  await standIn.close();
});

beforeEach(async () => {
  Object.assign(standIn, { mode: 'answers', sendsHeaders: true, isAllowed: true });
  Object.assign(standIn.host, { lacksTls: false, announces: true });
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  context.setDefaultTimeout(60_000);
  await context.addInitScript(watchRuns);
  page = await context.newPage();
  requests = [];
  context.on('request', (request) => requests.push(new URL(request.url())));
  await page.addInitScript(
    (url) => Object.assign(globalThis, { WEBCONTAINER_API_IFRAME_URL: url }),
    standIn.url,
  );
});
afterEach(async () => {
  await context.close();
  await standIn.host.close();
});

const open = (path: string) => page.goto(standIn.url + path, { waitUntil: 'load' });
/** How often the other engine's host was asked for anything. */
const asked = () =>
  requests.filter(({ pathname, host }) => pathname === '/headless' || host.includes('stackblitz')).length;
const said = () => page.textContent('.engine-said');

async function choose(): Promise<void> {
  await open('/settings/');
  await page.check('[data-engines] [value="webcontainer"]');
}

async function pressForAnotherPage(label: string): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.click(`button:text-is("${label}")`)]);
}

async function passes(id: string): Promise<void> {
  await page.click(`[data-step="${id}"] button`);
  const { [id]: result } = await settled(page);
  await allPassed({ [id]: result });
}

/** What did not pass is told with what the page says of it. */
async function allPassed(results: Record<string, string>): Promise<void> {
  const failed = Object.keys(results).filter((id) => results[id] !== 'passed');
  if (failed.length === 0) return;
  const places = [...failed.map((id) => `[data-step="${id}"]`), '.consoles'];
  assert.fail((await Promise.all(places.map((place) => page.textContent(place)))).join('\n'));
}

/** Gives the client a program that never ends, runs it, and waits until it is at work. */
async function beginEndless(): Promise<void> {
  if ((await page.locator('[data-file="client.js"][data-changed]').count()) === 0) {
    await page.click('[data-file="client.js"]');
    await page.click('[data-action="edit"]');
    const endless = "console.log('mine');\nsetInterval(() => {}, 1000);\n";
    await page.locator('[data-sheet="client.js"] .cm-content').fill(endless);
  }
  await page.click('[data-step="right-certificate"] button');
  await page.locator('[data-process="client"]').getByText('mine', { exact: true }).waitFor();
}

test('nobody asks StackBlitz for anything unless the reader has chosen it', async () => {
  for (const path of ['/', '/settings/', '/engine-check/', '/engine-check/hosts/', LESSON]) await open(path);
  await passes('right-certificate');
  // A link to the other engine's page is no choice.
  await open(ROUTE);
  await passes('right-certificate');
  assert.match(String(await said()), /You have not chosen them/);
  assert.equal(asked(), 0);
  assert.equal(standIn.host.alive, 0);
  await pressForAnotherPage('Run on WebContainers');
  await passes('right-certificate');
  assert.equal(asked(), 1);
  // Once they are chosen, a page that runs no lab on them asks for nothing still.
  for (const path of ['/', '/settings/', '/engine-check/', '/engine-check/hosts/', '/errors/', '/nowhere/']) {
    await open(path);
  }
  await page.goto(standIn.url);
  assert.equal(asked(), 1);
});

test('a lab that needs npm itself leads to the page of the engine that has it, which asks first', async () => {
  await context.route('**/mutual-tls/lab.json', async (route) => {
    const answer = await route.fetch();
    const data = await answer.json();
    await route.fulfill({ response: answer, json: { ...data, lab: { ...data.lab, needs: ['npmInstall'] } } });
  });
  await open(LESSON);
  await page.hover('[data-action="run-all"]');
  await page.waitForSelector('.engine-said');
  assert.match(String(await said()), /This lab needs npm itself/);
  await Promise.all([page.waitForURL(`**${ROUTE}`), page.click('.engine-acts a')]);
  await page.hover('[data-action="run-all"]');
  await page.waitForSelector('.engine-said');
  assert.match(String(await said()), /You have not chosen them/);
  assert.equal(asked(), 0);
  await pressForAnotherPage('Run on WebContainers');
  await passes('right-certificate');
});

test('the pages of the other engine are isolated, and no others', async () => {
  for (const [path, isIsolated] of [
    [ROUTE, true],
    ['/engine-check/', true],
    [LESSON, false],
    ['/', false],
    ['/settings/', false],
  ] as const) {
    const answer = await open(path);
    const headers = answer?.headers() ?? {};
    assert.equal(headers['cross-origin-opener-policy'], isIsolated ? 'same-origin' : undefined, path);
    assert.equal(headers['cross-origin-embedder-policy'], isIsolated ? 'require-corp' : undefined, path);
    assert.equal(await page.evaluate(() => crossOriginIsolated), isIsolated, path);
    const policy = await page.getAttribute('meta[http-equiv="Content-Security-Policy"]', 'content');
    assert.match(String(policy), isIsolated ? /frame-src http:\/\/localhost/ : /frame-src 'none'/, path);
  }
});

test('a whole lesson: its steps, its exercise and its checks', async () => {
  await choose();
  await open(LESSON);
  await page.waitForURL(`**${ROUTE}`);
  await page.click('[data-action="run-all"]');
  const results = await settled(page);
  await allPassed(results);
  assert.match(String(await said()), /Running on WebContainers, Node\.js v\d/);
  assert.match(String(await page.textContent('[data-process="server"]')), /serving: app\.tally\.example/);
  // Where it stands, and what cannot be had here.
  await page.click('.engine summary');
  assert.match(
    String(await page.locator('.engine dl').textContent()),
    /ledger\.tally\.example:\d+ is port \d+ there/,
  );
  assert.equal(await page.isVisible('[data-file="wire"]'), false);
  // Whoever asks for it all the same, by a link in the text or by its key, is given the reason.
  const [status, wire] = [page.locator('[data-status]'), page.locator('[data-sheet="wire"]')];
  for (const ask of [() => page.click('a[href^="#wire="] >> nth=0'), () => page.keyboard.press('w')]) {
    await status.evaluate((element) => element.replaceChildren());
    await ask();
    await status.getByText(/wire/).waitFor();
    assert.equal(await wire.isVisible(), false);
  }

  await page.click('[data-action="check"] >> nth=0');
  await settled(page);
  assert.deepEqual(await states(page, 'check'), {
    'app-served': 'passed',
    'stranger-refused': 'failed',
    'foreign-refused': 'failed',
  });
  await page.click('[data-action="solve"] >> nth=0');
  await page.click('dialog .press');
  await page.click('[data-action="check"] >> nth=0');
  await settled(page);
  assert.deepEqual([...new Set(Object.values(await states(page, 'check')))], ['passed']);

  // The reader's files go along to the other engine.
  await page.click('text=Use Handfast’s own engine');
  await page.waitForURL(({ pathname }) => pathname === LESSON);
  await page.click('[data-action="check"] >> nth=0');
  await settled(page);
  assert.deepEqual([...new Set(Object.values(await states(page, 'check')))], ['passed']);
  assert.equal(await page.locator('.engine').count(), 0);
});

test('where its Node.js has no TLS and no RSA, ours stand in, and the lesson runs', async () => {
  standIn.host.lacksTls = true;
  await choose();
  await open(ROUTE);
  await page.click('[data-action="run-all"]');
  const results = await settled(page);
  await allPassed(results);
  assert.match(String(await said()), /TLS and cryptography: Handfast’s own/);
  assert.equal((await page.locator('.step').count()) > 5, true);
});

test('a step can be stopped, and leaves nothing running', { timeout: 120_000 }, async () => {
  await choose();
  await open(ROUTE);
  await beginEndless();
  assert.equal(standIn.host.running, 2);
  const ended = standIn.host.ended();
  await page.click('[data-action="stop"]');
  await page.waitForSelector('[data-action="stop"][aria-disabled="true"]');
  // The page does not wait for them for ever.
  await ended;
  assert.equal(standIn.host.running, 0);
});

for (const [name, prepare, words] of [
  ['the page is not isolated', () => Object.assign(standIn, { sendsHeaders: false }), /isolated from others/],
  ['the policy does not allow it', () => Object.assign(standIn, { isAllowed: false }), /security policy/],
  ['its host refuses', () => Object.assign(standIn, { mode: 'refuses' }), /not registered\..*licence/],
  ['its host is blocked', () => Object.assign(standIn, { mode: 'silent' }), /may be blocked here/],
] as const) {
  test(`where ${name}, our own engine takes over at once`, async () => {
    await choose();
    prepare();
    await open(ROUTE);
    await passes('right-certificate');
    assert.match(String(await said()), words);
    assert.match(String(await said()), /Handfast’s own engine has taken over, with your files/);
    assert.equal(standIn.host.alive, 0);
    assert.equal(await page.isVisible('[data-file="wire"]'), true);
    // From here on no frame of this page gets anywhere, as on every other page.
    const went = await page.evaluate(async () => {
      const violation = new Promise((resolve) =>
        addEventListener('securitypolicyviolation', resolve, { once: true }),
      );
      const frame = document.createElement('iframe');
      frame.src = '/headless';
      document.body.append(frame);
      return ((await violation) as SecurityPolicyViolationEvent).effectiveDirective;
    });
    assert.equal(went, 'frame-src');

    Object.assign(standIn, { mode: 'answers', sendsHeaders: true, isAllowed: true });
    await pressForAnotherPage('Load the page again');
    await passes('right-certificate');
    assert.match(String(await said()), /Running on WebContainers/);
  });
}

test('offline, our own engine takes over if the page has it', async () => {
  await choose();
  await open(ROUTE);
  await page.evaluate(() => Object.defineProperty(navigator, 'onLine', { get: () => false }));
  await passes('right-certificate');
  assert.match(String(await said()), /There is no network.*taken over/);
  assert.equal(asked(), 0);
});

test('when it dies in the middle of a run, the run says so, and the next has our own engine and the reader’s files', async () => {
  await choose();
  await open(ROUTE);
  await beginEndless();
  const over = page.waitForSelector('[data-step="right-certificate"][data-state="failed"]');
  standIn.host.breakDown('out of memory');
  await over;
  assert.match(String(await page.textContent('[data-step="right-certificate"]')), /out of memory/);
  await standIn.host.gone();

  await beginEndless();
  assert.match(String(await said()), /cannot be started on it again.*taken over/);
  await page.click('[data-action="stop"]');
});

for (const [slug, lab, lacksTls] of [
  ['oauth-in-one-sitting', lab8, false],
  ['oauth-in-one-sitting', lab8, true],
  ['session-hijack', lab9, false],
] as const) {
  const whose = lacksTls ? 'our TLS' : 'TLS of its own';
  test(`${slug}, with ${whose}: steps at a browser are not offered, with the reason; all others pass`, async () => {
    standIn.host.lacksTls = lacksTls;
    await choose();
    await open(`/lessons/${slug}/webcontainer/`);
    await page.hover('[data-action="run-all"]');
    await page.waitForSelector('.step .cannot');
    const { withheld, reasons } = await page.evaluate(() => {
      const buttons = document.querySelectorAll('[data-step] button[aria-disabled="true"]');
      return {
        withheld: [...buttons].map((each) => each.closest<HTMLElement>('[data-step]')?.dataset.step),
        reasons: [...document.querySelectorAll('[data-step] .cannot')].map(({ textContent }) => textContent),
      };
    });
    const atBrowser = lab.steps.filter(({ run }) =>
      run.some((act) => typeof act === 'object' && 'browser' in act),
    );
    assert.deepEqual(
      withheld,
      atBrowser.map(({ id }) => id),
    );
    assert.equal(reasons.length, withheld.length);
    for (const reason of reasons) assert.match(String(reason), /nobody can sit at a browser/);

    await page.click('[data-action="run-all"]');
    const results = await settled(page);
    const expected = lab.steps.map(({ id }) => [id, withheld.includes(id) ? 'idle' : 'passed']);
    assert.deepEqual(results, Object.fromEntries(expected), String(await page.textContent('.consoles')));
  });
}

test('where no step can run there, the page says so, and the lab’s panes for them are gone', async () => {
  await choose();
  await open('/lessons/certificate-bound-tokens/webcontainer/');
  await page.hover('[data-action="run-all"]');
  await page.waitForSelector('[data-action="run-all"][aria-disabled="true"]');
  assert.match(String(await said()), /none of them runs on WebContainers/);
  for (const pane of ['browser:ana', 'worlds', 'wire'])
    assert.equal(await page.isVisible(`[data-file="${pane}"]`), false, pane);
  assert.equal(await page.isVisible('[data-file="api.js"]'), true);
});

test('the engine check asks an engine when told to, and prints a report of it', async () => {
  await open('/engine-check/');
  await page.click('[data-check="embedded"]');
  await page.waitForSelector('[data-report]:not([hidden])');
  const own = String(await page.textContent('[data-report]'));
  assert.match(own, /Handfast’s own engine\n {2}Node\.js v24/);
  for (const name of ['net', 'tls', 'rsa', 'ec', 'X509Certificate'])
    assert.match(own, new RegExp(`  ${name}: works`));
  assert.equal(asked(), 0);
  await page.click('[data-check="webcontainer"]');
  await page.waitForFunction(() =>
    /WebContainers\n/.test(document.querySelector('[data-report]')?.textContent ?? ''),
  );
  const both = String(await page.textContent('[data-report]'));
  assert.match(both, /Its own Node\.js:\n {2}net: works\n {2}tls: works/);
  assert.match(both, /Isolated page: yes/);
  assert.equal(asked(), 1);
});
