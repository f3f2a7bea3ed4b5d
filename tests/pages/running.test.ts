// The lesson as a reader works it: run, break, read the error, solve, check, reset. The network is cut once the reader has
// reached for the controls.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import lab from '../../lessons/05-mutual-tls/lab.ts';
import { LESSON, openSite, type Reader, reach, type Site, settled, states } from './support/site.ts';

let site: Site;
let reader: Reader;
before(async () => {
  site = await openSite();
  reader = await site.reader();
  await reader.open(LESSON);
  await reach(reader);
  await reader.context.setOffline(true);
});
after(() => site.close());

const every = (names: readonly string[], state: string) =>
  Object.fromEntries(names.map((name) => [name, state]));
const steps = lab.steps.map(({ id }) => id);
const checks = lab.checks.map(({ name }) => name);
const console = (name: string) => reader.page.locator(`[data-process="${name}"]`);
/** What this browser keeps of the lesson. */
const kept = () =>
  reader.page.evaluate((): Record<'steps' | 'checks', Record<string, string>> => {
    const { lessons } = JSON.parse(localStorage.getItem('handfast:results') ?? '{}');
    return lessons['mutual-tls'];
  });

test('the network is cut', async () => {
  assert.equal(
    await reader.page.evaluate(() =>
      fetch('/').then(
        () => 'answered',
        () => 'refused',
      ),
    ),
    'refused',
  );
});

test('Run all passes every step; the client speaks TLS 1.3 and is authorized', async () => {
  const { page } = reader;
  assert.deepEqual(await states(page, 'step'), every(steps, 'idle'));
  await page.click('[data-action="run-all"]');
  assert.deepEqual(await settled(page), every(steps, 'passed'));
  const client = await console('client').innerText();
  assert.match(client, /TLSv1\.3/);
  assert.match(client, /authorized: true/);
});

test('where an attack has succeeded the ribbon is cut, though the step has passed', async () => {
  const cut = await reader.page.locator('[data-step] > .ribbon-mark .cut:visible').count();
  const attacks = lab.steps.filter(({ shows }) => shows === 'attack').map(({ id }) => id);
  assert.equal(cut, attacks.length);
  const { steps } = await kept();
  assert.deepEqual(
    Object.keys(steps).filter((id) => steps[id] === 'breached'),
    attacks,
    'and so it is kept',
  );
});

test('whatever a step prints and is called, nothing of the instrument moves, and who acted last is seen whole', async () => {
  const { page } = reader;
  const own = await site.reader({ viewport: { width: 1280, height: 800 } });
  await own.open(LESSON);
  await reach(own);
  const box = (selector: string) => own.page.locator(selector).first().boundingBox();
  const frame = async () => [await box('.toolbar'), await box('.files'), await box('.consoles')];
  const before = await frame();
  for (const { id, run, title } of lab.steps.slice(0, 5)) {
    await own.page.click(`[data-step="${id}"] button`);
    await own.page.waitForSelector(`[data-step="${id}"][data-state="passed"]`);
    assert.deepEqual(await frame(), before, title);
    const [list, last] = [await box('.consoles'), await box(`[data-process="${run}"]`)];
    assert.ok(list && last);
    assert.ok(last.y >= list.y - 1 && last.y + last.height <= list.y + list.height + 1, title);
  }
  await own.context.close();
  await page.bringToFront();
});

test('each verdict is spoken once, with a number of its own', async () => {
  const log = reader.page.getByRole('log');
  assert.equal(await log.getAttribute('aria-live'), 'polite');
  const lines = await log.locator('p').allInnerTexts();
  assert.equal(lines.length, steps.length);
  assert.deepEqual(
    lines.map((line) => Number.parseInt(line, 10)),
    steps.map((_, at) => at + 1),
  );
  for (const [at, { title }] of lab.steps.entries()) assert.ok(lines[at].includes(title), lines[at]);
});

test('without cert and key the client reads the alert after secureConnect, and the step says what it missed', async () => {
  const { page } = reader;
  await page.click('[data-file="client.js"]');
  await page.click('[data-action="edit"]');
  const text = await page.locator('[data-sheet="client.js"] code').textContent();
  assert.match(text ?? '', /^\s*cert:.*\n\s*key:/m);
  await page.locator('.cm-content').fill((text ?? '').replace(/^\s*(cert|key):.*\n/gm, ''));
  await page.keyboard.press('Control+Enter');
  // Run all was run last, so it runs again; the one step is enough here.
  await page.click('[data-step="right-certificate"] button');
  // The run of all may have come to this step already: what is read is the last run's.
  assert.equal((await settled(page))['right-certificate'], 'failed');
  const output = await console('client').innerText();
  assert.match(output, /secureConnect[\s\S]*ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED/);
  const step = await page.locator('[data-step="right-certificate"]').innerText();
  assert.match(step, /Expected[\s\S]*Came/);
});

test('the starting files fail the checks for the named reasons', async () => {
  const { page } = reader;
  await page.click('[data-action="check"]');
  await settled(page);
  const expected = lab.checks.map(({ name, failsAtFirst }) => [name, failsAtFirst ? 'failed' : 'passed']);
  assert.deepEqual(await states(page, 'check'), Object.fromEntries(expected));
  for (const { name, failsAtFirst } of lab.checks) {
    const text = (await page.locator(`[data-check="${name}"]`).innerText()).replaceAll(/\s+/g, ' ');
    if (failsAtFirst) assert.ok(text.includes(failsAtFirst), text);
  }
});

test('Solve asks first, shows the change, and the checks then pass', async () => {
  const { page } = reader;
  await page.click('[data-action="solve"]');
  await page.click('dialog [data-action="cancel"]');
  assert.equal(await page.locator('dialog').count(), 0);
  await page.click('[data-action="reset"]');
  await page.click('dialog [data-action="confirm"]');
  await page.click('[data-action="solve"]');
  assert.match(await page.locator('dialog .difference').innerText(), /rejectUnauthorized/);
  await page.click('dialog [data-action="confirm"]');
  await page.waitForSelector('dialog', { state: 'detached' });
  await page.click('[data-action="check"]');
  await settled(page);
  assert.deepEqual(await states(page, 'check'), every(checks, 'passed'));
  assert.equal(await page.locator('[data-exercise]').getAttribute('data-state'), 'passed');
});

test('with the solution, the attack steps pass as solved', async () => {
  const { page } = reader;
  await page.click('[data-step="lax-no-certificate"] button');
  await settled(page);
  assert.equal((await states(page, 'step'))['lax-no-certificate'], 'passed');
  assert.match(await page.locator('[data-step="lax-no-certificate"]').innerText(), /receives nothing/);
  assert.equal(await page.locator('[data-step="lax-no-certificate"] .knot').isVisible(), true);
});

test('an edit forgets the checks, and the steps that run the edited file, but no others', async () => {
  const { page } = reader;
  await page.click('[data-step="no-certificate"] button');
  await settled(page);
  await page.click('[data-file="lax-server.js"]');
  await page.click('[data-action="edit"]');
  await page.locator('.cm-content').press('Control+End');
  await page.keyboard.type('// more');
  const now = await states(page, 'step');
  assert.equal(now['lax-no-certificate'], 'idle');
  assert.equal(now['no-certificate'], 'passed');
  assert.deepEqual(await states(page, 'check'), every(checks, 'idle'));
  assert.equal(await page.locator('[data-exercise]').getAttribute('data-state'), 'idle');
  const { steps: keptSteps, checks: keptChecks } = await kept();
  assert.deepEqual([keptSteps['lax-no-certificate'], keptChecks], [undefined, {}], 'nor are they kept');
});

test('Reset asks before it throws away the reader’s own work, puts the files back, and forgets the verdicts', async () => {
  const { page } = reader;
  await page.locator('.cm-content').press('Control+End');
  await page.keyboard.type('// mine');
  await page.click('[data-action="reset"]');
  assert.match(await page.locator('dialog').innerText(), /lax-server\.js/);
  await page.click('dialog [data-action="confirm"]');
  // The sandbox is torn down first: the reset is over when it is said to be. An earlier one may still stand in the log.
  await page
    .locator('[data-spoken] p:last-child', { hasText: 'as they were at the start' })
    .waitFor({ state: 'attached' });
  assert.deepEqual(await states(page, 'step'), every(steps, 'idle'));
  assert.deepEqual(await states(page, 'check'), every(checks, 'idle'));
  assert.match(
    (await page.locator('[data-sheet="lax-server.js"] code').textContent()) ?? '',
    /rejectUnauthorized: false/,
  );
});

test('a file that is left while it is edited has its editor back, history and all, when it is shown again', async () => {
  const { page } = reader;
  await page.click('[data-file="client.js"]');
  await page.click('[data-action="edit"]');
  await page.locator('.cm-content').press('Control+Home');
  await page.keyboard.type('// mine');
  await page.click('[data-file="server.js"]');
  assert.equal(await page.locator('.cm-content').count(), 0);
  await page.click('[data-file="client.js"]');
  assert.match(await page.locator('.cm-content').innerText(), /^\/\/ mine/);
  await page.locator('.cm-content').press('Control+z');
  assert.doesNotMatch(await page.locator('.cm-content').innerText(), /mine/);
  assert.equal(await page.locator('[data-file="client.js"]').getAttribute('data-changed'), null);
});

test('Stop ends a program that never would', async () => {
  const { page } = reader;
  await page.locator('.cm-content').fill('for (;;) {}\n');
  await page.click('[data-step="right-certificate"] button');
  await page.waitForSelector('[data-process="client"][data-state="running"]');
  await page.click('[data-action="stop"]');
  await page.waitForSelector('[data-step="right-certificate"][data-state="idle"]');
  await page.waitForSelector('[data-action="stop"][aria-disabled="true"]');
});

test('what a program prints is text, whatever it is', async () => {
  const { page } = reader;
  await page.locator('.cm-content').fill("console.log('<img src=x onerror=alert(1)><b>bold</b>');\n");
  await page.click('[data-step="right-certificate"] button');
  await page.waitForSelector('[data-step="right-certificate"][data-state="failed"]');
  const output = console('client').locator('.output');
  assert.match(await output.innerText(), /<img src=x onerror=alert\(1\)><b>bold<\/b>/);
  assert.equal(await output.locator('img, b').count(), 0);
});

test('where the network goes before the lab is there, the page says so, and a press when it is back runs it', async () => {
  const own = await site.reader();
  await own.open(LESSON);
  await own.context.setOffline(true);
  const button = own.page.locator('[data-step="right-certificate"] button');
  await button.click();
  const status = own.page.locator('[data-status]');
  await status.getByText('Is the network gone? Press again.').waitFor();
  assert.equal(await own.page.getAttribute('[data-step="right-certificate"]', 'data-state'), 'idle');
  await own.context.setOffline(false);
  await button.click();
  await own.page.waitForSelector('[data-step="right-certificate"][data-state="passed"]');
  await own.context.close();
});

test('nothing was asked of any other origin, and the page had nothing to complain about', () => {
  const elsewhere = reader.requests.filter(
    (url) => !/^(data|blob|about):/.test(url) && !url.startsWith(`${site.url}/`),
  );
  assert.deepEqual(elsewhere, []);
  assert.deepEqual(
    reader.complaints.filter((line) => !line.includes('ERR_INTERNET_DISCONNECTED')),
    [],
  );
});

test('on a phone a press leaves the page where it is; a link to the wire leads there', async () => {
  const { page, open } = await site.reader({ viewport: { width: 390, height: 844 } });
  await open(LESSON);
  const button = page.locator('[data-step="no-certificate"] button').first();
  await button.scrollIntoViewIfNeeded();
  const top = () => button.evaluate((each) => each.getBoundingClientRect().top);
  const before = await top();
  await button.click();
  await page.waitForSelector('[data-step="no-certificate"][data-state="passed"]');
  assert.ok(Math.abs((await top()) - before) < 2, `${before} px from the top, then ${await top()}`);
  await page.locator('a.on-wire').first().click();
  await page.waitForSelector('.wire-opened');
  // The page scrolls there smoothly, and the message may be open before it has arrived.
  await page.waitForFunction(() => {
    const { top, bottom } = (
      document.querySelector('[data-sheet="wire"]') as Element
    ).getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight + 1;
  });
});
