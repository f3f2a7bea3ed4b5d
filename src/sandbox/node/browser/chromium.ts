import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { findSystemChromium } from './system-chromium.ts';
import { trustAuthorities } from './trust.ts';

/** What ends a command from outside, with the exit code that says so. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

export interface RunningChromium {
  readonly browser: Browser;
  /** Ends it. Nothing it has written is left. */
  close(): Promise<void>;
}

/** Path of a Chromium: `CHROMIUM_PATH`, else one on the system, else the one Playwright has downloaded. */
export function findChromium(): string | undefined {
  const downloaded = chromium.executablePath();
  return findSystemChromium() ?? (downloaded && existsSync(downloaded) ? downloaded : undefined);
}

/** Starts a headless Chromium that trusts these authorities and reaches what `rules` names (`--host-resolver-rules`). */
export async function launchChromium(authorities: string, rules: string): Promise<RunningChromium> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error(
      'no Chromium is here. Install one (Debian: apt-get install chromium), or name one in CHROMIUM_PATH.',
    );
  }
  const home = await mkdtemp(path.join(tmpdir(), 'handfast-browser-'));
  const watched = watchForTheEnd(home);
  const removeHome = async () => {
    watched.stop();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await trustAuthorities(home, authorities);
    const temporary = path.join(home, 'tmp');
    await mkdir(temporary);
    const browser = await chromium.launch({
      executablePath,
      // Nothing else of our own environment: a proxy or another user's settings would be obeyed.
      env: { PATH: process.env.PATH ?? '', HOME: home, TMPDIR: temporary },
      args: [
        `--host-resolver-rules=${rules}`,
        '--no-proxy-server',
        '--no-sandbox', // it has no privileges to shed in a container; the pages are the lab's own
        '--disable-gpu',
        '--disable-quic',
      ],
      handleSIGHUP: false,
      handleSIGINT: false,
      handleSIGTERM: false,
    });
    return {
      browser,
      async close() {
        await browser.close();
        await removeHome();
      },
    };
  } catch (problem) {
    await removeHome();
    throw problem;
  }
}

/**
 * However this process is told to end, the browser and its folder go with it: as it exits, Playwright ends the browsers
 * it has started, and we remove what is ours.
 */
function watchForTheEnd(home: string): { stop(): void } {
  const clear = () => rmSync(home, { recursive: true, force: true });
  const leave = (signal: keyof typeof SIGNALS) => process.exit(SIGNALS[signal]);
  const signals = Object.keys(SIGNALS) as (keyof typeof SIGNALS)[];
  process.once('exit', clear);
  for (const signal of signals) process.once(signal, leave);
  return {
    stop() {
      process.off('exit', clear);
      for (const signal of signals) process.off(signal, leave);
    },
  };
}
