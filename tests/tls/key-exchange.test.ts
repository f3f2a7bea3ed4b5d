// X25519MLKEM768 as draft-ietf-tls-ecdhe-mlkem lays it out, and which group a server takes.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import tls from 'node:tls';
import { x25519 } from '@noble/curves/ed25519.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import {
  clientHello,
  decode,
  ExtensionType,
  hex,
  readExtension,
  supportedGroups,
} from '../../src/tls/codec/index.ts';
import { NamedGroup } from '../../src/tls/index.ts';
import { groupOf } from '../../src/tls/key-exchange.ts';
import { identity } from './support/identities.ts';
import { clientEnd, connect, seededRandom, serverEnd } from './support/pair.ts';
import { acceptOne, dial } from './support/sockets.ts';

const { x25519: X25519, X25519MLKEM768, secp256r1, secp384r1, secp521r1 } = NamedGroup;
const hybrid = groupOf(X25519MLKEM768);
assert.ok(hybrid);
const server = identity('P-256');

test('a client’s share is an encapsulation key and an X25519 key, a server’s a ciphertext and an X25519 key', () => {
  const own = hybrid.generate(seededRandom(1));
  assert.equal(own.publicKey.length, 1184 + 32);
  const { share, secret } = hybrid.answer(own.publicKey, seededRandom(2));
  assert.equal(share.length, 1088 + 32);
  assert.equal(secret.length, 64);
  assert.deepEqual(hybrid.agree(own, share), secret);
  // The same, put together by hand: ML-KEM's secret comes first.
  const kem = ml_kem768.decapsulate(share.slice(0, 1088), own.secretKey.slice(0, 2400));
  const dh = x25519.getSharedSecret(own.secretKey.slice(2400), share.slice(1088));
  assert.equal(hex(secret), hex(kem) + hex(dh));
});

test('a share that is none of the group is refused', () => {
  const own = hybrid.generate(seededRandom(1));
  const { share } = hybrid.answer(own.publicKey, seededRandom(2));
  for (const length of [0, 32, 1184, 1215, 1217]) {
    const wrong = new Uint8Array(length);
    wrong.set(own.publicKey.subarray(0, length));
    assert.throws(() => hybrid.answer(wrong, seededRandom(2)), `${length} bytes`);
  }
  for (const length of [0, 32, 1088, 1119, 1121]) {
    const wrong = new Uint8Array(length);
    wrong.set(share.subarray(0, length));
    assert.throws(() => hybrid.agree(own, wrong), `${length} bytes`);
  }
  // FIPS 203 §7.2: coefficients that are not reduced modulo 3329.
  assert.throws(() =>
    hybrid.answer(
      own.publicKey.map((byte, at) => (at < 3 ? 0xff : byte)),
      seededRandom(2),
    ),
  );
  // RFC 8446 §7.4.2: an X25519 key that leads to zero, whatever ML-KEM says.
  const noSecret = own.publicKey.slice();
  noSecret.fill(0, 1184);
  assert.throws(() => hybrid.answer(noSecret, seededRandom(2)));
  const noAnswer = share.slice();
  noAnswer.fill(0, 1088);
  assert.throws(() => hybrid.agree(own, noAnswer));
});

test('a ciphertext that was changed leads to other keys, and no further', () => {
  const { server, client } = (() => {
    const client = clientEnd();
    const server = serverEnd();
    client.connection.start();
    server.connection.receive(client.connection.takeOutput());
    const flight = server.connection.takeOutput();
    // Inside the server's key share: record and message headers, version, random, session id and suite come before.
    flight[200] ^= 1;
    client.connection.receive(flight);
    return { client, server };
  })();
  assert.equal(client.errors()[0]?.reason, 'bad-record-mac');
  assert.equal(server.has('secure'), false);
});

test('two ends that were told nothing agree on X25519MLKEM768 at once', () => {
  const { client, server } = connect();
  for (const end of [client, server]) {
    assert.deepEqual(end.connection.result?.group, { id: X25519MLKEM768, name: 'X25519MLKEM768' });
    assert.equal(end.connection.result?.helloRetried, false);
  }
});

test('TLS 1.2 has no hybrids: a client that speaks nothing newer offers none', () => {
  const offered = (max: 0x0303 | 0x0304) => {
    const client = clientEnd({ versions: { min: 0x0303, max } });
    client.connection.start();
    const [message] = client.events.flatMap((event) => (event.type === 'handshake' ? [event.message] : []));
    const { extensions = [] } = decode(clientHello, message.subarray(4), 'ClientHello');
    return readExtension(extensions, ExtensionType.supported_groups, supportedGroups);
  };
  assert.deepEqual(offered(0x0304), [X25519MLKEM768, X25519, secp256r1, secp384r1, secp521r1]);
  assert.deepEqual(offered(0x0303), [X25519, secp256r1, secp384r1, secp521r1]);
});

/** What real Node's server does with `ecdhCurve` at its default, and ours. */
const choices: readonly (readonly [string, readonly number[], expected: number, retried: boolean])[] = [
  ['X25519:X25519MLKEM768', [X25519, X25519MLKEM768], X25519MLKEM768, true],
  ['P-256:X25519', [secp256r1, X25519], secp256r1, false],
  ['P-384:P-256', [secp384r1, secp256r1], secp256r1, true],
  ['P-521:P-384', [secp521r1, secp384r1], secp521r1, false],
  ['X25519MLKEM768', [X25519MLKEM768], X25519MLKEM768, false],
];

for (const [list, groups, expected, retried] of choices) {
  test(`a server that was told nothing takes of ${list} what Node’s takes`, async () => {
    const { client } = connect({ groups });
    assert.equal(client.connection.result?.group?.id, expected);
    assert.equal(client.connection.result?.helloRetried, retried);

    const node = tls.createServer({ cert: server.certificatePem, key: server.keyPem });
    node.listen(0, '127.0.0.1');
    await once(node, 'listening');
    try {
      const accepted = once(node, 'secureConnection') as Promise<[tls.TLSSocket]>;
      const wire = await dial((node.address() as AddressInfo).port, () => clientEnd({ groups }));
      const [socket] = await accepted;
      socket.on('error', () => {});
      await wire.until('the handshake', () => wire.end.has('secure'));
      assert.equal(wire.end.connection.result?.group?.id, expected);
      assert.equal(wire.end.connection.result?.helloRetried, retried);
      const exported = socket.exportKeyingMaterial(32, 'label', Buffer.alloc(0)).toString('hex');
      assert.equal(exported, hex(wire.end.connection.exportKeyingMaterial('label', undefined, 32)));
      wire.socket.destroy();
    } finally {
      node.close();
    }
  });
}

for (const retried of [false, true]) {
  test(`our server and Node’s client share X25519MLKEM768${retried ? ', which is asked for' : ''}`, async () => {
    const { port, wire: arriving, stop } = await acceptOne(() => serverEnd());
    const socket = tls.connect({
      port,
      host: '127.0.0.1',
      servername: 'server.example',
      ca: [server.certificatePem],
      ...(retried ? { ecdhCurve: 'X25519:X25519MLKEM768' } : {}),
    });
    const ready = once(socket, 'secureConnect');
    const wire = await arriving;
    try {
      await ready;
      await wire.until('the handshake', () => wire.end.has('secure'));
      assert.equal((socket.getEphemeralKeyInfo() as tls.EphemeralKeyInfo).name, 'X25519MLKEM768');
      assert.equal(wire.end.connection.result?.group?.id, X25519MLKEM768);
      assert.equal(wire.end.connection.result?.helloRetried, retried);
      const exported = socket.exportKeyingMaterial(32, 'label', Buffer.alloc(0)).toString('hex');
      assert.equal(exported, hex(wire.end.connection.exportKeyingMaterial('label', undefined, 32)));
    } finally {
      socket.destroy();
      wire.socket.destroy();
      stop();
    }
  });
}
