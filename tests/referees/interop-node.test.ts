// What the matrix of interop.test.ts does not vary, tried with the Node.js that runs this: lengths, half-close, the key log.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import tls from 'node:tls';
import { hex } from '../../src/tls/codec/index.ts';
import type { ClientOptions, ServerOptions } from '../../src/tls/index.ts';
import { identity, type KeyKind } from '../tls/support/identities.ts';
import { clientEnd, type Overrides, serverEnd } from '../tls/support/pair.ts';
import { acceptOne, dial, type Wire } from '../tls/support/sockets.ts';

const LABEL = 'EXPERIMENTAL test';

/** Our client and a server of the Node that runs this test. */
async function againstNodeServer(
  nodeOptions: tls.TlsOptions,
  options: Overrides<ClientOptions>,
  body: (wire: Wire, socket: tls.TLSSocket) => Promise<void>,
): Promise<void> {
  const server = tls.createServer(nodeOptions);
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'secureConnection') as Promise<[tls.TLSSocket]>;
  const wire = await dial((server.address() as AddressInfo).port, () => clientEnd(options));
  try {
    const [socket] = await accepted;
    socket.on('error', () => {});
    // Until its tickets are out, OpenSSL counts the handshake as going on, and end() would send no close_notify.
    await wire.until(
      'the tickets',
      () => wire.end.events.filter(({ type }) => type === 'session').length === 2,
    );
    await body(wire, socket);
  } finally {
    wire.socket.destroy();
    server.close();
  }
}

/** Our server and a client of the Node that runs this test. */
async function againstNodeClient(
  nodeOptions: tls.ConnectionOptions,
  options: Overrides<ServerOptions>,
  body: (wire: Wire, socket: tls.TLSSocket) => Promise<void>,
): Promise<void> {
  const { port, wire: arriving, stop } = await acceptOne(() => serverEnd(options));
  const socket = tls.connect({ port, host: '127.0.0.1', servername: 'server.example', ...nodeOptions });
  socket.on('error', () => {});
  const wire = await arriving;
  try {
    await wire.until('the handshake', () => wire.end.has('secure'));
    await body(wire, socket);
  } finally {
    socket.destroy();
    wire.socket.destroy();
    stop();
  }
}

function pattern(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 7) ^ (index >> 8)));
}

/** Keys are equal, a megabyte goes each way unharmed, and each side closes in good order. */
async function exchange(wire: Wire, socket: tls.TLSSocket, size: number): Promise<void> {
  await wire.until('the handshake', () => wire.end.has('secure'));
  const sent = pattern(size);
  let heard = 0;
  const ended = new Promise<void>((resolve, reject) => {
    const parts: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => {
      parts.push(chunk);
      heard += chunk.length;
    });
    socket.on('end', () => {
      try {
        assert.ok(Buffer.concat(parts).equals(sent));
        resolve();
      } catch (error) {
        reject(error);
      }
    });
  });
  socket.end(sent);
  await wire.until('close_notify', () => wire.end.has('close-notify'));
  assert.ok(sent.equals(wire.end.received()));
  // Half-close: what the peer has finished saying does not stop us.
  wire.write(sent);
  wire.close();
  await ended;
  assert.equal(heard, size);
  assert.deepEqual(wire.end.errors(), []);
}

const kinds: KeyKind[] = ['P-256'];
for (const kind of kinds) {
  for (const mutual of [false, true]) {
    const title = mutual ? `${kind} certificates on both sides` : `${kind} server certificate`;
    const server = identity(kind);
    const ana = identity(kind, 'ana');

    test(`our client, Node's server: ${title}`, () =>
      againstNodeServer(
        {
          cert: server.certificatePem,
          key: server.keyPem,
          allowHalfOpen: true,
          ...(mutual ? { requestCert: true, rejectUnauthorized: true, ca: [ana.certificatePem] } : {}),
        },
        mutual ? { identity: ana } : {},
        async (wire, socket) => {
          await wire.until('the handshake', () => wire.end.has('secure'));
          assert.equal(socket.authorized, mutual);
          const theirs = socket.exportKeyingMaterial(32, LABEL, Buffer.from('context'));
          const ours = wire.end.connection.exportKeyingMaterial(LABEL, Buffer.from('context'), 32);
          assert.equal(hex(ours), theirs.toString('hex'));
          assert.equal(socket.servername, 'server.example');
          await exchange(wire, socket, 10_000);
        },
      ));

    test(`our server, Node's client: ${title}`, () =>
      againstNodeClient(
        { ca: [server.certificatePem], ...(mutual ? { cert: ana.certificatePem, key: ana.keyPem } : {}) },
        { identity: server, requestCertificate: mutual, requireCertificate: mutual },
        async (wire, socket) => {
          const theirs = socket.exportKeyingMaterial(32, LABEL, Buffer.from('context'));
          const ours = wire.end.connection.exportKeyingMaterial(LABEL, Buffer.from('context'), 32);
          assert.equal(hex(ours), theirs.toString('hex'));
          assert.equal(socket.authorized, true);
          assert.equal(wire.end.connection.result?.peerCertificates.length, mutual ? 1 : 0);
          await exchange(wire, socket, 10_000);
        },
      ));
  }
}

for (const suite of ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256']) {
  test(`a megabyte each way under ${suite}`, () =>
    againstNodeServer(
      {
        cert: identity('P-256').certificatePem,
        key: identity('P-256').keyPem,
        ciphers: suite,
        allowHalfOpen: true,
      },
      {},
      async (wire, socket) => {
        await exchange(wire, socket, 2 ** 20);
        assert.equal(wire.end.connection.result?.cipherSuite.name, suite);
      },
    ));
}

test('the key log lists the same secrets in the same order as Node’s', async () => {
  const labels = (lines: string[]) => lines.map((line) => line.split(' ')[0]);
  const nodeLines: string[] = [];
  let ourLines: string[] = [];
  await againstNodeClient({ ca: [identity('P-256').certificatePem] }, {}, async (wire, socket) => {
    socket.on('keylog', (line: Buffer) => nodeLines.push(line.toString().trim()));
    ourLines = wire.end.events.flatMap((event) => (event.type === 'keylog' ? [event.line] : []));
  });
  assert.deepEqual(labels(ourLines), [
    'SERVER_HANDSHAKE_TRAFFIC_SECRET',
    'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
    'EXPORTER_SECRET',
    'SERVER_TRAFFIC_SECRET_0',
    'CLIENT_TRAFFIC_SECRET_0',
  ]);

  const server = tls.createServer({ cert: identity('P-256').certificatePem, key: identity('P-256').keyPem });
  const theirs: string[] = [];
  server.on('keylog', (line) => theirs.push(line.toString().trim()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'secureConnection') as Promise<[tls.TLSSocket]>;
  const wire = await dial((server.address() as AddressInfo).port, () => clientEnd());
  try {
    const [socket] = await accepted;
    socket.on('error', () => {});
    const ours = wire.end.events.flatMap((event) => (event.type === 'keylog' ? [event.line] : []));
    assert.deepEqual([...ours].sort(), [...theirs].sort(), 'the same secrets');
    assert.deepEqual(labels(ours), [
      'SERVER_HANDSHAKE_TRAFFIC_SECRET',
      'EXPORTER_SECRET',
      'SERVER_TRAFFIC_SECRET_0',
      'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
      'CLIENT_TRAFFIC_SECRET_0',
    ]);
  } finally {
    wire.socket.destroy();
    server.close();
  }
});

test('HelloRetryRequest: Node’s server asks our client for another group', () =>
  againstNodeServer(
    {
      cert: identity('P-256').certificatePem,
      key: identity('P-256').keyPem,
      ecdhCurve: 'P-521',
      allowHalfOpen: true,
    },
    {},
    async (wire, socket) => {
      await exchange(wire, socket, 100);
      assert.equal(wire.end.connection.result?.helloRetried, true);
    },
  ));

test('HelloRetryRequest: our server asks Node’s client for another group', () =>
  againstNodeClient(
    { ca: [identity('P-256').certificatePem], ecdhCurve: 'X25519:P-384' },
    { groups: [0x0018] },
    async (wire, socket) => {
      await exchange(wire, socket, 100);
      assert.equal(wire.end.connection.result?.helloRetried, true);
    },
  ));
