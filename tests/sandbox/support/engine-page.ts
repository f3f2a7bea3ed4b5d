import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../support/chromium.ts';
import { servePages } from './page-server.ts';

/** A page under the real policy with `src/sandbox/embedded/index.ts` as `sandbox`, for tests to run functions in. */
export async function openEnginePage() {
  const pages = await servePages('src/sandbox/embedded/index.ts');
  const browser: Browser = await launchChromium();
  const page: Page = await browser.newPage();
  // Nothing here is to be over soon, on a machine that does much else.
  page.setDefaultTimeout(180_000);
  await page.goto(pages.url);
  return {
    page,
    asked: pages.asked,
    async close() {
      await browser.close();
      pages.close();
    },
  };
}
