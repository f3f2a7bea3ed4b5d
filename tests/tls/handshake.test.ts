import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CipherSuite, NamedGroup } from '../../src/tls/index.ts';
import { identity, keyKinds } from './support/identities.ts';
import { bytes, connect, shuttle, text } from './support/pair.ts';

for (const kind of keyKinds) {
  test(`mutual authentication with ${kind} keys on both sides`, () => {
    const client = identity(kind, 'ana');
    const { client: a, server: b } = connect(
      { identity: client },
      { identity: identity(kind), requestCertificate: true, requireCertificate: true },
    );
    assert.deepEqual([...a.errors(), ...b.errors()], []);
    assert.deepEqual(
      a.connection.result?.peerCertificates.map((c) => [...c]),
      [[...identity(kind).certificates[0]]],
    );
    assert.deepEqual(
      b.connection.result?.peerCertificates.map((c) => [...c]),
      [[...client.certificates[0]]],
    );
    a.connection.write(bytes('ping'));
    shuttle(a, b);
    assert.equal(text(b.received()), 'ping');
    b.connection.write(bytes('pong'));
    shuttle(a, b);
    assert.equal(text(a.received()), 'pong');
  });
}

for (const [name, suite] of Object.entries(CipherSuite).slice(0, 3)) {
  test(`cipher suite ${name}`, () => {
    const { client, server } = connect({ cipherSuites: [suite] });
    assert.equal(client.connection.result?.cipherSuite.name, name);
    assert.equal(server.connection.result?.cipherSuite.id, suite);
  });
}

for (const group of ['x25519', 'secp256r1', 'secp384r1', 'secp521r1'] as const) {
  test(`group ${group}`, () => {
    const { client, server } = connect({ groups: [NamedGroup[group]] });
    assert.equal(client.connection.result?.group?.id, NamedGroup[group]);
    assert.equal(server.connection.result?.group?.id, NamedGroup[group]);
  });
}
