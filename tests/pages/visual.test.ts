// How the pages look, beside how they looked when somebody last looked at them: `npm run baselines` takes the pictures of
// `visual/` again. Another Chromium draws letters otherwise, so they are compared only with the one that took them.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import pixelmatch from 'pixelmatch';
import type { Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { openSite, type Site } from './support/site.ts';
import { encodeWithPalette } from './visual/palette.ts';
import { type Screen, scenes } from './visual/screens.ts';

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), 'visual');
const takenWith = path.join(folder, 'taken-with.json');
const isTaking = process.env.TAKE_BASELINES === '1';

const sizes = { 1440: 900, 768: 1024, 390: 844 };
/** How far two colours may be apart, of 1, and what part of a picture may be further: edges of letters, no more. */
const COLOUR_TOLERANCE = 0.12;
const AREA_TOLERANCE = 0.004;

let site: Site;
let failures: string | undefined;
before(async () => {
  site = await openSite();
  if (!isTaking) return;
  // A picture of what is no longer looked at goes.
  for (const name of readdirSync(folder)) if (name.endsWith('.png')) rmSync(path.join(folder, name));
  const chromium = site.browser.version().split('.')[0];
  writeFileSync(takenWith, `{ "chromium": "${chromium}", "platform": "${process.platform}" }\n`);
});
after(() => site.close());

async function take(page: Page, { at, random }: Screen): Promise<PNG> {
  await page.mouse.move(0, 0);
  await page.evaluate(async (at) => {
    const place = document.querySelector(at) as HTMLElement;
    const header = document.querySelector('.site-header') as HTMLElement;
    // On a wide screen the lab stands beside the text, and stays there.
    const lab = place.closest('.lab');
    const isBeside = lab !== null && getComputedStyle(lab).position === 'sticky';
    const isTop = at === 'body' || isBeside;
    scrollTo(0, isTop ? 0 : scrollY + place.getBoundingClientRect().top - header.offsetHeight);
    await document.fonts.ready;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  }, at);
  const picture = await page.screenshot({
    animations: 'disabled',
    caret: 'hide',
    style: random ? `:is(${random}) { visibility: hidden !important; }` : '',
  });
  return PNG.sync.read(picture);
}

/** The picture is as the kept one, or it is kept. */
function judge(name: string, picture: PNG): void {
  const file = path.join(folder, `${name}.png`);
  const { width, height } = picture;
  const encoded = encodeWithPalette(picture);
  if (isTaking) {
    writeFileSync(file, encoded);
    return;
  }
  assert.ok(existsSync(file), `There is no picture of ${name} yet: take it with npm run baselines.`);
  // Both have been through the palette.
  const [kept, now] = [PNG.sync.read(readFileSync(file)), PNG.sync.read(encoded)];
  assert.deepEqual([kept.width, kept.height], [width, height], name);
  const difference = new PNG({ width, height });
  const options = { threshold: COLOUR_TOLERANCE };
  const count = pixelmatch(kept.data, now.data, difference.data, width, height, options);
  if (count <= AREA_TOLERANCE * width * height) return;
  failures ??= mkdtempSync(path.join(tmpdir(), 'handfast-visual-'));
  writeFileSync(path.join(failures, `${name}.actual.png`), encoded);
  writeFileSync(path.join(failures, `${name}.difference.png`), PNG.sync.write(difference));
  assert.fail(
    `${name}: ${count} of ${width * height} pixels are not as they were. Look at ${failures}; if it is as it should be: npm run baselines`,
  );
}

/** Why the kept pictures say nothing here, if so. */
function reasonNotToCompare(): string | undefined {
  if (isTaking) return undefined;
  const { chromium, platform } = JSON.parse(readFileSync(takenWith, 'utf8'));
  const [mine, theirs] = [site.browser.version().split('.')[0], chromium];
  if (mine !== theirs) return `the pictures were taken with Chromium ${theirs}, and this is ${mine}`;
  return platform === process.platform ? undefined : `the pictures were taken on ${platform}`;
}

for (const { address, screens } of scenes) {
  test(`${address} looks as it did`, async (t) => {
    const reason = reasonNotToCompare();
    if (reason) return t.skip(reason);
    const { page, open, context } = await site.reader({ reducedMotion: 'reduce', colorScheme: 'light' });
    await page.clock.setFixedTime(new Date('2026-03-04T05:06:07Z'));
    await open(address);
    const faults: string[] = [];
    for (const screen of screens) {
      await page.setViewportSize({ width: 1440, height: 900 });
      await screen.prepare(page);
      for (const [width, height] of Object.entries(sizes)) {
        await page.setViewportSize({ width: Number(width), height });
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          try {
            judge(`${screen.name}-${width}-${colorScheme}`, await take(page, screen));
          } catch (fault) {
            faults.push((fault as Error).message);
          }
        }
      }
    }
    await context.close();
    assert.deepEqual(faults, []);
  });
}

test('a changed picture is told apart', () => {
  const [one, other] = [new PNG({ width: 100, height: 100 }), new PNG({ width: 100, height: 100 })];
  one.data.fill(255);
  other.data.fill(255);
  for (let at = 0; at < 400; at += 4) other.data.fill(0, at, at + 3);
  const count = (a: PNG, b: PNG) =>
    pixelmatch(a.data, b.data, undefined, 100, 100, { threshold: COLOUR_TOLERANCE });
  assert.equal(count(one, one), 0);
  assert.ok(count(one, other) > AREA_TOLERANCE * 100 * 100);
  const again = PNG.sync.read(encodeWithPalette(other));
  assert.equal(count(other, again), 0, 'the palette loses nothing that one sees');
});
