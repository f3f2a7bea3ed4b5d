// What the matrix of interop.test.ts does not vary, tried with OpenSSL's programs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hex } from '../../src/tls/codec/index.ts';
import { CipherSuite, NamedGroup } from '../../src/tls/index.ts';
import { identity } from '../tls/support/identities.ts';
import {
  againstClient as againstAnyClient,
  againstServer as againstAnyServer,
  EXPORT,
  OpenSsl,
  own,
  startServer,
} from '../tls/support/openssl.ts';
import { bytes, clientEnd, serverEnd, text } from '../tls/support/pair.ts';
import { ONLY_TLS13 } from '../tls/support/scripted.ts';
import { acceptOne, dial, type Wire } from '../tls/support/sockets.ts';

const againstServer: typeof againstAnyServer = (args, options, body) =>
  againstAnyServer(['-tls1_3', ...args], options, body);
const againstClient: typeof againstAnyClient = (args, options, body) =>
  againstAnyClient(['-tls1_3', ...args], options, body);

/** Both sides made the same keys, and each hears the other. */
async function converse(wire: Wire, openssl: OpenSsl): Promise<void> {
  await wire.until('the handshake', () => wire.end.has('secure'));
  const exported = wire.end.connection.exportKeyingMaterial('EXPERIMENTAL test', undefined, 32);
  const [, printed] = await openssl.until(/Keying material: ([0-9A-F]{64})/);
  assert.equal(hex(exported), printed.toLowerCase());
  wire.write(bytes('from ours\n'));
  await openssl.until(/from ours/);
  openssl.type('from theirs\n');
  await wire.until('the line', () => text(wire.end.received()).includes('from theirs'));
}

for (const name of [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
] as const) {
  test(`OpenSSL agrees on ${name}`, async () => {
    const suites = ['-ciphersuites', name];
    await againstServer([...own(identity('P-256')), ...EXPORT, ...suites], {}, async (wire, openssl) => {
      await converse(wire, openssl);
      assert.equal(wire.end.connection.result?.cipherSuite.name, name);
    });
    await againstClient([...EXPORT, ...suites], { cipherSuites: [CipherSuite[name]] }, converse);
  });
}

const GROUPS = { x25519: 'X25519', secp256r1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' } as const;
for (const [name, theirs] of Object.entries(GROUPS)) {
  const group = NamedGroup[name as keyof typeof GROUPS];
  test(`OpenSSL agrees on ${name}`, async () => {
    const groups = ['-groups', theirs];
    await againstServer([...own(identity('P-256')), ...EXPORT, ...groups], { groups: [group] }, converse);
    await againstClient([...EXPORT, ...groups], { groups: [group] }, converse);
  });
}

test('HelloRetryRequest: OpenSSL asks our client for another group', () =>
  againstServer([...own(identity('P-256')), ...EXPORT, '-groups', 'P-384'], {}, async (wire, openssl) => {
    await converse(wire, openssl);
    assert.equal(wire.end.connection.result?.helloRetried, true);
    assert.equal(wire.end.connection.result?.group?.id, NamedGroup.secp384r1);
  }));

test('HelloRetryRequest: our server asks OpenSSL for another group', () =>
  againstClient(
    [...EXPORT, '-groups', 'X25519:P-521'],
    { groups: [NamedGroup.secp521r1] },
    async (wire, openssl) => {
      await converse(wire, openssl);
      assert.equal(wire.end.connection.result?.helloRetried, true);
    },
  ));

test('HelloRetryRequest: OpenSSL sends our cookie back', () =>
  againstClient(EXPORT, { cookie: bytes('a cookie') }, async (wire, openssl) => {
    await converse(wire, openssl);
    assert.equal(wire.end.connection.result?.helloRetried, true);
  }));

test('ALPN is agreed with OpenSSL on both sides', async () => {
  const protocols = ['-alpn', 'h2,http/1.1'];
  await againstServer(
    [...own(identity('P-256')), ...EXPORT, ...protocols],
    { alpn: ['http/1.1'] },
    async (wire, openssl) => {
      await converse(wire, openssl);
      assert.equal(wire.end.connection.result?.alpn, 'http/1.1');
    },
  );
  await againstClient([...EXPORT, ...protocols], { alpn: ['http/1.1', 'h2'] }, async (wire, openssl) => {
    await converse(wire, openssl);
    assert.match(openssl.output, /ALPN protocol: http\/1.1/);
  });
});

for (const command of ['K', 'k']) {
  const asked = command === 'K';
  test(`KeyUpdate by OpenSSL's client (${asked ? 'and ours asked for' : 'its own alone'})`, () =>
    againstClient(EXPORT, {}, async (wire, openssl) => {
      await converse(wire, openssl);
      openssl.type(`${command}\n`);
      await wire.until('the KeyUpdate', () => wire.end.has('key-update'));
      wire.write(bytes('under new keys\n'));
      const updates = wire.end.events.filter((event) => event.type === 'key-update').map(({ sent }) => sent);
      assert.deepEqual(updates, asked ? [false, true] : [false]);
      await openssl.until(/under new keys/);
      openssl.type('likewise\n');
      await wire.until('the line', () => text(wire.end.received()).includes('likewise'));
    }));

  test(`KeyUpdate by OpenSSL's server (${asked ? 'and ours asked for' : 'its own alone'})`, () =>
    againstServer([...own(identity('P-256')), ...EXPORT], {}, async (wire, openssl) => {
      await converse(wire, openssl);
      openssl.type(`${command}\n`);
      await wire.until('the KeyUpdate', () => wire.end.has('key-update'));
      wire.write(bytes('under new keys\n'));
      await openssl.until(/under new keys/);
      openssl.type('likewise\n');
      await wire.until('the line', () => text(wire.end.received()).includes('likewise'));
    }));
}

test('KeyUpdate by us, with and without asking OpenSSL for its own', () =>
  againstServer([...own(identity('P-256')), ...EXPORT], {}, async (wire, openssl) => {
    await converse(wire, openssl);
    for (const requestPeer of [true, false]) {
      wire.end.connection.updateKeys(requestPeer);
      wire.write(bytes(`updated ${requestPeer}\n`));
      await openssl.until(new RegExp(`updated ${requestPeer}`));
      openssl.type(`heard ${requestPeer}\n`);
      await wire.until('the answer', () => text(wire.end.received()).includes(`heard ${requestPeer}`));
    }
  }));

test('A client that was asked for a certificate and has none learns certificate_required from OpenSSL after its own handshake', () =>
  againstServer([...own(identity('P-256')), '-Verify', '1'], {}, async (wire) => {
    await wire.until('the alert', () => wire.end.has('error'));
    assert.deepEqual(
      wire.end.events.filter(({ type }) => type === 'secure' || type === 'error').map(({ type }) => type),
      ['secure', 'error'],
    );
    assert.deepEqual(wire.end.alerts(), ['received certificate_required']);
  }));

test('OpenSSL’s client reads certificate_required from our strict server', () =>
  againstClient([], { requestCertificate: true, requireCertificate: true }, async (wire, openssl) => {
    await openssl.until(/tlsv13 alert certificate required/);
    assert.equal(wire.end.errors()[0]?.reason, 'peer-did-not-return-a-certificate');
  }));

test('a client that speaks TLS 1.2 at most is refused with protocol_version by a server without', async () => {
  const { port, wire: arriving, stop } = await acceptOne(() => serverEnd({ versions: ONLY_TLS13 }));
  const openssl = new OpenSsl(['s_client', '-connect', `127.0.0.1:${port}`, '-tls1_2']);
  try {
    const wire = await arriving;
    await openssl.until(/alert protocol version/);
    assert.equal(wire.end.errors()[0]?.reason, 'unsupported-protocol');
    wire.socket.destroy();
  } finally {
    await openssl.stop();
    stop();
  }
});

test('a server that speaks TLS 1.2 at most is refused with protocol_version', async () => {
  const { openssl, port } = await startServer(['-tls1_2', ...own(identity('P-256'))]);
  try {
    const wire = await dial(port, () => clientEnd({ versions: ONLY_TLS13 }));
    await wire.until('the refusal', () => wire.end.has('error'));
    // A server without TLS 1.3 sees that we offer nothing else, and says so before we must.
    assert.deepEqual(wire.end.alerts(), ['received protocol_version']);
    wire.socket.destroy();
  } finally {
    await openssl.stop();
  }
});

test('close_notify from OpenSSL is told from a cut connection', () =>
  againstClient(EXPORT, {}, async (wire, openssl) => {
    await converse(wire, openssl);
    openssl.type('Q\n');
    await wire.until('close_notify', () => wire.end.has('close-notify'));
    assert.deepEqual(wire.end.errors(), []);
  }));
