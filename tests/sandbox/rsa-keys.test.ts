// The kernel's stock of RSA keys: made ahead for labs that will ask, given away once each, and never a reason to fail.
import assert from 'node:assert/strict';
import { createPrivateKey, webcrypto } from 'node:crypto';
import { test } from 'node:test';
import { createRsaKeys, makesRsaKeys } from '../../src/sandbox/embedded/kernel/rsa-keys.ts';

const file = (path: string, text: string) => ({ path, bytes: new TextEncoder().encode(text) });

/** Counts the keys that are asked of the platform. */
function counted() {
  let made = 0;
  const { subtle } = webcrypto;
  const platform = {
    generateKey: (...args: Parameters<SubtleCrypto['generateKey']>) => {
      made += 1;
      return subtle.generateKey(...(args as Parameters<typeof subtle.generateKey>));
    },
    exportKey: subtle.exportKey.bind(subtle),
  } as unknown as SubtleCrypto;
  return { platform, made: () => made };
}

test('nothing is made ahead unless a lab is there that makes keys', async () => {
  const { platform, made } = counted();
  const keys = createRsaKeys(platform);
  assert.equal(made(), 0);
  await keys.take();
  assert.equal(made(), 1, 'one who asks all the same gets one');
});

test('each key of the stock is given away once, and is what generateKeyPair would have made', async () => {
  const { platform, made } = counted();
  const keys = createRsaKeys(platform);
  keys.stock();
  const ahead = made();
  assert.ok(ahead > 1);
  const taken = await Promise.all(Array.from({ length: ahead + 1 }, () => keys.take()));
  assert.equal(new Set(taken.map((key) => Buffer.from(key ?? []).toString('base64'))).size, ahead + 1);
  for (const key of taken) {
    const read = createPrivateKey({ key: Buffer.from(key ?? []), format: 'der', type: 'pkcs8' });
    assert.deepEqual(read.asymmetricKeyDetails, { modulusLength: 2048, publicExponent: 65537n });
  }
});

test('where the platform makes no keys, the process hears so', async () => {
  const keys = createRsaKeys(undefined);
  keys.stock();
  assert.equal(await keys.take(), undefined);
  const refusing = { generateKey: () => Promise.reject(new Error('no')) } as unknown as SubtleCrypto;
  assert.equal(await createRsaKeys(refusing).take(), undefined);
});

test('a lab is known by its own programs, not by the packages it uses', () => {
  assert.equal(makesRsaKeys([file('pki.js', 'rsa.generateKeyPair({ bits: 2048 }, done)')]), true);
  assert.equal(makesRsaKeys([file('node_modules/jose/index.js', 'generateKeyPair()')]), false);
  assert.equal(makesRsaKeys([file('README.md', 'generateKeyPair')]), false);
  assert.equal(makesRsaKeys([{ path: 'certificates' }]), false);
});
