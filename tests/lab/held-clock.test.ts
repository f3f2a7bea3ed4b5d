// The clock of a run stands still while something is held on the path, and goes on where it stood.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeldClock } from '../../src/lab/held-clock.ts';

/** Time that passes when the test says so. */
function handClock() {
  let time = 0;
  const timers = new Set<{ at: number; callback: () => void }>();
  return {
    now: () => time,
    after(milliseconds: number, callback: () => void) {
      const timer = { at: time + milliseconds, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    pass(milliseconds: number) {
      time += milliseconds;
      for (const timer of [...timers]) {
        if (timer.at > time) continue;
        timers.delete(timer);
        timer.callback();
      }
    },
  };
}

test('a time limit counts only while nothing is held', () => {
  const hand = handClock();
  const clock = new HeldClock(hand);
  let isOver = false;
  clock.after(1000, () => {
    isOver = true;
  });
  hand.pass(600);
  clock.hold(true);
  hand.pass(60_000);
  assert.equal(isOver, false, 'it stands still');
  clock.hold(false);
  hand.pass(399);
  assert.equal(isOver, false, 'it goes on where it stood');
  hand.pass(1);
  assert.equal(isOver, true);
});

test('what is set meanwhile begins when it goes on; what is taken back never comes', () => {
  const hand = handClock();
  const clock = new HeldClock(hand);
  const came: string[] = [];
  clock.hold(true);
  clock.after(10, () => came.push('set while held'));
  const cancel = clock.after(10, () => came.push('taken back while held'));
  cancel();
  hand.pass(100);
  assert.equal(came.length, 0);
  clock.hold(false);
  const cancelLater = clock.after(5, () => came.push('taken back'));
  cancelLater();
  hand.pass(10);
  assert.deepEqual(came, ['set while held']);
});
