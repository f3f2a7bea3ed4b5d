import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { test } from 'node:test';
import { engineError } from '../../src/node/bindings/tls-errors.ts';
import {
  ExtensionType,
  HandshakeType,
  makeExtension,
  renegotiatedConnection,
} from '../../src/tls/codec/index.ts';
import { extensions, general, issue, name } from '../support/pki.ts';
import { identity } from './support/identities.ts';
import { bytes } from './support/pair.ts';
import {
  againstNode,
  againstOurs,
  type Peer12,
  type Script,
  withExtension,
  without,
} from './support/scripted12.ts';

/** A certificate for the usual key, which says that this key only encrypts. */
const notForSigning = (): Uint8Array =>
  issue({
    subject: name('CN=server.example'),
    key: createPrivateKey(identity('P-256').keyPem),
    extensions: [extensions.keyUsage('keyEncipherment'), extensions.names(general.dns('server.example'))],
  }).certificate;

/** A refusal: the script, our reason, and where we mean to differ from Node, why. */
interface Case {
  readonly script: Script;
  readonly reason: string | undefined;
  readonly differs?: {
    readonly outcome: readonly string[];
    readonly code: string | undefined;
    readonly because: string;
  };
  readonly options?: { requestCertificate?: boolean; requireCertificate?: boolean };
}

const NO_RFC_7627 = {
  outcome: [],
  code: 'ECONNRESET',
  because: 'OpenSSL speaks TLS 1.2 without RFC 7627, too, and waits for more; we do not',
};
const IN_CLEAR = {
  outcome: ['fatal internal_error'],
  code: 'ERR_SSL_INVALID_AAD',
  because: 'OpenSSL stumbles over the length; it is a record that does not decrypt, RFC 5246 §7.2.2',
};

// ---- A server's mistakes, and what a client makes of them

const hello =
  (change?: Parameters<Peer12['sendServerHello']>[0]): Script =>
  async (peer) => {
    await peer.message(HandshakeType.client_hello);
    peer.sendServerHello(change);
  };
const upToKeyExchange: Script = async (peer) => {
  await hello()(peer);
  peer.sendCertificate(identity('P-256'));
};
const upToDone: Script = async (peer) => {
  await upToKeyExchange(peer);
  peer.sendKeyExchange();
};
const upToFinished: Script = async (peer) => {
  await upToDone(peer);
  peer.sendDone();
  await peer.message(HandshakeType.finished);
};
const whole: Script = async (peer) => {
  await upToFinished(peer);
  peer.sendChangeCipherSpec();
  peer.sendFinished();
  await peer.until(/secure/);
};
const after =
  (...scripts: Script[]): Script =>
  async (peer) => {
    for (const script of scripts) await script(peer);
  };

const byServers: Record<string, Case> = {
  'nothing wrong at all': { script: whole, reason: undefined },
  'TLS 1.1': { script: hello((h) => ({ ...h, legacyVersion: 0x0302 })), reason: 'unsupported-protocol' },
  'a version that came later': {
    script: hello((h) => ({ ...h, legacyVersion: 0x0304 })),
    reason: 'unsupported-protocol',
  },
  'a cipher suite nobody offered': {
    script: hello((h) => ({ ...h, cipherSuite: 0x009c })),
    reason: 'wrong-cipher-returned',
  },
  'a cipher suite of TLS 1.3': {
    script: hello((h) => ({ ...h, cipherSuite: 0x1301 })),
    reason: 'wrong-cipher-returned',
  },
  compression: { script: hello((h) => ({ ...h, legacyCompressionMethod: 1 })), reason: 'bad-compression' },
  'no extended master secret': {
    script: after(hello(without(ExtensionType.extended_master_secret)), (peer) => {
      peer.sendCertificate(identity('P-256'));
    }),
    reason: 'missing-extended-master-secret',
    differs: NO_RFC_7627,
  },
  'no renegotiation_info': {
    script: hello(without(ExtensionType.renegotiation_info)),
    reason: 'unsafe-legacy-renegotiation-disabled',
  },
  'renegotiation_info of another handshake': {
    script: hello((h) =>
      withExtension(
        makeExtension(ExtensionType.renegotiation_info, renegotiatedConnection, new Uint8Array(12)),
      )(without(ExtensionType.renegotiation_info)(h)),
    ),
    reason: 'renegotiation-mismatch',
  },
  'an extension nobody asked for': {
    script: hello(
      withExtension({ type: ExtensionType.signed_certificate_timestamp, data: new Uint8Array(0) }),
    ),
    reason: 'unsolicited-extension',
    differs: {
      outcome: ['fatal unsupported_extension'],
      code: 'ERR_SSL_BAD_EXTENSION',
      because: 'OpenSSL has a reason of its own for what nobody registered a handler for',
    },
  },
  'an extension twice': {
    script: hello(withExtension({ type: ExtensionType.extended_master_secret, data: new Uint8Array(0) })),
    reason: 'duplicate-extension',
  },
  'an answer to supported_versions': {
    script: hello(withExtension({ type: ExtensionType.supported_versions, data: Uint8Array.of(3, 3) })),
    reason: 'unsolicited-extension',
  },
  'point formats without the one that exists': {
    script: hello(withExtension({ type: ExtensionType.ec_point_formats, data: Uint8Array.of(1, 1) })),
    reason: 'bad-point-formats',
    differs: {
      outcome: [],
      code: 'ECONNRESET',
      because: 'RFC 8422 §5.2 tells the client to refuse; OpenSSL looks only when it needs the list',
    },
  },
  'a protocol nobody offered': {
    script: hello(
      withExtension({
        type: ExtensionType.application_layer_protocol_negotiation,
        data: Uint8Array.of(0, 3, 2, 0x68, 0x32),
      }),
    ),
    reason: 'unsolicited-extension',
  },
  'trailing bytes in ServerHello': {
    script: async (peer) => {
      await peer.message(HandshakeType.client_hello);
      peer.transcript.begin(peer.suite.hash);
      peer.sendBody(
        HandshakeType.server_hello,
        Uint8Array.of(3, 3, ...new Uint8Array(32), 0, 0xc0, 0x2b, 0, 0, 0, 0),
      );
    },
    reason: 'decode-error',
  },
  'no certificate': {
    script: after(hello(), (peer) => peer.sendCertificate()),
    reason: 'server-without-certificate',
  },
  'a certificate that is none': {
    script: after(hello(), (peer) =>
      peer.sendBody(HandshakeType.certificate, Uint8Array.of(0, 0, 4, 0, 0, 1, 5)),
    ),
    reason: 'unparsable-certificate',
    differs: {
      outcome: ['fatal bad_certificate'],
      code: 'ERR_SSL_HEADER_TOO_LONG',
      because: 'OpenSSL’s reason is that of its DER reader',
    },
  },
  'an RSA certificate for an ECDSA suite': {
    script: after(hello(), (peer) => peer.sendCertificate(identity('rsa'))),
    reason: 'wrong-certificate-type',
  },
  'an ECDSA certificate whose key may not sign': {
    script: after(hello(), (peer) => {
      peer.sendCertificate({ ...identity('P-256'), certificates: [notForSigning()] });
      peer.sendKeyExchange();
      peer.sendDone();
    }),
    reason: 'certificate-not-for-signing',
  },
  'a key exchange without a certificate': {
    script: after(hello(), (peer) => peer.sendKeyExchange()),
    reason: 'unexpected-message',
  },
  'no key exchange': {
    script: after(upToKeyExchange, (peer) => peer.sendDone()),
    reason: 'unexpected-message',
  },
  'a curve nobody offered': {
    script: after(upToKeyExchange, (peer) =>
      peer.sendKeyExchange(undefined, (m) => ({ ...m, params: { ...m.params, namedCurve: 0x0016 } })),
    ),
    reason: 'wrong-curve',
  },
  'a curve described by its numbers': {
    script: after(upToKeyExchange, (peer) =>
      peer.sendKeyExchange(undefined, (m) => ({ ...m, params: { ...m.params, curveType: 1 } })),
    ),
    reason: 'wrong-curve',
  },
  'a point that is not on the curve': {
    script: after(upToKeyExchange, (peer) =>
      peer.sendKeyExchange(undefined, (m) => ({
        ...m,
        params: { ...m.params, namedCurve: 0x0017, point: Uint8Array.of(4, ...new Uint8Array(64).fill(1)) },
      })),
    ),
    reason: 'bad-key-share',
    differs: {
      outcome: ['fatal illegal_parameter'],
      code: 'ERR_SSL_POINT_IS_NOT_ON_CURVE',
      because: 'OpenSSL’s reason is that of its curves',
    },
  },
  'a point of another length': {
    script: after(upToKeyExchange, (peer) =>
      peer.sendKeyExchange(undefined, (m) => ({
        ...m,
        params: { ...m.params, point: new Uint8Array(31).fill(9) },
      })),
    ),
    reason: 'bad-key-share',
  },
  'a key signed by another key than the certificate’s': {
    script: after(upToKeyExchange, (peer) => peer.sendKeyExchange(identity('P-256', 'mallory'))),
    reason: 'bad-certificate-verify',
  },
  'a key exchange of another connection': {
    script: after(upToKeyExchange, (peer) => {
      peer.serverRandom = new Uint8Array(32);
      peer.sendKeyExchange();
    }),
    reason: 'bad-certificate-verify',
  },
  'a signature that does not fit the key': {
    script: after(upToKeyExchange, (peer) =>
      peer.sendKeyExchange(undefined, (m) => ({ ...m, algorithm: 0x0401 })),
    ),
    reason: 'wrong-signature-type',
  },
  'a signature with SHA-1': {
    script: after(upToKeyExchange, (peer) =>
      peer.sendKeyExchange(undefined, (m) => ({ ...m, algorithm: 0x0203 })),
    ),
    reason: 'wrong-signature-type',
  },
  'a signature nobody knows': {
    script: after(upToKeyExchange, (peer) =>
      peer.sendKeyExchange(undefined, (m) => ({ ...m, algorithm: 0xfefe })),
    ),
    reason: 'wrong-signature-type',
  },
  'trailing bytes after a key exchange': {
    script: after(upToKeyExchange, (peer) =>
      peer.sendBody(
        HandshakeType.server_key_exchange,
        Uint8Array.of(3, 0, 0x1d, 32, ...peer.own.publicKey, 4, 3, 0, 1, 0, 99),
      ),
    ),
    reason: 'decode-error',
  },
  'an incomplete key exchange': {
    script: after(upToKeyExchange, (peer) =>
      peer.sendBody(HandshakeType.server_key_exchange, Uint8Array.of(3, 0)),
    ),
    reason: 'decode-error',
  },
  'a CertificateRequest twice': {
    script: after(upToDone, (peer) => {
      peer.sendCertificateRequest();
      peer.sendCertificateRequest();
    }),
    reason: 'unexpected-message',
  },
  'a CertificateRequest that is none': {
    script: after(upToDone, (peer) => peer.sendBody(HandshakeType.certificate_request, Uint8Array.of(9))),
    reason: 'decode-error',
  },
  'a ServerHelloDone that says something': {
    script: after(upToDone, (peer) => peer.sendBody(HandshakeType.server_hello_done, Uint8Array.of(0))),
    reason: 'excessive-message-size',
  },
  'a Finished before ChangeCipherSpec': {
    script: after(upToFinished, (peer) => peer.sendFinished()),
    reason: 'unexpected-message',
  },
  'a ChangeCipherSpec before the keys': {
    script: after(upToDone, (peer) => peer.sendPlain(0x14, Uint8Array.of(1))),
    reason: 'unexpected-change-cipher-spec',
  },
  'a ChangeCipherSpec that is two': {
    script: after(upToFinished, (peer) => peer.sendPlain(0x14, Uint8Array.of(1, 1))),
    reason: 'bad-change-cipher-spec',
  },
  'a ChangeCipherSpec inside a message': {
    script: after(upToFinished, (peer) => {
      peer.sendPlain(0x16, Uint8Array.of(20, 0, 0));
      peer.sendPlain(0x14, Uint8Array.of(1));
    }),
    // The type shows before the rest of the header has come.
    reason: 'unexpected-message',
    differs: {
      outcome: ['fatal unexpected_message'],
      code: 'ERR_SSL_BAD_CHANGE_CIPHER_SPEC',
      because: 'ours sees first that the message itself is out of turn',
    },
  },
  'a Finished in clear': {
    script: after(upToFinished, (peer) => {
      peer.sendChangeCipherSpec();
      peer.sealing = undefined;
      peer.sendFinished();
    }),
    reason: 'encrypted-length-too-short',
    differs: IN_CLEAR,
  },
  'a wrong Finished': {
    script: after(upToFinished, (peer) => {
      peer.sendChangeCipherSpec();
      peer.sendFinished((body) => body.map((byte) => byte ^ 1));
    }),
    reason: 'bad-finished',
  },
  'a Finished of another length': {
    script: after(upToFinished, (peer) => {
      peer.sendChangeCipherSpec();
      peer.sendFinished((body) => body.slice(1));
    }),
    reason: 'bad-finished-length',
  },
  'application data before Finished': {
    script: after(upToFinished, (peer) => {
      peer.sendChangeCipherSpec();
      peer.sendRecord(0x17, bytes('early'));
    }),
    reason: 'data-between-ccs-and-finished',
  },
  'a ticket that was not announced': {
    script: after(upToFinished, (peer) =>
      peer.sendBody(HandshakeType.new_session_ticket, Uint8Array.of(0, 0, 0, 9, 0, 1, 7)),
    ),
    reason: 'unexpected-message',
  },
  'no ticket though one was announced': {
    script: async (peer) => {
      await hello(withExtension({ type: ExtensionType.session_ticket, data: new Uint8Array(0) }))(peer);
      peer.sendCertificate(identity('P-256'));
      peer.sendKeyExchange();
      peer.sendDone();
      await peer.message(HandshakeType.finished);
      peer.sendChangeCipherSpec();
    },
    reason: 'unexpected-change-cipher-spec',
  },
  'another version in a record': {
    script: after(hello(), (peer) => peer.sendPlain(0x16, Uint8Array.of(11, 0, 0, 0), 0x0301)),
    reason: 'wrong-version-number',
  },
  'a record that does not decrypt': {
    script: after(whole, (peer) => {
      const record = peer.sealing?.seal(0x17, bytes('x')) as Uint8Array;
      record[record.length - 1] ^= 1;
      peer.sendRaw(record);
    }),
    reason: 'bad-record-mac',
  },
  'a record replayed': {
    script: after(whole, (peer) => {
      const record = peer.sealing?.seal(0x17, bytes('x')) as Uint8Array;
      peer.sendRaw(record);
      peer.sendRaw(record);
    }),
    reason: 'bad-record-mac',
  },
  'a record that is too long': {
    script: after(whole, (peer) => peer.sendRecord(0x17, new Uint8Array(2 ** 14 + 1))),
    reason: 'data-length-too-long',
  },
  'a ChangeCipherSpec after the handshake': {
    script: after(whole, (peer) => peer.sendRecord(0x14, Uint8Array.of(1))),
    reason: 'unexpected-change-cipher-spec',
  },
  'a Certificate after the handshake': {
    script: after(whole, (peer) => peer.sendCertificate(identity('P-256'))),
    reason: 'unexpected-message',
  },
  'no_renegotiation, unasked': {
    script: after(whole, (peer) => peer.sendAlert(100, 1)),
    reason: 'no-renegotiation',
  },
  'a HelloRequest with a body': {
    script: after(whole, (peer) => peer.sendBody(HandshakeType.hello_request, Uint8Array.of(1))),
    reason: 'excessive-message-size',
  },
};

// ---- A client's mistakes, and what a server makes of them

const offer =
  (change?: Parameters<Peer12['sendClientHello']>[0]): Script =>
  (peer) =>
    peer.sendClientHello(change);
const upToAnswer: Script = async (peer) => {
  peer.sendClientHello();
  await peer.message(HandshakeType.server_hello_done);
};
const upToClientFinished: Script = async (peer) => {
  await upToAnswer(peer);
  peer.sendClientKeyExchange();
  peer.derive();
};
const wholeClient: Script = async (peer) => {
  await upToClientFinished(peer);
  peer.sendChangeCipherSpec();
  peer.sendFinished();
  await peer.message(HandshakeType.finished);
};
const mutual = { requestCertificate: true, requireCertificate: true };
const shown: Script = async (peer) => {
  await upToAnswer(peer);
  peer.sendCertificate(identity('P-256', 'ana'));
  peer.sendClientKeyExchange();
  peer.derive();
};

const byClients: Record<string, Case> = {
  'nothing wrong at all': { script: wholeClient, reason: undefined },
  'nothing wrong, with a certificate': {
    script: after(shown, async (peer) => {
      peer.sendCertificateVerify(identity('P-256', 'ana'));
      peer.sendChangeCipherSpec();
      peer.sendFinished();
      await peer.message(HandshakeType.finished);
    }),
    reason: undefined,
    options: mutual,
  },
  'TLS 1.1': { script: offer((h) => ({ ...h, legacyVersion: 0x0302 })), reason: 'unsupported-protocol' },
  'SSL 3.0': {
    script: offer((h) => ({ ...h, legacyVersion: 0x0300 })),
    reason: 'unsupported-protocol',
    differs: {
      outcome: ['fatal handshake_failure'],
      code: 'ERR_SSL_VERSION_TOO_LOW',
      because: 'OpenSSL answers in SSL 3.0, which had no protocol_version; RFC 5246 Appendix E.1 has it',
    },
  },
  'compression alone': {
    script: offer((h) => ({ ...h, legacyCompressionMethods: Uint8Array.of(1) })),
    reason: 'bad-compression',
  },
  'static RSA alone': {
    script: offer((h) => ({ ...h, cipherSuites: [0x009c, 0x002f] })),
    reason: 'no-shared-cipher',
  },
  'suites for another key': {
    script: offer((h) => ({ ...h, cipherSuites: [0xc02f] })),
    reason: 'no-shared-cipher',
  },
  'no extended master secret': {
    script: offer(without(ExtensionType.extended_master_secret)),
    reason: 'missing-extended-master-secret',
    differs: NO_RFC_7627,
  },
  'renegotiation_info of another handshake': {
    script: offer((h) =>
      withExtension(
        makeExtension(ExtensionType.renegotiation_info, renegotiatedConnection, new Uint8Array(12)),
      )(without(ExtensionType.renegotiation_info)(h)),
    ),
    reason: 'renegotiation-mismatch',
  },
  'no signature of ours': {
    script: offer((h) =>
      withExtension({ type: ExtensionType.signature_algorithms, data: Uint8Array.of(0, 2, 2, 3) })(
        without(ExtensionType.signature_algorithms)(h),
      ),
    ),
    reason: 'no-shared-signature-algorithms',
  },
  'signatures for another key': {
    script: offer((h) =>
      withExtension({ type: ExtensionType.signature_algorithms, data: Uint8Array.of(0, 2, 4, 1) })(
        without(ExtensionType.signature_algorithms)(h),
      ),
    ),
    reason: 'no-suitable-signature-algorithm',
  },
  'no signature algorithms at all': {
    script: offer(without(ExtensionType.signature_algorithms)),
    reason: 'no-suitable-signature-algorithm',
  },
  'no curve of ours': {
    script: offer((h) =>
      withExtension({ type: ExtensionType.supported_groups, data: Uint8Array.of(0, 2, 0, 0x16) })(
        without(ExtensionType.supported_groups)(h),
      ),
    ),
    reason: 'no-shared-cipher',
  },
  'no curves at all': {
    script: offer(without(ExtensionType.supported_groups)),
    reason: 'no-shared-cipher',
  },
  'curves without that of our certificate': {
    script: offer((h) =>
      withExtension({ type: ExtensionType.supported_groups, data: Uint8Array.of(0, 2, 0, 0x1d) })(
        without(ExtensionType.supported_groups)(h),
      ),
    ),
    reason: 'no-shared-cipher',
  },
  'an extension twice': {
    script: offer(withExtension({ type: ExtensionType.extended_master_secret, data: new Uint8Array(0) })),
    reason: 'duplicate-extension',
  },
  'no certificate where one is required': {
    script: after(upToAnswer, (peer) => peer.sendCertificate()),
    reason: 'peer-did-not-return-a-certificate',
    options: mutual,
  },
  'a certificate that was not asked for': {
    script: after(upToAnswer, (peer) => peer.sendCertificate(identity('P-256', 'ana'))),
    reason: 'unexpected-message',
  },
  'a certificate without its proof': {
    script: after(shown, (peer) => {
      peer.sendChangeCipherSpec();
    }),
    reason: 'unexpected-change-cipher-spec',
    options: mutual,
  },
  'a stolen certificate: the proof by another key': {
    script: after(shown, (peer) => peer.sendCertificateVerify(identity('P-256', 'mallory'))),
    reason: 'bad-certificate-verify',
    options: mutual,
  },
  'a proof made for another connection': {
    script: after(shown, (peer) => {
      const { id, signature } = peer.sign(identity('P-256', 'ana'), bytes('another'));
      peer.sendCertificateVerify(identity('P-256', 'ana'), () => ({ algorithm: id, signature }));
    }),
    reason: 'bad-certificate-verify',
    options: mutual,
  },
  'a proof with SHA-1': {
    script: after(shown, (peer) =>
      peer.sendCertificateVerify(identity('P-256', 'ana'), (m) => ({ ...m, algorithm: 0x0203 })),
    ),
    reason: 'wrong-signature-type',
    options: mutual,
  },
  'a proof that does not fit the key': {
    script: after(shown, (peer) =>
      peer.sendCertificateVerify(identity('P-256', 'ana'), (m) => ({ ...m, algorithm: 0x0804 })),
    ),
    reason: 'wrong-signature-type',
    options: mutual,
  },
  'a proof without a certificate': {
    script: after(upToClientFinished, (peer) => peer.sendCertificateVerify(identity('P-256', 'ana'))),
    reason: 'unexpected-message',
  },
  'an empty key': {
    script: after(upToAnswer, (peer) => peer.sendBody(HandshakeType.client_key_exchange, new Uint8Array(0))),
    reason: 'decode-error',
    differs: {
      outcome: ['fatal handshake_failure'],
      code: 'ERR_SSL_MISSING_TMP_ECDH_KEY',
      because:
        'OpenSSL takes it for a client certificate with a Diffie-Hellman key; RFC 8422 §5.7 knows none any more',
    },
  },
  'trailing bytes after the key': {
    script: after(upToAnswer, (peer) =>
      peer.sendBody(HandshakeType.client_key_exchange, Uint8Array.of(32, ...peer.own.publicKey, 0)),
    ),
    reason: 'decode-error',
  },
  'a key of another length': {
    script: after(upToAnswer, (peer) => peer.sendClientKeyExchange(new Uint8Array(31).fill(9))),
    reason: 'bad-key-share',
  },
  'a key that leads to nothing': {
    script: after(upToAnswer, (peer) => peer.sendClientKeyExchange(new Uint8Array(32))),
    reason: 'bad-key-share',
  },
  'a Finished before ChangeCipherSpec': {
    script: after(upToClientFinished, (peer) => peer.sendFinished()),
    reason: 'unexpected-message',
  },
  'a ChangeCipherSpec before the keys': {
    script: after(upToAnswer, (peer) => peer.sendPlain(0x14, Uint8Array.of(1))),
    reason: 'unexpected-change-cipher-spec',
  },
  'a ChangeCipherSpec twice': {
    script: after(upToClientFinished, (peer) => {
      peer.sendChangeCipherSpec();
      peer.sendRecord(0x14, Uint8Array.of(1));
    }),
    reason: 'data-between-ccs-and-finished',
  },
  'a wrong Finished': {
    script: after(upToClientFinished, (peer) => {
      peer.sendChangeCipherSpec();
      peer.sendFinished((body) => body.map((byte) => byte ^ 1));
    }),
    reason: 'bad-finished',
  },
  'a Finished in clear': {
    script: after(upToClientFinished, (peer) => {
      peer.sendChangeCipherSpec();
      peer.sealing = undefined;
      peer.sendFinished();
    }),
    reason: 'encrypted-length-too-short',
    differs: IN_CLEAR,
  },
  'application data in clear': {
    script: after(upToAnswer, (peer) => peer.sendPlain(0x17, bytes('x'))),
    reason: 'data-before-finished',
  },
  'a record that does not decrypt': {
    script: after(wholeClient, (peer) => {
      const record = peer.sealing?.seal(0x17, bytes('x')) as Uint8Array;
      record[record.length - 1] ^= 1;
      peer.sendRaw(record);
    }),
    reason: 'bad-record-mac',
  },
};

const asNode = (options: Case['options'] = {}) => ({
  requestCert: options.requestCertificate ?? false,
  rejectUnauthorized: options.requireCertificate ?? false,
  ca: [identity('P-256', 'ana').certificatePem],
});

for (const [role, cases] of [
  ['server', byServers],
  ['client', byClients],
] as const) {
  for (const [title, { script, reason, differs, options = {} }] of Object.entries(cases)) {
    const subject = role === 'server' ? 'client' : 'server';
    test(`TLS 1.2: what a ${subject} makes of ${title}, as Node's does`, async () => {
      const ours = await againstOurs(role, script, options);
      assert.equal(ours.end.errors()[0]?.reason, reason, ours.end.errors()[0]?.message);
      const nodes = await againstNode(role, script, asNode(options));
      const [failure] = ours.end.errors();
      const established = ours.outcome.includes('secure');
      const kind = reason === 'bad-certificate-verify' ? 'ec' : undefined;
      const code =
        failure &&
        engineError(failure, { role: subject, greeted: true, established, isTls12: true }, kind).code;
      const told = { outcome: ours.outcome, code };
      if (differs) {
        assert.deepEqual(nodes, { outcome: differs.outcome, code: differs.code }, 'as listed');
        assert.notDeepEqual(told, nodes, 'no difference any more');
      } else assert.deepEqual(told, nodes);
    });
  }
}
