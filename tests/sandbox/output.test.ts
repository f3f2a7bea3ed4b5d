// A process's output on its way to the page: bounded both where it travels and where it waits, and what is lost is told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOutputQueue } from '../../src/sandbox/embedded/kernel/output.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function queue(limits: { credit: number; backlog: number }) {
  const sent: string[] = [];
  let isEnded = false;
  const made = createOutputQueue(
    (fd, part) => sent.push(`${fd} ${new TextDecoder().decode(part)}`),
    () => {
      isEnded = true;
    },
    limits,
  );
  return { ...made, sent, isEnded: () => isEnded };
}

test('no more travels than the page has room for; the rest goes on as it is taken, in order, cut where it must be', () => {
  const { push, taken, end, sent, isEnded } = queue({ credit: 4, backlog: 100 });
  push(1, bytes('abc'));
  push(2, bytes('defg'));
  push(1, bytes('h'));
  assert.deepEqual(sent, ['1 abc', '2 d']);
  end();
  assert.equal(isEnded(), false, 'it has not all been sent');
  taken(3);
  assert.deepEqual(sent.slice(2), ['2 efg']);
  taken(4);
  assert.deepEqual(sent.slice(3), ['1 h']);
  assert.equal(isEnded(), true);
});

test('what comes faster than it can wait is dropped, and where it was dropped that is said, with how much', () => {
  const { push, taken, end, sent } = queue({ credit: 1000, backlog: 5 });
  push(1, bytes('x'.repeat(6)));
  assert.deepEqual(sent, [], 'more at once than may wait');
  push(1, bytes('next'));
  assert.match(sent[0], /^2 \n\[handfast\] 6 bytes of output were dropped here/);
  assert.equal(sent[1], '1 next');

  const full = queue({ credit: 1, backlog: 5 });
  for (const text of ['a', 'bcdef', 'lost', 'too']) full.push(1, bytes(text));
  assert.deepEqual(full.sent, ['1 a']);
  full.end();
  for (let count = 0; count < 200; count += 1) full.taken(1);
  assert.match(
    full.sent.map((each) => each.slice(2)).join(''),
    /^abcdef\n\[handfast\] 7 bytes of output were dropped here: .*\n$/,
  );

  push(1, bytes('x'.repeat(6)));
  end();
  taken(1000);
  assert.match(sent.at(-1) ?? '', /6 bytes of output were dropped here/, 'also where nothing comes after it');
});
