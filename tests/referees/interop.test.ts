/**
 * The matrix: OpenSSL, GnuTLS and real Node, as servers of our clients and as clients of our servers; TLS 1.2 and 1.3; with
 * and without a client certificate; five kinds of keys; full handshakes, resumed ones, and after a HelloRetryRequest. Each
 * cell is a test: both ends say the same of the connection, compute the same keying material, and hear each other.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Session } from '../../src/tls/index.ts';
import { identity } from '../tls/support/identities.ts';
import type { Wire } from '../tls/support/sockets.ts';
import { gnutls } from './interop/gnutls.ts';
import { node } from './interop/node.ts';
import { openssl } from './interop/openssl.ts';
import { clientOptions, connect, converse, exportedBy, listen, loopback, sessionOf } from './interop/ours.ts';
import { kinds, type Setting, type TheirServer, type Version, versions } from './interop/peers.ts';

const settings = kinds.flatMap((kind) =>
  [false, true].map((mutual) => ({
    title: `${kind}${mutual ? ', both with certificates' : ''}`,
    make: (): Setting => ({ server: identity(kind), client: mutual ? identity(kind, 'ana') : undefined }),
  })),
);

/** What both directions check on our side. */
function check(
  { end }: Wire,
  { server, client }: Setting,
  version: Version,
  at: 'client' | 'server',
  how: How,
) {
  const { result } = end.connection;
  assert.ok(result, String(end.errors()[0]));
  assert.equal(result.version, version);
  assert.equal(result.resumed, how === 'resumed');
  assert.equal(result.helloRetried, how === 'retried');
  const theirs = at === 'client' ? server : client;
  assert.deepEqual(result.peerCertificates, theirs?.certificates ?? []);
}
type How = 'full' | 'resumed' | 'retried';

for (const peer of [openssl, gnutls, node]) {
  // For the table of referees: a suite that is skipped does not say why there.
  if (peer.absent) test(`the cells with ${peer.name}`, { skip: peer.absent }, () => {});

  describe(`our client, ${peer.name}'s server`, { skip: peer.absent ?? false }, () => {
    for (const { title, make } of settings) {
      describe(title, () => {
        let theirs: TheirServer;
        let setting: Setting;
        before(async () => {
          setting = make();
          theirs = await peer.serve(setting);
        });
        after(() => theirs?.stop());

        for (const version of versions) {
          let session: Session | undefined;
          const cell = (how: How) =>
            test(`${version} ${how}`, async () => {
              const options = clientOptions(setting, version, how === 'retried');
              if (how === 'resumed') assert.ok(session, 'there is a session to resume');
              const wire = await connect(theirs.port, {
                ...options,
                ...(how === 'resumed' ? { session } : {}),
              });
              try {
                await wire.until('the handshake', () => wire.end.has('secure'));
                check(wire, setting, version, 'client', how);
                await theirs.connected(exportedBy(wire.end), how === 'resumed');
                await converse(wire, (line) => theirs.converse(line));
                if (how === 'full') await wire.until('a session', () => wire.end.has('session'));
                session ??= sessionOf(wire.end);
                assert.deepEqual(wire.end.errors(), []);
              } finally {
                wire.close();
              }
            });
          cell('full');
          cell('resumed');
          if (version === 'TLSv1.3') cell('retried');
        }
      });
    }
  });

  describe(`${peer.name}'s client, our server`, { skip: peer.absent ?? false }, () => {
    for (const { title, make } of settings) {
      for (const version of versions) {
        describe(`${title}, ${version}`, () => {
          let setting: Setting;
          let ours: Awaited<ReturnType<typeof listen>>;
          let session: unknown;
          before(async () => {
            setting = make();
            ours = await listen(setting, version);
          });
          after(() => ours?.stop());

          const cell = (how: How) =>
            test(how, async () => {
              const { port } = ours;
              if (how === 'resumed') assert.ok(session, 'there is a session to resume');
              const asked = { ...setting, port, version, retries: how === 'retried', keeps: how === 'full' };
              const theirs = await peer.connect({ ...asked, ...(how === 'resumed' ? { session } : {}) });
              let stays = false;
              try {
                const wire = await ours.next();
                await wire.until('the handshake', () => wire.end.has('secure'));
                check(wire, setting, version, 'server', how);
                await theirs.connected(exportedBy(wire.end), how === 'resumed');
                const talk = theirs.converse;
                if (talk) await converse(wire, talk);
                if (how === 'full') session = await theirs.session();
                stays = how === 'full' && talk === undefined;
                assert.deepEqual(wire.end.errors(), []);
              } finally {
                if (!stays) await theirs.stop();
              }
            });
          cell('full');
          cell('resumed');
          if (version === 'TLSv1.3') cell('retried');
        });
      }
    }
  });
}

describe('our client, our server', () => {
  for (const { title, make } of settings) {
    for (const version of versions) {
      let session: Session | undefined;
      const cell = (how: How) =>
        test(`${title}, ${version} ${how}`, () => {
          const setting = make();
          const kept = how === 'resumed' ? session : undefined;
          const { client, server } = loopback(setting, version, how === 'retried', kept);
          assert.deepEqual([...client.errors(), ...server.errors()], []);
          assert.equal(client.connection.result?.resumed, how === 'resumed');
          assert.equal(client.connection.result?.helloRetried, how === 'retried');
          assert.equal(exportedBy(client), exportedBy(server));
          session ??= sessionOf(client);
        });
      cell('full');
      cell('resumed');
      if (version === 'TLSv1.3') cell('retried');
    }
  }
});
