// From "run" to the first decrypted byte at the client: lesson 5's own server.js and client.js, both started from nothing.
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';

const names = path.join(path.dirname(fileURLToPath(import.meta.url)), 'programs/names.cjs');
/** The step of the lesson that runs server.js and client.js, the client's console, and what it prints for the first byte. */
const STEP = 'right-certificate';
const CONSOLE = 'client';
const RECEIVED = 'received:';

/** Two real processes: the client is started as soon as the server says that it listens. Milliseconds. */
export async function firstByteInNode(folder: string): Promise<number> {
  const start = performance.now();
  const server = run(folder, 'server.js');
  const ended = new Promise((resolve) => server.once('exit', resolve));
  try {
    await printed(server, 'listening');
    const client = run(folder, 'client.js');
    await printed(client, RECEIVED);
    return performance.now() - start;
  } finally {
    server.kill();
    await ended;
  }
}

const run = (folder: string, file: string): ChildProcess =>
  spawn(process.execPath, ['--require', names, file], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });

function printed(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      seen += chunk;
      if (seen.includes(text)) resolve();
    });
    child.once('exit', () =>
      reject(new Error(`${child.spawnargs.at(-1)} ended without printing "${text}":\n${seen}`)),
    );
  });
}

/**
 * The lesson page, from the click on the step's Run button to the line in the client's console.
 * `cold`: a page just loaded, page and engine in the HTTP cache, nothing started. `warm`: a page that has run before.
 */
export async function firstByteInPage(browser: Browser, site: string) {
  const context = await browser.newContext();
  const open = async (): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(`${site}/lessons/mutual-tls/`, { waitUntil: 'networkidle' });
    return page;
  };
  const warmPage = await open();
  await clickToFirstByte(warmPage); // fills the HTTP cache, too
  return {
    async warm(): Promise<number> {
      await rest(warmPage);
      return clickToFirstByte(warmPage);
    },
    async cold(): Promise<number> {
      const page = await open();
      const milliseconds = await clickToFirstByte(page);
      await page.close();
      return milliseconds;
    },
    close: () => context.close(),
  };
}

/** A reader looks at what came before running again; meanwhile spare workers start and practise. */
const rest = (page: Page) => page.waitForTimeout(2000);

/** Clicks inside the page and watches there, so that the time of driving the browser from outside is not counted. */
async function clickToFirstByte(page: Page): Promise<number> {
  const measured = page.evaluate(
    ({ step, name, text }) =>
      new Promise<number>((resolve, reject) => {
        const element = document.querySelector<HTMLElement>(`[data-step="${step}"]`);
        const button = element?.querySelector('button');
        if (!element || !button) return reject(new Error(`no step "${step}" with a button on this page`));
        const console = () => document.querySelector(`[data-process="${name}"]`)?.textContent ?? '';
        const lines = () => console().split(text).length - 1;
        // The console may still show the last run: only a line that was not there before counts.
        let before = lines();
        let start = 0;
        const observer = new MutationObserver(() => {
          before = Math.min(before, lines());
          if (lines() <= before) return;
          observer.disconnect();
          resolve(performance.now() - start);
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
        start = performance.now();
        button.click();
      }),
    { step: STEP, name: CONSOLE, text: RECEIVED },
  );
  const milliseconds = await measured;
  await page.waitForSelector(`[data-step="${STEP}"][data-state="passed"]`);
  return milliseconds;
}
