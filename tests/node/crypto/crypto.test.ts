import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { assertSame, onReal, onSandbox, runBoth } from '../tls/differential.ts';

const program = (name: string) => path.join(import.meta.dirname, 'programs', `${name}.cjs`);

test('node:crypto refuses what real Node refuses, in its words', async () => {
  assertSame(await runBoth(program('refusals')), {
    'curve not here': 'OpenSSL has eighty curves, the engine three',
  });
});

test('node:crypto computes what real Node computes', async () => {
  assertSame(await runBoth(program('results')));
});

test('numbers of keys that begin with zero bytes are written as real Node writes them', async () => {
  const { real, sandbox } = await runBoth(program('short-numbers'));
  assert.equal(real.length, 7 * 3);
  assert.deepEqual(sandbox, real);
});

test('keys for RSA-PSS alone sign, verify and refuse as on real Node', async () => {
  const { real, sandbox } = await runBoth(program('rsa-pss'));
  assert.ok(real.length > 500);
  assert.deepEqual(sandbox, real);
});

test('X509Certificate shows of every certificate what real Node shows', async () => {
  const { real, sandbox } = await runBoth(program('certificates'));
  assert.ok(real.length > 100);
  assert.deepEqual(sandbox, real);
});

/** Keys, signatures and ciphertexts hang on chance, so one makes them and the other judges. */
for (const [maker, judge, title] of [
  [onReal, onSandbox, 'what real Node makes, the sandbox takes'],
  [onSandbox, onReal, 'what the sandbox makes, real Node takes'],
] as const) {
  test(`${title}: keys in every form, signatures, ciphertexts`, async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'handfast-crypto-'));
    try {
      const file = path.join(folder, 'made.json');
      await writeFile(file, (await maker(program('made'), 'make')).join('\n'));
      const verdicts = await judge(program('made'), 'check', file);
      assert.ok(verdicts.length > 40);
      assert.deepEqual(
        verdicts.filter((line) => !line.endsWith('true')),
        [],
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}

test('Web Crypto has the shapes, results and refusals of real Node', async () => {
  const { real, sandbox } = await runBoth(program('web-crypto'));
  assert.ok(real.length > 150);
  assert.deepEqual(sandbox, real);
});

test('RSA-PSS of Web Crypto is that of node:crypto', async () => {
  const { real, sandbox } = await runBoth(program('web-pss'));
  assert.equal(real.length, 16);
  assert.deepEqual(sandbox, real);
});
