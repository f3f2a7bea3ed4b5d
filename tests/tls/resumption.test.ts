// Resumption with tickets, both ends ours: when a session is offered, taken, refused. RFC 8446 §2.2, §4.2.11, §4.6.1
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  clientHello,
  decode,
  ExtensionType,
  HandshakeType,
  hasExtension,
  messageName,
  offeredPsks,
  readExtension,
} from '../../src/tls/codec/index.ts';
import {
  CipherSuite,
  type ClientOptions,
  decodeSession,
  encodeSession,
  NamedGroup,
  type ServerOptions,
  type Session,
  type TicketSealer,
  ticketSealer,
} from '../../src/tls/index.ts';
import { identity } from './support/identities.ts';
import {
  bytes,
  clientEnd,
  connect,
  type End,
  type Overrides,
  seededRandom,
  serverEnd,
  shuttle,
  text,
} from './support/pair.ts';

const KEYS = Uint8Array.from({ length: 48 }, (_, index) => index);
const tickets = ticketSealer(KEYS, seededRandom(7));
const DAY = 86_400_000;

function sessionsOf(end: End): Session[] {
  return end.events.flatMap((event) => (event.type === 'session' ? [event.session] : []));
}

/** A session as a client keeps it after a full handshake. */
function firstSession(
  clientOptions: Overrides<ClientOptions> = {},
  serverOptions: Overrides<ServerOptions> = {},
): Session {
  const { client, server } = connect(clientOptions, { tickets, ...serverOptions });
  assert.deepEqual([...client.errors(), ...server.errors()], []);
  assert.equal(client.connection.result?.resumed, false);
  return sessionsOf(client)[0];
}

/** Both ends are connected, say the same of whether they resumed, and understand each other. */
function assertConnected({ client, server }: { client: End; server: End }, resumed: boolean): void {
  assert.deepEqual([...client.errors(), ...server.errors()], []);
  assert.equal(client.connection.result?.resumed, resumed, 'client');
  assert.equal(server.connection.result?.resumed, resumed, 'server');
  client.connection.write(bytes('ping'));
  server.connection.write(bytes('pong'));
  shuttle(client, server);
  assert.equal(text(server.received()), 'ping');
  assert.equal(text(client.received()), 'pong');
  const exported = (end: End) => end.connection.exportKeyingMaterial('label', undefined, 32);
  assert.deepEqual(exported(client), exported(server));
}

const messages = (end: End) =>
  end.events.flatMap((event) =>
    event.type === 'handshake' ? [`${event.sent ? '>' : '<'} ${messageName(event.message)}`] : [],
  );

/** The pre_shared_key of each ClientHello that this end saw. */
function offers(end: End) {
  return end.events.flatMap((event) => {
    if (event.type !== 'handshake' || event.message[0] !== HandshakeType.client_hello) return [];
    const { extensions = [] } = decode(clientHello, event.message.subarray(4), 'ClientHello');
    return [readExtension(extensions, ExtensionType.pre_shared_key, offeredPsks)];
  });
}

test('a resumed handshake has no certificates, and the session’s secret in its keys', () => {
  const session = firstSession();
  const ends = connect({ session }, { tickets });
  assertConnected(ends, true);
  assert.deepEqual(messages(ends.client), [
    '> ClientHello',
    '< ServerHello',
    '< EncryptedExtensions',
    '< Finished',
    '> Finished',
    '< NewSessionTicket',
  ]);
});

test('both ends know whom they talk to: certificates are those that the session began with', () => {
  const ana = identity('P-256', 'ana');
  const session = firstSession({ identity: ana }, { requestCertificate: true, requireCertificate: true });
  const ends = connect({ session }, { tickets, requestCertificate: true, requireCertificate: true });
  assertConnected(ends, true);
  const { client, server } = ends;
  assert.deepEqual(server.connection.result?.peerCertificates, ana.certificates);
  assert.deepEqual(client.connection.result?.peerCertificates, identity('P-256').certificates);
  assert.deepEqual(client.connection.result?.signatureScheme, { server: undefined, client: undefined });
  assert.equal(server.connection.result?.certificateRequested, false);
  // And again from the ticket that came with the resumption.
  const again = connect({ session: sessionsOf(client)[0] }, { tickets, requireCertificate: true });
  assertConnected(again, true);
  assert.deepEqual(again.server.connection.result?.peerCertificates, ana.certificates);
});

test('a server that now requires a certificate does not resume a session that has none', () => {
  const ana = identity('P-256', 'ana');
  const ends = connect({ session: firstSession(), identity: ana }, { tickets, requireCertificate: true });
  assertConnected(ends, false);
  assert.deepEqual(ends.server.connection.result?.peerCertificates, ana.certificates);
});

test('two tickets after a full handshake, one after a resumption, each with a key of its own', () => {
  const { client, server } = connect({}, { tickets });
  const [first, second, ...more] = sessionsOf(client);
  assert.equal(more.length, 0);
  assert.notDeepEqual(first.secret, second.secret);
  assert.notEqual(first.ageAdd, second.ageAdd);
  assert.deepEqual(
    sessionsOf(server).map(({ secret, ticket }) => ({ secret, ticket })),
    [first, second].map(({ secret, ticket }) => ({ secret, ticket })),
    'both ends have the same',
  );
  for (const session of [first, second]) {
    const resumed = connect({ session }, { tickets });
    assertConnected(resumed, true);
    assert.equal(sessionsOf(resumed.client).length, 1);
  }
  assert.equal(sessionsOf(connect({}, { tickets, ticketCount: 5 }).client).length, 5);
  assert.equal(sessionsOf(connect({}, { tickets, ticketCount: 0 }).client).length, 0);
});

test('the server says that it is connected before it gives tickets, as OpenSSL', () => {
  const { server } = connect({}, { tickets });
  const order = server.events.flatMap(({ type }) => (type === 'session' || type === 'secure' ? [type] : []));
  assert.deepEqual(order, ['secure', 'session', 'session']);
});

test('without `tickets` a server gives none and takes none', () => {
  const session = firstSession();
  const { client, server } = connect({ session }, {});
  assertConnected({ client, server }, false);
  assert.deepEqual(sessionsOf(client), []);
});

test('HelloRetryRequest: the binder covers it, and the second ClientHello says the ticket’s age anew', () => {
  const session = firstSession();
  let time = 1000;
  const now = () => time;
  const client = clientEnd({ session, now });
  const server = serverEnd({ tickets, now, groups: [NamedGroup.secp384r1], listener: () => (time += 5) });
  client.connection.start();
  shuttle(client, server);
  assertConnected({ client, server }, true);
  assert.equal(client.connection.result?.helloRetried, true);
  const [first, second] = offers(server);
  assert.ok(first && second);
  assert.notDeepEqual(first.binders, second.binders);
  assert.ok(second.identities[0].obfuscatedTicketAge !== first.identities[0].obfuscatedTicketAge);
});

test('HelloRetryRequest for a cookie alone goes with resumption as well', () => {
  const ends = connect({ session: firstSession() }, { tickets, cookie: bytes('a cookie') });
  assertConnected(ends, true);
});

test('§4.1.4: after a HelloRetryRequest with another hash the pre-shared key is offered no more', () => {
  const session = firstSession({ cipherSuites: [CipherSuite.TLS_AES_128_GCM_SHA256] });
  const ends = connect(
    { session },
    { tickets, groups: [NamedGroup.secp384r1], cipherSuites: [CipherSuite.TLS_AES_256_GCM_SHA384] },
  );
  assertConnected(ends, false);
  const [first, second] = offers(ends.server);
  assert.ok(first && !second);
});

test('§4.2.11: the hash must stay, the cipher suite need not', () => {
  const session = firstSession({ cipherSuites: [CipherSuite.TLS_AES_128_GCM_SHA256] });
  const chacha = { cipherSuites: [CipherSuite.TLS_CHACHA20_POLY1305_SHA256] };
  assertConnected(connect({ session, ...chacha }, { tickets }), true);
  // The server's choice has another hash: a full handshake.
  assertConnected(connect({ session }, { tickets }), false);
  // The client has no suite with that hash any more, and does not even offer.
  const sha384 = { cipherSuites: [CipherSuite.TLS_AES_256_GCM_SHA384] };
  const ends = connect({ session, ...sha384 }, { tickets });
  assertConnected(ends, false);
  assert.deepEqual(offers(ends.server), [undefined]);
});

test('RFC 6066 §3: a session is for one name; neither end uses it for another', () => {
  const session = firstSession();
  const ends = connect({ session, serverName: 'other.example' }, { tickets });
  assertConnected(ends, false);
  assert.deepEqual(offers(ends.server), [undefined], 'not offered');
  const forced = connect(
    { session: { ...session, serverName: 'other.example' }, serverName: 'other.example' },
    { tickets },
  );
  assert.ok(offers(forced.server)[0], 'offered');
  assertConnected(forced, false);
});

test('the application protocol is agreed on anew', () => {
  const session = firstSession({ alpn: ['h2'] }, { alpn: ['h2'] });
  assert.equal(session.alpn, 'h2');
  const ends = connect({ session, alpn: ['http/1.1'] }, { tickets, alpn: ['h2', 'http/1.1'] });
  assertConnected(ends, true);
  assert.equal(ends.server.connection.result?.alpn, 'http/1.1');
});

test('another `sessionIdContext`, other ticket keys, a ticket of nobody: a full handshake', () => {
  const session = firstSession({}, { sessionIdContext: bytes('one') });
  assertConnected(connect({ session }, { tickets, sessionIdContext: bytes('one') }), true);
  assertConnected(connect({ session }, { tickets, sessionIdContext: bytes('two') }), false);
  const others = ticketSealer(
    KEYS.map((byte) => byte ^ 1),
    seededRandom(8),
  );
  assertConnected(connect({ session }, { tickets: others }), false);
  const sameName = ticketSealer(
    KEYS.map((byte, index) => (index < 16 ? byte : byte ^ 1)),
    seededRandom(8),
  );
  assertConnected(connect({ session }, { tickets: sameName }), false);
  assertConnected(connect({ session: { ...session, ticket: bytes('nobody’s') } }, { tickets }), false);
  const changed = session.ticket.slice();
  changed[60] ^= 1;
  const context = bytes('one');
  assertConnected(
    connect({ session: { ...session, ticket: changed } }, { tickets, sessionIdContext: context }),
    false,
  );
});

test('a ticket that holds no session of ours is passed over', () => {
  const open: TicketSealer = { seal: (state) => state, open: (ticket) => ticket };
  const session = { ...firstSession(), ticket: bytes('open, but no session') };
  assertConnected(connect({ session }, { tickets: open }), false);
});

test('a stolen ticket is worth nothing without its key', () => {
  const session = firstSession();
  const { client, server } = connect({ session: { ...session, secret: new Uint8Array(48) } }, { tickets });
  assert.equal(server.errors()[0]?.reason, 'bad-binder');
  assert.deepEqual(server.alerts(), ['sent decrypt_error']);
  assert.deepEqual(client.alerts(), ['received decrypt_error']);
});

test('the stolen ticket is noticed after a HelloRetryRequest too', () => {
  const session = { ...firstSession(), secret: new Uint8Array(48) };
  const { server } = connect({ session }, { tickets, groups: [NamedGroup.secp384r1] });
  assert.equal(server.errors()[0]?.reason, 'bad-binder');
});

test('§4.6.1: a client does not offer a session past its lifetime, nor before it began', () => {
  const session = firstSession({ now: () => 1000 }, { now: () => 1000, ticketLifetime: 60 });
  assert.equal(session.lifetime, 60);
  const offered = (time: number) => {
    const { server } = connect({ session, now: () => time }, { tickets, now: () => time });
    return offers(server)[0] !== undefined;
  };
  assert.equal(offered(1000), true);
  assert.equal(offered(61_000), true);
  assert.equal(offered(61_001), false);
  assert.equal(offered(999), false);
});

test('§4.6.1: a client does not offer a session that a server renews for ever, seven days after it saw a certificate', () => {
  const session = { ...firstSession(), createdAt: 7 * DAY, lifetime: 604_800 };
  const offered = (time: number) =>
    offers(connect({ session, now: () => time }, { tickets, now: () => time }).server)[0] !== undefined;
  assert.equal(offered(7 * DAY), true);
  assert.equal(offered(7 * DAY + 1), false);
});

test('a server does not take its ticket past its lifetime, whatever the client believes', () => {
  const session = firstSession({}, { ticketLifetime: 60 });
  const attempt = (time: number) =>
    connect({ session: { ...session, lifetime: 1000 }, now: () => time }, { tickets, now: () => time });
  assertConnected(attempt(60_000), true);
  const late = attempt(61_000);
  assert.ok(offers(late.server)[0]);
  assertConnected(late, false);
});

test('§4.2.11.1: a server does not resume where the ticket’s age is not as the client says', () => {
  const session = firstSession();
  const attempt = (clientTime: number, serverTime: number) =>
    connect({ session, now: () => clientTime }, { tickets, now: () => serverTime });
  assertConnected(attempt(100_000, 100_000), true);
  assertConnected(attempt(100_000, 150_000), true);
  assertConnected(attempt(150_000, 100_000), true);
  assertConnected(attempt(100_000, 161_000), false);
  assertConnected(attempt(161_000, 100_000), false);
  const wrongAgeAdd = { ...session, ageAdd: (session.ageAdd + 2 ** 31) % 2 ** 32 };
  assertConnected(connect({ session: wrongAgeAdd }, { tickets }), false);
});

test('§4.6.1: resumption after resumption does not make a proof of seven days ago last for ever', () => {
  let time = 0;
  const now = () => time;
  let session = firstSession({ now }, { now, ticketLifetime: 7 * 86_400 });
  assert.equal(session.lifetime, 604_800);
  for (const day of [3, 6]) {
    time = day * DAY;
    const ends = connect({ session, now }, { tickets, now, ticketLifetime: 7 * 86_400 });
    assertConnected(ends, true);
    [session] = sessionsOf(ends.client);
  }
  assert.equal(session.lifetime, 86_400, 'one day is left');
  time = 7 * DAY + 1000;
  const late = connect(
    { session: { ...session, lifetime: 604_800, authenticatedAt: time }, now },
    { tickets, now },
  );
  assert.ok(offers(late.server)[0]);
  assertConnected(late, false);
});

test('a server’s wish for more than seven days is cut to seven', () => {
  assert.equal(firstSession({}, { ticketLifetime: 10_000_000 }).lifetime, 604_800);
});

test('a session survives being kept as bytes', () => {
  const ana = identity('P-256', 'ana');
  const session = firstSession(
    { identity: ana, alpn: ['h2'] },
    { requestCertificate: true, alpn: ['h2'], sessionIdContext: bytes('x') },
  );
  assert.deepEqual(decodeSession(encodeSession(session)), session);
  const nameless = { ...session, serverName: false, alpn: '' } as const;
  assert.deepEqual(decodeSession(encodeSession(nameless)), nameless);
  const kept = encodeSession(session);
  for (let length = 0; length < kept.length; length += 7)
    assert.equal(decodeSession(kept.subarray(0, length)), undefined);
  assert.equal(decodeSession(Uint8Array.from([2, ...kept.subarray(1)])), undefined, 'another format');
  assertConnected(connect({ session: decodeSession(kept) }, { tickets, sessionIdContext: bytes('x') }), true);
});

test('every ClientHello says that tickets are welcome, and for which kind of key exchange', () => {
  const { server } = connect();
  const [hello] = server.events.flatMap((event) => (event.type === 'handshake' ? [event.message] : []));
  const { extensions = [] } = decode(clientHello, hello.subarray(4), 'ClientHello');
  assert.ok(hasExtension(extensions, ExtensionType.psk_key_exchange_modes));
});

test('a session of another version or without a ticket is not offered', () => {
  const session = firstSession();
  for (const other of [
    { ...session, ticket: new Uint8Array(0) },
    { ...session, cipherSuite: 0x1399 },
  ]) {
    const ends = connect({ session: other }, { tickets });
    assertConnected(ends, false);
    assert.deepEqual(offers(ends.server), [undefined]);
  }
});

test('a sealer opens what it sealed itself, whole and unchanged, and nothing else', () => {
  const state = bytes('a state');
  const sealed = tickets.seal(state);
  assert.deepEqual(tickets.open(sealed), state);
  assert.notDeepEqual(tickets.seal(state), sealed, 'two tickets for one state are not alike');
  for (let length = 0; length < sealed.length; length++)
    assert.equal(tickets.open(sealed.subarray(0, length)), undefined);
  for (let at = 0; at < sealed.length; at++)
    assert.equal(tickets.open(sealed.map((byte, index) => (index === at ? byte ^ 0x80 : byte))), undefined);
  assert.throws(() => ticketSealer(new Uint8Array(47), seededRandom(1)), RangeError);
});
