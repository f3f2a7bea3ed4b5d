// npm run bench: sets everything up and measures the engine beside real Node.js.
import { ensureBrowser } from './support/browser.mjs';
import { ensureInstalled, ensureSite, handOver } from './support/setup.mjs';

ensureInstalled();
process.env.CHROMIUM_PATH = ensureBrowser();
ensureSite();
handOver('bench/index.ts');
