/**
 * From what the tap saw to what was said. It is passive: it knows the segments of the network and the lines of the key
 * log, and nothing else of the programs. Taking a segment is cheap; the work of reading is done by `work`, in pieces.
 */
import { Conversation, type Surroundings } from './conversation.ts';
import { KeyLog } from './keylog.ts';
import { type Endpoint, type OnPathSeen, senderOf, type WireConnection } from './model.ts';

/** A connection was opened, or was not. */
export interface ConnectionSeen {
  readonly id: number;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly status: 'open' | 'refused';
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
}

/** What one end sent. `from` is the sender's end. */
export interface SegmentSeen {
  readonly connection: number;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly kind: 'data' | 'fin' | 'rst';
  readonly bytes: Uint8Array;
  readonly time: number;
}

/** A line that an end gave to the key log. */
export interface KeyLogSeen {
  readonly line: string;
}

export type Seen =
  | ({ readonly type: 'connection' } & ConnectionSeen)
  | ({ readonly type: 'segment' } & SegmentSeen)
  | ({ readonly type: 'keylog' } & KeyLogSeen)
  | ({ readonly type: 'path' } & OnPathSeen);

export class Dissector {
  readonly keys = new KeyLog();
  readonly #conversations = new Map<number, Conversation>();
  readonly #waiting: SegmentSeen[] = [];
  /** How many of `#waiting` have been read. */
  #read = 0;
  /** Connections in which a record might be readable now. */
  readonly #ready = new Set<Conversation>();
  #order = 0;
  readonly #around: Surroundings = { keys: this.keys, tickets: new Map(), nextOrder: () => this.#order++ };

  /** In the order in which they were opened. */
  get connections(): readonly WireConnection[] {
    return [...this.#conversations.values()];
  }

  add(seen: Seen): void {
    if (seen.type === 'connection') this.#open(seen);
    else if (seen.type === 'segment') this.#waiting.push(seen);
    else if (seen.type === 'path') this.#conversations.get(seen.connection)?.onPath.set(seen.id, seen);
    else if (this.keys.add(seen.line)) for (const each of this.#conversations.values()) this.#mayRead(each);
  }

  /** Reads what has come until nothing more can be read, or `mayGoOn` says no; says whether something is left to do. */
  work(mayGoOn: () => boolean = () => true): boolean {
    for (;;) {
      for (const each of this.#ready) {
        while (each.advance()) if (!mayGoOn()) return true;
        each.isReading = false;
        this.#ready.delete(each);
      }
      const segment = this.#waiting[this.#read];
      if (!segment) break;
      this.#take(segment);
      this.#read += 1;
      if (!mayGoOn()) return true;
    }
    this.#waiting.length = 0;
    this.#read = 0;
    return false;
  }

  #mayRead(conversation: Conversation): void {
    conversation.isReading = true;
    this.#ready.add(conversation);
  }

  #open({ id, from, to, status, time }: ConnectionSeen): void {
    const conversation = new Conversation(id, { client: from, server: to }, this.#around);
    this.#conversations.set(id, conversation);
    conversation.tcp(status, 'client', time);
  }

  #take({ connection, from, to, kind, bytes, time }: SegmentSeen): void {
    // A tap that is put on late has not seen the opening: whoever is heard first is taken for the client.
    if (!this.#conversations.has(connection))
      this.#conversations.set(
        connection,
        new Conversation(connection, { client: from, server: to }, this.#around),
      );
    const conversation = this.#conversations.get(connection) as Conversation;
    const sender = senderOf(conversation, from);
    if (kind === 'data') conversation.segment(sender, bytes, time);
    this.#mayRead(conversation);
    // The end comes after what was said before it, if that can be read at all.
    if (kind !== 'data') {
      while (conversation.advance());
      conversation.tcp(kind, sender, time);
    }
  }
}
