import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { dist } from './site.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The rules whose judgement depends on colours. */
const ofColour = ['color-contrast', 'link-in-text-block'];

/** What axe finds in a part of the page, one line a finding. All rules, unless it is told which. */
export async function axeFaults(
  page: Page,
  within: string,
  runOnly: object = { type: 'tag', values: tags },
): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(
    async ({ runOnly, within }) => {
      const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
      const { violations } = await axe.run(within, {
        runOnly: runOnly as import('axe-core').RunOnly,
        resultTypes: ['violations'],
      });
      return violations.flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
      );
    },
    { runOnly, within },
  );
}

/** All rules by day, and by night those that the night can change; each finding with its time of day. */
export async function faultsDayAndNight(page: Page, within = 'html'): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const runOnly = colorScheme === 'light' ? undefined : { type: 'rule', values: ofColour };
    found.push(...(await axeFaults(page, within, runOnly)).map((fault) => `${colorScheme} ${fault}`));
  }
  return found;
}

/** The address of every page that was built: `/`, `/404.html`, `/lessons/mutual-tls/` … None can be forgotten. */
export const everyPage = (): string[] =>
  readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.html') && !file.startsWith(`engine${path.sep}`))
    .map(
      (file) =>
        `/${file
          .split(path.sep)
          .join('/')
          .replace(/(^|\/)index\.html$/, '$1')}`,
    )
    .sort();

/** The addresses of the lessons. */
export const everyLesson = (): string[] =>
  everyPage().filter((address) => /^\/lessons\/[^/]+\/$/.test(address));

/** The controls that a finger or a shaking hand would miss: WCAG 2.2 §2.5.8 asks for 24 pixels. */
export function smallTargets(controls: Locator): Promise<string[]> {
  return controls.evaluateAll((controls) =>
    controls.flatMap((control) => {
      const { width, height } = control.getBoundingClientRect();
      return width < 24 || height < 24 ? [`${control.outerHTML} ${width} × ${height}`] : [];
    }),
  );
}
