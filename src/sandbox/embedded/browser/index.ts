/**
 * The browser of the embedded engine, loaded with a sandbox's first browser only. Its network is a process of the sandbox
 * (`network/`), its pages are shown in a sealed frame (`pane.ts`, `frame/`), and between the two this folder is what a
 * browser is: cookies, origins, redirects, history.
 */
import type { Browser, BrowserOptions } from '../../browser.ts';
import type { EmbeddedSandbox } from '../page/sandbox.ts';
import { EmbeddedBrowser } from './browser.ts';
import { createNetworkClient } from './network/client.ts';

export interface Surroundings {
  /** Names of the lab's hosts. */
  hosts: readonly string[];
  /** Brings a script that is built and served with the engine, by its name without `.js`. */
  fetchScript(name: string): Promise<string>;
}

const SCRIPTS = ['browser-network', 'browser-frame'] as const;

/** Where the network's program lies among the sandbox's files: no part of the lab. */
const PROGRAM = '/usr/lib/browser/network.cjs';

export async function openBrowser(
  sandbox: EmbeddedSandbox,
  { name, host, trusts }: BrowserOptions,
  { hosts, fetchScript }: Surroundings,
): Promise<Browser> {
  if (!('trustedTypes' in globalThis))
    throw new Error(
      'This browser lacks Trusted Types, without which a page of a lab cannot be shown safely.',
    );
  // Read here as well, so that a file that is not there is told where the browser is asked for.
  await sandbox.fs.readFile(trusts);
  const [program, script] = await Promise.all(SCRIPTS.map((name) => bringScript(name, fetchScript)));
  const bytes = new TextEncoder().encode(program);
  await sandbox.mountEntries([{ path: PROGRAM, bytes, mtimeMs: Date.now(), mode: 0 }]);
  const process = await sandbox.spawn('node', [PROGRAM, trusts], { host });
  const browser = new EmbeddedBrowser(name, createNetworkClient(process), { hosts, script });
  // The process ends when the sandbox is torn down, or its frame dies.
  process.exit.then(() => browser.close());
  return browser;
}

/** Brings what a browser needs before it is asked for. */
export async function preload(fetchScript: Surroundings['fetchScript']): Promise<void> {
  await Promise.all([...SCRIPTS.map((name) => bringScript(name, fetchScript)), import('acorn')]);
}

const brought = new Map<string, Promise<string>>();

/** A script of the browser's, fetched once for all browsers of the page. */
function bringScript(name: string, fetchScript: Surroundings['fetchScript']): Promise<string> {
  const coming = brought.get(name) ?? fetchScript(name);
  brought.set(name, coming);
  // A failure (the network was away for a moment) is not kept.
  coming.catch(() => brought.delete(name));
  return coming;
}
