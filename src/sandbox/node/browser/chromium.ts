import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { findSystemChromium } from './system-chromium.ts';
import { trustAuthorities } from './trust.ts';

/** What ends a command from outside, with the exit code that says so. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/** `SameSite` alone decides which cookies other sites' pages bring: whether a Chromium keeps more back differs from build to build. */
const PREFERENCES = { profile: { cookie_controls_mode: 0, block_third_party_cookies: false } };

export interface RunningChromium {
  /** A private window, which shares no cookies, storage or connections with others. All it holds is gone when its context closes. */
  openPage(): Promise<Page>;
  readonly isRunning: boolean;
  /** Ends it. Nothing it has written is left. */
  close(): Promise<void>;
}

/**
 * The Chromiums of one sandbox. To start one takes longer than most steps of a lab, so one that runs is used again by
 * whoever trusts the same authorities and calls from the same machine.
 */
export class Chromiums {
  readonly #started = new Map<string, Promise<RunningChromium>>();

  async get(authorities: string, rules: string): Promise<RunningChromium> {
    const key = JSON.stringify([authorities, rules]);
    const known = this.#started.get(key);
    if (known && (await known).isRunning) return known;
    const starting = launchChromium(authorities, rules);
    this.#started.set(key, starting);
    starting.catch(() => this.#started.delete(key));
    return starting;
  }

  async close(): Promise<void> {
    const all = await Promise.allSettled(this.#started.values());
    this.#started.clear();
    await Promise.all(all.map((each) => (each.status === 'fulfilled' ? each.value.close() : undefined)));
  }
}

/** Path of a Chromium: `CHROMIUM_PATH`, else one on the system, else the one Playwright has downloaded. */
export function findChromium(): string | undefined {
  const downloaded = chromium.executablePath();
  return findSystemChromium() ?? (downloaded && existsSync(downloaded) ? downloaded : undefined);
}

/** Starts a headless Chromium that trusts these authorities and reaches what `rules` names (`--host-resolver-rules`). */
async function launchChromium(authorities: string, rules: string): Promise<RunningChromium> {
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
    const profile = path.join(home, 'profile');
    await mkdir(path.join(profile, 'Default'), { recursive: true });
    await writeFile(path.join(profile, 'Default', 'Preferences'), JSON.stringify(PREFERENCES));
    const context = await chromium.launchPersistentContext(profile, {
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
    const browser = context.browser();
    if (browser === null) throw new Error('this Playwright cannot open private windows in it.');
    return {
      openPage: async () => (await browser.newContext()).newPage(),
      get isRunning() {
        return browser.isConnected();
      },
      async close() {
        await context.close();
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
