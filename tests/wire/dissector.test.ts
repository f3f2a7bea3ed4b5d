// The wire view reads what real Node.js programs said: every message in its order, with the keys and without.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Dissector,
  type Eyes,
  openMessage,
  type Seen,
  seenBy,
  type WireConnection,
  type WireMessage,
} from '../../src/wire/index.ts';
import { play, scenes } from './support/scenes.ts';

function dissected(seen: readonly Seen[]): WireConnection[] {
  const dissector = new Dissector();
  for (const each of seen) dissector.add(each);
  assert.equal(dissector.work(), false);
  return [...dissector.connections];
}

const told = (messages: readonly WireMessage[]) => messages.map(({ sender, name }) => `${sender}: ${name}`);
const told1 = (connection: WireConnection, eyes: Eyes = 'everything') => told(seenBy(eyes, connection));

test('mutual TLS 1.3 and HTTP in it, message by message', async () => {
  const [connection] = dissected(await play('mutual TLS 1.3, three requests on one connection'));
  const shown = told1(connection);
  assert.deepEqual(shown.slice(0, 14), [
    'client: open',
    'client: ClientHello',
    'server: ServerHello',
    'server: ChangeCipherSpec',
    'server: EncryptedExtensions',
    'server: CertificateRequest',
    'server: Certificate',
    'server: CertificateVerify',
    'server: Finished',
    'client: ChangeCipherSpec',
    'client: Certificate',
    'client: CertificateVerify',
    'client: Finished',
    'client: GET /ledger HTTP/1.1',
  ]);
  assert.deepEqual(
    shown.filter((line) => line.includes('HTTP/1.1')),
    [
      'client: GET /ledger HTTP/1.1',
      'server: HTTP/1.1 200 OK',
      'client: POST /entries HTTP/1.1',
      'server: HTTP/1.1 200 OK',
      'client: HEAD /ledger HTTP/1.1',
      'server: HTTP/1.1 200 OK',
    ],
  );
  assert.equal(connection.tls.serverName, 'api.tally.example');
  assert.equal(connection.tls.version, 0x0304);
  const posted = connection.messages.find(({ name }) => name.startsWith('POST'));
  assert.ok(posted?.kind === 'http');
  assert.equal(posted.http.body.length, 40_000);
  assert.ok(posted.records.length > 1, 'one message over several records');
});

test('without the keys, TLS 1.3 shows its hellos and nothing more; TLS 1.2 shows the certificates', async () => {
  const [modern] = dissected(await play('mutual TLS 1.3, three requests on one connection'));
  const seen = told1(modern, 'observer');
  const clear = seen.filter((line) => !line.endsWith('encrypted record'));
  assert.deepEqual(
    clear.filter((line) => !/: (open|fin)$/.test(line)),
    ['client: ClientHello', 'server: ServerHello', 'server: ChangeCipherSpec', 'client: ChangeCipherSpec'],
  );
  const encrypted = modern.records.filter(({ outerType }) => outerType === 23);
  assert.equal(seen.length - clear.length, encrypted.length);
  assert.deepEqual(told1(modern, { host: 'mallory.example' }), seen, 'a third host is an observer too');
  assert.deepEqual(told1(modern, { host: 'app.tally.example' }), told1(modern));

  const [old] = dissected(await play('TLS 1.2, mutual'));
  const oldClear = told1(old, 'observer').filter((line) => !line.endsWith('encrypted record'));
  assert.ok(oldClear.includes('server: Certificate') && oldClear.includes('client: Certificate'));
  assert.ok(!oldClear.some((line) => /HTTP|Finished/.test(line)));
});

test('keys that are logged after the bytes have come open them all the same', async () => {
  for (const name of ['mutual TLS 1.3, three requests on one connection', 'TLS 1.2, mutual']) {
    const seen = await play(name);
    const late = [...seen].sort((a, b) => Number(a.type === 'keylog') - Number(b.type === 'keylog'));
    assert.deepEqual(told1(dissected(late)[0]), told1(dissected(seen)[0]), name);
  }
});

test('bytes that come in the smallest pieces are the same messages', async () => {
  const seen = await play('TLS 1.3 after a HelloRetryRequest');
  const pieces = seen.flatMap((each) =>
    each.type === 'segment' && each.kind === 'data'
      ? [...each.bytes].map((byte) => ({ ...each, bytes: Uint8Array.of(byte) }))
      : [each],
  );
  assert.deepEqual(told1(dissected(pieces)[0]), told1(dissected(seen)[0]));
  assert.ok(told1(dissected(seen)[0]).includes('server: HelloRetryRequest'));
});

test('work is done in pieces as small as one likes', async () => {
  const dissector = new Dissector();
  const seen = await play('TLS 1.2, mutual');
  for (const each of seen) dissector.add(each);
  let pieces = 0;
  while (dissector.work(() => false)) pieces += 1;
  assert.ok(pieces > 20);
  assert.deepEqual(told1(dissector.connections[0]), told1(dissected(seen)[0]));
});

test('a byte that was changed on the way is damage, and what came before it stands', async () => {
  const seen = await play('mutual TLS 1.3, three requests on one connection');
  const last = seen.findLastIndex(
    (each) => each.type === 'segment' && each.kind === 'data' && each.from.host === 'app.tally.example',
  );
  const changed = seen.map((each, index) => {
    if (index !== last || each.type !== 'segment') return each;
    return { ...each, bytes: each.bytes.with(each.bytes.length - 1, (each.bytes.at(-1) ?? 0) ^ 1) };
  });
  const shown = told1(dissected(changed)[0]);
  assert.equal(shown.filter((line) => line === 'client: damaged record').length, 1);
  assert.ok(shown.includes('client: GET /ledger HTTP/1.1'));
  assert.ok(told1(dissected(changed)[0], 'observer').every((line) => !line.includes('damaged')));
});

test('every byte of every message that can be opened is inside a field with a name, words and a section', async () => {
  for (const name of Object.keys(scenes)) {
    for (const connection of dissected(await play(name))) {
      for (const message of seenBy('everything', connection)) {
        const { bytes, notes, problem } = openMessage(message, connection.tls);
        assert.equal(problem, undefined, `${name}: ${message.name}`);
        let end = 0;
        for (const note of notes) {
          assert.equal(note.offset, end, `${name}: ${message.name}: ${note.name}`);
          end += note.length;
        }
        assert.equal(end, bytes.length, `${name}: ${message.name}`);
        checkNotes(notes, `${name}: ${message.name}`);
      }
    }
  }
});

function checkNotes(notes: ReturnType<typeof openMessage>['notes'], where: string): void {
  for (const note of notes) {
    assert.ok(
      note.name && note.words && /^(RFC \d+|draft-)/.test(note.section),
      `${where}: ${JSON.stringify(note)}`,
    );
    for (const child of note.children) {
      assert.ok(
        child.offset >= note.offset && child.offset + child.length <= note.offset + note.length,
        where,
      );
    }
    checkNotes(note.children, where);
  }
}

test('a certificate is opened as a certificate, at its place in the message', async () => {
  const [connection] = dissected(await play('TLS 1.2, mutual'));
  const message = connection.messages.find(
    ({ name, sender }) => name === 'Certificate' && sender === 'client',
  );
  assert.ok(message);
  const { notes } = openMessage(message, connection.tls);
  const flat = (list: typeof notes): typeof notes => list.flatMap((note) => [note, ...flat(note.children)]);
  const named = (name: string) => flat(notes).find((note) => note.name === name);
  assert.equal(named('subject')?.value, 'CN=app.tally.example');
  assert.equal(named('subjectAltName')?.value, 'DNS:app.tally.example');
  assert.equal(named('subjectPublicKeyInfo')?.children[0].value, 'rsaEncryption');
  const serial = named('serialNumber');
  assert.ok(serial && message.kind === 'handshake');
  const bytes = message.bytes.subarray(serial.offset, serial.offset + serial.length);
  assert.equal(Buffer.from(bytes).toString('hex').endsWith(serial.value), true);
});
