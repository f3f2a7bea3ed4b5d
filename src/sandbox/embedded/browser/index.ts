/** The browser of the embedded engine. */
import type { Browser, BrowserOptions } from '../../browser.ts';
import type { EmbeddedSandbox } from '../page/sandbox.ts';

export async function openBrowser(_sandbox: EmbeddedSandbox, { name }: BrowserOptions): Promise<Browser> {
  throw new Error(`The browser "${name}" cannot be opened yet.`);
}
