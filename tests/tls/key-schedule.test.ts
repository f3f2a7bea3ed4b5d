import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suiteOf } from '../../src/tls/cipher-suites.ts';
import { CipherSuite, hex } from '../../src/tls/codec/index.ts';
import { nextTrafficSecret } from '../../src/tls/key-schedule.ts';
import { RecordProtection } from '../../src/tls/record-protection.ts';

const suite = suiteOf(CipherSuite.TLS_AES_128_GCM_SHA256);
assert.ok(suite);

test('§5.3: records under one secret open only in the order they were sealed in', () => {
  const secret = new Uint8Array(32).fill(7);
  const sender = new RecordProtection(suite, secret);
  const receiver = new RecordProtection(suite, secret);
  const records = [sender.seal(23, Uint8Array.of(1)), sender.seal(23, Uint8Array.of(2))];
  const open = (record: Uint8Array) => receiver.open(record.subarray(0, 5), record.subarray(5));
  assert.throws(() => open(records[1]), { reason: 'bad-record-mac' });
  assert.deepEqual([...open(records[0]).content], [1]);
  assert.throws(() => open(records[0]), { reason: 'bad-record-mac' }, 'a replay');
  assert.deepEqual([...open(records[1]).content], [2]);
});

test('§7.2: the next traffic secret differs, and old records do not open under it', () => {
  const secret = new Uint8Array(32).fill(7);
  assert.notEqual(hex(nextTrafficSecret(suite.hash, secret)), hex(secret));
  const sender = new RecordProtection(suite, secret);
  const receiver = new RecordProtection(suite, secret);
  const old = sender.seal(23, Uint8Array.of(1));
  receiver.update();
  assert.throws(() => receiver.open(old.subarray(0, 5), old.subarray(5)), { reason: 'bad-record-mac' });
  sender.update();
  const fresh = sender.seal(23, Uint8Array.of(2));
  assert.deepEqual([...receiver.open(fresh.subarray(0, 5), fresh.subarray(5)).content], [2]);
});
