// Ana's browser, on your own machine. README.md says what it is, and what it needs.
//
//   node ana.js [ADDRESS]            opens a window, for you to be Ana
//   node ana.js --log-in [ADDRESS]   logs her in, opens the address, and prints what she sees and what her scripts ask for
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const app = 'https://app.tally.example:8443/';
const logsIn = process.argv[2] === '--log-in';
const address = process.argv[logsIn ? 3 : 2] ?? app;

const lab = path.dirname(fileURLToPath(import.meta.url));
const home = mkdtempSync(path.join(os.tmpdir(), 'ana-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

trust(path.join(lab, 'certificates', 'tally-ca.pem'));
const browser = {
  executablePath: findChromium(),
  // Root has no privileges to drop into Chromium's sandbox.
  args: [
    `--host-resolver-rules=${rules()}`,
    '--no-first-run',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ],
  env: { ...process.env, HOME: home },
};
if (logsIn) await logIn();
else await openWindow();

/** A Chromium trusts the authorities of the NSS database in its home. @param {string} authority */
function trust(authority) {
  const database = path.join(home, '.pki', 'nssdb');
  mkdirSync(database, { recursive: true });
  const certutil = (/** @type {string[]} */ ...args) =>
    execFileSync('certutil', ['-d', `sql:${database}`, ...args]);
  certutil('-N', '--empty-password');
  certutil('-A', '-n', 'Tally CA', '-t', 'C,,', '-i', authority);
}

/** Each host of the lab has a loopback address of its own: 10.8.0.20 is 127.8.0.20 here. See network.mjs. */
function rules() {
  /** @type {{ handfast: { hosts: Record<string, string> } }} */
  const { handfast } = JSON.parse(readFileSync(path.join(lab, 'package.json'), 'utf8'));
  const hosts = Object.entries(handfast.hosts);
  return [...hosts.map(([name, at]) => `MAP ${name} ${at.replace(/^10\./, '127.')}`), 'MAP * ~NOTFOUND'].join(
    ', ',
  );
}

function findChromium() {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const all = names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  const found = process.env.CHROMIUM ?? all.find((file) => existsSync(file));
  if (found === undefined)
    throw new Error('No Chromium is here. Install one, or name one: CHROMIUM=/path/to/chromium');
  return found;
}

function openWindow() {
  const { executablePath, args, env } = browser;
  const profile = `--user-data-dir=${path.join(home, 'profile')}`;
  const child = spawn(executablePath, [...args, profile, address], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve));
}

async function logIn() {
  const driver = 'playwright-core';
  const { chromium } = await import(driver).catch(() => {
    throw new Error(`${driver} is not here: npm install --no-save ${driver}`);
  });
  const context = await chromium.launchPersistentContext(path.join(home, 'profile'), browser);
  const page = context.pages()[0];
  page.on('response', (/** @type {any} */ response) => {
    const request = response.request();
    if (/^(fetch|xhr)$/.test(request.resourceType())) {
      console.log(`request: ${request.method()} ${request.url()} ${response.status()}`);
    }
  });
  await page.goto(new URL('/login', app).href);
  await page.getByLabel('Name').fill('ana');
  await page.getByLabel('Password').fill('correct horse');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL(`${app}**`);
  await page.goto(address, { waitUntil: 'networkidle' });
  for (const line of await page.locator('h1, p, li').allInnerTexts()) console.log(line);
  await context.close();
}
