/** Time, passed in so that tests need not wait for it. */
export interface Clock {
  /** Milliseconds from any fixed start. */
  now(): number;
  /** Calls back once after so many milliseconds; the returned function takes that back. */
  after(milliseconds: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};
