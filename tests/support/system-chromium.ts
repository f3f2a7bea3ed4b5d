export { findSystemChromium } from '../../src/sandbox/node/browser/system-chromium.ts';
