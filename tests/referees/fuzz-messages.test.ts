/** Messages of TLS 1.3, spoilt before they are encrypted under good keys, so that what reads them is reached. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ContentType, describeMessage, HandshakeType } from '../../src/tls/codec/index.ts';
import { identity } from '../tls/support/identities.ts';
import { clientEnd, serverEnd } from '../tls/support/pair.ts';
import { ScriptedClient, ScriptedServer } from '../tls/support/scripted.ts';
import { assertSound, mutate, numbers } from './fuzz/mutate.ts';

const ROUNDS = 300;
/** For those that need a handshake each time. */
const DEAR_ROUNDS = 100;

test('a mutated ClientHello never gets more than a typed error out of a server', () => {
  const client = clientEnd({ alpn: ['h2'], groups: [0x001d, 0x0017] });
  client.connection.start();
  const flight = client.connection.takeOutput();
  for (let round = 0; round < ROUNDS; round++) {
    const server = serverEnd();
    server.connection.receive(mutate(flight, numbers(round + 1)));
    assertSound(server, `round ${round}`);
  }
});

test('a mutated server flight never gets more than a typed error out of a client', () => {
  const client = clientEnd();
  const server = serverEnd({ requestCertificate: true });
  client.connection.start();
  server.connection.receive(client.connection.takeOutput());
  const flight = server.connection.takeOutput();
  // Every client below uses the same randomness as this one: so the flight, unharmed, would be accepted.
  client.connection.receive(flight);
  assert.ok(client.has('secure'));
  for (let round = 0; round < ROUNDS; round++) {
    const victim = clientEnd();
    victim.connection.start();
    victim.connection.takeOutput();
    victim.connection.receive(mutate(flight, numbers(round + 1)));
    assertSound(victim, `round ${round}`);
  }
});

test('mutated messages under good encryption never get more than a typed error out of a client', () => {
  const honest = [
    Uint8Array.of(HandshakeType.encrypted_extensions, 0, 0, 2, 0, 0),
    message(HandshakeType.certificate_request, [0, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3]),
    message(HandshakeType.certificate, [
      0,
      ...length3(421 + 5),
      ...length3(421),
      ...identity('P-256').certificates[0],
      0,
      0,
    ]),
  ];
  for (let round = 0; round < DEAR_ROUNDS; round++) {
    const next = numbers(round + 1);
    const victim = new ScriptedServer().shake();
    const wounded = next(3);
    honest.forEach((content, index) => {
      const body = index === wounded ? mutate(content, next) : content;
      if (body.length) victim.sendRecord(ContentType.handshake, body);
    });
    assertSound(victim.end, `round ${round}`);
  }
});

test('mutated messages under good encryption never get more than a typed error out of a server', () => {
  const certificates = identity('P-256', 'ana').certificates[0];
  const body = [
    0,
    ...length3(certificates.length + 5),
    ...length3(certificates.length),
    ...certificates,
    0,
    0,
  ];
  const honest = message(HandshakeType.certificate, body);
  for (let round = 0; round < DEAR_ROUNDS; round++) {
    const next = numbers(round + 1);
    const victim = new ScriptedClient({ requestCertificate: true }).shake();
    const wounded = mutate(honest, next);
    if (wounded.length) victim.sendRecord(ContentType.handshake, wounded);
    victim.sendRecord(
      ContentType.handshake,
      message(HandshakeType.certificate_verify, [4, 3, 0, 2, next(256), 0]),
    );
    assertSound(victim.end, `round ${round}`);
  }
});

test('mutated records after the handshake never get more than a typed error out of either side', () => {
  for (let round = 0; round < DEAR_ROUNDS / 2; round++) {
    const next = numbers(round + 1);
    for (const victim of [new ScriptedServer().finish(), new ScriptedClient().finish()]) {
      const kinds = [ContentType.handshake, ContentType.alert, ContentType.application_data, 0x63];
      for (let count = 0; count < 20; count++) {
        const content = new Uint8Array(next(30)).map(() => next(256));
        if (next(2) && content.length)
          content[0] = next(2) ? HandshakeType.key_update : HandshakeType.new_session_ticket;
        victim.sendRecord(kinds[next(kinds.length)], content);
      }
      assertSound(victim.end, `round ${round}`);
    }
  }
});

test('noise in clear never gets more than a typed error out of either side', () => {
  for (let round = 0; round < ROUNDS; round++) {
    const next = numbers(round + 1);
    for (const victim of [clientEnd(), serverEnd()]) {
      victim.connection.start();
      victim.connection.takeOutput();
      for (let count = 0; count < 5; count++) {
        const noise = new Uint8Array(next(300)).map(() => next(256));
        // Half the time it at least looks like a record.
        if (next(2) && noise.length > 5)
          noise.set([[0x14, 0x15, 0x16, 0x17][next(4)], 3, 3, 0, noise.length - 5]);
        victim.connection.receive(noise);
      }
      assertSound(victim, `round ${round}`);
    }
  }
});

test('a description of any bytes explains each of them once', () => {
  const client = clientEnd({ alpn: ['h2'] });
  client.connection.start();
  const [hello] = client.events.flatMap((event) => (event.type === 'handshake' ? [event.message] : []));
  for (let round = 0; round < ROUNDS; round++) {
    const content = mutate(hello, numbers(round + 1));
    const counts = new Array<number>(content.length).fill(0);
    const count = (notes: ReturnType<typeof describeMessage>['notes']): void => {
      for (const note of notes) {
        if (note.children.length) count(note.children);
        else for (let at = note.offset; at < note.offset + note.length; at++) counts[at] += 1;
      }
    };
    count(describeMessage(content).notes);
    assert.ok(
      counts.every((number) => number === 1),
      `round ${round}`,
    );
  }
});

test('a ClientHello of the largest size taken is collected, and then refused for what it says', () => {
  const client = new ScriptedClient();
  client.sendPlain(0x16, Uint8Array.of(1, 2, 1, 0x44));
  for (let count = 0; count < 200; count++) client.sendPlain(0x16, new Uint8Array(1000));
  assert.equal(client.end.errors().length, 1);
  assert.equal(client.end.errors()[0]?.fault, 'InvalidMessage');
});

function length3(value: number): number[] {
  return [value >> 16, (value >> 8) & 0xff, value & 0xff];
}

function message(type: number, body: readonly number[]): Uint8Array {
  return Uint8Array.from([type, ...length3(body.length), ...body]);
}
