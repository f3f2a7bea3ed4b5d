/** TLS 1.2 under good keys: messages and records that no honest peer sends, from one that shook hands like any other. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ContentType, finished12, HandshakeType, handshakeMessage } from '../../src/tls/codec/index.ts';
import { identity } from '../tls/support/identities.ts';
import { againstOurs, type Peer12 } from '../tls/support/scripted12.ts';
import { assertSound, mutate, type Numbers, numbers } from './fuzz/mutate.ts';
import { tell } from './support/tally.ts';

const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 60);

type Role = 'client' | 'server';

/** Up to the point where the scripted peer encrypts. */
async function agreeKeys(peer: Peer12): Promise<void> {
  if (peer.role === 'server') {
    await peer.message(HandshakeType.client_hello);
    peer.sendServerHello();
    peer.sendCertificate(identity('P-256'));
    peer.sendKeyExchange();
    peer.sendDone();
    await peer.message(HandshakeType.finished);
  } else {
    peer.sendClientHello();
    await peer.message(HandshakeType.server_hello_done);
    peer.sendClientKeyExchange();
    peer.derive();
  }
  peer.sendChangeCipherSpec();
}

/** Lets a scripted peer of this role say `spoilt` to an end of ours, over and over. */
async function fuzz(
  context: TestContext,
  what: string,
  role: Role,
  spoilt: (peer: Peer12, next: Numbers) => void | Promise<void>,
): Promise<string[]> {
  const ends: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { end } = await againstOurs(role, async (peer) => {
      await agreeKeys(peer);
      await spoilt(peer, numbers(round + 1));
    });
    assertSound(end, `round ${round} of ${what}, by a ${role}`);
    ends.push(end.errors()[0]?.reason ?? 'none');
  }
  tell(context, `fuzz: ${what}`, { run: ROUNDS, passed: ROUNDS });
  return ends;
}

for (const role of ['server', 'client'] as const) {
  test(`a Finished that was changed before a ${role} encrypted it`, async (context) => {
    const ends = await fuzz(context, 'Finished of TLS 1.2', role, (peer, next) => {
      const honest = handshakeMessage(HandshakeType.finished, finished12, peer.finishedBody());
      const sent = mutate(honest, next);
      peer.sendRecord(ContentType.handshake, sent);
      // Bytes after a whole message are another matter: they come too early, or late.
      const isHonest = Buffer.compare(sent.subarray(0, honest.length), honest) === 0;
      assert.equal(peer.outcome.includes('secure') && !isHonest, false);
    });
    assert.ok(ends.includes('bad-finished') && ends.includes('unexpected-message'), ends.join());
  });

  test(`whatever a ${role} says after the handshake`, async (context) => {
    const kinds = Object.values(ContentType);
    const types = [HandshakeType.hello_request, HandshakeType.new_session_ticket, HandshakeType.client_hello];
    const ends = await fuzz(context, 'records of TLS 1.2', role, async (peer, next) => {
      peer.sendFinished();
      await peer.until(/secure/);
      for (let count = 0; count < 20; count++) {
        const content = new Uint8Array(next(30)).map(() => next(256));
        const type = next(10) === 0 ? next(256) : kinds[next(kinds.length)];
        if (type === ContentType.handshake && content.length) content[0] = types[next(types.length)];
        peer.sendRecord(type, content);
      }
    });
    assert.ok(new Set(ends).size > 3, ends.join());
  });

  test(`records that were changed after a ${role} encrypted them`, async (context) => {
    const ends = await fuzz(context, 'encrypted records of TLS 1.2', role, async (peer, next) => {
      peer.sendFinished();
      await peer.until(/secure/);
      const record = peer.sealing?.seal(ContentType.application_data, new Uint8Array(50));
      assert.ok(record);
      peer.sendRaw(mutate(record, next));
    });
    assert.ok(ends.includes('bad-record-mac'), ends.join());
  });
}
