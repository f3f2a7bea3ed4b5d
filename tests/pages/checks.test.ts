// The checks beside the editor: the verdicts of the text where the work is done, what was expected and what came, hints
// one by one, and the solution behind a question. The network is cut first.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import lab from '../../lessons/05-mutual-tls/lab.ts';
import hijack from '../../lessons/09-session-hijack/lab.ts';
import { axeFaults, smallTargets } from './support/axe.ts';
import { LESSON, openSite, type Reader, reach, type Site, settled, states } from './support/site.ts';

let site: Site;
let reader: Reader;
let page: Page;
before(async () => {
  site = await openSite();
  reader = await site.reader();
  page = reader.page;
  // The lab's own checks ask for truth and say in words what is wrong. One of them is made to compare two values here.
  await page.route('**/lab.json', async (route) => {
    const response = await route.fetch();
    const data = await response.json();
    const [file] = lab.checks.map((check) => check.file);
    data.files[file] = data.files[file].replace(
      "assert.ok(outcome.answer === '',",
      "assert.equal(outcome.answer, '',",
    );
    await route.fulfill({ response, json: data });
  });
  await reader.open(LESSON);
  await reach(reader);
  await reader.context.setOffline(true);
});
after(() => site.close());

const panel = () => page.locator('.check-panel');
const toggle = () => panel().locator('h3 button');
const row = (name: string) => panel().locator(`[data-checked="${name}"]`);
const panelStates = () =>
  panel()
    .locator('[data-checked]')
    .evaluateAll((rows) =>
      Object.fromEntries(
        rows.map((row) => [(row as HTMLElement).dataset.checked, (row as HTMLElement).dataset.state]),
      ),
    );

test('they stand under the files, closed, in one line', async () => {
  assert.equal(await toggle().getAttribute('aria-expanded'), 'false');
  assert.match((await toggle().innerText()).replaceAll(/\s+/g, ' '), /The checks not run/);
  assert.equal(await panel().locator('.check').first().isVisible(), false);
});

test('a press of Check opens them; they say what the text says, and each verdict is spoken once', async () => {
  await page.click('[data-exercise] [data-action="check"]');
  await settled(page);
  assert.equal(await toggle().getAttribute('aria-expanded'), 'true');
  const expected = lab.checks.map(({ name, failsAtFirst }) => [name, failsAtFirst ? 'failed' : 'passed']);
  assert.deepEqual(await panelStates(), Object.fromEntries(expected));
  assert.deepEqual(await states(page, 'check'), await panelStates());
  assert.match(await toggle().innerText(), /1 of 3 checks passed/);
  const spoken = await page.locator('[data-spoken] p').allInnerTexts();
  assert.equal(spoken.length, lab.checks.length, spoken.join(' '));
  for (const [at, { title }] of lab.checks.entries()) assert.ok(spoken[at].includes(title), spoken[at]);
});

test('a check that failed says what that means, what was expected and what came, beside each other', async () => {
  const texts = async (name: string) =>
    Object.fromEntries(
      await row(name)
        .locator('.came > div')
        .evaluateAll((pairs) => pairs.map((pair) => [...pair.children].map((each) => each.textContent))),
    );
  const found = lab.checks.find(({ name }) => name === 'foreign-refused');
  assert.deepEqual(await texts('foreign-refused'), { Expected: found?.title, Came: found?.failsAtFirst });
  assert.match(
    await row('foreign-refused').innerText(),
    /Being present and bearing the right name is not enough/,
  );
  const boxes = await row('foreign-refused')
    .locator('.came > div')
    .evaluateAll((pairs) =>
      pairs.map((pair) => pair.getBoundingClientRect()).map(({ top, left }) => ({ top, left })),
    );
  assert.ok(boxes[0].top === boxes[1].top && boxes[0].left < boxes[1].left, JSON.stringify(boxes));
});

test('where a test compares two values, they are what was expected and what came', async () => {
  const came = row('stranger-refused').locator('.came');
  assert.equal(await came.locator('dd').first().innerText(), "''");
  assert.match(await came.locator('dd').last().innerText(), /Balance: 1204\.50/);
  assert.match(await row('stranger-refused').innerText(), /Mallory showed no certificate at all/);
});

test('hints come one by one, from gentle to plain, and the focus stays', async () => {
  const { hints } = lab.checks[1];
  const shown = () => row(lab.checks[1].name).locator('.panel-hints[aria-live="polite"] li').allInnerTexts();
  const more = row(lab.checks[1].name).locator('.hint-more');
  assert.deepEqual(await shown(), []);
  await more.focus();
  for (let count = 1; count <= hints.length; count += 1) {
    assert.equal(await more.innerText(), `Hint ${count} of ${hints.length}`);
    await page.keyboard.press('Enter');
    assert.deepEqual(
      await shown(),
      hints.slice(0, count).map((hint) => hint.replaceAll('`', '')),
    );
    assert.ok(await more.evaluate((button) => button === document.activeElement));
  }
  assert.equal(await more.getAttribute('aria-disabled'), 'true');
  assert.equal(await more.innerText(), 'No more hints');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds no fault with them, ${colorScheme}`, async () => {
    await page.emulateMedia({ colorScheme });
    const found = await axeFaults(page, '.check-panel');
    assert.deepEqual(found, []);
  });
}

test('targets are at least 24 pixels high and wide', async () => {
  const small = await smallTargets(panel().locator('button'));
  assert.deepEqual(small, []);
});

test('a solution from here asks first, shows the change, and gives the focus back', async () => {
  const solve = panel().getByRole('button', { name: 'Show a solution' });
  await solve.click();
  assert.match(await page.locator('dialog .difference').innerText(), /rejectUnauthorized/);
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog', { state: 'detached' });
  assert.ok(await solve.evaluate((button) => button === document.activeElement));
  await solve.click();
  await page.click('dialog [data-action="confirm"]');
  await page.waitForSelector('dialog', { state: 'detached' });
  const idle = Object.fromEntries(lab.checks.map(({ name }) => [name, 'idle']));
  assert.deepEqual(await panelStates(), idle, 'a verdict on files that have changed is none');
  assert.equal(await row('foreign-refused').locator('.came').count(), 0);
});

test('whoever closes them has them closed; their line still counts', async () => {
  await toggle().focus();
  await page.keyboard.press('Enter');
  assert.equal(await toggle().getAttribute('aria-expanded'), 'false');
  await page.click('[data-exercise] [data-action="check"]');
  await settled(page);
  assert.equal(await toggle().getAttribute('aria-expanded'), 'false');
  assert.match(await toggle().innerText(), /3 of 3 checks passed/);
});

test('what was passed on an earlier visit stands here too', async () => {
  await reader.context.setOffline(false);
  await reader.open(LESSON);
  await panel().waitFor();
  assert.deepEqual(await panelStates(), Object.fromEntries(lab.checks.map(({ name }) => [name, 'passed'])));
});

test('when they come they take their room from the file: nothing else moves, and nothing is empty before', async () => {
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ]) {
    const fresh = await site.reader({ viewport });
    await fresh.open(LESSON);
    const tops = () =>
      fresh.page
        .locator('.files, .consoles, .consoles > [data-process]')
        .evaluateAll((all) => all.map((each) => Math.round(each.getBoundingClientRect().top + scrollY)));
    const before = await tops();
    const sheet = await fresh.page
      .locator('.sheet[data-shown] pre')
      .evaluate((file) => Math.round(file.getBoundingClientRect().bottom + scrollY));
    assert.ok(
      Math.abs(sheet - before[1]) <= 1,
      `the file ends at ${sheet}, the consoles begin at ${before[1]}`,
    );
    await reach(fresh);
    await fresh.page.locator('.check-panel').waitFor();
    assert.deepEqual(await tops(), before);
    await fresh.context.close();
  }
});

test('checks before which a person acts at a browser have their way, though its tab is not shown', async () => {
  const other = await site.reader();
  await other.open('/lessons/session-hijack/');
  await other.page.click('[data-exercise] [data-action="check"]');
  await settled(other.page);
  assert.deepEqual(
    await states(other.page, 'check'),
    Object.fromEntries(
      hijack.checks.map(({ name, failsAtFirst }) => [name, failsAtFirst ? 'failed' : 'passed']),
    ),
    await other.page.innerText('.check-panel'),
  );
  assert.equal(await other.page.isVisible('[data-browser="ana"]'), false);
});

test('the page had nothing to complain about', () => {
  assert.deepEqual(
    reader.complaints.filter((line) => !line.includes('ERR_INTERNET_DISCONNECTED')),
    [],
  );
});
