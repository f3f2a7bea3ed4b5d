// Finds a Chromium to test with, or gets one: CHROMIUM_PATH, the system's, Playwright's download, apt-get's.
import { spawnSync } from 'node:child_process';
import { fail, pinnedNode, root } from './setup.mjs';

const find = () => {
  const result = spawnSync(
    pinnedNode(),
    [
      '--input-type=module',
      '-e',
      "import { findChromium } from './tests/support/chromium.ts'; console.log(findChromium() ?? '')",
    ],
    { cwd: root, encoding: 'utf8' },
  );
  if (result.status !== 0)
    fail(result.stderr.trim().split('\n').at(-1) || 'The search for a Chromium failed.');
  return result.stdout.trim();
};

/** Path of a Chromium. Ends the command, saying how to get one, when there is none to be had. */
export function ensureBrowser() {
  const there = find();
  if (there) return there;
  const ways = [
    [pinnedNode(), ['node_modules/playwright-core/cli.js', 'install', '--with-deps', 'chromium']],
    ['apt-get', ['install', '-y', '--no-install-recommends', 'chromium']],
  ];
  for (const [command, args] of ways) {
    process.stderr.write(`No Chromium here; trying: ${[command, ...args].join(' ')}\n`);
    if (command === 'apt-get') spawnSync('apt-get', ['update'], { stdio: ['ignore', 'ignore', 2] });
    spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], timeout: 600_000 });
    const got = find();
    if (got) return got;
  }
  return fail(
    'The tests need a Chromium and none could be found or installed.\n' +
      'Install one (Debian: apt-get install chromium) or name one: CHROMIUM_PATH=/path/to/chromium npm test',
  );
}
