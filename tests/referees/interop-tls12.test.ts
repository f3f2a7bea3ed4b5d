import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CipherSuite, NamedGroup, type Session } from '../../src/tls/index.ts';
import { ticketSealer } from '../../src/tls/session.ts';
import { identity, keyKinds, scratchFolder } from '../tls/support/identities.ts';
import { bytes, clientEnd, seededRandom, text } from '../tls/support/pair.ts';
import { dial, type Wire } from '../tls/support/sockets.ts';
import {
  againstClient,
  againstServer,
  BOTH,
  converse,
  EXPORT,
  own,
  server,
  TLS12,
} from '../tls/support/tls12.ts';

for (const kind of keyKinds) {
  for (const mutual of [false, true]) {
    const title = mutual ? `${kind} certificates on both sides` : `${kind} server certificate`;

    test(`TLS 1.2, our client, OpenSSL's server: ${title}`, () =>
      againstServer(
        [
          ...server(kind),
          ...(mutual ? ['-Verify', '1', '-CAfile', identity(kind, 'ana').certificatePath] : []),
        ],
        mutual ? { identity: identity(kind, 'ana') } : {},
        async (wire, openssl) => {
          await converse(wire, openssl);
          if (mutual) assert.match(openssl.output, /subject=CN = ana/);
          const { result } = wire.end.connection;
          assert.deepEqual(result?.peerCertificates, identity(kind).certificates);
          assert.equal(result?.certificateRequested, mutual);
        },
      ));

    test(`TLS 1.2, our server, OpenSSL's client: ${title}`, () =>
      againstClient(
        [...EXPORT, ...(mutual ? own(identity(kind, 'ana')) : []), '-servername', 'server.example'],
        { identity: identity(kind), requestCertificate: mutual, requireCertificate: mutual },
        async (wire, openssl) => {
          await converse(wire, openssl);
          const { result } = wire.end.connection;
          assert.equal(result?.serverName, 'server.example');
          assert.deepEqual(result?.peerCertificates, mutual ? identity(kind, 'ana').certificates : []);
          assert.match(openssl.output, /Extended master secret: yes/);
          assert.match(openssl.output, /Secure Renegotiation IS supported/);
        },
      ));
  }
}

/** Our names and OpenSSL's. */
const SUITES = {
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 'ECDHE-RSA-AES128-GCM-SHA256',
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 'ECDHE-ECDSA-AES128-GCM-SHA256',
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: 'ECDHE-RSA-AES256-GCM-SHA384',
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 'ECDHE-ECDSA-AES256-GCM-SHA384',
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-RSA-CHACHA20-POLY1305',
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: 'ECDHE-ECDSA-CHACHA20-POLY1305',
} as const;

for (const [name, theirs] of Object.entries(SUITES)) {
  const suite = CipherSuite[name as keyof typeof SUITES];
  const kind = name.includes('RSA_WITH') && !name.includes('ECDSA') ? 'rsa' : 'P-256';
  test(`TLS 1.2: OpenSSL agrees on ${name}`, async () => {
    await againstServer([...server(kind), '-cipher', theirs], {}, async (wire, openssl) => {
      await converse(wire, openssl);
      assert.equal(wire.end.connection.result?.cipherSuite.name, name);
    });
    await againstClient(
      EXPORT,
      { identity: identity(kind), cipherSuites: [suite] },
      async (wire, openssl) => {
        await converse(wire, openssl);
        assert.match(openssl.output, new RegExp(`Cipher is ${theirs}`));
      },
    );
  });
}

const GROUPS = { x25519: 'X25519', secp256r1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' } as const;
for (const [name, theirs] of Object.entries(GROUPS)) {
  const group = NamedGroup[name as keyof typeof GROUPS];
  test(`TLS 1.2: OpenSSL agrees on ${name}`, async () => {
    await againstServer([...server('rsa'), '-groups', theirs], { groups: [group] }, converse);
    await againstClient(
      [...EXPORT, '-groups', theirs],
      { identity: identity('rsa'), groups: [NamedGroup.x25519, group] },
      async (wire, openssl) => {
        await converse(wire, openssl);
        assert.equal(wire.end.connection.result?.group?.id, group);
      },
    );
  });
}

const SCHEMES = [
  'RSA+SHA256',
  'RSA+SHA384',
  'RSA+SHA512',
  'RSA-PSS+SHA256',
  'RSA-PSS+SHA384',
  'RSA-PSS+SHA512',
];
for (const scheme of [...SCHEMES, 'ECDSA+SHA256', 'ECDSA+SHA384', 'ECDSA+SHA512']) {
  // In TLS 1.2 a curve is not tied to a hash.
  const kind = scheme.startsWith('RSA') ? 'rsa' : 'P-384';
  test(`TLS 1.2: both sides sign with ${scheme} where OpenSSL wants it`, async () => {
    await againstServer(
      [...server(kind), '-sigalgs', scheme, '-client_sigalgs', scheme, '-Verify', '1'],
      { identity: identity(kind, 'ana') },
      converse,
    );
    await againstClient(
      [...EXPORT, ...own(identity(kind, 'ana')), '-sigalgs', scheme],
      { identity: identity(kind), requestCertificate: true, requireCertificate: true },
      converse,
    );
  });
}

test('TLS 1.2: ALPN is agreed with OpenSSL on both sides', async () => {
  const protocols = ['-alpn', 'h2,http/1.1'];
  await againstServer([...server(), ...protocols], { alpn: ['http/1.1'] }, async (wire, openssl) => {
    await converse(wire, openssl);
    assert.equal(wire.end.connection.result?.alpn, 'http/1.1');
  });
  await againstClient([...EXPORT, ...protocols], { alpn: ['http/1.1', 'h2'] }, async (wire, openssl) => {
    await converse(wire, openssl);
    assert.match(openssl.output, /ALPN protocol: http\/1.1/);
  });
});

for (const [kind, args] of [
  ['ticket', []],
  ['session id', ['-no_ticket']],
] as const) {
  test(`TLS 1.2: our client resumes with OpenSSL's server, by ${kind}`, () =>
    againstServer(
      [...server(), '-Verify', '1', ...args],
      { identity: identity('P-256', 'ana') },
      async (wire, openssl, port) => {
        await converse(wire, openssl);
        const session = sessionOf(wire);
        assert.equal(session.ticket.length > 0, kind === 'ticket');
        wire.close();
        const again = await dial(port, () => clientEnd({ ...TLS12, session }));
        await again.until('the handshake', () => again.end.has('secure'));
        const { result } = again.end.connection;
        assert.equal(result?.resumed, true);
        assert.deepEqual(result?.peerCertificates, identity('P-256').certificates);
        again.write(bytes('resumed indeed\n'));
        await openssl.until(/resumed indeed/);
        assert.match(openssl.output, /Reused session-id/);
        again.socket.destroy();
      },
    ));
}

test('TLS 1.2: a client that could speak TLS 1.3 as well resumes a session of TLS 1.2', () =>
  againstServer([...server()], BOTH, async (wire, openssl, port) => {
    await converse(wire, openssl);
    wire.close();
    const again = await dial(port, () => clientEnd({ ...BOTH, session: sessionOf(wire) }));
    await again.until('the handshake', () => again.end.has('secure'));
    assert.equal(again.end.connection.result?.resumed, true);
    again.socket.destroy();
  }));

test('TLS 1.2: OpenSSL’s client resumes with our server’s ticket and is who it was', async () => {
  const tickets = ticketSealer(new Uint8Array(48).fill(7), seededRandom(3));
  const file = `${scratchFolder()}/session12.pem`;
  const mutual = { tickets, requestCertificate: true, requireCertificate: true };
  const name = ['-servername', 'server.example'];
  await againstClient(
    [...EXPORT, ...own(identity('rsa', 'ana')), ...name, '-sess_out', file],
    mutual,
    async (wire, openssl) => {
      await converse(wire, openssl);
      openssl.type('Q\n');
      await wire.until('close_notify', () => wire.end.has('close-notify'));
    },
  );
  await againstClient([...EXPORT, ...name, '-sess_in', file], mutual, async (wire, openssl) => {
    await converse(wire, openssl);
    const { result } = wire.end.connection;
    assert.equal(result?.resumed, true);
    assert.deepEqual(result?.peerCertificates, identity('rsa', 'ana').certificates);
    assert.match(openssl.output, /Reused, TLSv1.2/);
  });
});

test('TLS 1.2: OpenSSL’s client resumes by the session id that our server’s owner keeps', async () => {
  const kept = new Map<string, Session>();
  const file = `${scratchFolder()}/session12-id.pem`;
  await againstClient([...EXPORT, '-no_ticket', '-sess_out', file], {}, async (wire, openssl) => {
    await converse(wire, openssl);
    const session = sessionOf(wire);
    kept.set(Buffer.from(session.sessionId).toString('hex'), session);
    openssl.type('Q\n');
    await wire.until('close_notify', () => wire.end.has('close-notify'));
  });
  let wire: Wire | undefined;
  await againstClient(
    [...EXPORT, '-no_ticket', '-sess_in', file],
    {
      pauseAtClientHello: true,
      listener(event) {
        if (event.type !== 'client-hello') return;
        assert.equal(event.version, 0x0303);
        assert.equal(event.offersTicket, false);
        const session = kept.get(Buffer.from(event.sessionId).toString('hex'));
        assert.ok(session);
        queueMicrotask(() => {
          wire?.end.connection.resume(undefined, { session });
          wire?.flush();
        });
      },
    },
    async (arrived, openssl) => {
      wire = arrived;
      await converse(arrived, openssl);
      assert.equal(arrived.end.connection.result?.resumed, true);
      assert.match(openssl.output, /Reused, TLSv1.2/);
    },
  );
});

function sessionOf(wire: Wire): Session {
  const event = wire.end.events.find(({ type }) => type === 'session');
  assert.ok(event?.type === 'session', 'a session came');
  return event.session;
}

test('TLS 1.2: HelloRequest of OpenSSL is answered with no_renegotiation, and all goes on', () =>
  againstServer([...server()], {}, async (wire, openssl) => {
    await converse(wire, openssl);
    openssl.type('r\n');
    await wire.until('the refusal', () => wire.end.alerts().includes('sent no_renegotiation'));
    // OpenSSL takes the refusal for the end; ours only said no.
    await wire.until('their answer', () => wire.end.has('error'));
    assert.deepEqual(wire.end.alerts(), ['sent no_renegotiation', 'received handshake_failure']);
    await openssl.until(/no renegotiation/);
  }));

test('TLS 1.2: a renegotiation that OpenSSL’s client wants is refused with a warning', () =>
  againstClient([...EXPORT], {}, async (wire, openssl) => {
    await converse(wire, openssl);
    openssl.type('R\n');
    await wire.until('the refusal', () => wire.end.alerts().includes('sent no_renegotiation'));
    await openssl.until(/no renegotiation/);
  }));

test('TLS 1.2: a client without the certificate we require learns handshake_failure, as OpenSSL says it', () =>
  againstClient([], { requestCertificate: true, requireCertificate: true }, async (wire, openssl) => {
    await openssl.until(/alert handshake failure/);
    assert.equal(wire.end.errors()[0]?.reason, 'peer-did-not-return-a-certificate');
    assert.deepEqual(wire.end.alerts(), ['sent handshake_failure']);
  }));

test('TLS 1.2: a client that has none learns handshake_failure from OpenSSL', () =>
  againstServer([...server(), '-Verify', '1'], {}, async (wire) => {
    await wire.until('the alert', () => wire.end.has('error'));
    assert.equal(wire.end.has('secure'), false);
    assert.deepEqual(wire.end.alerts(), ['received handshake_failure']);
  }));

for (const [what, kind, cipher] of [
  ['static RSA', 'rsa', 'AES128-GCM-SHA256'],
  ['CBC', 'rsa', 'ECDHE-RSA-AES128-SHA256'],
  ['finite-field Diffie-Hellman', 'rsa', 'DHE-RSA-AES128-GCM-SHA256'],
] as const) {
  test(`TLS 1.2: peers that speak ${what} alone are refused`, async () => {
    await againstServer([...server(kind), '-cipher', cipher], {}, async (wire) => {
      await wire.until('the alert', () => wire.end.has('error'));
      assert.deepEqual(wire.end.alerts(), ['received handshake_failure']);
    });
    await againstClient(['-cipher', cipher], { identity: identity(kind) }, async (wire, openssl) => {
      await openssl.until(/alert handshake failure/);
      assert.equal(wire.end.errors()[0]?.reason, 'no-shared-cipher');
    });
  });
}

test('versions: what both speak best is spoken', async () => {
  await againstServer([...server()], BOTH, converse);
  await againstClient(EXPORT, BOTH, converse);
  await againstServer(
    [...server()],
    BOTH,
    async (wire) => {
      await wire.until('the handshake', () => wire.end.has('secure'));
      assert.equal(wire.end.connection.result?.version, 'TLSv1.3');
    },
    '-no_ssl3',
  );
  await againstClient(
    EXPORT,
    BOTH,
    async (wire) => {
      await wire.until('the handshake', () => wire.end.has('secure'));
      assert.equal(wire.end.connection.result?.version, 'TLSv1.3');
    },
    '-no_ssl3',
  );
});

test('TLS 1.2: close_notify from OpenSSL is told from a cut connection', () =>
  againstClient(EXPORT, {}, async (wire, openssl) => {
    await converse(wire, openssl);
    openssl.type('Q\n');
    await wire.until('close_notify', () => wire.end.has('close-notify'));
    assert.deepEqual(wire.end.errors(), []);
    assert.match(text(wire.end.received()), /from theirs/);
  }));
