import { type ReadonlySignal, signal } from '@preact/signals';
import { Dissector, writePcapng } from '../../../wire/index.ts';
import type { Capture } from './captures.ts';

/** How long reading a capture may hold up the page at a time. */
const SLICE_MILLISECONDS = 8;

/** A capture being read, between frames and a little at a time, so that a run is never held up by who watches it. */
export class Reading {
  /** Grows whenever something more has been read. */
  readonly version: ReadonlySignal<number>;
  readonly #version = signal(0);
  readonly #capture: Capture;
  #dissector = new Dissector();
  #seen: Capture['seen'];
  /** How many of `#seen` the dissector has been given. */
  #given = 0;
  #isScheduled = false;
  #isRead = false;

  constructor(capture: Capture) {
    this.version = this.#version;
    this.#capture = capture;
    this.#seen = capture.seen;
    capture.version.subscribe(() => this.#schedule());
  }

  get dissector(): Dissector {
    return this.#dissector;
  }

  /** Whether all that was seen has been read. */
  get isRead(): boolean {
    return this.#isRead && this.#given === this.#capture.seen.length;
  }

  /** The same, where it reads what was seen last; nothing between the start of another run and its first reading. */
  get current(): Dissector | undefined {
    return this.#seen === this.#capture.seen ? this.#dissector : undefined;
  }

  /** The capture as a file, with its keys. */
  file(comment: string): Uint8Array {
    return writePcapng(this.#seen, { keyLog: this.#dissector.keys.lines, comment });
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      this.#isScheduled = false;
      this.#read();
    });
  }

  #read(): void {
    if (this.#seen !== this.#capture.seen) {
      this.#seen = this.#capture.seen;
      this.#given = 0;
      this.#dissector = new Dissector();
    }
    for (; this.#given < this.#seen.length; this.#given++) this.#dissector.add(this.#seen[this.#given]);
    const start = performance.now();
    const isLeft = this.#dissector.work(() => performance.now() - start < SLICE_MILLISECONDS);
    this.#isRead = !isLeft;
    this.#version.value += 1;
    if (isLeft) this.#schedule();
  }
}
