// What somebody on the path did is found at the message it was done to, and at the byte.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Dissector, onPathOf, type Seen, seenBy, writePcapng } from '../../src/wire/index.ts';
import { play } from './support/scenes.ts';

/** The scene, with one thing done to what the client sends first. */
async function changed(scene: string, offset: number): Promise<{ seen: Seen[]; plain: Seen[] }> {
  const plain = await play(scene);
  const first = plain.find((each) => each.type === 'segment' && each.bytes.length > 0);
  assert.ok(first?.type === 'segment');
  const { connection, bytes } = first;
  const about = { type: 'path', id: 1, connection, sender: 'client', at: 0, length: bytes.length } as const;
  const change = { offset, was: bytes[offset], is: bytes[offset] ^ 1 };
  return { plain, seen: [...plain, { ...about, state: 'held' }, { ...about, state: 'changed', change }] };
}

for (const [scene, name, offset, changedAt] of [
  ['mutual TLS 1.3, three requests on one connection', 'ClientHello', 20, 15],
  ['no TLS at all', 'GET /ledger HTTP/1.1', 4, 4],
] as const) {
  test(`${scene}: it is the ${name}, and no other`, async () => {
    const { seen, plain } = await changed(scene, offset);
    const dissector = new Dissector();
    for (const each of seen) dissector.add(each);
    dissector.work();
    const [connection] = dissector.connections;
    const marked = seenBy('everything', connection).flatMap((message) => {
      const onPath = onPathOf(connection, message);
      return onPath ? [{ message, onPath }] : [];
    });
    assert.deepEqual(
      marked.map(({ message }) => message.name),
      [name],
    );
    assert.equal(marked[0].onPath.seen.state, 'changed', 'the last that was seen of it');
    assert.equal(marked[0].onPath.changedAt, changedAt);
    assert.deepEqual(writePcapng(seen), writePcapng(plain), 'a capture has what was sent');
  });
}
