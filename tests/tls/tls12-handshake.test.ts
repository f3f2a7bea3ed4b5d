import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, HandshakeType, hex, serverHello } from '../../src/tls/codec/index.ts';
import { CipherSuite, type Session } from '../../src/tls/index.ts';
import { decodeSession, encodeSession, ticketSealer } from '../../src/tls/session.ts';
import { suiteOf12 } from '../../src/tls/tls12/cipher-suites.ts';
import { prf } from '../../src/tls/tls12/key-schedule.ts';
import { identity, keyKinds } from './support/identities.ts';
import { bytes, connect, type End, seededRandom, shuttle, text } from './support/pair.ts';
import { againstOurs } from './support/scripted12.ts';
import { BOTH, TLS12 } from './support/tls12.ts';

const tickets = ticketSealer(new Uint8Array(48).fill(5), seededRandom(5));
const DAY = 86_400_000;

function sessionOf(end: End): Session {
  const event = end.events.find(({ type }) => type === 'session');
  assert.ok(event?.type === 'session', 'a session came');
  return event.session;
}

function fine(...ends: End[]): void {
  assert.deepEqual(
    ends.flatMap((end) => end.errors()),
    [],
  );
}

for (const kind of keyKinds) {
  test(`TLS 1.2: ${kind} keys on both sides, and the ticket of it resumed`, () => {
    const ana = identity(kind, 'ana');
    const strict = { ...TLS12, requestCertificate: true, requireCertificate: true, tickets };
    const { client, server } = connect({ ...TLS12, identity: ana }, { ...strict, identity: identity(kind) });
    fine(client, server);
    assert.deepEqual(client.connection.result?.peerCertificates, identity(kind).certificates);
    assert.deepEqual(server.connection.result?.peerCertificates, ana.certificates);
    assert.equal(client.connection.result?.resumed, false);
    assert.ok(client.connection.result?.group);
    talk(client, server);

    // Kept as bytes, as Node keeps it; and this time the client has no key to show.
    const session = decodeSession(encodeSession(sessionOf(client)));
    assert.ok(session);
    const again = connect({ ...TLS12, session }, { ...strict, identity: identity(kind) });
    fine(again.client, again.server);
    for (const end of [again.client, again.server]) {
      assert.equal(end.connection.result?.resumed, true);
      assert.equal(end.connection.result?.group, undefined);
      assert.equal(end.connection.result?.signatureScheme.server, undefined);
    }
    assert.deepEqual(again.server.connection.result?.peerCertificates, ana.certificates);
    assert.deepEqual(again.client.connection.result?.peerCertificates, identity(kind).certificates);
    talk(again.client, again.server);
  });
}

function talk(client: End, server: End): void {
  client.connection.write(bytes('ping'));
  shuttle(client, server);
  assert.equal(text(server.received()), 'ping');
  server.connection.write(bytes('pong'));
  shuttle(client, server);
  assert.equal(text(client.received()), 'pong');
  const [a, b] = [client.connection, server.connection].map((end) => [
    end.exportKeyingMaterial('EXPERIMENTAL x', undefined, 32),
    end.exportKeyingMaterial('EXPERIMENTAL x', new Uint8Array(0), 32),
  ]);
  assert.deepEqual(a, b);
  // RFC 5705 §4: no context is not an empty context.
  assert.notDeepEqual(a[0], a[1]);
  const { finished } = client.connection.result ?? {};
  assert.deepEqual(finished, {
    own: server.connection.result?.finished.peer,
    peer: server.connection.result?.finished.own,
  });
  assert.equal(finished?.own.length, 12);
}

test('RFC 5246 §5: the PRF makes the bytes that the IETF’s list published for SHA-256', () => {
  const suite = suiteOf12(CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);
  assert.ok(suite);
  const secret = Buffer.from('9bbe436ba940f017b17652849a71db35', 'hex');
  const seed = Buffer.from('a0ba9f936cda311827a6f796ffd5198c', 'hex');
  const made = prf(suite.hash, secret, 'test label', seed, 100);
  assert.equal(
    hex(made),
    'e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af' +
      '0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701' +
      '87347b66',
  );
});

test('RFC 5705 §4: an exporter does not give the protocol’s own keys away', () => {
  const { client } = connect(TLS12, TLS12);
  for (const label of ['key expansion', 'master secret', 'client finished'])
    assert.throws(() => client.connection.exportKeyingMaterial(label, undefined, 48), {
      reason: 'bad-options',
    });
});

test('the key log names the master secret by the client’s random, on both sides alike', () => {
  const { client, server } = connect(TLS12, TLS12);
  const lines = [client, server].map((end) =>
    end.events.flatMap((event) => (event.type === 'keylog' ? [event.line] : [])),
  );
  assert.deepEqual(lines[0], lines[1]);
  assert.match(lines[0].join(), /^CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}$/);
});

// ---- Versions

test('versions: the newest that both speak', () => {
  const spoken = (a: object, b: object) => connect(a, b).client.connection.result?.version;
  assert.equal(spoken({}, {}), 'TLSv1.3');
  assert.equal(spoken(BOTH, TLS12), 'TLSv1.2');
  assert.equal(spoken(TLS12, BOTH), 'TLSv1.2');
  assert.equal(spoken(TLS12, TLS12), 'TLSv1.2');
});

test('versions: nothing in common is protocol_version, whoever sees it first', () => {
  const TLS13 = { versions: { min: 0x0304, max: 0x0304 } } as const;
  for (const [a, b] of [
    [TLS12, TLS13],
    [TLS13, TLS12],
  ]) {
    const { client, server } = connect(a, b);
    assert.equal(server.errors()[0]?.reason, 'unsupported-protocol');
    assert.deepEqual(client.alerts(), ['received protocol_version']);
  }
});

for (const last of [0, 1]) {
  test(`RFC 8446 §4.1.3: a client of TLS 1.3 that is talked down finds the mark (DOWNGRD ${last})`, async () => {
    const script = async (peer: Parameters<Parameters<typeof againstOurs>[1]>[0]) => {
      await peer.message(HandshakeType.client_hello);
      peer.sendServerHello((hello) => ({
        ...hello,
        random: Uint8Array.from([...hello.random.subarray(0, 24), ...bytes('DOWNGRD'), last]),
      }));
    };
    const { outcome, end } = await againstOurs('server', script, BOTH);
    assert.equal(end.errors()[0]?.reason, 'inappropriate-fallback');
    assert.deepEqual(outcome, ['fatal illegal_parameter']);
    // One that speaks nothing newer has not been talked down.
    assert.deepEqual((await againstOurs('server', script, TLS12)).outcome, []);
  });
}

test('RFC 8446 §4.1.3: a server marks its random only where it speaks TLS 1.3 itself', async () => {
  for (const [versions, marked] of [
    [BOTH, true],
    [TLS12, false],
  ] as const) {
    const { end } = await againstOurs('client', (peer) => peer.sendClientHello(), versions);
    const [message] = end.events.flatMap((event) =>
      event.type === 'handshake' && event.sent && event.message[0] === HandshakeType.server_hello
        ? [event.message]
        : [],
    );
    const { random } = decode(serverHello, message.subarray(4), 'ServerHello');
    assert.equal(text(random.subarray(24, 31)) === 'DOWNGRD' && random[31] === 1, marked);
  }
});

test('RFC 7507: a client that fell back meets inappropriate_fallback where more would have gone', async () => {
  const script = (peer: Parameters<Parameters<typeof againstOurs>[1]>[0]) =>
    peer.sendClientHello((hello) => ({ ...hello, cipherSuites: [...hello.cipherSuites, 0x5600] }));
  const { outcome, end } = await againstOurs('client', script, BOTH);
  assert.equal(end.errors()[0]?.reason, 'inappropriate-fallback');
  assert.deepEqual(outcome, ['fatal inappropriate_fallback']);
  assert.deepEqual((await againstOurs('client', script, TLS12)).outcome, []);
});

test('a server that remembers our session id though we showed no session is refused', async () => {
  const { outcome, end } = await againstOurs(
    'server',
    async (peer) => {
      const { body } = await peer.message(HandshakeType.client_hello);
      peer.sendServerHello((hello) => ({ ...hello, legacySessionIdEcho: body.slice(35, 67) }));
    },
    BOTH,
  );
  assert.equal(end.errors()[0]?.reason, 'unasked-resumption');
  assert.deepEqual(outcome, ['fatal illegal_parameter']);
});

test('Appendix D.4: a change_cipher_spec before a ServerHello of TLS 1.2 is no habit but a mistake', async () => {
  const { end } = await againstOurs(
    'server',
    async (peer) => {
      await peer.message(HandshakeType.client_hello);
      peer.sendPlain(0x14, Uint8Array.of(1));
      peer.sendServerHello();
    },
    BOTH,
  );
  assert.equal(end.errors()[0]?.reason, 'unexpected-change-cipher-spec');
});

// ---- What is resumed, and what is not

const mutual = { requestCertificate: true, requireCertificate: true };
const began = () =>
  connect({ ...TLS12, identity: identity('P-256', 'ana') }, { ...TLS12, ...mutual, tickets });

/** Whether the second connection goes on with the session; it must work in any case. */
function resumes(session: Session, client: object, server: object): boolean {
  const ana = identity('P-256', 'ana');
  const again = connect({ ...TLS12, identity: ana, session, ...client }, { ...TLS12, tickets, ...server });
  fine(again.client, again.server);
  assert.equal(again.client.connection.result?.resumed, again.server.connection.result?.resumed);
  return again.client.connection.result?.resumed ?? false;
}

test('RFC 5077: a ticket is taken only where it fits; else the handshake is a full one', () => {
  const session = sessionOf(began().client);
  const other = ticketSealer(new Uint8Array(48).fill(6), seededRandom(6));
  const changed = { ...session, ticket: session.ticket.map((byte, at) => (at === 40 ? byte ^ 1 : byte)) };
  assert.equal(resumes(session, {}, mutual), true);
  assert.equal(resumes(session, { serverName: 'other.example' }, {}), false, 'another name');
  assert.equal(
    resumes({ ...session, serverName: 'other.example' }, { serverName: 'other.example' }, {}),
    false,
  );
  assert.equal(resumes(session, {}, { tickets: other }), false, 'other keys');
  assert.equal(resumes(session, {}, { tickets: false }), false, 'no tickets');
  assert.equal(resumes(changed, {}, {}), false, 'a changed ticket');
  assert.equal(resumes(session, {}, { sessionIdContext: bytes('other') }), false, 'another context');
  assert.equal(resumes(session, {}, { now: () => 3 * 3_600_000 }), false, 'too old for the server');
  assert.equal(resumes(session, { now: () => 3 * 3_600_000 }, {}), false, 'too old for the client');
  const suites = [CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384];
  assert.equal(resumes(session, { cipherSuites: suites }, {}), false, 'a cipher suite no longer spoken');
  assert.equal(resumes(session, {}, { cipherSuites: suites }), false);
});

test('a session without a certificate is not resumed where one is required', () => {
  const { client } = connect(TLS12, { ...TLS12, tickets });
  assert.equal(resumes(sessionOf(client), {}, {}), true);
  assert.equal(resumes(sessionOf(client), {}, mutual), false);
});

test('a session of one version is not offered in another', () => {
  const { client } = connect({}, { tickets });
  const session13 = sessionOf(client);
  assert.equal(session13.version, 0x0304);
  assert.equal(resumes(session13, {}, {}), false);
  const session12 = sessionOf(began().client);
  const { client: a, server: b } = connect({ session: session12 }, { tickets });
  fine(a, b);
  assert.equal(a.connection.result?.version, 'TLSv1.3');
  assert.equal(a.connection.result?.resumed, false);
});

test('RFC 5246 §7.4.1.2: what the server’s owner keeps under a session id is resumed by it', () => {
  const { client, server } = connect(TLS12, TLS12);
  const kept = sessionOf(server);
  assert.equal(kept.sessionId.length, 32);
  assert.deepEqual(sessionOf(client).sessionId, kept.sessionId);
  const again = connect(
    { ...TLS12, session: sessionOf(client) },
    {
      ...TLS12,
      pauseAtClientHello: true,
      listener(event) {
        if (event.type !== 'client-hello') return;
        assert.deepEqual(event.sessionId, kept.sessionId);
        queue = () => again.server.connection.resume(undefined, { session: kept });
      },
    },
  );
  queue();
  shuttle(again.client, again.server);
  fine(again.client, again.server);
  assert.equal(again.client.connection.result?.resumed, true);
  assert.equal(again.server.connection.result?.resumed, true);
});
let queue: () => void = () => {};

test('a lifetime that a server did not name ends nothing', () => {
  const session = { ...sessionOf(began().client), lifetime: 0 };
  assert.equal(resumes(session, { now: () => DAY }, { now: () => 0 }), true);
});

test('a client that is handed another cipher suite with its old session refuses', async () => {
  const session = sessionOf(began().client);
  const { end } = await againstOurs(
    'server',
    async (peer) => {
      const { body } = await peer.message(HandshakeType.client_hello);
      peer.sendServerHello((hello) => ({
        ...hello,
        legacySessionIdEcho: body.slice(35, 67),
        cipherSuite: CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
      }));
    },
    { ...TLS12, session },
  );
  assert.equal(end.errors()[0]?.reason, 'old-session-cipher-not-returned');
});

// ---- Handshakes that somebody wants again

test('RFC 5246 §7.4.1.1: a HelloRequest inside the handshake means nothing; after it, it is refused, with an end', async () => {
  const request = Uint8Array.of(HandshakeType.hello_request, 0, 0, 0);
  const { outcome, end } = await againstOurs('server', async (peer) => {
    await peer.message(HandshakeType.client_hello);
    const ask = () => peer.sendPlain(0x16, request);
    ask();
    peer.sendServerHello();
    ask();
    peer.sendCertificate(identity('P-256'));
    ask();
    peer.sendKeyExchange();
    ask();
    peer.sendDone();
    await peer.message(HandshakeType.finished);
    ask();
    peer.sendChangeCipherSpec();
    peer.sendFinished();
    await peer.until(/secure/);
    for (let count = 0; count < 4; count++) peer.sendRecord(0x16, request);
    peer.sendRecord(0x17, bytes('still here'));
    for (let count = 0; count < 5; count++) peer.sendRecord(0x16, request);
  });
  assert.equal(text(end.received()), 'still here');
  assert.equal(end.errors()[0]?.reason, 'too-many-renegotiations');
  const warnings = Array.from({ length: 8 }, () => 'warning no_renegotiation');
  assert.deepEqual(outcome, ['secure', ...warnings, 'fatal unexpected_message']);
});

test('RFC 5746: a client that wants to renegotiate is told no, and may go on', async () => {
  const { outcome, end } = await againstOurs('client', async (peer) => {
    peer.sendClientHello();
    await peer.message(HandshakeType.server_hello_done);
    peer.sendClientKeyExchange();
    peer.derive();
    peer.sendChangeCipherSpec();
    peer.sendFinished();
    await peer.message(HandshakeType.finished);
    peer.sendClientHello();
    peer.sendRecord(0x17, bytes('never mind'));
  });
  assert.deepEqual(outcome, ['secure', 'warning no_renegotiation']);
  assert.equal(text(end.received()), 'never mind');
});

test('keys cannot be updated in TLS 1.2', () => {
  const { client } = connect(TLS12, TLS12);
  assert.throws(() => client.connection.updateKeys(false), { reason: 'bad-options' });
});

test('RFC 8449 §4: record_size_limit holds in TLS 1.2, too, to the byte', () => {
  const { client, server } = connect({ ...TLS12, recordSizeLimit: 64 }, { ...TLS12, recordSizeLimit: 100 });
  client.connection.write(new Uint8Array(1000));
  server.connection.write(new Uint8Array(1000));
  shuttle(client, server);
  fine(client, server);
  const lengths = (end: End) =>
    end.events.flatMap((e) => (e.type === 'record' && !e.sent && e.contentType === 0x17 ? [e.length] : []));
  assert.equal(Math.max(...lengths(client)), 64);
  assert.equal(Math.max(...lengths(server)), 100);
});

test('warnings before the version is known, and in TLS 1.2, end nothing by themselves', async () => {
  const { outcome } = await againstOurs(
    'server',
    async (peer) => {
      await peer.message(HandshakeType.client_hello);
      // As servers did that did not know the name.
      peer.sendAlert(112, 1);
      peer.sendServerHello();
      peer.sendCertificate(identity('P-256'));
      peer.sendKeyExchange();
      peer.sendDone();
      await peer.message(HandshakeType.finished);
      peer.sendChangeCipherSpec();
      peer.sendFinished();
      await peer.until(/secure/);
    },
    BOTH,
  );
  assert.deepEqual(outcome, ['secure']);
});
