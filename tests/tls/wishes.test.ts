// What ends may wish for besides the essentials: signatures in certificates, authorities, shorter records, time to think.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ContentType, HandshakeType } from '../../src/tls/codec/index.ts';
import { createTlsServer, SignatureScheme } from '../../src/tls/index.ts';
import { readPrivateKeyPem } from '../../src/x509/index.ts';
import { issue, makeKey, name } from '../support/pki.ts';
import { identity } from './support/identities.ts';
import { bytes, clientEnd, connect, type End, serverEnd, shuttle } from './support/pair.ts';

const { ecdsa_secp256r1_sha256, ecdsa_secp384r1_sha384, ed25519 } = SignatureScheme;
const { rsa_pkcs1_sha256, rsa_pss_rsae_sha256, rsa_pss_rsae_sha512 } = SignatureScheme;

/** Whose certificate (all are signed by their own keys, with SHA-256 where a hash is used) pleases whom. §4.2.3 */
const tastes = [
  ['P-256', [ecdsa_secp256r1_sha256], true],
  ['P-384', [ecdsa_secp256r1_sha256], true],
  ['P-256', [ecdsa_secp384r1_sha384], false],
  ['P-256', [rsa_pkcs1_sha256, ed25519], false],
  ['P-256', [0x7777, ecdsa_secp256r1_sha256], true],
  ['rsa', [rsa_pkcs1_sha256], true],
  ['rsa', [rsa_pss_rsae_sha256], false],
  ['ed25519', [ed25519], true],
  ['ed25519', [rsa_pkcs1_sha256], false],
] as const;

for (const [kind, signatureSchemesCert, pleases] of tastes) {
  const schemes = signatureSchemesCert.map((id) => id.toString(16)).join();
  test(`signature_algorithms_cert ${schemes}: a certificate of ${kind} will ${pleases ? '' : 'not '}do`, () => {
    const { server } = connect({ signatureSchemesCert }, { identity: identity(kind) });
    if (pleases) assert.deepEqual(server.errors(), []);
    else assert.equal(server.errors()[0]?.reason, 'no-suitable-signature-algorithm');

    const ana = identity(kind, 'ana');
    const asked = connect({ identity: ana }, { requestCertificate: true, signatureSchemesCert });
    assert.deepEqual([...asked.client.errors(), ...asked.server.errors()], []);
    const shown = asked.server.connection.result?.peerCertificates;
    assert.deepEqual(shown, pleases ? ana.certificates : []);
  });
}

test('§4.4.2.2: a certificate that signs itself with SHA-1 will do for a client that names SHA-1, and no other', () => {
  for (const [kind, sha1, other] of [
    ['rsa', SignatureScheme.rsa_pkcs1_sha1, rsa_pkcs1_sha256],
    ['ec', SignatureScheme.ecdsa_sha1, ecdsa_secp256r1_sha256],
  ] as const) {
    const { certificate, keyPem } = issue({ subject: name('CN=old'), key: makeKey(kind), hash: 'sha1' });
    const old = { certificates: [certificate], privateKey: readPrivateKeyPem(keyPem) };
    const pleased = connect({ signatureSchemesCert: [other, sha1] }, { identity: old });
    assert.deepEqual([...pleased.client.errors(), ...pleased.server.errors()], []);
    assert.deepEqual(pleased.client.connection.result?.peerCertificates, [certificate]);
    const { server } = connect({ signatureSchemesCert: [other] }, { identity: old });
    assert.equal(server.errors()[0]?.reason, 'no-suitable-signature-algorithm');
  }
});

test('without signature_algorithms_cert a certificate may be signed with anything', () => {
  const { client, server } = connect(
    { signatureSchemes: [ecdsa_secp384r1_sha384] },
    { identity: identity('P-384') },
  );
  assert.deepEqual([...client.errors(), ...server.errors()], []);
});

for (const version of [0x0303, 0x0304] as const) {
  for (const prefersPeersOrder of [true, false]) {
    const whose = prefersPeersOrder ? 'of the peer' : 'of our own';
    test(`in ${version === 0x0303 ? 'TLS 1.2' : 'TLS 1.3'} the order ${whose} decides, of signatures and of suites`, () => {
      const versions = { min: version, max: version };
      const both = [rsa_pss_rsae_sha512, rsa_pss_rsae_sha256];
      const suites = version === 0x0303 ? [0xc02f, 0xc030] : [0x1301, 0x1302];
      const common = { versions, prefersPeersOrder, identity: identity('rsa') };
      const { client, server } = connect(
        { ...common, signatureSchemes: both, cipherSuites: suites },
        {
          ...{ ...common, signatureSchemes: both.toReversed(), cipherSuites: suites.toReversed() },
          requestCertificate: true,
        },
      );
      assert.deepEqual([...client.errors(), ...server.errors()], []);
      const { result } = server.connection;
      const [ofClient, ofServer] = prefersPeersOrder ? both.toReversed() : both;
      assert.deepEqual(
        [result?.signatureScheme.client?.id, result?.signatureScheme.server?.id],
        [ofClient, ofServer],
      );
      assert.equal(result?.cipherSuite.id, suites[prefersPeersOrder ? 0 : 1]);
      assert.deepEqual(result?.sharedSignatureSchemes, prefersPeersOrder ? both : both.toReversed());
    });
  }
}

test('§4.2.4: each side says whom it trusts, and hears it from the other', () => {
  const ours = [bytes('0\u0002x')];
  const theirs = [bytes('0\u0002y'), bytes('0\u0002z')];
  const { client, server } = connect(
    { certificateAuthorities: ours },
    { certificateAuthorities: theirs, requestCertificate: true },
  );
  assert.deepEqual(server.connection.result?.peerCertificateAuthorities, ours);
  assert.deepEqual(client.connection.result?.peerCertificateAuthorities, theirs);
});

const longest = (end: End, type: number) =>
  Math.max(
    ...end.events.flatMap((event) =>
      event.type === 'record' && !event.sent && event.contentType === type ? [event.length] : [],
    ),
  );

test('maxSendFragment holds for the handshake and for data, and may change on the way', () => {
  const { client, server } = connect({ maxSendFragment: 600 }, { maxSendFragment: 512 });
  assert.equal(longest(client, ContentType.handshake), 512);
  assert.equal(longest(server, ContentType.handshake), 600, 'a ClientHello with a share of X25519MLKEM768');
  server.connection.write(new Uint8Array(5000));
  shuttle(client, server);
  assert.equal(longest(client, ContentType.application_data), 512);
  server.connection.setMaxSendFragment(2000);
  server.connection.write(new Uint8Array(5000));
  shuttle(client, server);
  assert.equal(longest(client, ContentType.application_data), 2000);
  assert.equal(client.received().length, 10_000);
  assert.throws(() => server.connection.setMaxSendFragment(511), { reason: 'bad-options' });
  assert.throws(() => server.connection.setMaxSendFragment(16_385), { reason: 'bad-options' });
  const base = { now: () => 0, random: () => {}, onEvent: () => {} };
  assert.throws(() => createTlsServer({ ...base, maxSendFragment: 1 }), { reason: 'bad-options' });
});

test('the shorter of our own wish and the peer’s record_size_limit counts', () => {
  const { client, server } = connect({ recordSizeLimit: 1001 }, { maxSendFragment: 2000 });
  server.connection.write(new Uint8Array(5000));
  shuttle(client, server);
  assert.equal(longest(client, ContentType.application_data), 1000);
  server.connection.setMaxSendFragment(700);
  server.connection.write(new Uint8Array(5000));
  shuttle(client, server);
  assert.equal(client.received().length, 10_000);
});

test('while a server’s owner thinks, a client cannot make it keep whatever it sends', () => {
  const client = clientEnd();
  const server = serverEnd({ pauseAtClientHello: true });
  client.connection.start();
  server.connection.receive(client.connection.takeOutput());
  for (let sent = 0; sent < 2 ** 20; sent += 2 ** 14) server.connection.receive(new Uint8Array(2 ** 14));
  assert.equal(server.errors().length, 1);
  assert.equal(server.errors()[0].reason, 'too-much-skipped-early-data');
  server.connection.resume();
  assert.equal(server.has('secure'), false);
});

for (const version of [0x0303, 0x0304] as const) {
  test(`RFC 6066 §3: the client is told that its name was of use, and only then, 0x${version.toString(16)}`, () => {
    // ServerHello has it in TLS 1.2, EncryptedExtensions in TLS 1.3.
    const isAnswer = (type: number) =>
      type === (version === 0x0303 ? HandshakeType.server_hello : HandshakeType.encrypted_extensions);
    const ofServer = (nameUsed: boolean) => {
      const versions = { min: version, max: version };
      const client = clientEnd({ versions });
      const server = serverEnd({ versions, pauseAtClientHello: true });
      client.connection.start();
      shuttle(client, server);
      server.connection.resume(undefined, { nameUsed });
      shuttle(client, server);
      assert.ok(client.connection.result);
      const [answer] = server.events.flatMap((event) =>
        event.type === 'handshake' && event.sent && isAnswer(event.message[0]) ? [event.message] : [],
      );
      return answer;
    };
    assert.equal(ofServer(true).length - ofServer(false).length, 4, 'an extension that is empty');
  });
}
