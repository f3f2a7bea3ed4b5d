// npm run bench: the embedded engine beside real Node.js, in one run, as ratios. Writes bench/results.json.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '../scripts/support/static-server.mjs';
import { launchChromium } from '../tests/support/chromium.ts';
import { firstByteInNode, firstByteInPage } from './first-byte.ts';
import { handshakesInNode, handshakesInSandbox } from './handshakes.ts';
import { serversInNode, serversInPage } from './servers.ts';
import { median, spread } from './statistics.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const lab = path.join(root, 'lessons/05-mutual-tls/lab');
const GROUP = 'X25519 (both sides set ecdhCurve)';
/** Rounds for each measurement. The three kinds take turns, so that a noisy moment falls on all of them. */
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 15);

interface Row {
  what: string;
  node: number;
  handfast: number;
  unit: string;
  /** Handfast against Node, always as "times as long": above 1, Handfast is slower. */
  ratio: number;
  node_range: string;
  handfast_range: string;
}

const site = await serve(path.join(root, 'dist'));
const browser = await launchChromium();
const folder = mkdtempSync(path.join(tmpdir(), 'handfast-bench-'));
try {
  cpSync(lab, folder, { recursive: true });
  cpSync(path.join(root, 'bench/programs/handshakes.js'), path.join(folder, 'handshakes.js'));

  const cold: number[] = [];
  const warm: number[] = [];
  const node: number[] = [];
  const page = await firstByteInPage(browser, site.url);
  for (let round = 0; round < ROUNDS; round++) {
    node.push(await firstByteInNode(folder));
    warm.push(await page.warm());
    if (round % 3 === 0) cold.push(await page.cold());
  }
  await page.close();

  const rates = { node: [] as number[], sandbox: [] as number[] };
  for (let round = 0; round < 3; round++) {
    rates.node.push(await handshakesInNode(folder));
    rates.sandbox.push(await handshakesInSandbox(folder));
  }

  const servers = { node: [] as number[], cold: [] as number[], reached: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 3) {
    servers.node.push(await serversInNode());
    servers.cold.push(await serversInPage(browser, site.url, false));
    servers.reached.push(await serversInPage(browser, site.url, true));
  }

  const rows: Row[] = [
    row('Run → first decrypted byte, warm page', node, warm, 'ms'),
    row('Run → first decrypted byte, cold page', node, cold, 'ms'),
    row('mutual TLS handshakes per second', rates.node, rates.sandbox, '/s'),
    row('lesson 9: Run → keys made, three servers listen, cold page', servers.node, servers.cold, 'ms'),
    row('the same, the reader having reached for a button before', servers.node, servers.reached, 'ms'),
  ];
  console.log(`Mutual TLS 1.3, P-256 certificates, ${GROUP}; medians, ranges in brackets.`);
  console.log(`Chromium ${browser.version()}, Node.js ${process.versions.node}; ${ROUNDS} rounds.\n`);
  console.table(
    Object.fromEntries(
      rows.map(({ what, unit, ...numbers }) => [
        `${what} (${unit})`,
        {
          'real Node.js': `${numbers.node} [${numbers.node_range}]`,
          Handfast: `${numbers.handfast} [${numbers.handfast_range}]`,
          'times as long': numbers.ratio,
        },
      ]),
    ),
  );
  const results = {
    node: process.versions.node,
    chromium: browser.version(),
    group: GROUP,
    rounds: ROUNDS,
    rows,
  };
  writeFileSync(path.join(root, 'bench/results.json'), `${JSON.stringify(results, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
  await browser.close();
  await site.close();
}

function row(what: string, theirs: number[], ours: number[], unit: 'ms' | '/s'): Row {
  const [node, handfast] = [median(theirs), median(ours)];
  const ratio = unit === 'ms' ? handfast / node : node / handfast;
  return {
    what,
    node: Math.round(node),
    handfast: Math.round(handfast),
    unit,
    ratio: Math.round(ratio * 100) / 100,
    node_range: spread(theirs),
    handfast_range: spread(ours),
  };
}
