// A console of the lab as a terminal: what is printed, what leads from it to the files and to the errors' page, and its
// tools. The network is cut first.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { addressOfError } from '../../src/text/index.ts';
import { axeFaults, smallTargets } from './support/axe.ts';
import { LESSON, openSite, type Reader, reach, type Site, settled } from './support/site.ts';

let site: Site;
let reader: Reader;
let page: Page;
before(async () => {
  site = await openSite();
  reader = await site.reader();
  await reader.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  page = reader.page;
  await reader.open(LESSON);
  await reach(reader);
  await reader.context.setOffline(true);
  await page.click('[data-file="client.js"]');
  await page.click('[data-action="edit"]');
});
after(() => site.close());

const console = () => page.locator('.lab > .consoles [data-process="client"]');
const output = () => console().locator('.output');
const tools = () => console().locator('.console-tools');

/** Starts the step that runs client.js, with this program in it. */
async function start(program: string): Promise<void> {
  await page.click('[data-file="client.js"]');
  await page.locator('[data-sheet="client.js"] .cm-content').fill(program);
  await page.click('[data-step="right-certificate"] button');
}

async function run(program: string): Promise<void> {
  await start(program);
  await settled(page);
}

async function openTools(): Promise<void> {
  const toggle = console().locator('.console-more');
  if ((await toggle.getAttribute('aria-expanded')) === 'false') await toggle.click();
}

/** The lines that are shown, without their ends. */
const lines = async () =>
  (await output().locator('.line:visible').allInnerTexts()).map((line) => line.replace(/\n$/, ''));

test('the states are words: starting, listening on …, exited with …, stopped', async () => {
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { seen });
    for (const name of ['client', 'server']) {
      const state = document.querySelector(`[data-process="${name}"] [data-process-state]`) as Element;
      // Two states may follow each other before an observer is called.
      new MutationObserver((records) => {
        for (const { addedNodes } of records)
          for (const { textContent } of addedNodes) seen.push(`${name}: ${textContent}`);
      }).observe(state, { childList: true });
    }
  });
  await run('process.exit(3);');
  // A server that is slow to go says so when its step is over.
  await page.waitForFunction(() =>
    (globalThis as unknown as { seen: string[] }).seen.includes('server: stopped'),
  );
  const seen = await page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
  assert.deepEqual(
    seen.filter((line) => line.startsWith('server')),
    ['server: starting', 'server: running', 'server: listening on 8443', 'server: stopped'],
  );
  assert.deepEqual(seen.filter((line) => line.startsWith('client')).at(-1), 'client: exited with 3');
});

test('consoles scrolled to who acts begin with a whole line', async () => {
  const own = await site.reader();
  await own.open(LESSON);
  for (const step of ['right-certificate', 'no-certificate']) {
    await own.page.click(`[data-step="${step}"] button`);
    await settled(own.page);
  }
  const seen = await own.page.locator('.lab > .consoles').evaluate((list) => {
    const { top, bottom } = list.getBoundingClientRect();
    const cut = [...list.querySelectorAll('.line')].filter((line) =>
      [...line.getClientRects()].some((row) => row.top < top - 1 && row.bottom > top + 1),
    );
    const acting = list.querySelector('[data-process="no-certificate"]') as Element;
    return {
      isScrolled: list.scrollTop > 0,
      isWhole: acting.getBoundingClientRect().bottom <= bottom + 1,
      cut: cut.map(({ textContent }) => textContent),
    };
  });
  assert.deepEqual(seen, { isScrolled: true, isWhole: true, cut: [] });
  await own.context.close();
});

test('on a phone a console’s head is one line, whatever its process is called and however it ended', async () => {
  const own = await site.reader({ viewport: { width: 390, height: 844 } });
  await own.open(LESSON);
  const heights = () =>
    own.page
      .locator('.consoles h3')
      .evaluateAll((heads) => [...new Set(heads.map((head) => head.getBoundingClientRect().height))]);
  const before = await heights();
  assert.equal(before.length, 1);
  await own.page.click('[data-step="foreign-certificate"] button');
  await own.page.waitForSelector('[data-step="foreign-certificate"][data-state="passed"]');
  assert.deepEqual(await heights(), before);
  await own.context.close();
});

test('colours and weights are shown as asked for; a line is written over; what moves a cursor leaves no trace', async () => {
  await run(String.raw`
    const e = '\u001b[';
    console.log(e + '31mred ' + e + '1mand bold' + e + '0m plain');
    console.log(e + '7minverse' + e + '27m, ' + e + '48;5;21mon blue' + e + '0m');
    process.stdout.write('10 %\r50 %\r' + e + '2K\r100 %\n');
    console.log(e + '2J' + e + '1;1H' + e + '?25l' + 'still here');
  `);
  assert.deepEqual(await lines(), ['red and bold plain', 'inverse, on blue', '100 %', 'still here']);
  const style = (selector: string, property: string) =>
    output()
      .locator(selector)
      .evaluate((node, property) => getComputedStyle(node).getPropertyValue(property), property);
  assert.equal(await style('.ansi-red.ansi-bold', 'font-weight'), '700');
  assert.notEqual(await style('.ansi-red.ansi-bold', 'color'), await style('.line >> nth=3', 'color'));
  assert.notEqual(await style('.ansi-blue.ansi-inverse', 'background-color'), 'rgba(0, 0, 0, 0)');
});

/** Every colour and ground that a program can ask for, bright and dim, and every tool open. */
const everything = String.raw`
  const e = '\u001b[';
  for (const at of [30, 40, 90, 100]) {
    for (let colour = at; colour < at + 8; colour += 1) {
      for (const weight of ['', ';1', ';2', ';7']) process.stdout.write(e + colour + weight + 'mtext' + e + '0m ');
    }
    console.log();
  }
  for (let colour = 0; colour < 256; colour += 5) process.stdout.write(e + '38;5;' + colour + 'mtext' + e + '0m ');
  for (let red = 0; red < 256; red += 51) process.stdout.write(e + '48;2;' + red + ';90;200mtext' + e + '0m ');
  console.log();
  console.error(Object.assign(new Error('no'), { code: 'ECONNREFUSED' }));
`;

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every colour can be read, and axe finds no fault with a console and its tools, ${colorScheme}`, async () => {
    await page.emulateMedia({ colorScheme });
    await run(everything);
    await openTools();
    const found = await axeFaults(page, '.consoles');
    assert.deepEqual(found, []);
    assert.ok((await output().locator('[class*="ansi-"]').count()) > 150, 'there was something to look at');
  });
}

test('targets are at least 24 pixels high and wide', async () => {
  const small = await smallTargets(console().locator('button, input'));
  assert.deepEqual(small, []);
});

test('a place in a stack opens the file there: in the editor, where it is being edited', async () => {
  await run("import './narrate.js';\n\nfunction deep() {\n  throw new Error('on purpose');\n}\ndeep();\n");
  await page.click('[data-file="server.js"]');
  const link = output().locator('a.place', { hasText: 'client.js:4' }).last();
  assert.match(await link.innerText(), /^file:\/\/\/lab\/client\.js:4:9$/);
  await link.focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-sheet="client.js"][data-shown] .cm-content:focus');
  await page.keyboard.type('/**/');
  assert.match(await page.locator('.cm-activeLine').innerText(), /^ {2}throw \/\*\*\/new Error/);
});

test('a place in a file that is only read is marked there, and the focus goes along', async () => {
  await run("console.log('see narrate.js:2, node:events:508:28 and /lab/package.json:3');\n");
  assert.deepEqual(await output().locator('a.place').allInnerTexts(), [
    'narrate.js:2',
    '/lab/package.json:3',
  ]);
  await output().locator('a.place').first().focus();
  await page.keyboard.press('Enter');
  const sheet = page.locator('[data-sheet="narrate.js"][data-shown]');
  await sheet.locator('.l.marked').waitFor();
  assert.equal(await sheet.locator('.l').evaluateAll((all) => all.findIndex((l) => l.matches('.marked'))), 1);
  assert.ok(await sheet.locator('pre').evaluate((pre) => pre === document.activeElement));
  await output().locator('a.place').last().click();
  await page.locator('[data-sheet="package.json"][data-shown] .l.marked').waitFor();
  assert.equal(await page.locator('.l.marked').count(), 1);
});

test('the code of an error leads to what the course says of it, in a tab of its own', async () => {
  await run("import { connect } from 'node:net';\nconnect(1, 'ledger.tally.example');\n");
  const link = output().locator('a.explained', { hasText: 'ECONNREFUSED' }).first();
  assert.equal(await link.getAttribute('href'), addressOfError('ECONNREFUSED'));
  assert.equal(await link.getAttribute('target'), '_blank');
  const said = page.locator('[data-step="right-certificate"] .came a.explained');
  assert.equal(await said.first().getAttribute('href'), addressOfError('ECONNREFUSED'));
});

test('a line that the reader sends is what the program reads, while it runs', async () => {
  await start(`
    import { createInterface } from 'node:readline';
    const lines = createInterface({ input: process.stdin });
    console.log('who is there?');
    lines.once('line', (line) => {
      console.log('hello, ' + line);
      lines.close();
    });
  `);
  await output().getByText('who is there?').waitFor();
  await openTools();
  const input = tools().getByRole('textbox', { name: 'Input' });
  await input.fill('Ana');
  await input.press('Enter');
  await output().getByText('hello, Ana').waitFor();
  assert.deepEqual(await lines(), ['who is there?', 'Ana', 'hello, Ana']);
  assert.ok(await input.evaluate((field) => field === document.activeElement), 'the focus stays');
  await page.waitForSelector('[data-process="client"][data-state="ended"]');
  await page.waitForSelector('[data-action="stop"][aria-disabled="true"]');
  assert.equal(await input.getAttribute('readonly'), '');
  assert.equal(await tools().getByRole('button', { name: 'Send' }).getAttribute('aria-disabled'), 'true');
});

test('the filter hides the other lines and says how many; what comes later is filtered too', async () => {
  await run("for (let i = 1; i <= 20; i += 1) console.log(i % 4 ? 'other ' + i : 'Fourth ' + i);\n");
  await openTools();
  const filter = tools().getByRole('searchbox', { name: 'Filter' });
  await filter.fill('fourth');
  assert.deepEqual(await lines(), ['Fourth 4', 'Fourth 8', 'Fourth 12', 'Fourth 16', 'Fourth 20']);
  assert.equal(await tools().locator('.console-note').innerText(), '15 lines hidden');
  await run("console.log('a fourth');\nconsole.log('a fifth');\n");
  assert.deepEqual(await lines(), ['a fourth']);
  assert.equal(await tools().locator('.console-note').innerText(), '1 line hidden');
  await filter.fill('');
  assert.deepEqual(await lines(), ['a fourth', 'a fifth']);
});

test('the whole console is copied, and that is said once', async () => {
  await run("console.log('one');\nconsole.error('two');\nconsole.log('\\u001b[31mthree\\u001b[0m');\n");
  await openTools();
  const spoken = page.locator('[data-spoken] p', { hasText: 'lines copied' });
  const before = await spoken.count();
  const copy = tools().getByRole('button', { name: 'Copy' });
  await copy.click();
  await spoken.nth(before).waitFor({ state: 'attached' });
  assert.equal(await spoken.count(), before + 1);
  assert.match(await spoken.last().innerText(), /3 lines copied/);
  const text = await page.evaluate(() => navigator.clipboard.readText());
  assert.deepEqual(text.trim().split('\n').sort(), ['one', 'three', 'two']);
  assert.ok(await copy.evaluate((button) => button === document.activeElement));
});

test('times are shown when they are asked for, in every console, and the choice is kept', async () => {
  const now = () => page.evaluate(() => performance.now() / 1000);
  const before = await now();
  await start(
    "console.log('first');\nprocess.stdin.once('data', () => {\n  console.log('second');\n  process.exit();\n});\n",
  );
  await output().getByText('first').waitFor();
  const seen = await now();
  await page.waitForFunction((seen) => performance.now() / 1000 >= seen + 0.3, seen);
  await openTools();
  const input = tools().getByRole('textbox', { name: 'Input' });
  await input.fill('go on');
  const sent = await now();
  await input.press('Enter');
  await settled(page);
  const whole = (await now()) - before;
  const time = (index: number) =>
    output()
      .locator('.line')
      .nth(index)
      .evaluate((line) => getComputedStyle(line, '::before').content);
  assert.equal(await time(0), 'none');
  const times = tools().getByRole('button', { name: 'Times' });
  await times.click();
  assert.equal(await times.getAttribute('aria-pressed'), 'true');
  // Between them, the reader has sent a line.
  const [first, second] = (await Promise.all([time(0), time(2)])).map((text) => Number(JSON.parse(text)));
  // They are rounded to thousandths.
  assert.ok(
    first > 0 && second - first >= sent - seen - 0.001,
    `${first}, ${second}: ${sent - seen} between`,
  );
  assert.ok(second <= whole + 0.001, `${second} of ${whole} seconds`);
  assert.ok(await page.locator('[data-process="server"][data-times]').count());
  assert.match(
    (await page.evaluate(() => localStorage.getItem('handfast:settings'))) ?? '',
    /"timestamps":true/,
  );
  await times.click();
  assert.equal(await time(0), 'none');
});

test('100,000 lines: the page answers all the while, keeps the last of them, and says how many it left out', async () => {
  await page.evaluate(() => {
    const seen = globalThis as unknown as { longest: number };
    let last = performance.now();
    const beat = () => {
      const now = performance.now();
      seen.longest = Math.max(seen.longest, now - last);
      last = now;
      setTimeout(beat, 0);
    };
    beat();
  });
  // Other tests may have the processor meanwhile, which makes the page slower, never faster: the best of some rounds counts.
  let longest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 4 && longest >= 1500; round += 1) {
    await page.evaluate(() => Object.assign(globalThis, { longest: 0 }));
    await run("for (let i = 1; i <= 100_000; i += 1) console.log('line ' + i);\n");
    longest = Math.min(
      longest,
      await page.evaluate(() => (globalThis as unknown as { longest: number }).longest),
    );
  }
  const shown = await lines();
  assert.equal(shown.at(-1), 'line 100000');
  assert.equal(shown.length, 1000);
  const left = await output().getAttribute('data-left');
  assert.match(left ?? '', /\b99000\b/);
  assert.ok(longest < 1500, `the page did not answer for ${Math.round(longest)} ms`);
});

test('a million characters in one line become lines that a page can hold, with their places; what is left out is counted', async () => {
  await run(
    "console.log('\\x1b[31mred\\x1b[0m'); console.log('\u{1f600}' + 'a.'.repeat(500_000) + ' client.js:1');\n",
  );
  const shown = await lines();
  const left = Number(((await output().getAttribute('data-left')) ?? '0').match(/\d+/)?.[0]);
  assert.ok(shown.length > 1 && shown.length + left >= 50, `${shown.length} shown, ${left} left out`);
  assert.ok(shown.every((line) => line.length < 40_000 && line.isWellFormed()));
  assert.equal(await output().locator('a.place').innerText(), 'client.js:1');
  // What the step says came is to be read beside what was expected.
  const came = await page.locator('[data-step="right-certificate"] .came dd').nth(1).innerText();
  assert.match(came, /^red\n\u{1f600}a\.a\./u);
  assert.ok(came.length < 500, `${came.length} characters`);
});

test('what was said in a run before this one stays, and says of itself that it is earlier', async () => {
  const state = (name: string) => page.innerText(`[data-process="${name}"] [data-process-state]`);
  await run("console.log('of the first run');\n");
  assert.equal(await state('client'), 'exited with 0');
  await page.click('[data-step="no-certificate"] button');
  await settled(page);
  assert.equal(await state('client'), 'earlier: exited with 0');
  assert.deepEqual(await lines(), ['of the first run']);
  assert.match(await state('no-certificate'), /^exited/);
  await run("console.log('of the last run');\n");
  assert.equal(await state('client'), 'exited with 0');
  assert.deepEqual(await lines(), ['of the last run']);
  assert.match(await state('no-certificate'), /^earlier: exited/);
});

test('the page had nothing to complain about', () => {
  assert.deepEqual(
    reader.complaints.filter((line) => !line.includes('ERR_INTERNET_DISCONNECTED')),
    [],
  );
});
