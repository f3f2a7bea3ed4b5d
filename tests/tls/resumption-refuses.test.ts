// What peers may do wrong with pre-shared keys, and how our ends answer. RFC 8446 §4.2.9, §4.2.11, §4.1.4
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binderOf, bindersLength } from '../../src/tls/binders.ts';
import { suiteOf } from '../../src/tls/cipher-suites.ts';
import {
  certificateRequest,
  clientHello,
  decode,
  type Extension,
  ExtensionType,
  HandshakeType,
  handshakeMessage,
  makeExtension,
  offeredPsks,
  type PskOffer,
  pskKeyExchangeModes,
  readExtension,
  selectedIdentity,
  serverHello,
  signatureSchemes,
} from '../../src/tls/codec/index.ts';
import {
  CipherSuite,
  encodeSession,
  type ServerOptions,
  type Session,
  ticketSealer,
} from '../../src/tls/index.ts';
import { ticketKey } from '../../src/tls/key-schedule.ts';
import { Transcript } from '../../src/tls/transcript.ts';
import { identity } from './support/identities.ts';
import { bytes, connect, type Overrides, seededRandom } from './support/pair.ts';
import { ScriptedClient, ScriptedServer } from './support/scripted.ts';

const tickets = ticketSealer(new Uint8Array(48).fill(9), seededRandom(7));
const secret = new Uint8Array(32).fill(0x5a);
const session: Session = {
  version: 0x0304,
  cipherSuite: CipherSuite.TLS_AES_128_GCM_SHA256,
  secret,
  ticket: bytes('a ticket'),
  sessionId: new Uint8Array(0),
  createdAt: 0,
  authenticatedAt: 0,
  lifetime: 7200,
  ageAdd: 0,
  serverName: 'server.example',
  alpn: false,
  peerCertificates: identity('P-256').certificates,
  sessionIdContext: new Uint8Array(0),
};

const selected = (index: number): Extension =>
  makeExtension(ExtensionType.pre_shared_key, selectedIdentity, index);

/** A server that resumes what our client offers, up to its ServerHello. */
function resuming(index = 0, change: { cipherSuite?: number } = {}): ScriptedServer {
  const server = new ScriptedServer({ session });
  server.psk = secret;
  const extensions = [...server.serverHelloExtensions(), selected(index)];
  return server.shake({ extensions, ...change });
}

test('a client resumes with a server that takes its ticket', () => {
  const server = resuming().sendEncryptedExtensions();
  server.sendFinished('server');
  assert.deepEqual(server.end.errors(), []);
  assert.equal(server.end.connection.result?.resumed, true);
});

const atClient: readonly (readonly [
  title: string,
  reason: string,
  alert: string | undefined,
  act: () => ScriptedServer,
])[] = [
  [
    '§4.2.11: the server takes a key that was not offered',
    'bad-psk-identity',
    'illegal_parameter',
    () => {
      const server = new ScriptedServer({ session });
      server.sendServerHello({ extensions: [...server.serverHelloExtensions(), selected(1)] });
      return server;
    },
  ],
  [
    '§4.2.11: the server takes a key although none was offered',
    'unsolicited-extension',
    'unsupported_extension',
    () => {
      const server = new ScriptedServer();
      server.sendServerHello({ extensions: [...server.serverHelloExtensions(), selected(0)] });
      return server;
    },
  ],
  [
    '§4.2.11: the server takes the key, and a cipher suite with another hash',
    'psk-hash-changed',
    'illegal_parameter',
    () => {
      const server = new ScriptedServer({ session });
      const cipherSuite = CipherSuite.TLS_AES_256_GCM_SHA384;
      server.sendServerHello({ cipherSuite, extensions: [...server.serverHelloExtensions(), selected(0)] });
      return server;
    },
  ],
  [
    '§4.2.9: the server takes the key alone, without a key exchange',
    'missing-key-share',
    'missing_extension',
    () => {
      const server = new ScriptedServer({ session });
      server.sendServerHello({ extensions: [server.versionExtension(), selected(0)] });
      return server;
    },
  ],
  [
    '§4.1.4: pre_shared_key in a HelloRetryRequest',
    'misplaced-extension',
    'illegal_parameter',
    () => {
      const server = new ScriptedServer({ session });
      server.sendHelloRetry([selected(0)]);
      return server;
    },
  ],
  [
    'the server does not know the key of the ticket it takes',
    'bad-record-mac',
    'bad_record_mac',
    () => {
      const server = new ScriptedServer({ session });
      server.psk = new Uint8Array(32);
      server.shake({ extensions: [...server.serverHelloExtensions(), selected(0)] });
      return server.sendEncryptedExtensions();
    },
  ],
  [
    '§4.3.2: a CertificateRequest where a session is resumed',
    'unexpected-message',
    'unexpected_message',
    () => {
      const server = resuming().sendEncryptedExtensions();
      const schemes = makeExtension(ExtensionType.signature_algorithms, signatureSchemes, [0x0403]);
      server.send(HandshakeType.certificate_request, certificateRequest, {
        requestContext: new Uint8Array(0),
        extensions: [schemes],
      });
      return server;
    },
  ],
  [
    '§2.2: a Certificate where a session is resumed',
    'unexpected-message',
    'unexpected_message',
    () => {
      const server = resuming().sendEncryptedExtensions();
      server.sendCertificate(identity('P-256'));
      return server;
    },
  ],
  [
    '§2.2: a Finished without certificates where the offer was not taken',
    'unexpected-message',
    'unexpected_message',
    () => {
      const server = new ScriptedServer({ session }).shake().sendEncryptedExtensions();
      server.sendFinished('server');
      return server;
    },
  ],
];

for (const [title, reason, alert, act] of atClient)
  test(`a client refuses ${title}`, () => act().assertRefused(reason, alert));

interface Offered {
  readonly identities?: readonly Uint8Array[];
  readonly binders?: (good: readonly Uint8Array[]) => readonly Uint8Array[];
  readonly modes?: readonly number[] | undefined;
  readonly without?: number;
  readonly last?: Extension;
}

const ticketOf = (change: Partial<Session> = {}) =>
  tickets.seal(encodeSession({ ...session, ticket: new Uint8Array(0), peerCertificates: [], ...change }));

/** A ClientHello that offers tickets, with binders that are right unless `binders` says otherwise. */
function offering(offer: Offered = {}, options: Overrides<ServerOptions> = {}): ScriptedClient {
  const client = new ScriptedClient({ tickets, ...options });
  client.psk = secret;
  const suite = suiteOf(session.cipherSuite);
  assert.ok(suite);
  const { identities = [ticketOf({ serverName: false })], binders = (good) => good, modes = [1] } = offer;
  const pskOffer: PskOffer = {
    identities: identities.map((id) => ({ identity: id, obfuscatedTicketAge: 0 })),
    binders: identities.map(() => new Uint8Array(32)),
  };
  const message = (value: PskOffer) => {
    const extensions = [
      ...client.helloExtensions().filter(({ type }) => type !== offer.without),
      ...(modes.length
        ? [makeExtension(ExtensionType.psk_key_exchange_modes, pskKeyExchangeModes, [...modes])]
        : []),
      makeExtension(ExtensionType.pre_shared_key, offeredPsks, value),
      ...(offer.last ? [offer.last] : []),
    ];
    return handshakeMessage(HandshakeType.client_hello, clientHello, client.clientHello({ extensions }));
  };
  const empty = message(pskOffer);
  const tail = bindersLength(pskOffer.binders) + (offer.last ? 4 + offer.last.data.length : 0);
  const good = binderOf(suite.hash, secret, new Transcript(), empty.subarray(0, empty.length - tail));
  client.sendMessage(message({ ...pskOffer, binders: binders(identities.map(() => good)) }));
  return client;
}

/** The server's answer, up to its Finished: whether it took a key, and which. */
function taken(client: ScriptedClient): number | undefined {
  assert.deepEqual(client.end.errors(), []);
  const [hello] = client.end.events.flatMap((event) =>
    event.type === 'handshake' && event.sent && event.message[0] === HandshakeType.server_hello
      ? [event.message]
      : [],
  );
  const { extensions = [] } = decode(serverHello, hello.subarray(4), 'ServerHello');
  return readExtension(extensions, ExtensionType.pre_shared_key, selectedIdentity);
}

test('a server takes a ticket, and the client is connected with its own Finished', () => {
  const client = offering();
  assert.equal(taken(client), 0);
  assert.equal(client.read().at(-1)?.type, HandshakeType.finished);
  client.sendFinished('client');
  assert.equal(client.end.connection.result?.resumed, true);
});

test('a server takes the first of the tickets that it can use', () => {
  const good = ticketOf({ serverName: false });
  assert.equal(taken(offering({ identities: [bytes('unknown'), good] })), 1);
  assert.equal(taken(offering({ identities: [ticketOf({ serverName: 'other' }), good, good] })), 1);
  assert.equal(taken(offering({ identities: [good, bytes('unknown')] })), 0);
});

test('only the binder of the ticket that is taken matters', () => {
  const good = ticketOf({ serverName: false });
  const wrong = new Uint8Array(32);
  const identities = [good, bytes('unknown')];
  assert.equal(taken(offering({ identities, binders: ([first]) => [first, wrong] })), 0);
});

test('§4.2.9: a client that wants no key exchange beside gets a full handshake, and no tickets', () => {
  const client = offering({ modes: [0] });
  assert.equal(taken(client), undefined);
  client.psk = undefined;
  assert.equal(client.read().at(-1)?.type, HandshakeType.finished);
  client.sendFinished('client');
  assert.equal(client.end.has('secure'), true);
  assert.equal(client.end.has('session'), false);
});

test('§4.2.9: modes that nobody knows are passed over', () => {
  assert.equal(taken(offering({ modes: [7, 0, 1] })), 0);
});

test('§9.2: with a ticket that is taken signature_algorithms may be missing', () => {
  assert.equal(taken(offering({ without: ExtensionType.signature_algorithms })), 0);
});

test('a server gives no ticket to a client that names no mode', () => {
  const client = new ScriptedClient({ tickets }).finish();
  assert.equal(client.end.has('secure'), true);
  assert.equal(client.end.has('session'), false);
});

const flip = (binder: Uint8Array) => binder.map((byte, at) => (at === 0 ? byte ^ 1 : byte));
const atServer: readonly (readonly [
  title: string,
  reason: string,
  alert: string,
  act: () => ScriptedClient,
])[] = [
  [
    '§4.2.11.2: a binder that was changed',
    'bad-binder',
    'decrypt_error',
    () => offering({ binders: ([good]) => [flip(good)] }),
  ],
  [
    '§4.2.11.2: a binder of another length',
    'bad-binder',
    'decrypt_error',
    () => offering({ binders: ([good]) => [Uint8Array.from([...good, 0])] }),
  ],
  [
    '§4.2.11: fewer binders than tickets',
    'bad-psk-offer',
    'illegal_parameter',
    () => offering({ identities: [bytes('one'), bytes('two')], binders: ([good]) => [good] }),
  ],
  [
    '§4.2.11: a binder too short to be one',
    'decode-error',
    'decode_error',
    () => {
      const client = new ScriptedClient({ tickets });
      const data = Uint8Array.of(0, 7, 0, 1, 0x61, 0, 0, 0, 0, 0, 33, 31, ...new Uint8Array(32));
      const extensions = client.withExtensions({ type: ExtensionType.pre_shared_key, data });
      return client.sendClientHello({ extensions });
    },
  ],
  [
    '§4.2.11: an extension after pre_shared_key',
    'pre-shared-key-not-last',
    'illegal_parameter',
    () => offering({ last: { type: 0x7777, data: new Uint8Array(0) } }),
  ],
  [
    '§4.2.9: a ticket without modes',
    'missing-psk-key-exchange-modes',
    'missing_extension',
    () => offering({ modes: [] }),
  ],
  [
    '§9.2: no signature_algorithms, and a ticket that cannot be used',
    'missing-signature-algorithms',
    'missing_extension',
    () => offering({ identities: [bytes('unknown')], without: ExtensionType.signature_algorithms }),
  ],
  [
    '§9.2: a ticket without key_share',
    'missing-key-share',
    'missing_extension',
    () => offering({ without: ExtensionType.key_share }),
  ],
  [
    '§9.2: a ticket without supported_groups',
    'missing-supported-groups',
    'missing_extension',
    () => offering({ without: ExtensionType.supported_groups }),
  ],
];

for (const [title, reason, alert, act] of atServer)
  test(`a server refuses ${title}`, () => act().assertRefused(reason, alert));

test('§4.6.1: each ticket’s key comes from its nonce and the whole handshake', () => {
  const { hash } = suiteOf(0x1301) ?? assert.fail();
  const one = ticketKey(hash, secret, Uint8Array.of(0));
  assert.notDeepEqual(one, ticketKey(hash, secret, Uint8Array.of(1)));
  const sessions = (random: number) =>
    connect({ random: seededRandom(random) }, { tickets }).client.events.flatMap((event) =>
      event.type === 'session' ? [event.session.secret] : [],
    );
  assert.notDeepEqual(sessions(1)[0], sessions(2)[0]);
});
