// The programs the tests compare us with. `openssl` is the one that a fresh machine may lack.
import { spawnSync } from 'node:child_process';
import { fail } from './setup.mjs';

const works = () => spawnSync('openssl', ['version']).status === 0;

/** Makes sure that `openssl` (3.x) can be run; on Debian and its kin it is installed when missing. */
export function ensurePrograms() {
  if (works()) return;
  process.stderr.write(
    'The tests compare with OpenSSL, which is not here; trying: apt-get install openssl\n',
  );
  spawnSync('apt-get', ['update'], { stdio: ['ignore', 'ignore', 2] });
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'openssl'], { stdio: ['ignore', 2, 2] });
  if (!works()) fail('The tests need the command `openssl` (version 3). Install it and run npm test again.');
}
