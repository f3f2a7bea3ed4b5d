// npm test: sets everything up and runs every test. `npm test -- tests/tls` runs the tests under a folder or in a file.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { ensureBrowser } from './support/browser.mjs';
import { ensurePrograms, installPrograms } from './support/programs.mjs';
import { ensureInstalled, ensureSite, fail, pinnedNode, root } from './support/setup.mjs';

ensureInstalled();
ensurePrograms('openssl');
installPrograms('libnss3-tools', 'tshark', 'gnutls-bin'); // without them, the tests that need them say that they are skipped
const chromium = ensureBrowser();
ensureSite();

const asked = process.argv.slice(2);
const options = asked.filter((argument) => argument.startsWith('--'));
const places = asked.filter((argument) => !argument.startsWith('--'));
const files = (places.length > 0 ? places : ['tests']).flatMap((place) => testFiles(path.join(root, place)));
if (files.length === 0) fail(`No test files (*.test.ts) under: ${places.join(' ')}`);

function testFiles(entry) {
  const info = statSync(entry, { throwIfNoEntry: false });
  if (!info) return fail(`There is no such file or folder: ${path.relative(root, entry)}`);
  if (info.isFile()) return [entry];
  return readdirSync(entry)
    .sort()
    .flatMap((name) => {
      const inside = path.join(entry, name);
      if (statSync(inside).isDirectory()) return testFiles(inside);
      return name.endsWith('.test.ts') ? [inside] : [];
    });
}

const result = spawnSync(
  pinnedNode(),
  ['--test', '--test-concurrency=2', '--test-reporter=spec', ...options, ...files],
  { cwd: root, stdio: 'inherit', env: { ...process.env, CHROMIUM_PATH: chromium } },
);
process.exit(result.status ?? 1);
