import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  certificate,
  certificateAuthorities,
  certificateRequest,
  cookie,
  decode,
  ExtensionType,
  emptyExtension,
  HandshakeType,
  HELLO_RETRY_RANDOM,
  keyUpdate,
  makeExtension,
  newSessionTicket,
  protocolNames,
  readExtension,
  recordSizeLimit,
  selectedGroup,
  serverKeyShare,
  signatureSchemes,
} from '../../src/tls/codec/index.ts';
import type { RecordProtection } from '../../src/tls/record-protection.ts';
import { identity } from './support/identities.ts';
import { bytes, text } from './support/pair.ts';
import { ScriptedServer } from './support/scripted.ts';

/** What a client of ours must refuse: the rule, what the server does, and how the client answers. */
type Case = readonly [title: string, reason: string, alert: string | undefined, act: () => ScriptedServer];

const hello =
  (change: Parameters<ScriptedServer['sendServerHello']>[0], options = {}) =>
  () => {
    const server = new ScriptedServer(options);
    server.sendServerHello(change);
    return server;
  };
const helloWith =
  (...extensions: ReturnType<ScriptedServer['versionExtension']>[]) =>
  () => {
    const server = new ScriptedServer();
    server.sendServerHello({ extensions: [...server.serverHelloExtensions(), ...extensions] });
    return server;
  };
const retry =
  (...extensions: ReturnType<ScriptedServer['versionExtension']>[]) =>
  () => {
    const server = new ScriptedServer();
    server.sendHelloRetry(extensions);
    return server;
  };
const encrypted =
  (...extensions: ReturnType<ScriptedServer['versionExtension']>[]) =>
  () =>
    new ScriptedServer({ alpn: ['h2'] }).shake().sendEncryptedExtensions(extensions);
const shown = (act: (server: ScriptedServer) => void) => () => {
  const server = new ScriptedServer().shake().sendEncryptedExtensions();
  act(server);
  return server;
};
const connected = (act: (server: ScriptedServer) => void) => () => {
  const server = new ScriptedServer().finish();
  act(server);
  return server;
};

const group = (id: number) => makeExtension(ExtensionType.key_share, selectedGroup, id);
const names = (...list: string[]) =>
  makeExtension(ExtensionType.application_layer_protocol_negotiation, protocolNames, list.map(bytes));
const schemes = makeExtension(ExtensionType.signature_algorithms, signatureSchemes, [0x0403]);
const noContext = new Uint8Array(0);
const ticket = { lifetime: 1, ageAdd: 2, nonce: bytes('n'), ticket: bytes('t'), extensions: [] };

/** Bytes with one bit changed, near the end. */
function flipped(content: Uint8Array): Uint8Array {
  const copy = content.slice();
  copy[copy.length - 1] ^= 1;
  return copy;
}

const cases: readonly Case[] = [
  // §4.1.3 ServerHello
  ['a server without TLS 1.3', 'unsupported-protocol', 'protocol_version', hello({ extensions: [] })],
  [
    'a ServerHello without any extensions',
    'unsupported-protocol',
    'protocol_version',
    hello({ extensions: undefined }),
  ],
  [
    '§4.2.1: a version that was not offered',
    'bad-selected-version',
    'illegal_parameter',
    () => {
      const server = new ScriptedServer();
      server.sendServerHello({
        extensions: [server.versionExtension(0x0303), server.serverHelloExtensions()[1]],
      });
      return server;
    },
  ],
  [
    '§4.1.3: a legacy_version other than 0x0303',
    'bad-legacy-version',
    'illegal_parameter',
    hello({ legacyVersion: 0x0304 }),
  ],
  [
    '§4.1.3: a session id that is not ours',
    'bad-session-id-echo',
    'illegal_parameter',
    hello({ legacySessionIdEcho: bytes('other') }),
  ],
  [
    '§4.1.3: a cipher suite that was not offered',
    'wrong-cipher-returned',
    'illegal_parameter',
    hello({ cipherSuite: 0x1301 }, { cipherSuites: [0x1302] }),
  ],
  [
    '§4.1.3: a cipher suite nobody knows',
    'wrong-cipher-returned',
    'illegal_parameter',
    hello({ cipherSuite: 0x1399 }),
  ],
  ['§4.1.3: compression', 'bad-compression', 'illegal_parameter', hello({ legacyCompressionMethod: 1 })],
  [
    '§4.2: an extension twice',
    'duplicate-extension',
    'illegal_parameter',
    () => {
      const server = new ScriptedServer();
      const [version, share] = server.serverHelloExtensions();
      server.sendServerHello({ extensions: [version, share, share] });
      return server;
    },
  ],
  [
    '§4.2: an extension in ServerHello that was not asked for',
    'unsolicited-extension',
    'unsupported_extension',
    helloWith(emptyExtension(0x7777)),
  ],
  [
    '§4.2: an extension in ServerHello that belongs elsewhere',
    'misplaced-extension',
    'illegal_parameter',
    helloWith(emptyExtension(ExtensionType.server_name)),
  ],
  [
    '§4.2.11: pre_shared_key, which was not offered',
    'unsolicited-extension',
    'unsupported_extension',
    helloWith(emptyExtension(ExtensionType.pre_shared_key)),
  ],
  [
    '§9.2: a ServerHello without key_share',
    'missing-key-share',
    'missing_extension',
    () => {
      const server = new ScriptedServer();
      server.sendServerHello({ extensions: [server.versionExtension()] });
      return server;
    },
  ],
  [
    '§4.2.8: a key share in a group that was not offered',
    'wrong-key-share-group',
    'illegal_parameter',
    () => {
      const server = new ScriptedServer({ groups: [0x001d, 0x0017] });
      const share = makeExtension(ExtensionType.key_share, serverKeyShare, {
        group: 0x0017,
        keyExchange: new Uint8Array(65).fill(4),
      });
      server.sendServerHello({ extensions: [server.versionExtension(), share] });
      return server;
    },
  ],
  [
    '§7.4.2: an all-zero X25519 share',
    'bad-key-share',
    'illegal_parameter',
    () => {
      const server = new ScriptedServer();
      const share = makeExtension(ExtensionType.key_share, serverKeyShare, {
        group: 0x001d,
        keyExchange: new Uint8Array(32),
      });
      server.sendServerHello({ extensions: [server.versionExtension(), share] });
      return server;
    },
  ],
  [
    '§4.2.8.2: an X25519 share that is too short',
    'bad-key-share',
    'illegal_parameter',
    () => {
      const server = new ScriptedServer();
      const share = makeExtension(ExtensionType.key_share, serverKeyShare, {
        group: 0x001d,
        keyExchange: new Uint8Array(31).fill(9),
      });
      server.sendServerHello({ extensions: [server.versionExtension(), share] });
      return server;
    },
  ],
  [
    '§4.2.8.2: a point that is not on the curve',
    'bad-key-share',
    'illegal_parameter',
    () => {
      const server = new ScriptedServer({ groups: [0x0017] });
      const share = makeExtension(ExtensionType.key_share, serverKeyShare, {
        group: 0x0017,
        keyExchange: new Uint8Array(65).fill(4),
      });
      server.sendServerHello({ extensions: [server.versionExtension(), share] });
      return server;
    },
  ],
  [
    '§4.2.8.2: a compressed point',
    'bad-key-share',
    'illegal_parameter',
    () => {
      const server = new ScriptedServer({ groups: [0x0017] });
      const keyExchange = Uint8Array.from([
        2 + (server.own.publicKey[64] & 1),
        ...server.own.publicKey.subarray(1, 33),
      ]);
      const share = makeExtension(ExtensionType.key_share, serverKeyShare, { group: 0x0017, keyExchange });
      server.sendServerHello({ extensions: [server.versionExtension(), share] });
      return server;
    },
  ],
  [
    '§4: a ServerHello that ends too early',
    'decode-error',
    'decode_error',
    () => {
      const server = new ScriptedServer();
      server.sendBody(HandshakeType.server_hello, new Uint8Array(20));
      return server;
    },
  ],
  [
    '§4: another message before ServerHello',
    'unexpected-message',
    'unexpected_message',
    () => {
      const server = new ScriptedServer();
      server.sendBody(HandshakeType.encrypted_extensions, Uint8Array.of(0, 0));
      return server;
    },
  ],
  [
    '§5.1: bytes after ServerHello under the old keys',
    'data-across-key-change',
    'unexpected_message',
    () => {
      const server = new ScriptedServer();
      const message = Uint8Array.of(HandshakeType.encrypted_extensions, 0, 0);
      server.sendRecord(0x16, Uint8Array.from([...server.serverHelloMessage(), ...message]));
      return server;
    },
  ],
  // §4.1.4 HelloRetryRequest
  ['§4.1.4: a HelloRetryRequest that changes nothing', 'useless-hello-retry', 'illegal_parameter', retry()],
  [
    '§4.1.4: a HelloRetryRequest for the group that was sent',
    'bad-hello-retry-group',
    'illegal_parameter',
    retry(group(0x001d)),
  ],
  [
    '§4.2.8: a HelloRetryRequest for a group that was not offered',
    'bad-hello-retry-group',
    'illegal_parameter',
    retry(group(0x0100)),
  ],
  [
    '§4.2: a HelloRetryRequest with an extension that was not asked for',
    'unsolicited-extension',
    'unsupported_extension',
    retry(group(0x0017), emptyExtension(0x7777)),
  ],
  [
    '§4.2: a HelloRetryRequest with an extension that belongs elsewhere',
    'misplaced-extension',
    'illegal_parameter',
    retry(group(0x0017), emptyExtension(ExtensionType.server_name)),
  ],
  [
    '§4.2.2: an empty cookie',
    'decode-error',
    'decode_error',
    retry({ type: ExtensionType.cookie, data: Uint8Array.of(0, 0) }),
  ],
  [
    '§4.1.4: a second HelloRetryRequest',
    'second-hello-retry',
    'unexpected_message',
    () => {
      const server = new ScriptedServer();
      server.sendHelloRetry([group(0x0017)]);
      server.readHello();
      server.sendServerHello({
        random: HELLO_RETRY_RANDOM,
        extensions: [server.versionExtension(), group(0x0018)],
      });
      return server;
    },
  ],
  [
    '§4.1.4: another cipher suite after HelloRetryRequest',
    'cipher-changed-after-retry',
    'illegal_parameter',
    () => {
      const server = new ScriptedServer();
      server.sendHelloRetry([group(0x0017)]);
      server.readHello();
      server.sendServerHello({ cipherSuite: 0x1302 });
      return server;
    },
  ],
  [
    '§4.2.8: another group than HelloRetryRequest asked for',
    'wrong-key-share-group',
    'illegal_parameter',
    () => {
      const server = new ScriptedServer();
      server.sendHelloRetry([group(0x0017)]);
      server.readHello();
      server.sendServerHello();
      return server;
    },
  ],
  // §4.3.1 EncryptedExtensions
  [
    '§4.2: an unasked extension in EncryptedExtensions',
    'unsolicited-extension',
    'unsupported_extension',
    encrypted(emptyExtension(0x7777)),
  ],
  [
    '§4.2: key_share in EncryptedExtensions',
    'misplaced-extension',
    'illegal_parameter',
    encrypted(emptyExtension(ExtensionType.key_share)),
  ],
  [
    '§4.2: an extension twice in EncryptedExtensions',
    'duplicate-extension',
    'illegal_parameter',
    encrypted(names('h2'), names('h2')),
  ],
  [
    'RFC 7301 §3.1: a protocol that was not offered',
    'bad-application-protocol',
    'illegal_parameter',
    encrypted(names('http/1.1')),
  ],
  ['RFC 7301 §3.1: two protocols', 'decode-error', 'decode_error', encrypted(names('h2', 'h2'))],
  [
    'RFC 6066 §3: a server_name answer that is not empty',
    'decode-error',
    'decode_error',
    encrypted({ type: ExtensionType.server_name, data: Uint8Array.of(0) }),
  ],
  [
    'RFC 8449 §4: an unasked record_size_limit',
    'unsolicited-extension',
    'unsupported_extension',
    encrypted(makeExtension(ExtensionType.record_size_limit, recordSizeLimit, 100)),
  ],
  [
    '§4.3.1: bytes after EncryptedExtensions’ list',
    'decode-error',
    'decode_error',
    () => {
      const server = new ScriptedServer().shake();
      server.sendBody(HandshakeType.encrypted_extensions, Uint8Array.of(0, 0, 0));
      return server;
    },
  ],
  // §4.3.2 CertificateRequest
  [
    '§4.3.2: a CertificateRequest with a context',
    'invalid-request-context',
    'decode_error',
    shown((server) =>
      server.send(HandshakeType.certificate_request, certificateRequest, {
        requestContext: bytes('x'),
        extensions: [schemes],
      }),
    ),
  ],
  [
    '§4.3.2: a CertificateRequest without signature_algorithms',
    'missing-signature-algorithms',
    'missing_extension',
    shown((server) =>
      server.send(HandshakeType.certificate_request, certificateRequest, {
        requestContext: noContext,
        extensions: [],
      }),
    ),
  ],
  [
    '§4.2: an extension twice in CertificateRequest',
    'duplicate-extension',
    'illegal_parameter',
    shown((server) =>
      server.send(HandshakeType.certificate_request, certificateRequest, {
        requestContext: noContext,
        extensions: [schemes, schemes],
      }),
    ),
  ],
  [
    '§4.3.2: a second CertificateRequest',
    'unexpected-message',
    'unexpected_message',
    shown((server) => {
      for (let count = 0; count < 2; count++)
        server.send(HandshakeType.certificate_request, certificateRequest, {
          requestContext: noContext,
          extensions: [schemes],
        });
    }),
  ],
  // §4.4 authentication
  [
    '§4.4.2.4: an empty server Certificate',
    'server-without-certificate',
    'decode_error',
    shown((server) => server.sendCertificate(undefined)),
  ],
  [
    '§4.4.2: a Certificate with a context',
    'invalid-request-context',
    'decode_error',
    shown((server) => server.sendCertificate(identity('P-256'), { requestContext: bytes('x') })),
  ],
  [
    '§4.4.2: a stapled response nobody asked for',
    'unsolicited-extension',
    'unsupported_extension',
    shown((server) =>
      server.sendCertificate(undefined, {
        entries: [
          {
            data: identity('P-256').certificates[0],
            extensions: [emptyExtension(ExtensionType.status_request)],
          },
        ],
      }),
    ),
  ],
  [
    '§4.4.2: a certificate that is no DER',
    'unparsable-certificate',
    'bad_certificate',
    shown((server) =>
      server.sendCertificate(undefined, { entries: [{ data: bytes('nonsense'), extensions: [] }] }),
    ),
  ],
  [
    '§4.4.2: a certificate of no bytes',
    'decode-error',
    'decode_error',
    shown((server) => server.sendBody(HandshakeType.certificate, Uint8Array.of(0, 0, 0, 5, 0, 0, 0, 0, 0))),
  ],
  [
    '§4.4: Finished without CertificateVerify',
    'unexpected-message',
    'unexpected_message',
    shown((server) => {
      server.sendCertificate(identity('P-256'));
      server.sendFinished('server');
    }),
  ],
  [
    '§4.4: Finished without any Certificate',
    'unexpected-message',
    'unexpected_message',
    shown((server) => server.sendFinished('server')),
  ],
  [
    '§4.4.3: a forged CertificateVerify: another key of the same kind',
    'bad-certificate-verify',
    'decrypt_error',
    shown((server) => {
      server.sendCertificate(identity('P-256'));
      server.sendCertificateVerify('server', identity('P-256', 'mallory'));
    }),
  ],
  [
    '§4.4.3: a forged CertificateVerify: one bit flipped',
    'bad-certificate-verify',
    'decrypt_error',
    shown((server) => {
      server.sendCertificate(identity('ed25519'));
      server.sendCertificateVerify('server', identity('ed25519'), ({ algorithm, signature }) => ({
        algorithm,
        signature: flipped(signature),
      }));
    }),
  ],
  [
    '§4.4.3: a CertificateVerify made for the other side',
    'bad-certificate-verify',
    'decrypt_error',
    shown((server) => {
      server.sendCertificate(identity('P-256'));
      server.sendCertificateVerify('client', identity('P-256'));
    }),
  ],
  [
    '§4.4.3: an empty signature',
    'bad-certificate-verify',
    'decrypt_error',
    shown((server) => {
      server.sendCertificate(identity('P-256'));
      server.sendCertificateVerify('server', identity('P-256'), ({ algorithm }) => ({
        algorithm,
        signature: noContext,
      }));
    }),
  ],
  [
    '§4.4.3: a signature scheme that does not fit the key',
    'wrong-signature-type',
    'illegal_parameter',
    shown((server) => {
      server.sendCertificate(identity('P-256'));
      server.sendCertificateVerify('server', identity('P-256'), ({ signature }) => ({
        algorithm: 0x0804,
        signature,
      }));
    }),
  ],
  [
    '§4.2.3: a scheme of another curve than the key’s',
    'wrong-signature-type',
    'illegal_parameter',
    shown((server) => {
      server.sendCertificate(identity('P-256'));
      server.sendCertificateVerify('server', identity('P-256'), ({ signature }) => ({
        algorithm: 0x0503,
        signature,
      }));
    }),
  ],
  [
    '§4.4.3: PKCS #1 v1.5 in CertificateVerify',
    'wrong-signature-type',
    'illegal_parameter',
    shown((server) => {
      server.sendCertificate(identity('rsa'));
      server.sendCertificateVerify('server', identity('rsa'), ({ signature }) => ({
        algorithm: 0x0401,
        signature,
      }));
    }),
  ],
  [
    '§4.2.3: rsa_pss_pss with an ordinary RSA key',
    'wrong-signature-type',
    'illegal_parameter',
    shown((server) => {
      server.sendCertificate(identity('rsa'));
      server.sendCertificateVerify('server', identity('rsa'), ({ signature }) => ({
        algorithm: 0x0809,
        signature,
      }));
    }),
  ],
  [
    '§4.4.3: a scheme that was not offered',
    'wrong-signature-type',
    'illegal_parameter',
    () => {
      const server = new ScriptedServer({ signatureSchemes: [0x0804] }).shake().sendEncryptedExtensions();
      server.sendCertificate(identity('P-256'));
      server.sendCertificateVerify('server', identity('P-256'));
      return server;
    },
  ],
  [
    '§4.4.4: a Finished that does not match',
    'bad-finished',
    'decrypt_error',
    shown((server) => {
      server.sendCertificate(identity('P-256'));
      server.sendCertificateVerify('server', identity('P-256'));
      server.sendFinished('server', flipped);
    }),
  ],
  [
    '§4.4.4: a Finished of the wrong length',
    'bad-finished-length',
    'decode_error',
    shown((server) => {
      server.sendCertificate(identity('P-256'));
      server.sendCertificateVerify('server', identity('P-256'));
      server.sendFinished('server', (mac) => mac.subarray(1));
    }),
  ],
  [
    '§5.1: bytes after Finished under the handshake keys',
    'data-across-key-change',
    'unexpected_message',
    shown((server) => {
      server.sendCertificate(identity('P-256'));
      server.sendCertificateVerify('server', identity('P-256'));
      server.sendRecord(
        0x16,
        Uint8Array.from([...server.finishedMessage('server'), HandshakeType.key_update]),
      );
    }),
  ],
  [
    '§5: application data before Finished',
    'data-before-finished',
    'unexpected_message',
    shown((server) => server.sendRecord(0x17, bytes('early'))),
  ],
  // §5 records
  [
    '§5: a handshake message in clear after keys',
    'plaintext-after-keys',
    'unexpected_message',
    shown((server) => server.sendPlain(0x16, Uint8Array.of(HandshakeType.finished, 0, 0, 0))),
  ],
  [
    '§5: application data in clear after the handshake',
    'bad-record-mac',
    'bad_record_mac',
    connected((server) => server.sendPlain(0x17, bytes('this is not encrypted at all'))),
  ],
  [
    '§5: an alert in clear after keys',
    'plaintext-after-keys',
    'unexpected_message',
    shown((server) => server.sendPlain(0x15, Uint8Array.of(2, 40))),
  ],
  [
    '§5: a change_cipher_spec after Finished',
    'unexpected-change-cipher-spec',
    'unexpected_message',
    connected((server) => server.sendPlain(0x14, Uint8Array.of(1))),
  ],
  [
    '§5: a change_cipher_spec with another value',
    'bad-change-cipher-spec',
    'unexpected_message',
    shown((server) => server.sendPlain(0x14, Uint8Array.of(2))),
  ],
  [
    '§5: an encrypted change_cipher_spec',
    'bad-record-type',
    'unexpected_message',
    shown((server) => server.sendRecord(0x14, Uint8Array.of(1))),
  ],
  [
    '§5: change_cipher_specs without end',
    'too-many-change-cipher-specs',
    'unexpected_message',
    shown((server) => {
      for (let count = 0; count < 40; count++) server.sendPlain(0x14, Uint8Array.of(1));
    }),
  ],
  [
    '§5.1: a record of an unknown type',
    'bad-record-type',
    'unexpected_message',
    () => {
      const server = new ScriptedServer();
      server.sendPlain(0x99, bytes('x'));
      return server;
    },
  ],
  [
    '§5.1: a record of an unknown type, encrypted',
    'bad-record-type',
    'unexpected_message',
    shown((server) => server.sendRecord(0x99, bytes('x'))),
  ],
  [
    '§5.1: a record longer than 2^14',
    'packet-length-too-long',
    'record_overflow',
    () => {
      const server = new ScriptedServer();
      server.sendRaw(Uint8Array.of(0x16, 3, 3, 0x40, 0x01));
      return server;
    },
  ],
  [
    '§5.2: an encrypted record longer than 2^14 + 256',
    'encrypted-length-too-long',
    'record_overflow',
    shown((server) => server.sendRaw(Uint8Array.of(0x17, 3, 3, 0x41, 0x01))),
  ],
  [
    '§5.2: a plaintext longer than 2^14 inside a record',
    'data-length-too-long',
    'record_overflow',
    connected((server) => server.sendRecord(0x17, new Uint8Array(2 ** 14 + 1))),
  ],
  [
    '§5.2: a record that was changed on the way',
    'bad-record-mac',
    'bad_record_mac',
    connected((server) =>
      server.sendRaw(flipped((server.sealing as RecordProtection).seal(0x17, bytes('data')))),
    ),
  ],
  [
    '§5.2: a record shorter than its tag',
    'encrypted-length-too-short',
    'bad_record_mac',
    connected((server) => server.sendPlain(0x17, new Uint8Array(16))),
  ],
  [
    '§5.4: a record of nothing but padding',
    'no-content-type',
    'unexpected_message',
    connected((server) => server.sendRecord(0, new Uint8Array(10))),
  ],
  [
    '§5.4: an empty handshake record',
    'empty-fragment',
    'unexpected_message',
    shown((server) => server.sendRecord(0x16, noContext)),
  ],
  [
    '§5.4: an empty alert record',
    'empty-fragment',
    'unexpected_message',
    connected((server) => server.sendRecord(0x15, noContext)),
  ],
  [
    '§5.1: application data inside a handshake message',
    'interleaved-record',
    'unexpected_message',
    connected((server) => {
      server.sendRecord(0x16, Uint8Array.of(HandshakeType.key_update, 0, 0));
      server.sendRecord(0x17, bytes('between'));
    }),
  ],
  [
    'empty records without end',
    'too-many-empty-records',
    'unexpected_message',
    connected((server) => {
      for (let count = 0; count < 40; count++) server.sendRecord(0x17, noContext);
    }),
  ],
  // §6 alerts
  [
    '§6: an alert of three bytes',
    'bad-alert',
    'decode_error',
    connected((server) => server.sendRecord(0x15, Uint8Array.of(2, 40, 0))),
  ],
  [
    '§6: an alert of no known level',
    'unknown-alert-level',
    'illegal_parameter',
    connected((server) => server.sendRecord(0x15, Uint8Array.of(3, 40))),
  ],
  [
    '§4.6.3: a KeyUpdate that is neither 0 nor 1',
    'bad-key-update',
    'illegal_parameter',
    connected((server) => server.sendBody(HandshakeType.key_update, Uint8Array.of(2))),
  ],
  // §4.6 after the handshake
  [
    '§4.6.3: a KeyUpdate of two bytes',
    'excessive-message-size',
    'illegal_parameter',
    connected((server) => server.sendBody(HandshakeType.key_update, Uint8Array.of(0, 0))),
  ],
  [
    '§4.6.3: a KeyUpdate that is not the last of its record',
    'data-across-key-change',
    'unexpected_message',
    connected((server) =>
      server.sendRecord(0x16, Uint8Array.of(HandshakeType.key_update, 0, 0, 1, 0, HandshakeType.key_update)),
    ),
  ],
  [
    '§4.6.3: data under the old keys after a KeyUpdate',
    'bad-record-mac',
    'bad_record_mac',
    connected((server) => {
      server.sendBody(HandshakeType.key_update, Uint8Array.of(0));
      server.sendRecord(0x17, bytes('old keys'));
    }),
  ],
  [
    '§4.6.3: a KeyUpdate during the handshake',
    'unexpected-message',
    'unexpected_message',
    shown((server) => server.send(HandshakeType.key_update, keyUpdate, 0)),
  ],
  [
    'KeyUpdates without end',
    'too-many-key-updates',
    'unexpected_message',
    connected((server) => {
      for (let count = 0; count < 40; count++) {
        server.sendBody(HandshakeType.key_update, Uint8Array.of(0));
        server.sealing?.update();
      }
    }),
  ],
  [
    '§4.6.2: a CertificateRequest after the handshake, which was not allowed',
    'unexpected-message',
    'unexpected_message',
    connected((server) =>
      server.send(HandshakeType.certificate_request, certificateRequest, {
        requestContext: bytes('later'),
        extensions: [schemes],
      }),
    ),
  ],
  [
    '§4.6.1: an empty ticket',
    'decode-error',
    'decode_error',
    connected((server) => server.sendBody(HandshakeType.new_session_ticket, new Uint8Array(13))),
  ],
  [
    '§4.2: an extension twice in NewSessionTicket',
    'duplicate-extension',
    'illegal_parameter',
    connected((server) =>
      server.send(HandshakeType.new_session_ticket, newSessionTicket, {
        ...ticket,
        extensions: [emptyExtension(7), emptyExtension(7)],
      }),
    ),
  ],
  [
    '§4.1.2: a HelloRequest or ServerHello after the handshake',
    'unexpected-message',
    'unexpected_message',
    connected((server) => server.sendBody(HandshakeType.hello_request, noContext)),
  ],
  [
    'a Certificate that would fill the memory',
    'excessive-message-size',
    'illegal_parameter',
    shown((server) => server.sendRecord(0x16, Uint8Array.of(HandshakeType.certificate, 0xff, 0xff, 0xff))),
  ],
  // What is not TLS
  [
    'a plain HTTP answer',
    'wrong-version-number',
    undefined,
    () => {
      const server = new ScriptedServer();
      server.sendRaw(bytes('HTTP/1.1 400 Bad Request\r\n\r\n'));
      return server;
    },
  ],
  // The end of the stream
  [
    '§6.1: the stream ends during the handshake',
    'eof-in-handshake',
    undefined,
    shown((server) => server.end.connection.receiveEnd()),
  ],
  [
    '§6.1: the stream ends without close_notify',
    'unexpected-eof',
    undefined,
    connected((server) => server.end.connection.receiveEnd()),
  ],
];

for (const [title, reason, alert, act] of cases) {
  test(`a client refuses ${title}`, () => act().assertRefused(reason, alert));
}

test('§6: every alert but close_notify and user_canceled ends the connection, whatever its level', () => {
  for (const level of [1, 2]) {
    const server = new ScriptedServer().finish();
    server.sendAlert(80, level);
    const [error] = server.end.errors();
    assert.equal(error?.reason, 'alert-received');
    assert.equal(error.fault, 'AlertReceived');
    assert.equal(error.received, 80);
    assert.deepEqual(server.end.alerts(), ['received internal_error']);
    assert.throws(() => server.end.connection.write(bytes('x')), { reason: 'already-closed' });
  }
});

test('§6.1: user_canceled alone ends nothing, but patience has an end', () => {
  const server = new ScriptedServer().finish();
  for (let count = 0; count < 4; count++) server.sendAlert(90, 1);
  server.sendRecord(0x17, bytes('still here'));
  assert.equal(text(server.end.received()), 'still here');
  for (let count = 0; count < 5; count++) server.sendAlert(90, 1);
  assert.equal(server.end.errors()[0]?.reason, 'too-many-warning-alerts');
});

test('§6.1: data after close_notify is ignored', () => {
  const server = new ScriptedServer().finish();
  server.sendAlert(0, 1);
  server.sendRecord(0x17, bytes('after'));
  server.end.connection.receiveEnd();
  assert.equal(server.end.received().length, 0);
  assert.deepEqual(server.end.errors(), []);
});

test('§4.2.2: the cookie of a HelloRetryRequest comes back unchanged, and nothing else changes', () => {
  const server = new ScriptedServer({ alpn: ['h2'] });
  server.sendHelloRetry([makeExtension(ExtensionType.cookie, cookie, bytes('opaque'))]);
  const again = server.readHello();
  const echoed = readExtension(again.extensions ?? [], ExtensionType.cookie, cookie);
  assert.equal(text(echoed ?? noContext), 'opaque');
  assert.deepEqual(again.random, server.hello.random);
  assert.deepEqual(
    again.extensions?.filter(({ type }) => type !== ExtensionType.cookie),
    server.hello.extensions,
    'the key share too: no other group was asked for',
  );
});

test('§4.3.2: certificate_authorities, oid_filters and unknown extensions in CertificateRequest do no harm', () => {
  const ana = identity('P-256', 'ana');
  const server = new ScriptedServer({ identity: ana }).shake().sendEncryptedExtensions();
  const name = Uint8Array.of(0x30, 0);
  server.send(HandshakeType.certificate_request, certificateRequest, {
    requestContext: noContext,
    extensions: [
      schemes,
      makeExtension(ExtensionType.certificate_authorities, certificateAuthorities, [name]),
      { type: ExtensionType.oid_filters, data: Uint8Array.of(0, 0) },
      emptyExtension(ExtensionType.signed_certificate_timestamp),
      { type: ExtensionType.signature_algorithms_cert, data: Uint8Array.of(0, 2, 4, 3) },
      emptyExtension(0x5a5a),
    ],
  });
  server.sendCertificate(identity('P-256'));
  server.sendCertificateVerify('server', identity('P-256'));
  server.sendFinished('server');
  assert.deepEqual(server.end.errors(), []);
  assert.deepEqual(server.end.connection.result?.peerCertificateAuthorities, [name]);
  assert.deepEqual(
    server.read().map(({ type }) => type),
    [HandshakeType.certificate, HandshakeType.certificate_verify, HandshakeType.finished],
  );
});

test('§4.4.2: a client whose key fits none of the asked signatures shows no certificate', () => {
  const server = new ScriptedServer({ identity: identity('ed25519', 'ana') })
    .shake()
    .sendEncryptedExtensions();
  server.send(HandshakeType.certificate_request, certificateRequest, {
    requestContext: noContext,
    extensions: [schemes],
  });
  server.sendCertificate(identity('P-256'));
  server.sendCertificateVerify('server', identity('P-256'));
  server.sendFinished('server');
  const [first, second] = server.read();
  assert.equal(decode(certificate, first.body, 'Certificate').entries.length, 0);
  assert.equal(second.type, HandshakeType.finished);
});

test('§4.6.1: a ticket may come between data, and makes a session for the owner to keep', () => {
  const server = new ScriptedServer().finish();
  server.send(HandshakeType.new_session_ticket, newSessionTicket, ticket);
  server.sendRecord(0x17, bytes('and on'));
  assert.ok(server.end.has('session'));
  assert.equal(text(server.end.received()), 'and on');
});

test('Appendix D.4: change_cipher_spec may come anywhere in the handshake and means nothing', () => {
  const server = new ScriptedServer();
  server.sendPlain(0x14, Uint8Array.of(1));
  server.finish();
  assert.deepEqual(server.end.errors(), []);
  assert.ok(server.end.has('secure'));
});

test('§5.4: padding is taken off, however long', () => {
  const server = new ScriptedServer().finish();
  server.sendRecord(0, Uint8Array.from([...bytes('padded'), 0x17, ...new Uint8Array(1000)]));
  assert.equal(text(server.end.received()), 'padded');
});

test('a handshake message may come in any number of pieces', () => {
  const server = new ScriptedServer();
  const message = server.serverHelloMessage();
  for (const byte of message) server.sendPlain(0x16, Uint8Array.of(byte));
  assert.deepEqual(server.end.errors(), []);
  assert.ok(server.end.has('keylog'));
});
