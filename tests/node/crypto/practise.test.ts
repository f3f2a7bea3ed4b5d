import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { onReal } from '../tls/differential.ts';

test("a spare worker's practice is a real mutual handshake: each end verifies the other", async () => {
  assert.deepEqual(await onReal(path.join(import.meta.dirname, 'programs/practise.ts')), [
    'each end verifies the other: true,true',
    'with another authority: false,false',
  ]);
});
