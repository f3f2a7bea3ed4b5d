import { type ReadonlySignal, signal } from '@preact/signals';
import { type Dissector, sayingsOf, type WireConnection, type WireMessage } from '../../../wire/index.ts';

/** How long looking may hold up the page at a time. */
const SLICE_MILLISECONDS = 8;
/** Drawing what was found costs more than looking: so often it is drawn while there is more to look into. */
const DRAWN_EVERY_MILLISECONDS = 300;

/** What a message says does not change, and opening it is most of the work. */
const sayings = new WeakMap<WireMessage, string>();

function sayingsIn(message: WireMessage, connection: WireConnection): string {
  const known = sayings.get(message) ?? sayingsOf(message, connection);
  sayings.set(message, known);
  return known;
}

/** Looks for a text in all that was said, between frames and a little at a time, as a capture is read. */
export class Search {
  /** Grows whenever more was found, and when all has been looked into. */
  readonly version: ReadonlySignal<number>;
  readonly #version = signal(0);
  #sought = '';
  #dissector: Dissector | undefined;
  #found = new Set<WireMessage>();
  /** How many messages of a connection have been looked into. */
  #done = new Map<number, number>();
  #isScheduled = false;
  #isDone = true;
  #drawn = { at: 0, count: 0 };

  constructor() {
    this.version = this.#version;
  }

  /** Whether all that is sought has been found. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** The messages that hold this text, as far as has been looked; what is left is looked into from the next frame on. */
  for(sought: string, dissector: Dissector): ReadonlySet<WireMessage> {
    if (sought !== this.#sought || dissector !== this.#dissector) {
      this.#sought = sought;
      this.#dissector = dissector;
      this.#found = new Set();
      this.#done = new Map();
      this.#drawn = { at: 0, count: 0 };
    }
    this.#isDone = sought === '' || this.#next() === undefined;
    if (!this.#isDone) this.#schedule();
    return this.#found;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      this.#isScheduled = false;
      this.#look();
    });
  }

  /** A connection of which not every message has been looked into. */
  #next(): WireConnection | undefined {
    return this.#dissector?.connections.find(
      ({ id, messages }) => messages.length > (this.#done.get(id) ?? 0),
    );
  }

  #look(): void {
    if (this.#sought === '') return;
    const start = performance.now();
    for (const { connection, message } of this.#left()) {
      if (sayingsIn(message, connection).includes(this.#sought)) this.#found.add(message);
      if (performance.now() - start > SLICE_MILLISECONDS) break;
    }
    this.#isDone = this.#next() === undefined;
    if (!this.#isDone) this.#schedule();
    const isNews = this.#found.size > this.#drawn.count && start - this.#drawn.at > DRAWN_EVERY_MILLISECONDS;
    if (!this.#isDone && !isNews) return;
    this.#drawn = { at: start, count: this.#found.size };
    this.#version.value += 1;
  }

  *#left(): Generator<{ connection: WireConnection; message: WireMessage }> {
    for (const connection of this.#dissector?.connections ?? []) {
      for (let at = this.#done.get(connection.id) ?? 0; at < connection.messages.length; at++) {
        this.#done.set(connection.id, at + 1);
        yield { connection, message: connection.messages[at] };
      }
    }
  }
}
