// Two runs compared: what real Node.js programs said twice is the same but for what is random; an edit shows in its fields.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareRuns, Dissector, type Seen, type WireConnection } from '../../src/wire/index.ts';
import { play } from './support/scenes.ts';

function dissected(seen: readonly Seen[]): readonly WireConnection[] {
  const dissector = new Dissector();
  for (const each of seen) dissector.add(each);
  dissector.work();
  return dissector.connections;
}

const run = async (scene: string) => dissected(await play(scene));

for (const scene of ['mutual TLS 1.3, three requests on one connection', 'TLS 1.2, mutual']) {
  test(`the same again, ${scene}: only random values differ, and they are named`, async () => {
    const { changes, same, random, skipped } = compareRuns(await run(scene), await run(scene));
    // The recorded server has another port each time, and requests name it: that is a difference, and the only one.
    const fields = changes.flatMap(({ fields }) => fields.map(({ field }) => field));
    assert.deepEqual(new Set(fields), new Set(['Host']));
    assert.ok(changes.every(({ kind }) => kind === 'changed'));
    assert.ok(same > 10, String(same));
    assert.equal(skipped, 0);
    for (const name of ['random', 'signature', 'verify_data'])
      assert.ok(random.includes(name), random.join());
  });
}

test('messages that are new, gone, and different in named fields', async () => {
  const [required, mutual] = [
    await run('a client without the certificate that is required'),
    await run('mutual TLS 1.3, three requests on one connection'),
  ];
  const { changes } = compareRuns(required, mutual);
  const told = changes.map(({ kind, message }) => `${kind} ${message.sender} ${message.name}`);
  assert.ok(told.includes('gone server certificate_required'), told.join('\n'));
  assert.ok(told.includes('new client CertificateVerify'), told.join('\n'));
  const certificate = changes.find(
    ({ kind, message }) =>
      kind === 'changed' && message.sender === 'client' && message.name === 'Certificate',
  );
  const subject = certificate?.fields.find(({ field }) => field.endsWith('subject.CN'));
  assert.deepEqual(subject && [subject.before, subject.after], [[], ['app.tally.example']]);

  const back = compareRuns(mutual, required).changes.map(({ kind }) => kind);
  assert.equal(
    back.filter((kind) => kind === 'new').length,
    told.filter((line) => /^gone/.test(line)).length,
  );
});

test('a list says what it lost and gained, not all it has', async () => {
  const [before, after] = [
    await run('TLS 1.3 with ChaCha20-Poly1305'),
    await run('mutual TLS 1.3, three requests on one connection'),
  ];
  const { changes } = compareRuns(before, after);
  const hello = changes.find(({ message }) => message.name === 'ClientHello');
  const suites = hello?.fields.find(({ field }) => field.includes('CipherSuite'));
  assert.ok(suites?.after.includes('TLS_AES_256_GCM_SHA384 (0x1302)'), JSON.stringify(hello?.fields));
  assert.ok(!suites?.after.includes('TLS_CHACHA20_POLY1305_SHA256 (0x1303)'), 'that one is in both');
  assert.ok(hello?.fields.every(({ field }) => !/random|key_exchange|length/.test(field)));
});

test('a request is the same one whatever its query holds; of very many that differ the rest is counted', async () => {
  const asked = (seen: readonly Seen[], query: string) =>
    seen.map((each) => {
      if (each.type !== 'segment') return each;
      const text = Buffer.from(each.bytes)
        .toString('latin1')
        .replace('/ledger HTTP', `/ledger?state=${query} HTTP`);
      return { ...each, bytes: Buffer.from(text, 'latin1') };
    });
  const plain = await play('no TLS at all');
  const [first, second] = ['one', 'other'].map((query) => dissected(asked(plain, query)));
  const { changes } = compareRuns(first, second);
  assert.deepEqual(
    changes.map(({ kind, message }) => [kind, message.name]),
    [['changed', 'GET /ledger?state=other HTTP/1.1']],
  );

  const times = 700;
  const many = (connections: readonly WireConnection[]) => Array(times).fill(connections).flat();
  const { skipped, changes: told } = compareRuns(many(first), many(second));
  assert.equal(told.length + skipped, times);
  assert.ok(skipped > 0);
});
