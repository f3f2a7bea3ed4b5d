/** A run ends early for one of these reasons; `words` is for the reader. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly reason: 'stopped' | 'time-limit' | 'server' | 'browser' | 'prepare' | 'engine';

  constructor(reason: Interrupted['reason'], words: string) {
    super(words);
    this.reason = reason;
  }
}

/** Waits for the work unless the run is stopped: an engine that never answers must not keep the reader from stopping. */
export function unlessStopped<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Interrupted('stopped', 'Stopped.'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
