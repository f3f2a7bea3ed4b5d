import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suiteOf } from '../../src/tls/cipher-suites.ts';
import { CipherSuite, hex, NamedGroup } from '../../src/tls/codec/index.ts';
import { groupOf } from '../../src/tls/key-exchange.ts';
import { KeySchedule, nextTrafficSecret, recordKeys } from '../../src/tls/key-schedule.ts';
import { RecordProtection } from '../../src/tls/record-protection.ts';
import { Transcript } from '../../src/tls/transcript.ts';

/** The values of RFC 8448 §3, "Simple 1-RTT Handshake". */
const unhex = (text: string) => Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));
const CLIENT_PRIVATE = unhex('49af42ba7f7994852d713ef2784bcbcaa7911de26adc5642cb634540e7ea5005');
const SERVER_PUBLIC = unhex('c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f');
const CLIENT_HELLO = unhex(`
  010000c00303cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7000006130113031302010000910000000b
  0009000006736572766572ff01000100000a00140012001d0017001800190100010101020103010400230000003300260024001d002099
  381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c002b0003020304000d0020001e0403050306030203080408
  05080604010501060102010402050206020202002d00020101001c00024001`);
const SERVER_HELLO = unhex(`
  020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e00330024001d0020c98288
  76112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304`);
const HASH_TO_SERVER_FINISHED = unhex('9608102a0f1ccc6db6250b7b7e417b1a000eaada3daae4777a7686c9ff83df13');
const HASH_TO_CLIENT_FINISHED = unhex('209145a96ee8e2a122ff810047cc952684658d6049e86429426db87c54ad143d');

const suite = suiteOf(CipherSuite.TLS_AES_128_GCM_SHA256);
const x25519 = groupOf(NamedGroup.x25519);
assert.ok(suite && x25519);

function afterServerHello(): { schedule: KeySchedule; transcriptHash: Uint8Array } {
  assert.ok(suite && x25519);
  const own = x25519.generate((target) => target.set(CLIENT_PRIVATE));
  const shared = x25519.agree(own, SERVER_PUBLIC);
  assert.equal(hex(shared), '8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d');
  const transcript = new Transcript();
  transcript.add(CLIENT_HELLO);
  transcript.begin(suite.hash);
  transcript.add(SERVER_HELLO);
  const schedule = new KeySchedule(suite.hash);
  schedule.enterHandshake(shared);
  return { schedule, transcriptHash: transcript.hash() };
}

test('RFC 8448 §3: handshake traffic secrets and record keys', () => {
  const { schedule, transcriptHash } = afterServerHello();
  assert.equal(hex(transcriptHash), '860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8');
  const { client, server } = schedule.handshakeTraffic(transcriptHash);
  assert.equal(hex(client), 'b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21');
  assert.equal(hex(server), 'b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38');
  const { key, iv } = recordKeys(suite, server);
  assert.equal(hex(key), '3fce516009c21727d0f2e4e86ee403bc');
  assert.equal(hex(iv), '5d313eb2671276ee13000b30');
});

test('RFC 8448 §3: application, exporter and resumption secrets', () => {
  const { schedule } = afterServerHello();
  schedule.enterMaster();
  const { client, server } = schedule.applicationTraffic(HASH_TO_SERVER_FINISHED);
  assert.equal(hex(client), '9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5');
  assert.equal(hex(server), 'a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643');
  assert.equal(
    hex(schedule.exporterMaster(HASH_TO_SERVER_FINISHED)),
    'fe22f881176eda18eb8f44529e6792c50c9a3f89452f68d8ae311b4309d3cf50',
  );
  assert.equal(
    hex(schedule.resumptionMaster(HASH_TO_CLIENT_FINISHED)),
    '7df235f2031d2a051287d02b0241b0bfdaf86cc856231f2d5aba46c434ec196c',
  );
});

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
