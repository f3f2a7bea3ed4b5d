// OpenSSL's language for lists of ciphers, over the suites of TLS 1.2 that the engine speaks: `openssl ciphers` judges.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import tls from 'node:tls';
import { legacyCipherNumbers, opensslCipherName } from '../../../src/node/bindings/tls-ciphers.ts';
import { CipherSuite, nameOf } from '../../../src/tls/index.ts';

const ours = (list: string) =>
  legacyCipherNumbers(list).map((id) => opensslCipherName(nameOf(CipherSuite, id)));
const spoken = new Set(ours('ALL'));

/** What OpenSSL makes of a list; nothing where the list names nothing. */
function theirs(list: string): string[] {
  const { stdout } = spawnSync('openssl', ['ciphers', list], { encoding: 'utf8' });
  return stdout
    .trim()
    .split(':')
    .filter((name) => spoken.has(name));
}

const withoutTls13 = (list: string) =>
  list
    .split(':')
    .filter((name) => !name.startsWith('TLS_'))
    .join(':');

for (const list of [
  'ALL',
  'DEFAULT',
  withoutTls13(tls.DEFAULT_CIPHERS),
  'HIGH:!aRSA',
  'ECDHE+AESGCM:+AES256',
  'AES128:AES256',
  'CHACHA20:ALL',
  'ALL:-AES:AES128',
  'ALL:-AES128:-AES256:ALL',
  'ALL:!AES128:AES128',
  'ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305',
  'aRSA+AESGCM:ECDSA',
  'kEECDH+CHACHA20',
  'ALL:!CHACHA20:@STRENGTH',
  'SUITEB128',
  'SUITEB128ONLY',
  'SUITEB192',
  'HIGH@SECLEVEL=1',
  'ALL:+ECDSA',
  'SHA256',
  'SHA384:ECDHE+AES',
  'RSA',
  'TLSv1.2:+AES128',
  'DEFAULT:!AES256',
  'EECDH:-aECDSA',
  'nothing of the kind',
]) {
  test(`\`${list}\``, () => assert.deepEqual(ours(list), theirs(list)));
}

test('there are six suites, and OpenSSL has their numbers', () => {
  const rows = execFileSync('openssl', ['ciphers', '-V', 'ALL'], { encoding: 'utf8' });
  const numbers = new Map(
    [...rows.matchAll(/0x(..),0x(..) - (\S+)/g)].map(([, high, low, name]) => [
      name,
      Number.parseInt(high + low, 16),
    ]),
  );
  assert.deepEqual(
    legacyCipherNumbers('ALL'),
    ours('ALL').map((name) => numbers.get(name)),
  );
  assert.equal(spoken.size, 6);
});
