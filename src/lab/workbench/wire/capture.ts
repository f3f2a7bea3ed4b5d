import { signal } from '@preact/signals';
import { Dissector, type Seen, writePcapng } from '../../../wire/index.ts';

/** How long reading a capture may hold up the page at a time. */
const SLICE_MILLISECONDS = 8;

/** What was seen of one network in the last run, and what is known of it so far. */
export class Capture {
  /** Grows whenever something more has been read: whoever shows the capture looks again. */
  readonly version = signal(0);
  #seen: Seen[] = [];
  #dissector = new Dissector();
  #isScheduled = false;

  get dissector(): Dissector {
    return this.#dissector;
  }

  /** A new run begins: what was said in the one before is gone. */
  clear(): void {
    this.#seen = [];
    this.#dissector = new Dissector();
    this.version.value += 1;
  }

  add(seen: Seen): void {
    this.#seen.push(seen);
    this.#dissector.add(seen);
    this.#schedule();
  }

  /** The capture as a file, with its keys. */
  file(comment: string): Uint8Array {
    return writePcapng(this.#seen, { keyLog: this.#dissector.keys.lines, comment });
  }

  /** Reads between frames, a little at a time, so that a run is never held up by who watches it. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      this.#isScheduled = false;
      const start = performance.now();
      const isLeft = this.#dissector.work(() => performance.now() - start < SLICE_MILLISECONDS);
      this.version.value += 1;
      if (isLeft) this.#schedule();
    });
  }
}
