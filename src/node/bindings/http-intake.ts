import { enterNext } from '../loop.ts';
import type { Item, StreamConsumer, StreamHandle } from './stream.ts';

/** Who parses what comes in. */
export interface PieceReader {
  /** Parses a piece from `at` on. Returns how far it came, or the error. */
  parse(piece: Uint8Array, at: number): number | Error;
  /** A piece is through, or failed. */
  through(piece: Uint8Array, outcome: number | Error): void;
}

/**
 * Sits on a server's stream and gives its bytes to the parser, past Node's JavaScript, as C++ does.
 *
 * Each part of a body is a callback of Node's own: its ticks and promise jobs run before the rest of the piece is looked
 * at, so that a listener for 'data' does not find the message complete.
 */
export class HttpIntake implements StreamConsumer {
  readonly #reader: PieceReader;
  #stream: StreamHandle | undefined;
  #arrived: Item[] = [];
  /** The piece that has been read halfway through. */
  #reading: { readonly piece: Uint8Array; at: number } | undefined;
  #isHeld = false;

  constructor(reader: PieceReader) {
    this.#reader = reader;
  }

  attach(stream: StreamHandle): void {
    this.#stream = stream;
    stream.consumer = this;
  }

  detach(): void {
    if (this.#stream?.consumer === this) this.#stream.consumer = null;
  }

  /** The rest of the piece waits for what the program does with the part that it was just given. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Holds the rest of the piece, if it came in here. */
  hold(): void {
    this.#isHeld = this.#reading !== undefined;
  }

  /** Drops what has come and was not read. */
  forget(): void {
    this.#arrived = [];
    this.#reading = undefined;
    this.#isHeld = false;
  }

  onStreamRead(item: Item): void {
    this.#arrived.push(item);
    if (!this.#reading && this.#arrived.length === 1) this.#read();
  }

  /** Reads the next piece, or goes on with one. What is no piece, or came after a `detach`, is Node's JavaScript's. */
  #read(): void {
    const item = this.#reading?.piece ?? this.#arrived[0];
    const isForOthers = !this.#reading && this.#stream?.consumer !== this;
    if (!(item instanceof Uint8Array) || isForOthers) {
      this.#arrived.shift();
      this.#stream?.handUp(item);
      this.#readOn();
      return;
    }
    const reading = this.#reading ?? { piece: item, at: 0 };
    this.#reading = reading;
    const outcome = this.#parse(reading);
    if (this.#reading !== reading) return; // forgotten meanwhile
    const isHeld = this.#isHeld;
    this.#isHeld = false;
    if (isHeld && typeof outcome === 'number') {
      reading.at = outcome;
      this.#goOn();
      return;
    }
    this.#reader.through(item, outcome);
    if (this.#reading !== reading) return;
    this.#reading = undefined;
    this.#arrived.shift();
    this.#readOn();
  }

  #parse({ piece, at }: { readonly piece: Uint8Array; readonly at: number }): number | Error {
    try {
      return this.#reader.parse(piece, at);
    } catch (error) {
      this.forget(); // a listener has thrown: that ends the piece
      throw error;
    }
  }

  #readOn(): void {
    if (this.#arrived.length > 0) this.#goOn();
  }

  #goOn(): void {
    const arrived = this.#arrived;
    enterNext(() => {
      if (this.#arrived === arrived) this.#read();
    });
  }
}
