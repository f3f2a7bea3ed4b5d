import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, BrowserContextOptions, Page, Request } from 'playwright-core';
import { serve } from '../../../scripts/support/static-server.mjs';
import { launchChromium } from '../../support/chromium.ts';

/** The built site. `SITE_DIST` names another one, for who builds it elsewhere. */
export const dist =
  process.env.SITE_DIST ?? path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../dist');

export const LESSON = '/lessons/mutual-tls/';

export interface Site {
  url: string;
  browser: Browser;
  /** A fresh reader: nothing stored, nothing cached. */
  reader(options?: BrowserContextOptions): Promise<Reader>;
  close(): Promise<void>;
}

export interface Reader {
  page: Page;
  context: BrowserContext;
  /** Every address that this reader's pages asked for. */
  requests: string[];
  /** What the page complained about: errors nobody caught, and errors on the browser's console. */
  complaints: string[];
  /** Resolves when nothing that was asked for is still on its way, nor asked for by what has come. */
  arrived(): Promise<void>;
  open(path: string): Promise<void>;
}

/** Serves the built site as any static server would, and starts a browser. */
export async function openSite(): Promise<Site> {
  if (!existsSync(path.join(dist, 'index.html')))
    throw new Error('The site is not built: run npm run build first.');
  const server = await serve(dist, 0);
  const browser = await launchChromium();
  return {
    url: server.url,
    browser,
    async reader(options = {}) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
      // A machine that builds other things meanwhile is several times slower: waiting long costs nothing when all is well.
      context.setDefaultTimeout(120_000);
      await context.addInitScript(watchRuns);
      await context.addInitScript(lengthenLimits);
      const page = await context.newPage();
      const requests: string[] = [];
      const complaints: string[] = [];
      /** What a page has asked of this site and has not got yet. */
      const coming = new Set<Request>();
      let changed = () => {};
      context.on('request', (request) => {
        requests.push(request.url());
        if (request.url().startsWith(server.url)) coming.add(request);
      });
      for (const end of ['requestfinished', 'requestfailed'] as const)
        context.on(end as 'requestfinished', (request) => {
          coming.delete(request);
          changed();
        });
      const arrived = async () => {
        do {
          while (coming.size > 0) {
            await new Promise<void>((resolve) => {
              changed = resolve;
            });
          }
          // What has come asks for the next in a turn of its own.
          await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
        } while (coming.size > 0);
      };
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      const open = async (path: string) => {
        await page.goto(server.url + path, { waitUntil: 'load' });
      };
      return { page, context, requests, complaints, arrived, open };
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** In the page, before its own scripts: knows whether something has run since the last press, however short it was. */
export function watchRuns(): void {
  // A frame of the lab is none of ours.
  if (origin === 'null') return;
  const seen = globalThis as unknown as { hasRun: boolean };
  const look = () => document.querySelector('[data-action="stop"][aria-disabled="false"]') !== null;
  seen.hasRun = false;
  for (const press of ['keydown', 'click']) {
    const forget = () => {
      seen.hasRun = look();
    };
    addEventListener(press, forget, { capture: true });
  }
  new MutationObserver(() => {
    seen.hasRun ||= look();
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ['aria-disabled'] });
}

/**
 * In the page, before its own scripts: a limit that is long for a reader is longer here, where tests share their machine.
 * It ends what would never end by itself, and what is over in time does not wait for it.
 */
export function lengthenLimits(): void {
  if (origin === 'null') return;
  const LONG = 10_000;
  const [{ setTimeout }, times] = [globalThis, 6];
  const lengthened = (act: TimerHandler, milliseconds = 0, ...rest: unknown[]) =>
    setTimeout(act, milliseconds < LONG ? milliseconds : times * milliseconds, ...rest);
  Object.assign(globalThis, { setTimeout: lengthened });
}

/** Waits until what was pressed last has begun to run. It may be over by then. */
export async function begun(page: Page): Promise<void> {
  await page.waitForFunction(() => (globalThis as unknown as { hasRun: boolean }).hasRun);
}

/** Waits until what was pressed last has run, and nothing runs any more; says how each step stands. */
export async function settled(page: Page): Promise<Record<string, string>> {
  await begun(page);
  await page.waitForSelector('[data-action="stop"][aria-disabled="true"]', { timeout: 120_000 });
  return states(page, 'step');
}

export function states(page: Page, kind: 'step' | 'check'): Promise<Record<string, string>> {
  return page.evaluate((kind) => {
    const found = [...document.querySelectorAll<HTMLElement>(`[data-${kind}]`)];
    return Object.fromEntries(found.map((each) => [each.dataset[kind], each.dataset.state])) as Record<
      string,
      string
    >;
  }, kind);
}

/** Lets the reader's hand near the controls and waits until all that a run needs has arrived. */
export async function reach(reader: Reader): Promise<void> {
  const editor = reader.page.waitForResponse((response) => /\/editor\.[^/]+\.js$/.test(response.url()));
  await reader.page.hover('[data-action="run-all"]');
  await (await editor).finished();
  // The editor comes with the rest, and not as the last of it.
  await reader.arrived();
}
