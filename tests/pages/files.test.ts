// The lab's files: their tree, by keyboard; added, deleted, compared, reset one by one; run, kept and downloaded so.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { strFromU8, unzipSync } from 'fflate';
import type { Locator, Page } from 'playwright-core';
import { withOwnAddresses } from '../support/own-addresses.ts';
import { faultsDayAndNight as faults } from './support/axe.ts';
import { LESSON, openSite, type Reader, reach, type Site, settled } from './support/site.ts';

let site: Site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

/** A reader with the workbench open, and the tree of files beside the file. */
async function atWork(options?: Parameters<Site['reader']>[0], lesson = LESSON): Promise<Reader> {
  const reader = await site.reader(options);
  await reader.open(lesson);
  await reach(reader);
  await reader.page.click('[data-tree]');
  return reader;
}

const focused = (page: Page) =>
  page.evaluate(() => {
    const { dataset, id, className } = document.activeElement as HTMLElement;
    return dataset.path ?? dataset.file ?? (id || className);
  });

async function create(page: Page, name: string, text: string): Promise<void> {
  await page.click('[data-create]');
  await page.fill('#new-file', name);
  await page.keyboard.press('Enter');
  await page.waitForSelector(`[data-sheet="${name}"] .cm-content:focus`);
  await page.locator(`[data-sheet="${name}"] .cm-content`).fill(text);
}

const tab = (page: Page, name: string) => page.locator(`[role="tab"][data-file="${name}"]`);

test('the tree: arrows, Home, End, letters, folding; Enter opens the file in a tab of its own', async () => {
  const { page } = await atWork();
  await page.focus('[role="treeitem"][tabindex="0"]');
  assert.equal(await focused(page), 'client.js', 'Tab reaches the file that is shown');
  const press = async (key: string) => {
    await page.keyboard.press(key);
    return focused(page);
  };
  assert.equal(await press('Home'), 'certificates/');
  assert.equal(await press('ArrowRight'), 'certificates/app.key.pem');
  assert.equal(await press('ArrowLeft'), 'certificates/');
  await press('ArrowLeft');
  assert.equal(await page.locator('[data-path="certificates/"]').getAttribute('aria-expanded'), 'false');
  assert.equal(await press('ArrowDown'), 'checks/');
  assert.equal(await press('m'), 'mallory/');
  assert.equal(await press('End'), 'server.js');
  assert.equal(await press('n'), 'mallory/no-certificate.js', 'round again');
  await press('Enter');
  await page.waitForSelector('[data-sheet="mallory/no-certificate.js"][data-shown]');
  assert.equal(await focused(page), 'mallory/no-certificate.js', 'the focus stays in the tree');
  assert.equal(await tab(page, 'mallory/no-certificate.js').getAttribute('aria-selected'), 'true');
  const item = page.getByRole('treeitem', { name: 'no-certificate.js open', exact: true });
  assert.equal(await item.getAttribute('aria-selected'), 'true');
});

test('a tab that was opened from the tree is closed with Delete, its cross or its button; the focus goes to the next', async () => {
  const { page } = await atWork();
  const open = async (name: string) => {
    await page.click(`[role="treeitem"][data-path="${name}"]`);
    await page.waitForSelector(`[data-sheet="${name}"][data-shown]`);
  };
  await open('pem.js');
  await tab(page, 'pem.js').focus();
  await page.keyboard.press('Delete');
  await page.waitForSelector('[role="tab"][data-file="wire"]:focus');
  assert.equal(await tab(page, 'pem.js').count(), 0);
  await page.keyboard.press('Delete');
  assert.equal(await tab(page, 'wire').count(), 1, 'what the page came with stays');

  await open('pem.js');
  await tab(page, 'pem.js').locator('[data-close]').click();
  await page.waitForSelector('[data-sheet="wire"][data-shown]');

  await open('pem.js');
  await page.click('.file-acts [data-close]');
  await page.waitForSelector('[role="tab"][data-file="wire"]:focus');
});

test('a file whose name cannot be is refused with what was expected and what came; one that can is there', async () => {
  const { page } = await atWork();
  await page.click('[data-create]');
  assert.equal(await focused(page), 'new-file');
  for (const [name, words] of [
    ['', /Expected a name/],
    ['server.js', /no file has. There is “server.js”/],
    ['../secret', /It is “\.\.\/secret”/],
    ['my file.js', /There is a “space” in it/],
  ] as const) {
    await page.fill('#new-file', name);
    await page.keyboard.press('Enter');
    await page.locator('#new-file-fault', { hasText: words }).waitFor();
    assert.equal(await focused(page), 'new-file');
  }
  assert.equal(await page.locator('#new-file').getAttribute('aria-invalid'), 'true');
  await page.keyboard.press('Escape');
  assert.ok(await page.locator('[data-create]:focus').isVisible());
  await create(page, 'own/note.js', 'export const note = 1;\n');
  assert.equal(await page.getByRole('tab', { name: 'own/note.js (new)' }).count(), 1);
  assert.equal(await page.getByRole('treeitem', { name: 'note.js open, new' }).count(), 1);
  assert.match(await page.locator('[data-spoken]').innerText(), /own\/note\.js is there/);
});

test('two files whose names differ in a dot or a slash alone are two, and so are their tabs', async () => {
  const { page } = await atWork();
  for (const name of ['a-b.js', 'a/b.js', 'a.b.js', 'client-js']) await create(page, name, `// ${name}`);
  for (const name of ['a-b.js', 'a/b.js', 'a.b.js', 'client-js']) {
    const id = (await tab(page, name).getAttribute('aria-controls')) as string;
    assert.equal(await page.locator(`[id="${id}"]`).getAttribute('data-sheet'), name);
  }
  const ids = await page.locator('[id]').evaluateAll((all) => all.map(({ id }) => id));
  assert.deepEqual(ids, [...new Set(ids)]);
});

test('a file that was added is part of what runs, is kept, and is gone from the sandbox when it is deleted', async () => {
  const reader = await atWork();
  const { page } = reader;
  await create(page, 'own/greeting.js', "console.log('good morning');\n");
  await page.click('[data-file="client.js"]');
  await page.click('[data-action="edit"]');
  await page
    .locator('[data-sheet="client.js"] .cm-content')
    .fill("await import('./own/greeting.js').catch((error) => console.log(error.code));\n");
  const says = async (words: RegExp) => {
    await page.click('[data-step="right-certificate"] button');
    await settled(page);
    assert.match(await page.locator('[data-process="client"] .output').innerText(), words);
  };
  await says(/good morning/);

  await reader.open(LESSON);
  await tab(page, 'own/greeting.js').click();
  await page.waitForSelector('[data-sheet="own/greeting.js"][data-shown]');
  await says(/good morning/);
  await tab(page, 'own/greeting.js').click();
  await page.click('.file-acts [data-delete]');
  await page.waitForSelector('[role="tab"][data-file="wire"]:focus');
  assert.equal(await page.locator('[data-sheet="own/greeting.js"]').count(), 0);
  await says(/ERR_MODULE_NOT_FOUND/);

  await page.click('.file-acts [data-undo]');
  await page.waitForSelector('[role="tab"][data-file="own/greeting.js"]:focus');
  await says(/good morning/);
});

test('a file of the lesson that is deleted stays to be seen, struck through, and can be brought back as it was', async () => {
  const reader = await atWork();
  const { page } = reader;
  await page.click('[data-file="client.js"]');
  await page.click('[data-action="edit"]');
  await page.locator('[data-sheet="client.js"] .cm-content').fill('// mine\n');
  const button = page.locator('.file-acts [data-delete]');
  await button.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'client.js (deleted)' }).waitFor();
  assert.equal(await page.locator('[data-action="edit"]').getAttribute('aria-disabled'), 'true');
  assert.equal(
    await button.evaluate((each) => each === document.activeElement),
    true,
    'the focus is not lost',
  );
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'client.js (changed)' }).waitFor();
  assert.equal((await page.locator('[data-sheet="client.js"] code').textContent())?.trim(), '// mine');

  await button.click();
  await page.waitForFunction(() => localStorage.getItem('handfast:edits:mutual-tls')?.includes('removed'));
  await reader.open(LESSON);
  await page.getByRole('tab', { name: 'client.js (deleted)' }).waitFor();
  await page.click('[data-step="right-certificate"] button');
  await settled(page);
  assert.match(await page.locator('[data-process="client"]').innerText(), /Cannot find module/);
  await page.click('[data-action="reset"]');
  await page.click('dialog [data-action="confirm"]');
  await page.waitForFunction(() => localStorage.getItem('handfast:edits:mutual-tls') === null);
  assert.equal(await tab(page, 'client.js').getAttribute('data-changed'), null);
  await page.click('[data-step="right-certificate"] button');
  assert.equal((await settled(page))['right-certificate'], 'passed');
});

test('a solution is laid over files of which one is deleted and one is open', async () => {
  const { page } = await atWork();
  await create(page, 'own.js', '');
  await page.click('[data-file="lax-server.js"]');
  await page.click('.file-acts [data-delete]');
  await page.click('[data-action="solve"]');
  await page.click('dialog [data-action="confirm"]');
  await page.getByRole('tab', { name: 'lax-server.js (changed)' }).waitFor();
  await page.click('[data-action="check"]');
  await settled(page);
  assert.equal(await page.locator('[data-check][data-state="passed"]').count(), 3);
});

test('one file is reset, and what was there can be had back: by its button, and with Ctrl+Z in the editor', async () => {
  const { page } = await atWork();
  await page.click('[data-action="edit"]');
  const editor = page.locator('[data-sheet="client.js"] .cm-content');
  await editor.fill('// mine\n');
  const reset = page.locator('.file-acts [data-reset]');
  await reset.focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-file="client.js"]:not([data-changed])');
  assert.match(await editor.innerText(), /connect\(/);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-file="client.js"][data-changed="changed"]');
  assert.equal((await editor.innerText()).trim(), '// mine');
  await page.keyboard.press('Enter');
  await editor.focus();
  await page.keyboard.press('Control+z');
  await page.waitForSelector('[data-file="client.js"][data-changed="changed"]');
  assert.equal((await editor.innerText()).trim(), '// mine');
});

/** Writes a line of the reader's own where that key leads, and compares the file with its start. */
async function compareWithMine(page: Page, path: string, key: string): Promise<Locator> {
  await page.click(`[data-file="${path}"]`);
  await page.click('[data-action="edit"]');
  await page.waitForSelector(`[data-sheet="${path}"] .cm-content:focus`);
  await page.keyboard.press(key);
  await page.keyboard.type('// mine\n');
  await page.click('.file-acts [data-compare]');
  return page.locator(`[data-sheet="${path}"] .comparison`);
}

test('a file is compared with the start; with a solution only after a question; and back leads to the button', async () => {
  const { page } = await atWork();
  const comparison = await compareWithMine(page, 'lax-server.js', 'Control+Home');
  await comparison.locator('.added', { hasText: 'added: + // mine' }).waitFor();
  assert.equal(await comparison.locator('.removed').count(), 0);
  assert.equal(await page.locator('[data-sheet="lax-server.js"] .cm-editor').isVisible(), false);

  const solution = comparison.getByRole('button', { name: 'a solution' });
  await solution.click();
  await page.click('dialog [data-action="cancel"]');
  await page.waitForSelector('dialog', { state: 'detached' });
  assert.equal(await solution.getAttribute('aria-pressed'), 'false');
  await solution.click();
  await page.click('dialog [data-action="confirm"]');
  await comparison.locator('.removed', { hasText: 'rejectUnauthorized: false' }).waitFor();
  await comparison.locator('.added', { hasText: 'rejectUnauthorized: true' }).waitFor();
  await comparison.getByRole('button', { name: 'Back to the file' }).click();
  await page.waitForSelector('.file-acts [data-compare]:focus');
  assert.ok(await page.locator('[data-sheet="lax-server.js"] .cm-editor').isVisible());
});

test('a comparison of a long file begins where the two differ, and its head stays in sight', async () => {
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ]) {
    const reader = await site.reader({ viewport });
    const { page } = reader;
    await reader.open('/lessons/certificate-bound-tokens/');
    const comparison = await compareWithMine(page, 'auth.js', 'Control+End');
    const boxes = await Promise.all(
      [comparison, comparison.locator('.added').first(), comparison.locator('.comparison-head')].map((each) =>
        each.boundingBox(),
      ),
    );
    const [around, ...within] = boxes;
    for (const box of within) {
      assert.ok(around && box && box.y >= around.y - 1, JSON.stringify(boxes));
      assert.ok(box.y + box.height <= around.y + around.height + 1, JSON.stringify(boxes));
    }
    await reader.context.close();
  }
});

test('the download is a zip with the reader’s files, and runs with Node.js without an installation', async () => {
  const { page } = await atWork();
  await create(page, 'own/greeting.js', "console.log('good morning');\n");
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.click('.tree-panel [data-download]'),
  ]);
  assert.equal(download.suggestedFilename(), 'handfast-mutual-tls.zip');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'handfast-zip-'));
  const archive = path.join(folder, 'lab.zip');
  await download.saveAs(archive);
  const entries = unzipSync(readFileSync(archive));
  for (const [name, bytes] of Object.entries(entries)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  const lab = path.join(folder, 'handfast-mutual-tls');
  assert.equal(strFromU8(entries['handfast-mutual-tls/own/greeting.js']), "console.log('good morning');\n");
  const node = (file: string) => execFileSync(process.execPath, [file], { cwd: lab, encoding: 'utf8' });
  assert.equal(node('own/greeting.js'), 'good morning\n');

  const own = await withOwnAddresses(readFileSync(path.join(lab, 'package.json'), 'utf8'));
  writeFileSync(path.join(lab, 'package.json'), own.manifest);
  const server = spawn('npm', ['run', 'server'], { cwd: lab, detached: true });
  let [said, complaints] = ['', ''];
  server.stderr.on('data', (text) => {
    complaints += text;
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.on('error', reject);
      server.stdout.on('data', (text) => {
        said += text;
        if (said.includes('listening')) resolve();
      });
      server.on('close', () => reject(new Error(`The server ended before it listened: ${complaints}`)));
    });
    const client = execFileSync('npm', ['run', '--silent', 'client'], { cwd: lab, encoding: 'utf8' });
    assert.match(client, /received: Balance: 1204\.50/);
  } finally {
    if (server.exitCode === null) process.kill(-(server.pid as number));
    own.release();
  }
});

test('a lab that does not allow it offers no new file, and no start file to delete', async () => {
  const { page } = await atWork({}, '/lessons/certificate-bound-tokens/');
  assert.equal(await page.locator('[data-create]').count(), 0);
  assert.equal(await page.locator('.file-acts [data-delete]').count(), 0);
  assert.equal(await page.locator('.file-acts [data-compare]').count(), 1);
});

test('where the browser keeps nothing, the marks say so', async () => {
  const reader = await site.reader();
  await reader.context.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('refused', 'QuotaExceededError');
    };
  });
  await reader.open(LESSON);
  await reach(reader);
  await reader.page.click('[data-action="edit"]');
  await reader.page.locator('[data-sheet="client.js"] .cm-content').fill('// mine\n');
  await reader.page.getByRole('tab', { name: 'client.js (changed, not kept)' }).waitFor();
  assert.match(await reader.page.locator('.file-acts').innerText(), /keeps nothing for this page/);
});

test('without a network, once a hand has been near: files are added, run, compared and reset', async () => {
  const reader = await atWork();
  const { page, context } = reader;
  await page.waitForLoadState('networkidle');
  await context.setOffline(true);
  await page.click('[role="treeitem"][data-path="mallory/wrong-key.js"]');
  await page.waitForSelector('[data-sheet="mallory/wrong-key.js"][data-shown]');
  await create(page, 'own.js', '');
  await page.click('.file-acts [data-compare]');
  await page.waitForSelector('.comparison');
  await page.click('.file-acts [data-delete]');
  await page.click('[data-step="right-certificate"] button');
  assert.equal((await settled(page))['right-certificate'], 'passed');
});

test('the tab of what is shown stays in sight when the page becomes narrow', async () => {
  const { page, open } = await site.reader();
  await open(LESSON);
  await tab(page, 'wire').click();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForFunction(() => {
    const [strip, its] = ['.tabs', '.tabs [data-file="wire"]'].map(
      (selector) => document.querySelector(selector)?.getBoundingClientRect() as DOMRect,
    );
    return its.left >= strip.left - 1 && its.right <= strip.right + 1;
  });
});

test('on a phone the tree lies over the file, and makes way for the one that is opened', async () => {
  const { page } = await atWork({ viewport: { width: 390, height: 844 } });
  await page.click('[role="treeitem"][data-path="server.js"]');
  await page.waitForSelector('[role="tab"][data-file="server.js"]:focus');
  assert.equal(await page.locator('.tree-panel').isVisible(), false);
  assert.ok(await page.locator('[data-sheet="server.js"]').isVisible());
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
});

test('axe finds no fault with the tree, a name refused, a comparison, a deleted file', async () => {
  const { page, complaints } = await atWork();
  await page.click('[data-create]');
  await page.fill('#new-file', 'server.js');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#new-file[aria-invalid="true"]');
  assert.deepEqual(await faults(page, '.lab'), []);
  await page.fill('#new-file', 'own.js');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-sheet="own.js"] .cm-content:focus');
  await page.click('[data-file="lax-server.js"]');
  await page.click('.file-acts [data-compare]');
  await page.locator('.comparison').getByRole('button', { name: 'a solution' }).click();
  assert.deepEqual(await faults(page, 'dialog'), []);
  await page.click('dialog [data-action="confirm"]');
  await page.waitForSelector('.comparison .added');
  assert.deepEqual(await faults(page, '.lab'), []);
  await page.click('[data-file="client.js"]');
  await page.click('.file-acts [data-delete]');
  await page.getByRole('tab', { name: 'client.js (deleted)' }).waitFor();
  assert.deepEqual(await faults(page, '.lab'), []);
  assert.deepEqual(complaints, []);
});

test('finding in a file: Ctrl+F, the count, from place to place and round, what is typed meanwhile, Esc', async () => {
  const { page } = await atWork();
  const text = ['const Ana = 1;', ...Array.from({ length: 200 }, (_, index) => `// ${index}`), 'ana(Ana.x);'];
  await create(page, 'long.js', text.join('\n'));
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Control+f');
  const field = page.getByRole('textbox', { name: 'Find in this file' });
  await page.waitForSelector('.cm-finding input:focus');
  const count = page.locator('.cm-finding output');
  const is = async (words: string) => {
    await page.waitForFunction(
      (expected) => document.querySelector('.cm-finding output')?.textContent === expected,
      words,
    );
  };
  await page.keyboard.type('ana');
  await is('1 of 3');
  // The editor has not drawn that line before.
  await page.keyboard.press('Shift+Enter');
  await is('3 of 3');
  await page.getByText('ana(Ana.x);').waitFor();
  await page.keyboard.press('Enter');
  await is('1 of 3');
  await page.keyboard.type('.');
  await is('1 of 1');
  await page.keyboard.type('*');
  await is('not found');
  assert.deepEqual(await faults(page, '.cm-finding'), []);
  await page.keyboard.press('Escape');
  await page.waitForSelector('.cm-content:focus');
  assert.equal(await field.count(), 0);
  assert.equal(await page.locator('.cm-found').count(), 0);
  // What is selected is what is looked for, and what is typed in the file counts.
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Control+Shift+ArrowRight');
  await page.keyboard.press('Control+f');
  await is('1 of 1');
  assert.equal(await field.inputValue(), 'const');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' // const');
  await page.keyboard.press('F3');
  assert.equal(await count.count(), 0);
  await page.keyboard.press('Control+f');
  await is('2 found');
  await page.keyboard.press('Enter');
  await is('1 of 2');
  await page.getByRole('button', { name: 'The next one' }).click();
  await is('2 of 2');
  await page.getByRole('button', { name: 'Close the search' }).click();
  await page.waitForSelector('.cm-content:focus');
  // Who has no Ctrl has a button, as long as something is edited.
  await page.click('.file-acts [data-find]');
  await page.waitForSelector('.cm-finding input:focus');
  await page.click('[data-file="server.js"]');
  await page.waitForSelector('[data-sheet="server.js"][data-shown]');
  assert.equal(await page.locator('.file-acts [data-find]').count(), 0);
});
