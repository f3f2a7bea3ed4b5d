// The programs and data beside Node.js and Chromium that a fresh machine may lack.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fail } from './setup.mjs';

/** By the package that brings them on Debian and its kin: a command to run, or a file to look for. */
const PROGRAMS = {
  'gnutls-bin': { command: 'gnutls-cli', args: ['--version'], why: 'The tests compare with GnuTLS' },
  openssl: { command: 'openssl', args: ['version'], why: 'The tests compare with OpenSSL (version 3)' },
  // Chromium has no other way to be told whom to trust. `-H` prints help; there is no `--version`.
  'libnss3-tools': {
    command: 'certutil',
    args: ['-H'],
    why: "A lab's browser outside the page learns whom to trust from NSS's certutil",
  },
  tshark: {
    command: 'tshark',
    args: ['--version'],
    why: 'Wireshark’s tshark judges the captures that we write',
  },
  'python3-cryptography-vectors': {
    file: '/usr/lib/python3/dist-packages/cryptography_vectors/x509/PKITS_data',
    why: 'NIST PKITS, a suite of certification paths, is packed with the test data of python3-cryptography',
  },
  'golang-go': {
    command: 'go',
    args: ['version'],
    why: "BoringSSL's protocol tests are a program in Go",
  },
  'golang-golang-x-crypto-dev': {
    file: '/usr/share/gocode/src/golang.org/x/crypto',
    why: "BoringSSL's protocol tests need Go's own cryptographic libraries",
  },
};

function isThere(name) {
  const { file, command, args } = PROGRAMS[name];
  return file ? existsSync(file) : spawnSync(command, args).error?.code !== 'ENOENT';
}

/** Installs with apt-get what is missing of these packages; gives those that still are. */
export function installPrograms(...packages) {
  const missing = packages.filter((name) => !isThere(name));
  if (missing.length === 0) return [];
  for (const name of missing) process.stderr.write(`${PROGRAMS[name].why}, which is not here.\n`);
  process.stderr.write(`Trying: apt-get install ${missing.join(' ')}\n`);
  spawnSync('apt-get', ['update'], { stdio: ['ignore', 'ignore', 2] });
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...missing], { stdio: ['ignore', 2, 2] });
  return missing.filter((name) => !isThere(name));
}

/** The same, but ends the command where one cannot be had. */
export function ensurePrograms(...packages) {
  for (const name of installPrograms(...packages)) {
    const { command = name, why } = PROGRAMS[name];
    fail(`${why}. Install \`${command}\` (Debian: ${name}) and run the command again.`);
  }
}
