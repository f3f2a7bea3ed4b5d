import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import tls from 'node:tls';
import { hex } from '../../src/tls/codec/index.ts';
import type { ClientOptions, ServerOptions, Session } from '../../src/tls/index.ts';
import { ticketSealer } from '../../src/tls/session.ts';
import { identity, keyKinds } from './support/identities.ts';
import { clientEnd, type Overrides, seededRandom, serverEnd } from './support/pair.ts';
import { acceptOne, dial, type Wire } from './support/sockets.ts';
import { BOTH } from './support/tls12.ts';

/** The Node that runs this test speaks TLS 1.2 at most; ours could do more. */
const NODE = { maxVersion: 'TLSv1.2' } as const;
const LABEL = 'EXPERIMENTAL test';

async function againstNodeServer(
  nodeOptions: tls.TlsOptions,
  options: Overrides<ClientOptions>,
  body: (wire: Wire, socket: tls.TLSSocket, again: (session: Session) => Promise<Wire>) => Promise<void>,
): Promise<void> {
  const server = tls.createServer({ ...NODE, allowHalfOpen: true, ...nodeOptions });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const accepted = once(server, 'secureConnection') as Promise<[tls.TLSSocket]>;
  // TLS 1.2's mark stands in what Node's server sends only if it speaks TLS 1.3 too, and it does not.
  const wire = await dial(port, () => clientEnd({ ...BOTH, ...options }));
  try {
    const [socket] = await accepted;
    socket.on('error', () => {});
    await wire.until('the handshake', () => wire.end.has('secure'));
    await body(wire, socket, (session) => dial(port, () => clientEnd({ ...BOTH, ...options, session })));
  } finally {
    wire.socket.destroy();
    server.close();
  }
}

async function againstNodeClient(
  nodeOptions: tls.ConnectionOptions,
  options: Overrides<ServerOptions>,
  body: (wire: Wire, socket: tls.TLSSocket) => Promise<void>,
): Promise<void> {
  // A server that spoke TLS 1.3 as well would mark its random; a client of TLS 1.2 does not look.
  const { port, wire: arriving, stop } = await acceptOne(() => serverEnd({ ...BOTH, ...options }));
  const socket = tls.connect({
    port,
    host: '127.0.0.1',
    servername: 'server.example',
    ...NODE,
    ...nodeOptions,
  });
  const connected = once(socket, 'secureConnect');
  socket.on('error', () => {});
  const wire = await arriving;
  try {
    await wire.until('the handshake', () => wire.end.has('secure'));
    await connected;
    await body(wire, socket);
  } finally {
    socket.destroy();
    wire.socket.destroy();
    stop();
  }
}

/** Keys and Finished are equal, the same bytes go each way unharmed, and each side closes in good order. */
async function exchange(wire: Wire, socket: tls.TLSSocket, size = 10_000): Promise<void> {
  const { connection } = wire.end;
  assert.equal(connection.result?.version, 'TLSv1.2');
  for (const context of [Buffer.from('context'), Buffer.alloc(0), undefined]) {
    const theirs = context
      ? socket.exportKeyingMaterial(32, LABEL, context)
      : socket.exportKeyingMaterial(32, LABEL, undefined as unknown as Buffer);
    assert.equal(hex(connection.exportKeyingMaterial(LABEL, context, 32)), theirs.toString('hex'));
  }
  const sent = Buffer.from(Uint8Array.from({ length: size }, (_, index) => (index * 7) ^ (index >> 8)));
  const parts: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => parts.push(chunk));
  const ended = once(socket, 'end');
  socket.end(sent);
  await wire.until('close_notify', () => wire.end.has('close-notify'));
  assert.ok(sent.equals(wire.end.received()));
  wire.write(sent);
  wire.close();
  await ended;
  assert.ok(Buffer.concat(parts).equals(sent));
  assert.deepEqual(wire.end.errors(), []);
}

for (const kind of keyKinds) {
  for (const mutual of [false, true]) {
    const title = mutual ? `${kind} certificates on both sides` : `${kind} server certificate`;
    const server = identity(kind);
    const ana = identity(kind, 'ana');

    test(`TLS 1.2, our client, Node's server: ${title}`, () =>
      againstNodeServer(
        {
          cert: server.certificatePem,
          key: server.keyPem,
          ...(mutual ? { requestCert: true, rejectUnauthorized: true, ca: [ana.certificatePem] } : {}),
        },
        mutual ? { identity: ana } : {},
        async (wire, socket) => {
          assert.equal(socket.authorized, mutual);
          assert.equal(socket.servername, 'server.example');
          const { finished, cipherSuite } = wire.end.connection.result ?? {};
          assert.equal(socket.getFinished()?.toString('hex'), hex(finished?.peer ?? new Uint8Array()));
          assert.equal(socket.getPeerFinished()?.toString('hex'), hex(finished?.own ?? new Uint8Array()));
          assert.equal(socket.getCipher().standardName, cipherSuite?.name);
          await exchange(wire, socket);
        },
      ));

    test(`TLS 1.2, our server, Node's client: ${title}`, () =>
      againstNodeClient(
        { ca: [server.certificatePem], ...(mutual ? { cert: ana.certificatePem, key: ana.keyPem } : {}) },
        { identity: server, requestCertificate: mutual, requireCertificate: mutual },
        async (wire, socket) => {
          assert.deepEqual(wire.end.connection.result?.peerCertificates, mutual ? ana.certificates : []);
          await exchange(wire, socket);
          assert.equal(socket.authorized, true);
        },
      ));
  }
}

for (const suite of ['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-CHACHA20-POLY1305']) {
  test(`TLS 1.2: a megabyte each way under ${suite}`, () => {
    const { certificatePem: cert, keyPem: key } = identity('P-256');
    return againstNodeServer({ cert, key, ciphers: suite }, {}, (wire, socket) =>
      exchange(wire, socket, 2 ** 20),
    );
  });
}

test('TLS 1.2: the key log says what Node’s says', async () => {
  const lines: string[] = [];
  await againstNodeClient({ ca: [identity('P-256').certificatePem] }, {}, async (wire) => {
    const ours = wire.end.events.flatMap((event) => (event.type === 'keylog' ? [event.line] : []));
    assert.equal(ours.length, 1);
    lines.push(...ours);
  });
  assert.match(lines[0], /^CLIENT_RANDOM /);

  const server = tls.createServer({
    ...NODE,
    cert: identity('P-256').certificatePem,
    key: identity('P-256').keyPem,
  });
  const theirs: string[] = [];
  server.on('keylog', (line: Buffer) => theirs.push(line.toString().trim()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const wire = await dial((server.address() as AddressInfo).port, () => clientEnd(BOTH));
  await wire.until('the handshake', () => wire.end.has('secure'));
  const ours = wire.end.events.flatMap((event) => (event.type === 'keylog' ? [event.line] : []));
  assert.deepEqual(ours, theirs);
  wire.socket.destroy();
  server.close();
});

test('TLS 1.2: our client resumes with Node’s server, which remembers the certificate', () => {
  const ana = identity('P-256', 'ana');
  const { certificatePem: cert, keyPem: key } = identity('P-256');
  return againstNodeServer(
    { cert, key, requestCert: true, rejectUnauthorized: true, ca: [ana.certificatePem] },
    { identity: ana },
    async (wire, socket, again) => {
      const event = wire.end.events.find(({ type }) => type === 'session');
      assert.ok(event?.type === 'session');
      await exchange(wire, socket);
      const resumed = await again(event.session);
      await resumed.until('the handshake', () => resumed.end.has('secure'));
      assert.equal(resumed.end.connection.result?.resumed, true);
      assert.deepEqual(resumed.end.connection.result?.peerCertificates, identity('P-256').certificates);
      resumed.socket.destroy();
    },
  );
});

test('TLS 1.2: Node’s client resumes with our server and is who it was', async () => {
  const ana = identity('P-256', 'ana');
  const tickets = ticketSealer(new Uint8Array(48).fill(9), seededRandom(4));
  const strict = { tickets, requestCertificate: true, requireCertificate: true };
  const ca = [identity('P-256').certificatePem];
  let session: Buffer | undefined;
  await againstNodeClient({ ca, cert: ana.certificatePem, key: ana.keyPem }, strict, async (wire, socket) => {
    session = socket.getSession();
    await exchange(wire, socket);
  });
  await againstNodeClient({ ca, ...(session ? { session } : {}) }, strict, async (wire, socket) => {
    assert.equal(socket.isSessionReused(), true);
    assert.deepEqual(wire.end.connection.result?.peerCertificates, ana.certificates);
    await exchange(wire, socket);
  });
});

test('RFC 8446 §4.1.3: Node’s client of both versions sees our mark when somebody takes TLS 1.3 from its offer', async () => {
  const {
    port,
    wire: arriving,
    stop,
  } = await acceptOne(() => {
    const end = serverEnd(BOTH);
    const { receive } = end.connection;
    let first = true;
    // Somebody in the middle: supported_versions (43) of the ClientHello becomes an extension nobody knows.
    const meddling = (bytes: Uint8Array) => {
      const changed = bytes.slice();
      const at = Buffer.from(changed).indexOf(Buffer.from('002b0005040304', 'hex'));
      if (first && at > 0) changed.set([0xfa, 0xfb], at);
      first = false;
      receive(changed);
    };
    return { ...end, connection: { ...end.connection, receive: meddling, result: null } };
  });
  const socket = tls.connect({ port, host: '127.0.0.1', servername: 'server.example' });
  const [error] = (await once(socket, 'error')) as [Error & { code: string }];
  assert.equal(error.code, 'ERR_SSL_INAPPROPRIATE_FALLBACK');
  const wire = await arriving;
  await wire.until('the alert', () => wire.end.has('error'));
  assert.deepEqual(wire.end.alerts(), ['received illegal_parameter']);
  wire.socket.destroy();
  stop();
});

test('RFC 8446 §4.1.3: our client sees Node’s mark when somebody takes TLS 1.3 from its offer', async () => {
  const { certificatePem: cert, keyPem: key } = identity('P-256');
  const server = tls.createServer({ cert, key });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const wire = await dial((server.address() as AddressInfo).port, () => {
    const end = clientEnd(BOTH);
    const { takeOutput } = end.connection;
    const meddling = () => {
      const bytes = takeOutput();
      const at = Buffer.from(bytes).indexOf(Buffer.from('002b0005040304', 'hex'));
      if (at > 0) bytes.set([0xfa, 0xfb], at);
      return bytes;
    };
    return { ...end, connection: { ...end.connection, takeOutput: meddling, result: null } };
  });
  await wire.until('the refusal', () => wire.end.has('error'));
  assert.equal(wire.end.errors()[0]?.reason, 'inappropriate-fallback');
  assert.deepEqual(wire.end.alerts(), ['sent illegal_parameter']);
  wire.socket.destroy();
  server.close();
});
