import type { Clock } from './clock.ts';

interface Timer {
  left: number;
  since: number;
  cancel: () => void;
  callback(): void;
}

/**
 * A run's clock, which stands still while something is held on the path: whoever holds it may take their time. What the
 * programs measure themselves goes on.
 */
export class HeldClock implements Clock {
  readonly #clock: Clock;
  readonly #timers = new Set<Timer>();
  #isHeld = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer: Timer = { left: milliseconds, since: 0, cancel: () => {}, callback };
    this.#timers.add(timer);
    if (!this.#isHeld) this.#start(timer);
    return () => {
      timer.cancel();
      this.#timers.delete(timer);
    };
  }

  /** Stands still, or goes on. */
  hold(isHeld: boolean): void {
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    for (const timer of this.#timers) {
      if (!isHeld) this.#start(timer);
      else {
        timer.cancel();
        timer.left = Math.max(0, timer.left - (this.now() - timer.since));
      }
    }
  }

  #start(timer: Timer): void {
    timer.since = this.now();
    timer.cancel = this.#clock.after(timer.left, () => {
      this.#timers.delete(timer);
      timer.callback();
    });
  }
}
