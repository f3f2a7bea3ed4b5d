import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suiteOf } from '../../src/tls/cipher-suites.ts';
import {
  clientHello,
  decode,
  ExtensionType,
  handshake,
  hasExtension,
  hex,
} from '../../src/tls/codec/index.ts';
import { createTlsClient, NamedGroup, TlsError } from '../../src/tls/index.ts';
import { Outgoing } from '../../src/tls/outgoing.ts';
import { identity } from './support/identities.ts';
import { bytes, clientEnd, connect, type End, serverEnd, shuttle, text } from './support/pair.ts';

function types(end: End): string[] {
  return end.events
    .map(({ type }) => type)
    .filter((type) => !['record', 'handshake', 'keylog'].includes(type));
}

test('events come in order: client-hello, secure, data, close-notify', () => {
  const { client, server } = connect();
  client.connection.write(bytes('hello'));
  client.connection.close();
  shuttle(client, server);
  assert.deepEqual(types(server), ['client-hello', 'secure', 'data', 'alert', 'close-notify']);
  server.connection.receiveEnd();
  assert.deepEqual(server.errors(), []);
});

test('a client is told "secure" before its last flight is taken: one that gives up then has sent nothing', () => {
  const client = clientEnd();
  const server = serverEnd();
  client.connection.start();
  server.connection.receive(client.connection.takeOutput());
  client.connection.receive(server.connection.takeOutput());
  assert.ok(client.has('secure'));
  server.connection.receiveEnd();
  assert.equal(server.errors()[0]?.reason, 'eof-in-handshake');
  assert.ok(!server.has('secure'));
});

test('writing is legal from inside the "secure" event, on both sides', () => {
  const client = clientEnd({
    listener: (event) => event.type === 'secure' && client.connection.write(bytes('from the client')),
  });
  const server = serverEnd({
    listener: (event) => event.type === 'secure' && server.connection.write(bytes('from the server')),
  });
  client.connection.start();
  shuttle(client, server);
  assert.equal(text(client.received()), 'from the server');
  assert.equal(text(server.received()), 'from the client');
});

test('end(data) loses nothing: what is written just before close arrives before close_notify', () => {
  const { client, server } = connect();
  const content = new Uint8Array(100_000).map((_, index) => index);
  server.connection.write(content);
  server.connection.close();
  shuttle(client, server);
  assert.deepEqual(client.received(), content);
  assert.ok(client.has('close-notify'));
});

test('§6.1: each direction is closed by itself', () => {
  const { client, server } = connect();
  client.connection.close();
  shuttle(client, server);
  server.connection.write(bytes('still talking'));
  server.connection.close();
  shuttle(client, server);
  assert.equal(text(client.received()), 'still talking');
  assert.throws(() => client.connection.write(bytes('x')), { reason: 'already-closed' });
  client.connection.close();
  assert.equal(client.connection.takeOutput().length, 0, 'one close_notify is enough');
});

test('§6.1: a close_notify inside the handshake does not make that a complete one', () => {
  const client = clientEnd();
  client.connection.start();
  client.connection.receive(Uint8Array.of(21, 3, 3, 0, 2, 1, 0));
  assert.deepEqual([client.alerts(), client.errors()], [['received close_notify'], []]);
  client.connection.receiveEnd();
  assert.equal(client.errors()[0]?.reason, 'eof-in-handshake');
});

test('nothing can be written or exported before the handshake is complete', () => {
  const client = clientEnd();
  client.connection.start();
  assert.throws(() => client.connection.write(bytes('x')), { reason: 'not-connected', fault: 'ApiMisuse' });
  assert.throws(() => client.connection.updateKeys(false), { reason: 'not-connected' });
  assert.throws(() => client.connection.exportKeyingMaterial('x', undefined, 8), { reason: 'not-connected' });
  assert.equal(client.connection.result, null);
});

test('a stream cut into single bytes is the same stream', () => {
  const client = clientEnd({ identity: identity('P-256', 'ana') });
  const server = serverEnd({ requestCertificate: true });
  client.connection.start();
  for (;;) {
    const forward = client.connection.takeOutput();
    for (const byte of forward) server.connection.receive(Uint8Array.of(byte));
    const back = server.connection.takeOutput();
    for (const byte of back) client.connection.receive(Uint8Array.of(byte));
    if (!forward.length && !back.length) break;
  }
  assert.deepEqual([...client.errors(), ...server.errors()], []);
  assert.ok(server.connection.result?.peerCertificates.length);
});

test('the caller may use its buffer again as soon as receive() returns', () => {
  const { client, server } = connect();
  client.connection.write(bytes('keep me'));
  const record = client.connection.takeOutput();
  for (const half of [record.slice(0, 10), record.slice(10)]) {
    server.connection.receive(half);
    half.fill(0);
  }
  assert.equal(text(server.received()), 'keep me');
});

test('a paused server says nothing until resumed, and serves the identity it is then given', () => {
  const client = clientEnd({ serverName: 'other.example', alpn: ['h2', 'http/1.1'] });
  const server = serverEnd({ pauseAtClientHello: true, identity: undefined });
  client.connection.start();
  shuttle(client, server);
  const [hello] = server.events.filter((event) => event.type === 'client-hello');
  assert.equal(hello?.serverName, 'other.example');
  assert.deepEqual(hello?.alpn, ['h2', 'http/1.1']);
  assert.equal(server.connection.takeOutput().length, 0);
  server.connection.resume(identity('ed25519', 'other.example'), { alpn: ['http/1.1'] });
  shuttle(client, server);
  assert.deepEqual([...client.errors(), ...server.errors()], []);
  assert.equal(client.connection.result?.signatureScheme.server?.name, 'ed25519');
  assert.equal(client.connection.result?.alpn, 'http/1.1');
  server.connection.resume();
  assert.ok(server.has('secure'), 'a second resume does nothing');
});

test('a paused server may be resumed from inside the event', () => {
  const client = clientEnd();
  const server = serverEnd({
    pauseAtClientHello: true,
    listener: (event) => event.type === 'client-hello' && server.connection.resume(),
  });
  client.connection.start();
  shuttle(client, server);
  assert.ok(server.has('secure'));
});

test('with HelloRetryRequest the owner is still asked only once', () => {
  const client = clientEnd();
  const server = serverEnd({ pauseAtClientHello: true, groups: [NamedGroup.secp384r1] });
  client.connection.start();
  shuttle(client, server);
  server.connection.resume();
  shuttle(client, server);
  assert.equal(types(server).filter((type) => type === 'client-hello').length, 1);
  assert.ok(client.connection.result?.helloRetried && server.connection.result?.helloRetried);
});

test('an owner that gives up at "client-hello" sends its alert and nothing else', () => {
  for (const pauseAtClientHello of [true, false]) {
    const client = clientEnd();
    const server = serverEnd({
      pauseAtClientHello,
      listener: (event) => event.type === 'client-hello' && server.connection.abort('unrecognized_name'),
    });
    client.connection.start();
    shuttle(client, server);
    assert.deepEqual(client.alerts(), ['received unrecognized_name']);
    assert.equal(client.errors()[0]?.received, 112);
    assert.deepEqual(server.errors(), [], 'its own decision is no error to be told of');
    assert.ok(!server.has('keylog'));
  }
});

test('§6: an alert after the handshake is encrypted', () => {
  const { client, server } = connect();
  client.connection.abort('access_denied');
  const record = client.connection.takeOutput();
  assert.equal(record[0], 0x17);
  server.connection.receive(record);
  assert.equal(server.errors()[0]?.received, 49);
});

test('§6: a client that fails after ServerHello says so under the handshake keys, after a change_cipher_spec', () => {
  const forged = clientEnd();
  const honest = serverEnd();
  forged.connection.start();
  shuttle(forged, honest, (content, fromClient) => {
    if (fromClient) return content;
    const changed = content.slice();
    changed[changed.length - 1] ^= 1;
    return changed;
  });
  assert.deepEqual(forged.alerts(), ['sent bad_record_mac']);
  assert.deepEqual(honest.alerts(), ['received bad_record_mac']);
});

test('a listener’s own exception comes out of receive() and does not end the connection', () => {
  let angry = true;
  const client = clientEnd();
  const server = serverEnd({
    listener: (event) => {
      if (event.type === 'data' && angry) throw new RangeError('mine');
    },
  });
  client.connection.start();
  shuttle(client, server);
  client.connection.write(bytes('one'));
  assert.throws(() => server.connection.receive(client.connection.takeOutput()), {
    name: 'RangeError',
    message: 'mine',
  });
  angry = false;
  client.connection.write(bytes('two'));
  server.connection.receive(client.connection.takeOutput());
  assert.deepEqual(server.errors(), []);
  assert.equal(text(server.received()), 'onetwo');
});

test('an exception in the "secure" event leaves a connection that works', () => {
  const client = clientEnd({
    listener: (event) => {
      if (event.type === 'secure') throw new RangeError('mine');
    },
  });
  const server = serverEnd();
  client.connection.start();
  server.connection.receive(client.connection.takeOutput());
  assert.throws(() => client.connection.receive(server.connection.takeOutput()), { message: 'mine' });
  shuttle(client, server);
  server.connection.write(bytes('all the same'));
  shuttle(client, server);
  assert.equal(text(client.received()), 'all the same');
});

test('§7.5: both sides export the same bytes; label, context and length all matter', () => {
  const { client, server } = connect();
  const exported = (end: End, label: string, context?: string, length = 32) =>
    hex(
      end.connection.exportKeyingMaterial(label, context === undefined ? undefined : bytes(context), length),
    );
  assert.equal(exported(client, 'a', 'context'), exported(server, 'a', 'context'));
  assert.equal(exported(client, 'a'), exported(client, 'a', ''), 'no context is an empty context');
  const others = [
    exported(client, 'a'),
    exported(client, 'b'),
    exported(client, 'a', 'x'),
    exported(client, 'a', '', 31),
  ];
  assert.equal(new Set(others).size, others.length);
  const { client: another } = connect({}, { random: (target) => target.fill(9) });
  assert.notEqual(exported(client, 'a'), exported(another, 'a'), 'bound to the connection');
});

test('RFC 8449: neither side sends records longer than the other wants', () => {
  const { client, server } = connect({ recordSizeLimit: 100 }, { recordSizeLimit: 200 });
  const longest = (end: End) =>
    Math.max(
      ...end.events.flatMap((event) =>
        event.type === 'record' && !event.sent && event.contentType === 0x17 ? [event.length] : [],
      ),
    );
  client.connection.write(new Uint8Array(1000));
  server.connection.write(new Uint8Array(1000));
  shuttle(client, server);
  assert.equal(longest(client), 99, 'the type byte counts');
  assert.equal(longest(server), 199);
  assert.equal(client.received().length, 1000);
});

test('RFC 6066 §3: an IP address is never sent as server_name', () => {
  for (const [serverName, expected] of [
    ['server.example', true],
    ['127.0.0.1', false],
    ['::1', false],
    ['', false],
  ] as const) {
    const client = clientEnd({ serverName });
    client.connection.start();
    const [message] = client.events.flatMap((event) => (event.type === 'handshake' ? [event.message] : []));
    const { extensions = [] } = decode(clientHello, decode(handshake, message, 'x').body, 'ClientHello');
    assert.equal(hasExtension(extensions, ExtensionType.server_name), expected, serverName);
  }
});

test('the same randomness makes the same bytes: nothing here has chance of its own', () => {
  const run = () => {
    const { client, server } = connect(
      { identity: identity('rsa', 'ana') },
      { identity: identity('rsa'), requestCertificate: true },
    );
    client.connection.write(bytes('x'));
    return hex(client.connection.takeOutput()) + JSON.stringify([client.events.length, server.events]);
  };
  assert.equal(run(), run());
});

test('keys are updated from either side, many times, with data flowing', () => {
  const { client, server } = connect();
  for (let round = 0; round < 50; round++) {
    client.connection.updateKeys(round % 2 === 0);
    client.connection.write(bytes('c'));
    server.connection.updateKeys(round % 3 === 0);
    server.connection.write(bytes('s'));
    shuttle(client, server);
  }
  assert.deepEqual([...client.errors(), ...server.errors()], []);
  assert.equal(client.received().length, 50);
  assert.equal(server.received().length, 50);
});

test('§5.5: keys that have protected enough records say that they must go', () => {
  const suite = suiteOf(0x1301);
  assert.ok(suite);
  const outgoing = new Outgoing(() => {});
  outgoing.protect({ ...suite, recordLimit: 2 }, new Uint8Array(32));
  outgoing.send(0x17, bytes('one'));
  assert.equal(outgoing.worn, false);
  outgoing.send(0x17, bytes('two'));
  assert.equal(outgoing.worn, true);
  outgoing.updateKeys();
  assert.equal(outgoing.worn, false);
});

test('options that cannot work are refused at once', () => {
  const base = { now: () => 0, random: () => {}, onEvent: () => {} };
  assert.throws(() => createTlsClient({ ...base, cipherSuites: [0x1305] }), { reason: 'bad-options' });
  assert.throws(() => createTlsClient({ ...base, groups: [] }), TlsError);
  assert.throws(() => createTlsClient({ ...base, recordSizeLimit: 10 }), { reason: 'bad-options' });
});

test('both sides tell the same story of what was agreed', () => {
  const { client, server } = connect(
    { alpn: ['x', 'h2'], identity: identity('P-384', 'ana') },
    { alpn: ['h2'], requestCertificate: true },
  );
  const [ours, theirs] = [client.connection.result, server.connection.result];
  assert.ok(ours && theirs);
  for (const field of [
    'version',
    'cipherSuite',
    'group',
    'signatureScheme',
    'alpn',
    'serverName',
    'helloRetried',
    'certificateRequested',
  ] as const)
    assert.deepEqual(ours[field], theirs[field], field);
  assert.equal(ours.signatureScheme.client?.name, 'ecdsa_secp384r1_sha384');
  assert.equal(ours.alpn, 'h2');
});

test('a request without requirement is content with no certificate', () => {
  const { client, server } = connect({}, { requestCertificate: true });
  assert.deepEqual([...client.errors(), ...server.errors()], []);
  assert.deepEqual(server.connection.result?.peerCertificates, []);
  assert.equal(client.connection.result?.certificateRequested, true);
});
