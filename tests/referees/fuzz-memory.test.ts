/** A peer that talks without end makes nobody keep more than a little, nor work without end. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ContentType, HandshakeType } from '../../src/tls/codec/index.ts';
import { clientEnd, type End, serverEnd } from '../tls/support/pair.ts';
import { ScriptedClient, ScriptedServer } from '../tls/support/scripted.ts';
import { assertSound } from './fuzz/mutate.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const MEGABYTE = 2 ** 20;
const ROUNDS = 20_000;

/** What the process holds once nothing is left over. */
function held(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Says the same thing until the end gives up or has heard it often enough; gives how often. */
function insist(end: End, say: () => void, rounds = ROUNDS): number {
  for (let round = 0; round < rounds; round++) {
    if (end.errors().length > 0) return round;
    say();
    // As if the network took it; and what the test itself notes down is no burden of the engine's.
    end.connection.takeOutput();
    if (end.events.length > 100) end.events.splice(0, 90);
  }
  return rounds;
}

/**
 * Much less than the 20 MB or more that are said; what the compiler keeps meanwhile is in it. Buffers are given back beside
 * the program, so the collector is asked until they are.
 */
async function assertLittleSince(before: number): Promise<void> {
  let grown = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 50 && grown > 6 * MEGABYTE; turn++) {
    grown = held() - before;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(grown < 6 * MEGABYTE, `${(grown / MEGABYTE).toFixed(1)} MB more`);
}

async function assertBounded(end: End, say: () => void): Promise<void> {
  const before = held();
  insist(end, say);
  await assertLittleSince(before);
  assertSound(end, 'endless');
}

const record = (type: number, content: readonly number[]) =>
  Uint8Array.of(type, 3, 3, content.length >> 8, content.length & 0xff, ...content);

describe('before the handshake', () => {
  const starts: readonly (readonly [what: string, bytes: Uint8Array])[] = [
    ['empty handshake records', record(ContentType.handshake, [])],
    ['change_cipher_specs', record(ContentType.change_cipher_spec, [1])],
    ['warnings', record(ContentType.alert, [1, 90])],
    ['pieces of a message as long as can be said', record(ContentType.handshake, [1, 0xff, 0xff, 0xff])],
    ['pieces of the longest ClientHello', record(ContentType.handshake, new Array(1000).fill(1))],
    ['application data', record(ContentType.application_data, new Array(1000).fill(0))],
    ['the head of a record, and no more', Uint8Array.of(ContentType.handshake)],
  ];
  for (const [what, bytes] of starts) {
    test(`a server hears ${what}`, async () => {
      const server = serverEnd();
      await assertBounded(server, () => server.connection.receive(bytes));
      // The last one is a record that grows by a byte at a time, and is refused as soon as its length can be read.
      assert.equal(server.errors().length, 1);
    });
    test(`a client hears ${what}`, async () => {
      const client = clientEnd();
      client.connection.start();
      await assertBounded(client, () => client.connection.receive(bytes));
      assert.equal(client.errors().length, 1);
    });
  }
});

describe('after the handshake', () => {
  const keyUpdate = (asks: number) => Uint8Array.of(HandshakeType.key_update, 0, 0, 1, asks);
  const sayings: readonly (readonly [what: string, type: number, content: Uint8Array, ends: boolean])[] = [
    ['KeyUpdates that ask for more', ContentType.handshake, keyUpdate(1), true],
    ['empty application data', ContentType.application_data, new Uint8Array(), true],
    ['user_canceled', ContentType.alert, Uint8Array.of(1, 90), true],
    ['application data', ContentType.application_data, new Uint8Array(16_000), false],
  ];
  for (const [what, type, content, ends] of sayings) {
    for (const [role, make] of [
      ['client', () => new ScriptedServer().finish()],
      ['server', () => new ScriptedClient().finish()],
    ] as const) {
      test(`a ${role} hears ${what}`, async () => {
        const peer = make();
        const rounds = ends ? ROUNDS : 2000;
        const before = held();
        const heard = insist(peer.end, () => peer.sendRecord(type, content), rounds);
        await assertLittleSince(before);
        assertSound(peer.end, what);
        assert.equal(heard < rounds, ends, `heard ${heard} times`);
      });
    }
  }

  test('a client is given tickets without end', async () => {
    const server = new ScriptedServer().finish();
    const ticket = Uint8Array.of(
      HandshakeType.new_session_ticket,
      0,
      0,
      15,
      0,
      0,
      0,
      60,
      1,
      2,
      3,
      4,
      1,
      0,
      0,
      1,
      7,
      0,
      0,
    );
    const before = held();
    const heard = insist(server.end, () => server.sendRecord(ContentType.handshake, ticket), 5000);
    await assertLittleSince(before);
    assertSound(server.end, 'tickets');
    assert.ok(heard > 1, server.end.errors()[0]?.message);
  });
});
