import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  alert,
  certificateRequest,
  clientHello,
  clientKeyShares,
  clientVersions,
  cookie,
  decode,
  type Extension,
  ExtensionType,
  emptyExtension,
  encode,
  HandshakeType,
  handshakeMessage,
  keyUpdate,
  makeExtension,
  offeredPsks,
  protocolNames,
  readExtension,
  recordSizeLimit,
  selectedGroup,
  serverHello,
  serverNameList,
  signatureSchemes,
  supportedGroups,
} from '../../src/tls/codec/index.ts';
import type { ServerOptions } from '../../src/tls/index.ts';
import { groupOf } from '../../src/tls/key-exchange.ts';
import { RecordProtection } from '../../src/tls/record-protection.ts';
import { identity } from './support/identities.ts';
import { bytes, type Overrides, text } from './support/pair.ts';
import { ScriptedClient } from './support/scripted.ts';

/** What a server of ours must refuse: the rule, what the client does, and how the server answers. */
type Case = readonly [title: string, reason: string, alert: string | undefined, act: () => ScriptedClient];
type Change = Parameters<ScriptedClient['sendClientHello']>[0];
type Options = Overrides<ServerOptions>;

const none = new Uint8Array(0);
const hello =
  (change: Change | ((client: ScriptedClient) => Change), options: Options = {}) =>
  () => {
    const client = new ScriptedClient(options);
    return client.sendClientHello(typeof change === 'function' ? change(client) : change);
  };
const extended = (extension: Extension, options: Options = {}) =>
  hello((client) => ({ extensions: client.withExtensions(extension) }), options);
const lacking = (type: number) => hello((client) => ({ extensions: client.withoutExtension(type) }));
const raw =
  (...records: Uint8Array[]) =>
  () => {
    const client = new ScriptedClient();
    for (const record of records) client.sendRaw(record);
    return client;
  };
const strict: Options = { requestCertificate: true, requireCertificate: true };
const answered =
  (act: (client: ScriptedClient) => void, options: Options = {}) =>
  () => {
    const client = new ScriptedClient(options).shake();
    act(client);
    return client;
  };
const connected = (act: (client: ScriptedClient) => void) => () => {
  const client = new ScriptedClient().finish();
  act(client);
  return client;
};
/** A second ClientHello after a HelloRetryRequest for P-256. */
const retried =
  (change: (client: ScriptedClient) => Change, options: Options = { groups: [0x0017] }) =>
  () => {
    const client = new ScriptedClient(options).sendClientHello();
    client.read();
    return client.sendClientHello(change(client));
  };

function flipped(content: Uint8Array): Uint8Array {
  const copy = content.slice();
  copy[copy.length - 1] ^= 1;
  return copy;
}

const share = (group: number, keyExchange: Uint8Array) => ({ group, keyExchange });
const shares = (...list: ReturnType<typeof share>[]) =>
  makeExtension(ExtensionType.key_share, clientKeyShares, list);
const p256 = () => {
  const group = groupOf(0x0017);
  assert.ok(group);
  return share(0x0017, group.generate((target) => target.fill(3)).publicKey);
};
const psk = makeExtension(ExtensionType.pre_shared_key, offeredPsks, {
  identities: [{ identity: bytes('ticket'), obfuscatedTicketAge: 0 }],
  binders: [new Uint8Array(32)],
});
const modes = { type: ExtensionType.psk_key_exchange_modes, data: Uint8Array.of(1, 1) };
const names = (...list: readonly (readonly [number, string])[]) =>
  makeExtension(
    ExtensionType.server_name,
    serverNameList,
    list.map(([type, name]) => ({ type, name: bytes(name) })),
  );
const protocols = (...list: string[]) =>
  makeExtension(ExtensionType.application_layer_protocol_negotiation, protocolNames, list.map(bytes));

const cases: readonly Case[] = [
  // What is not TLS
  ['plain HTTP', 'http-request', undefined, raw(bytes('GET / HTTP/1.1\r\nHost: x\r\n\r\n'))],
  ['plain HTTP in pieces', 'http-request', undefined, raw(bytes('PO'), bytes('ST '), bytes('/'))],
  ['a request to a proxy', 'https-proxy-request', undefined, raw(bytes('CONNECT x:443 HTTP/1.1\r\n\r\n'))],
  ['something else altogether', 'wrong-version-number', undefined, raw(bytes('SSH-2.0-OpenSSH_9.9\r\n'))],
  // §5 records before any keys
  [
    '§5: application data first of all',
    'data-before-finished',
    'unexpected_message',
    () => {
      const client = new ScriptedClient();
      client.sendPlain(0x17, bytes('x'));
      return client;
    },
  ],
  [
    '§5: a change_cipher_spec before ClientHello',
    'unexpected-change-cipher-spec',
    'unexpected_message',
    () => {
      const client = new ScriptedClient();
      client.sendPlain(0x14, Uint8Array.of(1));
      return client;
    },
  ],
  [
    '§5.1: an empty handshake record',
    'empty-fragment',
    'unexpected_message',
    () => {
      const client = new ScriptedClient();
      client.sendPlain(0x16, none);
      return client;
    },
  ],
  [
    '§4: another message than ClientHello',
    'unexpected-message',
    'unexpected_message',
    () => {
      const client = new ScriptedClient();
      client.sendBody(HandshakeType.finished, new Uint8Array(32));
      return client;
    },
  ],
  [
    'a ClientHello that would fill the memory',
    'excessive-message-size',
    'illegal_parameter',
    () => {
      const client = new ScriptedClient();
      client.sendRecord(0x16, Uint8Array.of(HandshakeType.client_hello, 0xff, 0xff, 0xff));
      return client;
    },
  ],
  [
    '§4.1.2: a ClientHello cut short',
    'decode-error',
    'decode_error',
    () => {
      const client = new ScriptedClient();
      client.sendBody(HandshakeType.client_hello, new Uint8Array(30));
      return client;
    },
  ],
  [
    '§4.1.2: a session id longer than 32',
    'decode-error',
    'decode_error',
    () => {
      const client = new ScriptedClient();
      client.sendBody(
        HandshakeType.client_hello,
        Uint8Array.from([3, 3, ...new Uint8Array(32), 33, ...new Uint8Array(33), 0, 2, 0x13, 1, 1, 0]),
      );
      return client;
    },
  ],
  // §4.2.1 versions
  [
    '§4.2.1: a client without supported_versions',
    'unsupported-protocol',
    'protocol_version',
    lacking(ExtensionType.supported_versions),
  ],
  [
    'Appendix D: a ClientHello without extensions',
    'unsupported-protocol',
    'protocol_version',
    hello({ extensions: undefined }),
  ],
  [
    '§4.2.1: a client that offers TLS 1.2 at most',
    'unsupported-protocol',
    'protocol_version',
    extended(makeExtension(ExtensionType.supported_versions, clientVersions, [0x0303, 0x0302])),
  ],
  [
    '§4.2.1: an empty list of versions',
    'decode-error',
    'decode_error',
    extended({ type: ExtensionType.supported_versions, data: Uint8Array.of(0) }),
  ],
  [
    'Appendix D.5: SSL 3.0 in legacy_version',
    'unsupported-protocol',
    'protocol_version',
    hello({ legacyVersion: 0x0300 }),
  ],
  // §4.1.2
  [
    '§4.1.2: compression',
    'bad-compression',
    'illegal_parameter',
    hello({ legacyCompressionMethods: Uint8Array.of(1, 0) }),
  ],
  [
    '§4.1.2: no cipher suite in common',
    'no-shared-cipher',
    'handshake_failure',
    hello({ cipherSuites: [0x1304, 0x00ff] }),
  ],
  [
    '§4.2: an extension twice',
    'duplicate-extension',
    'illegal_parameter',
    hello((client) => ({
      extensions: [...client.helloExtensions(), emptyExtension(0x7777), emptyExtension(0x7777)],
    })),
  ],
  // §4.2.7, §4.2.8 key exchange
  [
    '§9.2: no supported_groups',
    'missing-supported-groups',
    'missing_extension',
    lacking(ExtensionType.supported_groups),
  ],
  ['§9.2: no key_share', 'missing-key-share', 'missing_extension', lacking(ExtensionType.key_share)],
  [
    '§4.2.7: no group in common',
    'no-shared-group',
    'handshake_failure',
    hello((client) => ({
      extensions: client.withExtensions(
        makeExtension(ExtensionType.supported_groups, supportedGroups, [0x0100]),
        makeExtension(ExtensionType.key_share, clientKeyShares, []),
      ),
    })),
  ],
  [
    '§4.2.8: a share for a group that the client does not name',
    'wrong-key-share-group',
    'illegal_parameter',
    extended(makeExtension(ExtensionType.supported_groups, supportedGroups, [0x0017])),
  ],
  [
    '§4.2.8: two shares for one group',
    'duplicate-key-share',
    'illegal_parameter',
    extended(shares(p256(), p256())),
  ],
  [
    '§7.4.2: an all-zero X25519 share',
    'bad-key-share',
    'illegal_parameter',
    extended(shares(share(0x001d, new Uint8Array(32)))),
  ],
  [
    '§4.2.8.2: a point that is not on the curve',
    'bad-key-share',
    'illegal_parameter',
    extended(shares(share(0x0017, new Uint8Array(65).fill(4)))),
  ],
  [
    '§4.2.8.2: a point of the wrong length',
    'bad-key-share',
    'illegal_parameter',
    extended(shares(share(0x0017, p256().keyExchange.subarray(0, 64)))),
  ],
  [
    '§4.2.8: an empty key share',
    'decode-error',
    'decode_error',
    extended({ type: ExtensionType.key_share, data: Uint8Array.of(0, 4, 0, 0x1d, 0, 0) }),
  ],
  // §4.2.3 signatures
  [
    '§9.2: no signature_algorithms',
    'missing-signature-algorithms',
    'missing_extension',
    lacking(ExtensionType.signature_algorithms),
  ],
  [
    '§4.2.3: an empty signature_algorithms',
    'decode-error',
    'decode_error',
    extended({ type: ExtensionType.signature_algorithms, data: Uint8Array.of(0, 0) }),
  ],
  [
    '§4.2.3: half a signature scheme',
    'decode-error',
    'decode_error',
    extended({ type: ExtensionType.signature_algorithms, data: Uint8Array.of(0, 3, 4, 3, 4) }),
  ],
  [
    '§4.4.2.2: no signature our key can make',
    'no-suitable-signature-algorithm',
    'handshake_failure',
    extended(makeExtension(ExtensionType.signature_algorithms, signatureSchemes, [0x0807])),
  ],
  [
    '§4.4.3: nothing but PKCS #1 for an RSA key',
    'no-suitable-signature-algorithm',
    'handshake_failure',
    extended(makeExtension(ExtensionType.signature_algorithms, signatureSchemes, [0x0401]), {
      identity: identity('rsa'),
    }),
  ],
  [
    'a server without a certificate',
    'no-certificate-set',
    'handshake_failure',
    hello({}, { identity: undefined }),
  ],
  // SNI, ALPN, PSK
  ['RFC 6066 §3: two host names', 'unknown-name-type', 'decode_error', extended(names([0, 'a'], [0, 'b']))],
  [
    'RFC 6066 §3: a name that is no host name',
    'unknown-name-type',
    'decode_error',
    extended(names([1, 'a'])),
  ],
  [
    'RFC 6066 §3: a name with a zero byte',
    'bad-server-name',
    'unrecognized_name',
    extended(names([0, 'good\0evil'])),
  ],
  [
    'RFC 6066 §3: an empty list of names',
    'decode-error',
    'decode_error',
    extended({ type: ExtensionType.server_name, data: Uint8Array.of(0, 0) }),
  ],
  [
    'RFC 7301 §3.2: no protocol in common',
    'no-application-protocol',
    'no_application_protocol',
    extended(protocols('h3'), { alpn: ['h2'] }),
  ],
  [
    'RFC 7301 §3.1: an empty protocol name',
    'decode-error',
    'decode_error',
    extended({
      type: ExtensionType.application_layer_protocol_negotiation,
      data: Uint8Array.of(0, 3, 0, 1, 0x61),
    }),
  ],
  [
    'RFC 7301 §3.1: an empty list of protocols',
    'decode-error',
    'decode_error',
    extended({ type: ExtensionType.application_layer_protocol_negotiation, data: Uint8Array.of(0, 0) }),
  ],
  [
    '§4.2.11: pre_shared_key that is not last',
    'pre-shared-key-not-last',
    'illegal_parameter',
    hello((client) => ({ extensions: [psk, modes, ...client.helloExtensions()] })),
  ],
  [
    '§4.2.9: pre_shared_key without psk_key_exchange_modes',
    'missing-psk-key-exchange-modes',
    'missing_extension',
    extended(psk),
  ],
  [
    'RFC 8449 §4: a record_size_limit below 64',
    'bad-record-size-limit',
    'illegal_parameter',
    extended(makeExtension(ExtensionType.record_size_limit, recordSizeLimit, 63)),
  ],
  [
    '§5.1: bytes after ClientHello',
    'data-across-key-change',
    'unexpected_message',
    () => {
      const client = new ScriptedClient();
      const message = handshakeMessage(HandshakeType.client_hello, clientHello, client.clientHello());
      client.sendRecord(0x16, Uint8Array.from([...message, HandshakeType.finished]));
      return client;
    },
  ],
  // §4.1.4 HelloRetryRequest
  ['§4.1.4: the same share again', 'wrong-key-share-group', 'illegal_parameter', retried(() => ({}))],
  [
    '§4.1.4: two shares after HelloRetryRequest',
    'wrong-key-share-group',
    'illegal_parameter',
    retried((client) => ({
      extensions: client.withExtensions(shares(p256(), share(0x001d, client.own.publicKey))),
    })),
  ],
  [
    '§4.1.4: no share after HelloRetryRequest',
    'wrong-key-share-group',
    'illegal_parameter',
    retried((client) => ({ extensions: client.withExtensions(shares()) })),
  ],
  [
    '§4.1.2: another random after HelloRetryRequest',
    'client-hello-changed',
    'illegal_parameter',
    retried((client) => ({ random: new Uint8Array(32), extensions: client.withExtensions(shares(p256())) })),
  ],
  [
    '§4.1.2: other cipher suites after HelloRetryRequest',
    'client-hello-changed',
    'illegal_parameter',
    retried((client) => ({
      cipherSuites: [0x1301, 0x1302],
      extensions: client.withExtensions(shares(p256())),
    })),
  ],
  [
    '§4.1.2: a new extension after HelloRetryRequest',
    'client-hello-changed',
    'illegal_parameter',
    retried((client) => ({ extensions: client.withExtensions(shares(p256()), names([0, 'other.example'])) })),
  ],
  [
    '§4.2.10: early data after HelloRetryRequest',
    'client-hello-changed',
    'illegal_parameter',
    retried((client) => ({
      extensions: client.withExtensions(shares(p256()), emptyExtension(ExtensionType.early_data)),
    })),
  ],
  [
    '§4.2.2: the cookie left out',
    'bad-cookie',
    'illegal_parameter',
    retried(() => ({}), { cookie: bytes('cookie') }),
  ],
  [
    '§4.2.2: another cookie',
    'bad-cookie',
    'illegal_parameter',
    retried(
      (client) => ({
        extensions: client.withExtensions(makeExtension(ExtensionType.cookie, cookie, bytes('other'))),
      }),
      { cookie: bytes('cookie') },
    ),
  ],
  // §4.4 the client's answer
  [
    '§4.4.2.4: no certificate where one is required',
    'peer-did-not-return-a-certificate',
    'certificate_required',
    answered((client) => client.sendCertificate(undefined), strict),
  ],
  [
    '§4.4.2: no Certificate at all where one was asked for',
    'unexpected-message',
    'unexpected_message',
    answered((client) => client.sendFinished('client'), strict),
  ],
  [
    '§4.4.2: a Certificate nobody asked for',
    'unexpected-message',
    'unexpected_message',
    answered((client) => client.sendCertificate(identity('P-256', 'ana'))),
  ],
  [
    '§4.4.3: a certificate without CertificateVerify',
    'unexpected-message',
    'unexpected_message',
    answered((client) => {
      client.sendCertificate(identity('P-256', 'ana'));
      client.sendFinished('client');
    }, strict),
  ],
  [
    '§4.4.3: a stolen certificate: CertificateVerify by another key',
    'bad-certificate-verify',
    'decrypt_error',
    answered((client) => {
      client.sendCertificate(identity('P-256', 'ana'));
      client.sendCertificateVerify('client', identity('P-256', 'mallory'));
    }, strict),
  ],
  [
    '§4.4.3: a stolen RSA certificate',
    'bad-certificate-verify',
    'decrypt_error',
    answered((client) => {
      client.sendCertificate(identity('rsa', 'ana'));
      client.sendCertificateVerify('client', identity('rsa', 'mallory'));
    }, strict),
  ],
  [
    '§4.4.3: a stolen Ed25519 certificate',
    'bad-certificate-verify',
    'decrypt_error',
    answered((client) => {
      client.sendCertificate(identity('ed25519', 'ana'));
      client.sendCertificateVerify('client', identity('ed25519', 'mallory'));
    }, strict),
  ],
  [
    '§4.4.3: the server’s own proof sent back',
    'bad-certificate-verify',
    'decrypt_error',
    answered((client) => {
      client.sendCertificate(identity('P-256'));
      client.sendCertificateVerify('server', identity('P-256'));
    }, strict),
  ],
  [
    '§4.4.3: a scheme that does not fit the key',
    'wrong-signature-type',
    'illegal_parameter',
    answered((client) => {
      client.sendCertificate(identity('P-256', 'ana'));
      client.sendCertificateVerify('client', identity('P-256', 'ana'), ({ signature }) => ({
        algorithm: 0x0807,
        signature,
      }));
    }, strict),
  ],
  [
    '§4.4.2: a certificate that is no DER',
    'unparsable-certificate',
    'bad_certificate',
    answered(
      (client) =>
        client.sendCertificate(undefined, { entries: [{ data: bytes('nonsense'), extensions: [] }] }),
      strict,
    ),
  ],
  [
    '§4.4.2: a Certificate with a context',
    'invalid-request-context',
    'decode_error',
    answered((client) => client.sendCertificate(undefined, { requestContext: bytes('x') }), strict),
  ],
  [
    '§4.4.4: a Finished that does not match',
    'bad-finished',
    'decrypt_error',
    answered((client) => client.sendFinished('client', flipped)),
  ],
  [
    '§4.4.4: a Finished of the wrong length',
    'bad-finished-length',
    'decode_error',
    answered((client) => client.sendFinished('client', (mac) => mac.subarray(2))),
  ],
  [
    '§5.1: bytes after Finished under the handshake keys',
    'data-across-key-change',
    'unexpected_message',
    answered((client) => client.sendRecord(0x16, Uint8Array.from([...client.finishedMessage('client'), 0]))),
  ],
  [
    '§5: application data before the client’s Finished',
    'data-before-finished',
    'unexpected_message',
    answered((client) => client.sendRecord(0x17, bytes('early'))),
  ],
  [
    '§5: a Finished in clear',
    'plaintext-after-keys',
    'unexpected_message',
    answered((client) => client.sendPlain(0x16, client.finishedMessage('client'))),
  ],
  [
    '§4: EndOfEarlyData without early data',
    'unexpected-message',
    'unexpected_message',
    answered((client) => client.sendBody(HandshakeType.end_of_early_data, none)),
  ],
  // after the handshake
  [
    '§5: a handshake message in clear after the handshake',
    'plaintext-after-keys',
    'unexpected_message',
    connected((client) => client.sendPlain(0x16, handshakeMessage(HandshakeType.key_update, keyUpdate, 0))),
  ],
  [
    '§5: an alert in clear once encrypted records have come',
    'plaintext-after-keys',
    'unexpected_message',
    connected((client) => client.sendPlain(0x15, encode(alert, { level: 2, description: 40 }))),
  ],
  [
    '§4.1.2: a second ClientHello (no renegotiation)',
    'unexpected-message',
    'unexpected_message',
    connected((client) => client.send(HandshakeType.client_hello, clientHello, client.clientHello())),
  ],
  [
    '§4.6.1: a ticket from a client',
    'unexpected-message',
    'unexpected_message',
    connected((client) => client.sendBody(HandshakeType.new_session_ticket, none)),
  ],
  [
    '§4.3.2: a CertificateRequest from a client',
    'unexpected-message',
    'unexpected_message',
    connected((client) =>
      client.send(HandshakeType.certificate_request, certificateRequest, {
        requestContext: none,
        extensions: [],
      }),
    ),
  ],
  [
    '§6.1: a stream that ends without close_notify',
    'unexpected-eof',
    undefined,
    connected((client) => client.end.connection.receiveEnd()),
  ],
];

for (const [title, reason, alertName, act] of cases) {
  test(`a server refuses ${title}`, () => act().assertRefused(reason, alertName));
}

test('§4.2.10: early data that was not accepted is read past, up to a limit', () => {
  const withEarlyData = () => {
    const client = new ScriptedClient();
    client.sendClientHello({ extensions: client.withExtensions(emptyExtension(ExtensionType.early_data)) });
    client.read();
    return client;
  };
  const guess = new RecordProtection(new ScriptedClient().suite, new Uint8Array(32));
  const client = withEarlyData();
  client.sendRaw(guess.seal(0x17, bytes('0-RTT')));
  client.sendRaw(guess.seal(0x17, bytes('more of it')));
  client.sendFinished('client');
  assert.deepEqual(client.end.errors(), []);
  assert.ok(client.end.has('secure'));
  assert.equal(client.end.received().length, 0);

  const flood = withEarlyData();
  for (let count = 0; count < 3; count++) flood.sendRaw(guess.seal(0x17, new Uint8Array(8000)));
  flood.assertRefused('too-much-skipped-early-data', 'unexpected_message');
});

test('§4.2.10: early data is read past before a second ClientHello as well', () => {
  const client = new ScriptedClient({ groups: [0x0017] });
  client.sendClientHello({ extensions: client.withExtensions(emptyExtension(ExtensionType.early_data)) });
  const [message] = client.read();
  const { extensions = [] } = decode(serverHello, message.body, 'ServerHello');
  assert.equal(readExtension(extensions, ExtensionType.key_share, selectedGroup), 0x0017);
  client.sendPlain(0x17, new Uint8Array(100));
  client.sendClientHello({ extensions: client.withExtensions(shares(p256())) });
  assert.deepEqual(client.end.errors(), []);
});

test('§6: a client that cannot read ServerHello may say so in clear', () => {
  const client = new ScriptedClient();
  client.sendClientHello();
  client.end.connection.takeOutput();
  client.sendPlain(0x15, encode(alert, { level: 2, description: 47 }));
  assert.equal(client.end.errors()[0]?.reason, 'alert-received');
  assert.equal(client.end.errors()[0]?.received, 47);
});

test('§4.2: unknown and GREASE numbers are ignored everywhere', () => {
  const client = new ScriptedClient();
  client.sendClientHello({
    cipherSuites: [0x0a0a, 0x1301],
    extensions: [
      emptyExtension(0x2a2a),
      makeExtension(ExtensionType.supported_versions, clientVersions, [0x3a3a, 0x0304, 0x0303]),
      makeExtension(ExtensionType.supported_groups, supportedGroups, [0x4a4a, 0x11eb, 0x001d]),
      makeExtension(ExtensionType.signature_algorithms, signatureSchemes, [0x5a5a, 0x0403]),
      shares(share(0x4a4a, Uint8Array.of(0)), share(0x001d, client.own.publicKey)),
      { type: 0x6a6a, data: Uint8Array.of(1, 2, 3) },
    ],
  });
  assert.deepEqual(client.end.errors(), []);
  assert.equal(client.read().at(-1)?.type, HandshakeType.finished);
});

test('§4.2.11: a ticket of some other server is passed over for a full handshake', () => {
  const client = new ScriptedClient();
  client.sendClientHello({ extensions: [...client.helloExtensions(), modes, psk] });
  assert.equal(client.read().at(-1)?.type, HandshakeType.finished);
});

test('Appendix D.4: a change_cipher_spec follows ServerHello, or HelloRetryRequest, once', () => {
  for (const options of [{}, { groups: [0x0017] }]) {
    const client = new ScriptedClient(options);
    client.sendClientHello();
    if ('groups' in options) client.sendClientHello({ extensions: client.withExtensions(shares(p256())) });
    const sent = client.end.events.flatMap((event) =>
      event.type === 'record' && event.sent ? [event.contentType] : [],
    );
    assert.deepEqual(sent.slice(0, 2), [0x16, 0x14]);
    assert.equal(sent.filter((type) => type === 0x14).length, 1);
    assert.ok(sent.length > 5);
  }
});

test('§4.6.3: one who is silent answers many KeyUpdates with one, before its next application data', () => {
  const client = new ScriptedClient().finish();
  client.read();
  for (let round = 0; round < 2; round++) {
    for (let count = 0; count < 5; count++) {
      client.sendBody(HandshakeType.key_update, Uint8Array.of(1));
      client.sealing?.update();
      assert.equal(client.end.connection.takeOutput().length, 0);
    }
    client.end.connection.write(bytes('x'));
    client.end.connection.write(bytes('y'));
    const sent = client.end.events.filter((event) => event.type === 'key-update' && event.sent);
    assert.equal(sent.length, round + 1);
    client.end.connection.takeOutput();
  }
});

test('text sent by the scripted client arrives: the scripts themselves are sound', () => {
  const client = new ScriptedClient(strict).shake();
  client.sendCertificate(identity('P-256', 'ana'));
  client.sendCertificateVerify('client', identity('P-256', 'ana'));
  client.sendFinished('client');
  client.sealing = new RecordProtection(client.suite, client.application.client);
  client.sendRecord(0x17, bytes('hello'));
  assert.equal(text(client.end.received()), 'hello');
  assert.equal(client.end.connection.result?.peerCertificates.length, 1);
});
