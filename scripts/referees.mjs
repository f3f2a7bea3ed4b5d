// npm run referees: what outsiders say of our TLS and certificates, and at the end one row for each of them.
// `npm run referees -- bogo` runs those whose file has `bogo` in its name.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ensurePrograms, installPrograms } from './support/programs.mjs';
import { ensureEngine, ensureInstalled, fail, pinnedNode, root } from './support/setup.mjs';

ensureInstalled();
ensurePrograms('openssl');
installPrograms('gnutls-bin'); // without it, the cells that need it say that they are skipped
ensureEngine();

const [part = ''] = process.argv.slice(2);
const folder = path.join(root, 'tests/referees');
const files = readdirSync(folder, { recursive: true })
  .filter((name) => name.endsWith('.test.ts') && name.includes(part))
  .sort()
  .map((name) => path.join(folder, name));
if (files.length === 0) fail(`No referee has a file with “${part}” in its name.`);

const reporters = ['spec', path.join(root, 'scripts/support/referee-table.mjs')];
const result = spawnSync(
  pinnedNode(),
  [
    '--test',
    '--test-concurrency=2',
    ...reporters.flatMap((reporter) => [`--test-reporter=${reporter}`, '--test-reporter-destination=stdout']),
    ...files,
  ],
  { cwd: root, stdio: 'inherit' },
);
process.exit(result.status ?? 1);
