import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findSystemChromium } from '../../tests/support/system-chromium.ts';

/** A Chromium showing one page; started directly, because a driver for it would take as long again. */
export interface BrowserWindow {
  /** Ends it and forgets all it wrote. */
  close(): void;
  /** Called when it ends by itself. */
  onend: ((reason: string) => void) | undefined;
}

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-extensions',
  '--disable-default-apps',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
  '--mute-audio',
  // It ends when this pipe closes, so it cannot outlive the command, however that ends.
  '--remote-debugging-pipe',
];

export async function openBrowser(url: string, flags: readonly string[] = []): Promise<BrowserWindow> {
  const executable = findSystemChromium() ?? (await import('../../tests/support/chromium.ts')).findChromium();
  if (!executable)
    throw new Error('No Chromium found. Set CHROMIUM_PATH, or run: npm test (it installs one)');
  const profile = mkdtempSync(path.join(os.tmpdir(), 'handfast-'));
  const child: ChildProcess = spawn(executable, [...FLAGS, ...flags, `--user-data-dir=${profile}`, url], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    // A group of its own, so that all of its processes can be ended together.
    detached: process.platform !== 'win32',
  });
  let isClosed = false;
  const window: BrowserWindow = {
    onend: undefined,
    close() {
      if (isClosed) return;
      isClosed = true;
      try {
        if (child.pid && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // It has ended already.
      }
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
    },
  };
  child.on('error', (error) => window.onend?.(error.message));
  child.on('exit', (code, signal) => {
    if (!isClosed) window.onend?.(`The browser ended (${signal ?? code})`);
  });
  return window;
}
