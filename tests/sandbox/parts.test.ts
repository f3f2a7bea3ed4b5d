// Parts of Node's library on their way to a kernel: each fetched once and given once, and no failure is kept.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Kernel } from '../../src/sandbox/embedded/page/frame.ts';
import { createParts } from '../../src/sandbox/embedded/page/parts.ts';

/** A kernel that notes what it is given, until it refuses. */
function notingKernel() {
  const got: unknown[] = [];
  const refuses = { with: undefined as Error | undefined };
  const call = async (name: string, body: unknown) => {
    if (refuses.with) throw refuses.with;
    got.push([name, body]);
    return null;
  };
  return { kernel: { call } as unknown as Kernel, got, refuses };
}

/** Loads that are counted; `fails` makes the next one fail. */
function counted() {
  const loads = { count: 0, fails: false };
  const parts = createParts(async (name) => {
    loads.count += 1;
    if (!loads.fails) return `script of ${name}`;
    loads.fails = false;
    throw new Error('away');
  });
  return { parts, loads };
}

const CRYPTO = ['addPiece', { name: 'crypto', script: 'script of crypto' }];

test('what is fetched ahead is what a kernel gets, once, whoever asks for it', async () => {
  const { parts, loads } = counted();
  const { kernel, got } = notingKernel();
  parts.fetch('crypto');
  await Promise.all([parts.give(kernel, 'crypto'), parts.give(kernel, 'crypto')]);
  await parts.give(kernel, 'crypto');
  assert.deepEqual(got, [CRYPTO]);
  assert.equal(loads.count, 1);
});

test('a kernel that comes after another has nothing of it, and is given all', async () => {
  const { parts, loads } = counted();
  const [first, second] = [notingKernel(), notingKernel()];
  await parts.give(first.kernel, 'crypto');
  await parts.give(second.kernel, 'crypto');
  assert.deepEqual(second.got, [CRYPTO]);
  assert.equal(loads.count, 2, 'a part is not kept in the page');
});

test('after a failure the next who asks begins anew: of the network, and of the kernel', async () => {
  const { parts, loads } = counted();
  const { kernel, got, refuses } = notingKernel();
  loads.fails = true;
  await assert.rejects(parts.give(kernel, 'crypto'), /away/);
  refuses.with = new Error('stopped');
  await assert.rejects(parts.give(kernel, 'crypto'), /stopped/);
  refuses.with = undefined;
  await parts.give(kernel, 'crypto');
  assert.deepEqual(got, [CRYPTO]);
});
