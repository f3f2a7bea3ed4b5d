// Resumption with tickets against OpenSSL and real Node, in all four directions.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import tls from 'node:tls';
import { hex } from '../../src/tls/codec/index.ts';
import { CipherSuite, type Session, ticketSealer } from '../../src/tls/index.ts';
import { identity } from '../tls/support/identities.ts';
import { againstClient, EXPORT, type OpenSsl, startServer } from '../tls/support/openssl.ts';
import { bytes, clientEnd, type End, seededRandom, serverEnd, text } from '../tls/support/pair.ts';
import { acceptOne, dial, type Wire } from '../tls/support/sockets.ts';

const LABEL = 'EXPERIMENTAL test';
const server = identity('P-256');
const ana = identity('P-256', 'ana');
const now = () => Date.now();
const folder = mkdtempSync(path.join(os.tmpdir(), 'handfast-sessions-'));
after(() => rmSync(folder, { recursive: true }));

const sessionsOf = (end: End): Session[] =>
  end.events.flatMap((event) => (event.type === 'session' ? [event.session] : []));

const exportedBy = (end: End) => hex(end.connection.exportKeyingMaterial(LABEL, undefined, 32));

/** Both ends say whether they resumed, and hear each other; their exporters are equal. */
async function converse(wire: Wire, openssl: OpenSsl, resumed: boolean): Promise<void> {
  await wire.until('the handshake', () => wire.end.has('secure'));
  await openssl.until(resumed ? /Reused, TLSv1\.3/ : /New, TLSv1\.3/);
  await openssl.until(new RegExp(`Keying material: ${exportedBy(wire.end).toUpperCase()}`));
  assert.equal(wire.end.connection.result?.resumed, resumed);
  wire.write(bytes('from ours\n'));
  await openssl.until(/from ours/);
  openssl.type('from theirs\n');
  await wire.until('the line', () => text(wire.end.received()).includes('from theirs'));
}

for (const [title, extra, hash] of [
  ['SHA-384', [], 48],
  ['SHA-256', ['-ciphersuites', 'TLS_AES_128_GCM_SHA256'], 32],
  ['a HelloRetryRequest', ['-groups', 'P-384'], 48],
] as const) {
  test(`our client resumes with OpenSSL's server: ${title}`, async () => {
    const { openssl, port } = await startServer([
      '-tls1_3',
      ...['-cert', server.certificatePath, '-key', server.keyPath],
      ...['-Verify', '1', '-CAfile', ana.certificatePath],
      ...EXPORT,
      ...extra,
    ]);
    try {
      let session: Session | undefined;
      for (const resumed of [false, true, true]) {
        const wire = await dial(port, () => clientEnd({ identity: ana, now, session }));
        await wire.until('a ticket', () => wire.end.has('session'));
        assert.equal(wire.end.connection.result?.resumed, resumed);
        assert.equal(wire.end.connection.result?.helloRetried, title === 'a HelloRetryRequest');
        await openssl.until(new RegExp(`Keying material: ${exportedBy(wire.end).toUpperCase()}`));
        [session] = sessionsOf(wire.end);
        assert.equal(session.secret.length, hash);
        wire.close();
        await once(wire.socket, 'close');
      }
      assert.equal(openssl.output.match(/Reused session-id/g)?.length, 2);
    } finally {
      await openssl.stop();
    }
  });
}

const acceptFrom: typeof againstClient = (args, options, body) =>
  againstClient(['-tls1_3', ...EXPORT, ...args], { now, ...options }, body);

for (const [title, extra, retried] of [
  ['', [], false],
  [', after a HelloRetryRequest', ['-groups', 'X25519:P-521'], true],
] as const) {
  test(`OpenSSL's client resumes with our server and is still known${title}`, async () => {
    const tickets = ticketSealer(new Uint8Array(48).fill(5), seededRandom(3));
    const options = {
      tickets,
      requestCertificate: true,
      requireCertificate: true,
      ...(retried ? { groups: [0x0019] } : {}),
    };
    const file = path.join(folder, `${retried}.pem`);
    const as = ['-cert', ana.certificatePath, '-key', ana.keyPath, '-servername', 'server.example'];
    await acceptFrom([...as, ...extra, '-sess_out', file], options, async (wire, openssl) => {
      await converse(wire, openssl, false);
      openssl.type('Q\n');
      await wire.until('close_notify', () => wire.end.has('close-notify'));
    });
    const again = ['-servername', 'server.example', '-sess_in', file, ...extra];
    await acceptFrom(again, options, async (wire, openssl) => {
      await converse(wire, openssl, true);
      const { result } = wire.end.connection;
      assert.deepEqual(result?.peerCertificates, ana.certificates);
      assert.equal(result?.helloRetried, retried);
    });
    // The ticket is of this name alone; under another OpenSSL shows it all the same, and needs its certificate.
    const elsewhere = [...as.slice(0, 4), '-servername', 'other.example', '-sess_in', file, ...extra];
    const afresh = (wire: Wire, openssl: OpenSsl) => converse(wire, openssl, false);
    await acceptFrom(elsewhere, options, afresh);
    // OpenSSL goes on showing it, too, when our clock says that it is not as old as OpenSSL says, or past its lifetime;
    // and when the cipher suite we take has another hash than that of the session.
    for (const late of [90_000, 3 * 3_600_000])
      await acceptFrom([...as, ...again.slice(2)], { ...options, now: () => Date.now() + late }, afresh);
    const cipherSuites = [CipherSuite.TLS_AES_128_GCM_SHA256];
    await acceptFrom([...as, ...again.slice(2)], { ...options, cipherSuites }, afresh);
  });
}

test('our client resumes with Node’s server, which still knows it', async () => {
  const node = tls.createServer({
    cert: server.certificatePem,
    key: server.keyPem,
    ca: [ana.certificatePem],
    requestCert: true,
    rejectUnauthorized: true,
  });
  node.listen(0, '127.0.0.1');
  await once(node, 'listening');
  try {
    let session: Session | undefined;
    for (const resumed of [false, true, true]) {
      const accepted = once(node, 'secureConnection') as Promise<[tls.TLSSocket]>;
      const { port } = node.address() as AddressInfo;
      const wire = await dial(port, () => clientEnd({ identity: ana, now, session }));
      const [socket] = await accepted;
      socket.on('error', () => {});
      await wire.until('the handshake', () => wire.end.has('secure'));
      // Node gives no ticket after a resumption.
      if (!resumed) await wire.until('a ticket', () => wire.end.has('session'));
      assert.equal(socket.isSessionReused(), resumed);
      assert.equal(wire.end.connection.result?.resumed, resumed);
      assert.equal(socket.authorized, true);
      assert.equal(socket.getPeerCertificate().subject.CN, 'ana');
      assert.equal(
        socket.exportKeyingMaterial(32, LABEL, Buffer.alloc(0)).toString('hex'),
        exportedBy(wire.end),
      );
      session ??= sessionsOf(wire.end)[0];
      wire.socket.destroy();
    }
  } finally {
    node.close();
  }
});

test('Node’s client resumes with our server and is still known', async () => {
  const tickets = ticketSealer(new Uint8Array(48).fill(6), seededRandom(3));
  let session: Buffer | undefined;
  for (const resumed of [false, true, true]) {
    const {
      port,
      wire: arriving,
      stop,
    } = await acceptOne(() =>
      serverEnd({ tickets, now, requestCertificate: true, requireCertificate: true }),
    );
    const socket = tls.connect({
      port,
      host: '127.0.0.1',
      servername: 'server.example',
      ca: [server.certificatePem],
      ...(resumed ? {} : { cert: ana.certificatePem, key: ana.keyPem }),
      session,
    });
    const given = once(socket, 'session') as Promise<[Buffer]>;
    const wire = await arriving;
    try {
      [session] = await given;
      assert.equal(socket.isSessionReused(), resumed);
      assert.equal(socket.authorized, true);
      assert.equal(wire.end.connection.result?.resumed, resumed);
      assert.deepEqual(wire.end.connection.result?.peerCertificates, ana.certificates);
      assert.equal(
        socket.exportKeyingMaterial(32, LABEL, Buffer.alloc(0)).toString('hex'),
        exportedBy(wire.end),
      );
    } finally {
      socket.destroy();
      wire.socket.destroy();
      stop();
    }
  }
});
