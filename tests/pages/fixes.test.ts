// Fixes that look right: each is tried in the page and fails as the lesson contract says, and then says why. The reader's
// own files and verdicts are left alone. The network is cut first.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { readLesson } from '../../src/lesson/index.ts';
import { axeFaults } from './support/axe.ts';
import { begun, LESSON, openSite, type Reader, reach, type Site, states } from './support/site.ts';

const root = path.resolve(import.meta.dirname, '../..');

let site: Site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

/** The lesson with its fixes laid out, and no network any more. */
async function withFixes(address: string): Promise<Reader> {
  const reader = await site.reader();
  const { page } = reader;
  await reader.open(address);
  const fixes = page.waitForResponse((response) => response.url().endsWith('/fixes.json'));
  const view = page.waitForResponse((response) => /\/fixes\.[^/]+\.js$/.test(response.url()));
  await reach(reader);
  await Promise.all([(await fixes).finished(), (await view).finished()]);
  await reader.context.setOffline(true);
  return reader;
}

async function open(page: Page): Promise<void> {
  await page.click('[data-exercise] [data-action="fixes"]');
  await page.waitForSelector('.fixes[data-shown]');
}

/** Tries the fix of this name and gives how each thing that came of it stands. */
async function attempt(page: Page, name: string): Promise<Record<string, string>> {
  await page.check(`.fixes input[value="${name}"]`);
  await page.click('[data-fix="try"]');
  await page.waitForSelector(`[data-came="${name}"]`, { timeout: 120_000 });
  return page
    .locator(`[data-came="${name}"] [data-came-of]`)
    .evaluateAll((rows) =>
      Object.fromEntries((rows as HTMLElement[]).map(({ dataset }) => [dataset.cameOf, dataset.state])),
    ) as Promise<Record<string, string>>;
}

/** `why.md` as it is read. */
const words = (markdown: string) =>
  markdown
    .replaceAll(/[`*]|(?<!\w)_|_(?!\w)/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

const stored = (page: Page) => page.evaluate(() => ({ ...localStorage }));

test('each fix is shown from its first change on, with its button below it', async () => {
  const reader = await withFixes(LESSON);
  const { page } = reader;
  await open(page);
  const isWithin = (box: { y: number; height: number } | null, around: typeof box) =>
    box && around && box.y >= around.y && box.y + box.height <= around.y + around.height + 1;
  const names = await page
    .locator('.fixes input[name="fix"]')
    .evaluateAll((radios) => (radios as HTMLInputElement[]).map(({ value }) => value));
  for (const name of names) {
    await page.check(`.fixes input[value="${name}"]`);
    const difference = page.locator('.fixes .difference').first();
    const change = difference.locator('.added, .removed').first();
    assert.ok(isWithin(await change.boundingBox(), await difference.boundingBox()), name);
    const sheet = await page.locator('.fixes').boundingBox();
    assert.ok(isWithin(await page.locator('[data-fix="try"]').boundingBox(), sheet), name);
  }
  await reader.context.close();
});

test('lesson 5: each fix fails as it should, says why, and touches nothing of the reader’s', async (t) => {
  const lesson = await readLesson(root, 'mutual-tls');
  const reader = await withFixes(LESSON);
  const { page } = reader;
  const { attack = '', honest } = lesson.lab.exercise;

  // The reader's own work: an edit, a passed step, failed checks.
  await page.click('[data-file="lax-server.js"]');
  await page.click('[data-action="edit"]');
  await page.locator('[data-sheet="lax-server.js"] .cm-content').press('Control+Home');
  await page.keyboard.type('// my own work\n');
  await page.click('[data-exercise] [data-action="check"]');
  await page.waitForSelector('[data-check][data-state="failed"]');
  await page.waitForSelector('[data-action="stop"][aria-disabled="true"]');
  await page.waitForFunction(() =>
    localStorage.getItem('handfast:edits:mutual-tls')?.includes('my own work'),
  );
  const mine = {
    kept: await stored(page),
    checks: await states(page, 'check'),
    steps: await states(page, 'step'),
  };
  const spoken = () => page.locator('[data-spoken] p').allInnerTexts();
  const said = (await spoken()).length;

  await t.test('they are shown without their names, which would say what is wrong', async () => {
    await open(page);
    assert.equal(
      await page.evaluate(() => document.activeElement?.id),
      'fixes',
      'the reader is brought there',
    );
    assert.deepEqual(
      await page.locator('.fixes label').allInnerTexts(),
      lesson.fixes.map((_, at) => `Fix ${at + 1}`),
    );
    assert.equal(await page.locator('.fix-came').count(), 0);
  });

  for (const [at, { name, why }] of lesson.fixes.entries()) {
    await t.test(name, async () => {
      const came = await attempt(page, name);
      assert.ok(came[attack] === 'failed' || came[honest] === 'failed', JSON.stringify(came));
      assert.ok(
        lesson.lab.checks.some((check) => came[check.name] === 'failed'),
        JSON.stringify(came),
      );
      const text = (await page.locator('.fix-came').innerText()).replaceAll(/\s+/g, ' ');
      assert.ok(text.includes(words(why)), text);
      assert.match(
        text,
        name === 'trusts-nobody' ? /the honest client breaks/ : /the attack succeeds|neither as before/,
      );
      const lines = await spoken();
      assert.equal(lines.length, said + at + 1, 'one sentence for the whole trial');
      assert.match(lines.at(-1) ?? '', new RegExp(`Fix ${at + 1}: .*\\d of 3 checks passed`));
      assert.match(
        await page.locator('.fixes label').nth(at).innerText(),
        new RegExp(`Fix ${at + 1}: [A-Z]`),
      );
    });
  }

  await t.test('the consoles tell the steps of the trial apart', async () => {
    const server = page.locator('.lab > .consoles [data-process="lax-server"]');
    assert.match(await server.locator('.divider').first().innerText(), /^Fix \d: /);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    await t.test(`axe finds no fault with a fix that was tried, ${colorScheme}`, async () => {
      await page.emulateMedia({ colorScheme });
      const found = await axeFaults(page, '.lab');
      assert.deepEqual(found, []);
    });
  }

  await t.test('the reader’s edits and verdicts are as they were, here and in what is kept', async () => {
    assert.deepEqual(
      { kept: await stored(page), checks: await states(page, 'check'), steps: await states(page, 'step') },
      mine,
    );
    await page.click('[data-fix="back"]');
    const editor = page.locator('[data-sheet="lax-server.js"][data-shown] .cm-content');
    assert.match(await editor.innerText(), /^\/\/ my own work/);
  });

  await t.test('what is run next are the reader’s own files', async () => {
    await page.locator('.cm-content').press('Control+Home');
    await page.keyboard.type("console.log('mine runs');\n");
    await page.click(`[data-step="${attack}"] button`);
    await page.waitForSelector(`[data-step="${attack}"]:is([data-state="passed"], [data-state="failed"])`);
    assert.match(await page.locator('.lab > .consoles [data-process="lax-server"]').innerText(), /mine runs/);
  });

  await t.test('a trial that is stopped has come to nothing', async () => {
    await open(page);
    await page.locator('.fixes label').first().click();
    const before = (await spoken()).length;
    await page.click('[data-fix="try"]');
    await begun(page);
    await page.click('[data-action="stop"]');
    await page.waitForSelector('[data-action="stop"][aria-disabled="true"]');
    await page.locator('[data-fix="try"]', { hasText: 'with fix 1' }).waitFor();
    assert.equal((await spoken()).length, before + 1);
    assert.match((await spoken()).at(-1) ?? '', /Stopped/);
  });

  assert.deepEqual(
    reader.complaints.filter((line) => !line.includes('ERR_INTERNET_DISCONNECTED')),
    [],
  );
});

for (const [slug, name, wanted] of [
  ['oauth-in-one-sitting', 'signature-is-enough', 'attack'],
  ['certificate-bound-tokens', 'pem-thumbprint', 'honest'],
] as const) {
  test(`${slug}: ${name} is tried and says why it fails`, async () => {
    const lesson = await readLesson(root, slug);
    const { page } = await withFixes(`/lessons/${slug}/`);
    await open(page);
    const came = await attempt(page, name);
    const { attack = '', honest } = lesson.lab.exercise;
    if (wanted === 'attack') assert.equal(came[attack], 'failed', JSON.stringify(came));
    assert.equal(came[honest], wanted === 'honest' ? 'failed' : 'passed', JSON.stringify(came));
    assert.ok(
      lesson.lab.checks.some((check) => came[check.name] === 'failed'),
      JSON.stringify(came),
    );
    const why = lesson.fixes.find((fix) => fix.name === name)?.why ?? '';
    assert.ok((await page.locator('.fix-why').innerText()).replaceAll(/\s+/g, ' ').includes(words(why)));
    assert.equal(Object.keys(await stored(page)).filter((key) => key.startsWith('handfast:')).length, 0);
  });
}

test('a lesson without fixes offers none', async () => {
  const { page, open } = await site.reader();
  await open('/lessons/session-hijack/');
  assert.equal(await page.locator('[data-action="fixes"]').count(), 0);
});
