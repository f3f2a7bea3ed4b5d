import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import type { LabRun } from '../../src/lab/index.ts';
import type { Lab, LabFiles } from '../../src/lesson/index.ts';
import { pagePolicy } from '../../src/sandbox/embedded/policy.ts';
import { bootNode } from '../../src/sandbox/node/index.ts';
import { launchChromium } from '../../tests/support/chromium.ts';
import type { EngineName } from './arguments.ts';
import { runLab } from './run-lab.ts';

/** An engine that is up and can run one lab after another. */
export interface LabEngine {
  /** `worlds`: the files of the lab's worlds, by variant; see `worldFiles`. */
  run(lab: Lab, files: LabFiles, worlds?: Record<string, LabFiles>): Promise<LabRun>;
  close(): Promise<void>;
}

/** `patience`: how many times longer than for a reader a scene may take; tests share their machine. */
export async function openEngine(name: EngineName, patience = 1): Promise<LabEngine> {
  if (name === 'embedded') return openEmbedded(patience);
  return {
    run: (lab, files, worlds = {}) => runLab(lab, files, worlds, bootNode, patience),
    async close() {},
  };
}

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
/** No server stands behind it: every request is answered from here, so nothing can leave. */
const origin = 'http://localhost';

/** The embedded engine in a headless Chromium. `.build/engine` must be there. */
async function openEmbedded(patience: number): Promise<LabEngine> {
  const bundle = await build({
    entryPoints: [path.join(root, 'scripts/lab/embedded-page.ts')],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    write: false,
  });
  const browser = await launchChromium();
  const page = await browser.newPage();
  await answerFromHere(page, bundle.outputFiles[0].text);
  await page.goto(`${origin}/`);
  return {
    run: (lab, files, worlds = {}) =>
      page.evaluate(
        ([lab, files, worlds, patience]) => globalThis.handfastLab(lab, files, worlds, patience),
        [lab, files, worlds, patience] as const,
      ),
    close: () => browser.close(),
  };
}

declare global {
  var handfastLab: (
    lab: Lab,
    files: LabFiles,
    worlds: Record<string, LabFiles>,
    patience: number,
  ) => Promise<LabRun>;
}

async function answerFromHere(page: Page, script: string): Promise<void> {
  await page.route('**/*', (route) => {
    const { origin: asked, pathname } = new URL(route.request().url());
    if (asked !== origin) return route.abort();
    if (pathname === '/') {
      return route.fulfill({
        contentType: 'text/html',
        headers: { 'content-security-policy': pagePolicy() },
        body: '<!doctype html><title>Lab</title><script src="/lab.js"></script>',
      });
    }
    if (pathname === '/lab.js') return route.fulfill({ contentType: 'text/javascript', body: script });
    const engine = /^\/engine\/((?:packages\/)?[\w.+-]+)$/.exec(pathname);
    if (!engine) return route.abort();
    const file = path.join(root, '.build/engine', engine[1]);
    if (!existsSync(file)) return route.fulfill({ status: 404 });
    return route.fulfill({ contentType: typeOf(file), body: readFileSync(file) });
  });
}

function typeOf(file: string): string {
  const types: Record<string, string> = { '.json': 'application/json', '.wasm': 'application/wasm' };
  return types[path.extname(file)] ?? 'text/javascript';
}
