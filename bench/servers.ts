// From "run" until the three servers of lesson 9 listen, on a page that has run nothing: its keys are made first.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { createRunner, treeOf } from '../src/lab/index.ts';
import { addressesOf, readLesson, variantFiles } from '../src/lesson/index.ts';
import { bootNode } from '../src/sandbox/node/index.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const SLUG = 'session-hijack';
const STEP = 'empty-handed';

/** Real processes: the authority's, and then the servers, all at once. Milliseconds. */
export async function serversInNode(): Promise<number> {
  const lesson = await readLesson(root, SLUG);
  const { lab } = lesson;
  const tree = treeOf(variantFiles(lesson, 'lab'));
  const waiting = new Set(lab.steps.find(({ id }) => id === STEP)?.servers);
  const start = performance.now();
  let took = Number.NaN;
  const runner = createRunner({
    lab,
    boot: () => bootNode({ hosts: addressesOf(lab) }),
    files: () => tree,
    onEvent(event) {
      if (event.type !== 'process' || event.state !== 'listening') return;
      waiting.delete(event.name);
      if (waiting.size === 0 && Number.isNaN(took)) took = performance.now() - start;
    },
  });
  try {
    await runner.runStep(STEP);
  } finally {
    await runner.close();
  }
  return took;
}

/** The lesson page, just loaded, page and engine in the HTTP cache: from the click until the page says that each listens. */
export async function serversInPage(browser: Browser, site: string, reachedBefore: boolean): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const address = `${site}/lessons/${SLUG}/`;
  await page.goto(address);
  await page.goto(address);
  if (reachedBefore) {
    await page.hover(`[data-step="${STEP}"] button`);
    await page.waitForSelector('[data-process="pki"][data-state="ended"]');
  }
  const { servers } = (await readLesson(root, SLUG)).lab.steps.find(({ id }) => id === STEP) ?? {
    servers: [],
  };
  const took = await page.evaluate(
    ({ step, names }) =>
      new Promise<number>((resolve, reject) => {
        const button = document.querySelector<HTMLElement>(`[data-step="${step}"] button`);
        if (!button) return reject(new Error(`no step "${step}" with a button on this page`));
        const start = performance.now();
        const listens = (name: string) =>
          document.querySelector(`[data-process="${name}"]`)?.getAttribute('data-state') === 'listening';
        const observer = new MutationObserver(() => {
          if (!names.every(listens)) return;
          observer.disconnect();
          resolve(performance.now() - start);
        });
        observer.observe(document.body, { subtree: true, childList: true, attributes: true });
        button.click();
      }),
    { step: STEP, names: servers },
  );
  await context.close();
  return took;
}
