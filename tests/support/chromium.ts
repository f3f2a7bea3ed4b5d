import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../../src/sandbox/node/browser/chromium.ts';

export { findChromium };

/** A headless Chromium that talks to nobody but the page under test. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) {
    throw new Error(
      'No Chromium found. Set CHROMIUM_PATH, install one (Debian: apt-get install chromium), or run: npx playwright-core install chromium',
    );
  }
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
