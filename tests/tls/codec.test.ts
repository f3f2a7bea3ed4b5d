import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  clientHello,
  decode,
  describeAlert,
  describeMessage,
  describeRecordHeader,
  type Extension,
  ExtensionType,
  encode,
  handshake,
  type Note,
  nameOf,
} from '../../src/tls/codec/index.ts';
import { identity } from './support/identities.ts';
import { bytes, connect, type End } from './support/pair.ts';

function leaves(notes: readonly Note[]): Note[] {
  return notes.flatMap((note) => (note.children.length ? leaves(note.children) : [note]));
}

/** How many leaves each byte belongs to. */
function coverage(notes: readonly Note[], length: number): number[] {
  const counts = new Array<number>(length).fill(0);
  for (const leaf of leaves(notes)) {
    for (let at = leaf.offset; at < leaf.offset + leaf.length; at++) counts[at] += 1;
  }
  return counts;
}

function find(notes: readonly Note[], name: string): Note | undefined {
  for (const note of notes) {
    const found = note.name === name ? note : find(note.children, name);
    if (found) return found;
  }
  return undefined;
}

function messagesOf(end: End): Uint8Array[] {
  return end.events.flatMap((event) => (event.type === 'handshake' && event.sent ? [event.message] : []));
}

/** Every kind of message our engine sends, from real handshakes. */
function realMessages(): Uint8Array[] {
  const authorities = [Uint8Array.of(0x30, 0x00), Uint8Array.of(0x30, 0x02, 0x31, 0x00)];
  const { client, server } = connect(
    {
      identity: identity('P-256', 'ana'),
      alpn: ['h2', 'http/1.1'],
      recordSizeLimit: 4096,
      certificateAuthorities: authorities,
      groups: [0x001d, 0x0017],
    },
    {
      requestCertificate: true,
      alpn: ['http/1.1'],
      groups: [0x0017],
      cookie: bytes('cookie'),
      certificateAuthorities: authorities,
    },
  );
  client.connection.updateKeys(true);
  assert.deepEqual([...client.errors(), ...server.errors()], []);
  return [...messagesOf(client), ...messagesOf(server)];
}

test('every byte of every message of a real handshake is explained by exactly one leaf', () => {
  const names = new Set<string>();
  for (const message of realMessages()) {
    const { name, notes, problem } = describeMessage(message);
    names.add(name);
    assert.equal(problem, undefined, name);
    assert.ok(
      coverage(notes, message.length).every((count) => count === 1),
      `${name} has bytes that no leaf, or more than one, explains`,
    );
    for (const leaf of leaves(notes)) {
      assert.match(leaf.section, /^RFC \d+ |^RFC \d+$/, leaf.name);
      assert.ok(leaf.words.length > 3, `${leaf.name} of ${name} lacks words`);
    }
  }
  assert.deepEqual([...names].sort(), [
    'Certificate',
    'CertificateRequest',
    'CertificateVerify',
    'ClientHello',
    'EncryptedExtensions',
    'Finished',
    'HelloRetryRequest',
    'KeyUpdate',
    'ServerHello',
  ]);
});

test('values are told in words: names for numbers, text for names', () => {
  const [hello] = realMessages();
  const { notes } = describeMessage(hello);
  assert.equal(find(notes, 'msg_type')?.value, 'client_hello (0x01)');
  assert.equal(find(notes, 'HostName')?.value, 'server.example');
  assert.equal(find(notes, 'CipherSuite')?.value, 'TLS_AES_256_GCM_SHA384 (0x1302)');
  assert.equal(find(notes, 'ProtocolName')?.value, 'h2');
  assert.equal(find(notes, 'selected_group'), undefined);
});

test('offsets count from where the reader says the message begins', () => {
  const [hello] = realMessages();
  const { notes } = describeMessage(hello, { base: 100 });
  assert.equal(notes[0].offset, 100);
});

test('what was read can be written again, to the byte', () => {
  const [message] = realMessages();
  const { type, body } = decode(handshake, message, 'Handshake');
  const again = encode(handshake, {
    type,
    body: encode(clientHello, decode(clientHello, body, 'ClientHello')),
  });
  assert.deepEqual([...again], [...message]);
});

test('a message cut anywhere is not decoded, and the description says where it fails', () => {
  const [message] = realMessages();
  const { body } = decode(handshake, message, 'Handshake');
  // Before TLS 1.3 a ClientHello could end before its extensions: the one cut that leaves a message.
  const beforeExtensions = body.length - 2 - lengthOfExtensions(body);
  for (let length = 0; length < body.length; length++) {
    if (length === beforeExtensions) continue;
    assert.throws(() => decode(clientHello, body.subarray(0, length), 'ClientHello'), {
      name: 'DecodeError',
    });
  }
  for (let length = 1; length < message.length; length++) {
    const cut = message.subarray(0, length);
    const { notes, problem } = describeMessage(cut);
    assert.ok(problem);
    assert.ok(
      coverage(notes, length).every((count) => count === 1),
      `cut to ${length} bytes`,
    );
  }
});

function lengthOfExtensions(body: Uint8Array): number {
  const { extensions } = decode(clientHello, body, 'ClientHello');
  return (extensions ?? []).reduce((sum, { data }) => sum + 4 + data.length, 0);
}

test('bytes left over at the end of a message are refused', () => {
  const [message] = realMessages();
  const { body } = decode(handshake, message, 'Handshake');
  const longer = Uint8Array.from([...body, 0]);
  assert.throws(() => decode(clientHello, longer, 'ClientHello'), /trailing/);
});

test('an extension whose body is nonsense becomes one leaf, and its neighbours are still explained', () => {
  const [message] = realMessages();
  const { type, body } = decode(handshake, message, 'Handshake');
  const hello = decode(clientHello, body, 'ClientHello');
  const extensions = (hello.extensions ?? []).map(
    (extension): Extension =>
      extension.type === ExtensionType.supported_groups
        ? { ...extension, data: Uint8Array.of(0, 9, 0) }
        : extension,
  );
  const changed = encode(handshake, { type, body: encode(clientHello, { ...hello, extensions }) });
  const { notes, problem } = describeMessage(changed);
  assert.equal(problem, undefined);
  assert.ok(coverage(notes, changed.length).every((count) => count === 1));
  assert.equal(find(notes, 'named_group_list'), undefined);
  assert.ok(find(notes, 'SignatureScheme'));
});

test('alerts and record headers are described too', () => {
  assert.equal(
    find(describeAlert(Uint8Array.of(2, 116)).notes, 'description')?.value,
    'certificate_required (0x74)',
  );
  const { notes } = describeRecordHeader(Uint8Array.of(0x17, 3, 3, 1, 0));
  assert.deepEqual(
    notes.map(({ value }) => value),
    ['application_data (0x17)', 'TLSv1.2 (0x0303)', '256'],
  );
});

test('RFC 8701: GREASE numbers are called so', () => {
  assert.equal(nameOf(ExtensionType, 0x1a1a), 'GREASE');
  assert.equal(nameOf(ExtensionType, 0x1a2a), 'unknown');
});

test('a value that does not fit its field cannot be written', () => {
  const [message] = realMessages();
  const hello = decode(clientHello, decode(handshake, message, 'Handshake').body, 'ClientHello');
  assert.throws(() => encode(clientHello, { ...hello, legacySessionId: new Uint8Array(33) }), RangeError);
  assert.throws(() => encode(clientHello, { ...hello, random: new Uint8Array(31) }), RangeError);
  assert.throws(() => encode(clientHello, { ...hello, cipherSuites: [0x10000] }), RangeError);
});
