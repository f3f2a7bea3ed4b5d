import type { Page } from 'playwright-core';
import { LESSON, settled } from '../support/site.ts';

const BINDING = '/lessons/certificate-bound-tokens/';

/** What is looked at. A page is prepared once; then each of its screens is taken at every width, by day and by night. */
export interface Scene {
  address: string;
  screens: Screen[];
}

export interface Screen {
  name: string;
  /** What the reader does to come here. */
  prepare(page: Page): Promise<void>;
  /** What is scrolled to the top of the window. */
  at: string;
  /** What is never the same twice, such as times, ports and keys: its place is left empty. */
  random?: string;
}

async function run(page: Page, step: string): Promise<void> {
  await page.click(`[data-step="${step}"] button`);
  await settled(page);
}

export const scenes: Scene[] = [
  {
    address: '/',
    screens: [
      {
        name: 'front',
        prepare: async (page) => {
          await page.waitForSelector('[data-live-again]:not([hidden])');
        },
        at: 'body',
        random: '[data-live-words]',
      },
    ],
  },
  { address: '/settings/', screens: [{ name: 'settings', prepare: async () => {}, at: 'body' }] },
  {
    address: LESSON,
    screens: [
      { name: 'lesson', prepare: async () => {}, at: 'body' },
      {
        name: 'lab',
        prepare: async (page) => {
          await page.click('[data-file="server.js"]');
        },
        at: '[data-lab]',
      },
      {
        name: 'lab-after-a-step',
        prepare: (page) => run(page, 'no-certificate'),
        at: '.files',
      },
      { name: 'step-passed', prepare: async () => {}, at: '[data-step="no-certificate"] button' },
      {
        name: 'wire',
        prepare: async (page) => {
          await page.click('[data-file="wire"]');
          await page.fill('.wire-filter input', 'certificate');
          // The last of it: the wire is read a little at a time.
          await page.locator('.wire-message .wire-text', { hasText: 'certificate_required' }).waitFor();
          await page
            .locator('.wire-message .wire-text', { hasText: /^Certificate$/ })
            .first()
            .click();
          await page.waitForSelector('.wire-opened');
        },
        at: '.files',
        random: '.wire-connection .wire-note',
      },
    ],
  },
  {
    address: BINDING,
    screens: [
      {
        name: 'worlds',
        prepare: (page) => run(page, 'side-by-side'),
        at: '.files',
        // Thumbprints, and lines that come from two worlds at once.
        random: '.world-consoles',
      },
    ],
  },
];
